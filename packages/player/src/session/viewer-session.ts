// How the plug-in becomes a viewer: one POST, answered only to the store origins of the organization. A refusal
// comes as problem+json with a code; a browser that may not read it gets no answer at all, so we find out why.
import { type FetchLike, postJson } from '@insp/client';
import type { ErrorCode, MintShowToken, PlayerEventBeacon, ShowTokenAnswer, StartViewerSession, ViewerSession } from '@insp/protocol';

export type SessionResult = { ok: true; session: ViewerSession } | { ok: false; code: ErrorCode; detail: string | null };

export type SessionDeps = {
  readonly apiBaseUrl: string;
  readonly fetch: typeof fetch;
  wasBlockedByPolicy(): boolean;
};

export async function startViewerSession(deps: SessionDeps, body: StartViewerSession): Promise<SessionResult> {
  const answer = await postJson<ViewerSession>(deps.fetch as FetchLike, new URL('v1/viewer-sessions', deps.apiBaseUrl).href, body);
  if (answer.ok) return { ok: true, session: answer.data };
  if (answer.status === null) return { ok: false, code: await nameFailure(deps), detail: deps.apiBaseUrl };
  return { ok: false, code: answer.error.code, detail: answer.error.detail ?? null };
}

/** The signed attribution for one add to cart; rejects when none can be had. */
export async function mintShowToken(deps: SessionDeps, sessionToken: string, body: MintShowToken): Promise<string> {
  const url = new URL('v1/show-tokens', deps.apiBaseUrl).href;
  const answer = await postJson<ShowTokenAnswer>(deps.fetch as FetchLike, url, body, sessionToken);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.data.showToken;
}

/**
 * Reports that outlive the page, as plain text so that no preflight has to be answered first. False when the browser
 * takes no more, and without a session: nobody could say whose they are.
 */
export function sendEventBeacon(apiBaseUrl: string, token: string | null, batch: Omit<PlayerEventBeacon, 'token'>): boolean {
  if (token === null) return false;
  const body: PlayerEventBeacon = { token, ...batch };
  return navigator.sendBeacon(new URL('v1/player-events', apiBaseUrl), JSON.stringify(body));
}

/** No answer we may read: the page's policy, a server that does not know this origin, or no server. */
async function nameFailure(deps: SessionDeps): Promise<ErrorCode> {
  // The policy event comes in a task of its own.
  await new Promise((done) => setTimeout(done, 0));
  if (deps.wasBlockedByPolicy()) return 'INSP_EMBED_BLOCKED_BY_CSP';
  try {
    await deps.fetch(new URL('embed/v1.js', deps.apiBaseUrl).href, { method: 'HEAD', mode: 'no-cors', cache: 'no-store' });
    return 'INSP_EMBED_ORIGIN_BLOCKED';
  } catch {
    return 'INSP_EMBED_UNREACHABLE';
  }
}
