// Holds the present session and gets the next: with the shop's viewer token when there is one, with the previous
// token so that the viewer stays the same person. One request at a time, shared by all who ask.
import type { ErrorCode, ShowId, StartViewerSession, ViewerSession } from '@insp/protocol';
import type { ViewerTokenSource } from '../loader/shop-hub.ts';
import type { SessionResult } from './viewer-session.ts';

/** The shop's token provider gets this long; then the shopper comes in without a name. */
export const VIEWER_TOKEN_TIMEOUT_MS = 3_000;

export type SessionKeeper = {
  readonly current: ViewerSession | null;
  /** Gives the session at hand, or starts one. Rejects with a `SessionRefused`. */
  get(): Promise<ViewerSession>;
  /** Starts a new one in any case. */
  renew(): Promise<ViewerSession>;
};

export class SessionRefused extends Error {
  readonly code: ErrorCode;
  readonly detail: string | null;
  constructor(code: ErrorCode, detail: string | null) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export type SessionKeeperDeps = {
  readonly showId: ShowId;
  readonly source: string;
  readonly device: 'phone' | 'tablet' | 'desktop';
  readonly firstToken: string | null;
  viewerToken(): ViewerTokenSource;
  start(body: StartViewerSession): Promise<SessionResult>;
  after(delayMs: number, work: () => void): () => void;
  onStarted(session: ViewerSession): void;
  /** The shop's token was not taken; the shopper came in as a guest. */
  onTokenRefused(detail: string | null): void;
};

export function createSessionKeeper(deps: SessionKeeperDeps): SessionKeeper {
  let current: ViewerSession | null = null;
  let running: Promise<ViewerSession> | null = null;

  async function start(): Promise<ViewerSession> {
    const viewerToken = await readViewerToken(deps);
    const previousToken = current?.token ?? deps.firstToken ?? undefined;
    const body: StartViewerSession = {
      showId: deps.showId,
      source: deps.source,
      device: deps.device,
      ...(viewerToken ? { viewerToken } : {}),
      ...(previousToken ? { previousToken } : {}),
    };
    const result = await startForgiving(body);
    if (!result.ok) throw new SessionRefused(result.code, result.detail);
    current = result.session;
    deps.onStarted(result.session);
    return result.session;
  }

  /** A token that is not taken must not keep the shopper out: once more without it, and the shop is told. */
  async function startForgiving(body: StartViewerSession): Promise<SessionResult> {
    const first = await deps.start(body);
    if (first.ok) return first;
    const { viewerToken, previousToken, ...bare } = body;
    if (first.code === 'INSP_EMBED_VIEWER_TOKEN_INVALID' && viewerToken !== undefined) {
      deps.onTokenRefused(first.detail);
      return deps.start({ ...bare, ...(previousToken ? { previousToken } : {}) });
    }
    const isOldRefused = first.code === 'INSP_EMBED_SESSION_INVALID' || first.code === 'INSP_EMBED_SESSION_EXPIRED';
    if (isOldRefused && previousToken !== undefined) return deps.start({ ...bare, ...(viewerToken ? { viewerToken } : {}) });
    return first;
  }

  const renew = () => {
    running ??= start().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    get current() {
      return current;
    },
    get: () => (current && running === null ? Promise.resolve(current) : renew()),
    renew,
  };
}

/** A token as text, or from the shop's provider; a provider that throws or sleeps means no token. */
async function readViewerToken(deps: SessionKeeperDeps): Promise<string | null> {
  const source = deps.viewerToken();
  if (source === null || typeof source === 'string') return source;
  try {
    const given = Promise.resolve(source());
    given.catch(() => {});
    const late = new Promise<null>((resolve) => deps.after(VIEWER_TOKEN_TIMEOUT_MS, () => resolve(null)));
    const token = await Promise.race([given, late]);
    return typeof token === 'string' && token.length <= 4_096 ? token : null;
  } catch {
    return null;
  }
}
