// Becoming a viewer over HTTP: `POST /v1/viewer-sessions`, and the show token of an add to cart. The token of the
// last session goes along, so that a renewal keeps the viewer id.
import {
  ERROR_CODES,
  type ErrorCode,
  type MintShowToken,
  type RoomPage,
  type ShowTokenAnswer,
  type StartViewerSession,
  type ViewerSession,
  type WireError,
  wireError,
} from '@insp/protocol';
import type { SessionProvider } from './room-client.ts';

export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; credentials?: 'omit' },
) => Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>;

export type HttpAnswer<T> = { ok: true; data: T } | { ok: false; error: WireError; status: number | null };

/** Posts JSON without credentials. A problem+json body becomes its `WireError`; no answer becomes INSP_EMBED_UNREACHABLE. */
export async function postJson<T>(fetch: FetchLike, url: string, body: unknown, token?: string): Promise<HttpAnswer<T>> {
  try {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' });
    const data = await response.json();
    if (response.ok) return { ok: true, data: data as T };
    const problem = data as { code?: string; detail?: string; retryAfterMs?: number };
    const isKnown = problem.code !== undefined && Object.hasOwn(ERROR_CODES, problem.code);
    const code = isKnown ? (problem.code as ErrorCode) : 'INSP_HTTP_INTERNAL';
    return { ok: false, status: response.status, error: wireError(code, { detail: problem.detail, retryAfterMs: problem.retryAfterMs }) };
  } catch {
    return { ok: false, status: null, error: wireError('INSP_EMBED_UNREACHABLE') };
  }
}

/** Reads the cached page of a room: for `createRoomClient({ poll })`. */
export function createRoomPagePoll(options: { fetch: FetchLike; baseUrl: string; showId: string }): () => Promise<RoomPage> {
  return async () => {
    const url = `${options.baseUrl}/v1/rooms/${options.showId}/page`;
    const response = await options.fetch(url, { method: 'GET', headers: {}, credentials: 'omit' });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as RoomPage;
  };
}

export type ViewerSessionSource = {
  /** For `createRoomClient({ session })`. */
  readonly provider: SessionProvider;
  /** Starts a session, or renews the present one. */
  start(): Promise<HttpAnswer<ViewerSession>>;
  /** The present session, null before the first. */
  current(): ViewerSession | null;
  /** A signed attribution for one add to cart; renews an expired session once. */
  mintShowToken(request: MintShowToken): Promise<HttpAnswer<ShowTokenAnswer>>;
  /** The shop signed somebody in or out; the next session carries it. */
  setViewerToken(viewerToken: string | null): void;
};

/** `baseUrl` is the Insp host, e.g. `http://localhost:4600`. */
export function createViewerSessionSource(options: { fetch: FetchLike; baseUrl: string } & StartViewerSession): ViewerSessionSource {
  const { fetch, baseUrl, ...request } = options;
  let session: ViewerSession | null = null;
  let viewerToken = request.viewerToken;

  async function start(): Promise<HttpAnswer<ViewerSession>> {
    const body: StartViewerSession = { ...request, viewerToken, previousToken: session?.token ?? request.previousToken };
    const answer = await postJson<ViewerSession>(fetch, `${baseUrl}/v1/viewer-sessions`, body);
    if (answer.ok) session = answer.data;
    return answer;
  }

  return {
    start,
    current: () => session,
    async provider(cause) {
      if (cause === 'start' && session) return session;
      const answer = await start();
      if (!answer.ok) throw new Error(answer.error.code);
      return answer.data;
    },
    async mintShowToken(showTokenRequest) {
      const mint = () => postJson<ShowTokenAnswer>(fetch, `${baseUrl}/v1/show-tokens`, showTokenRequest, session?.token);
      const first = await mint();
      if (first.ok || first.error.code !== 'INSP_EMBED_SESSION_EXPIRED' || !(await start()).ok) return first;
      return mint();
    },
    setViewerToken(next) {
      viewerToken = next ?? undefined;
    },
  };
}
