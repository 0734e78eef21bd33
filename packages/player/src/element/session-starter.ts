// The first session of a player. A refusal is final and said; a server that cannot be reached is tried again a
// few times, for a phone that was in a lift.
import type { ErrorCode } from '@insp/protocol';
import type { Problem } from '../loader/mount-contract.ts';
import { type SessionKeeper, SessionRefused } from '../session/session-keeper.ts';

export const SESSION_RETRY_MS = [2_000, 8_000, 30_000, 60_000] as const;
const WORTH_RETRYING: readonly ErrorCode[] = [
  'INSP_EMBED_UNREACHABLE',
  'INSP_HTTP_NOT_READY',
  'INSP_HTTP_INTERNAL',
  'INSP_HTTP_TOO_MANY_REQUESTS',
  'INSP_STORE_UNAVAILABLE',
];

export function createSessionStarter(deps: {
  session: SessionKeeper;
  after(delayMs: number, work: () => void): () => void;
  onFailed(problem: Problem): void;
  onStarted(): void;
}) {
  const attempt = (tries: number) => {
    deps.session.get().then(deps.onStarted, (cause: unknown) => {
      const code = cause instanceof SessionRefused ? cause.code : 'INSP_EMBED_UNREACHABLE';
      const detail = cause instanceof SessionRefused ? (cause.detail ?? undefined) : undefined;
      // Said once; a later try that works takes it back.
      if (tries === 0) deps.onFailed({ code, detail, isFatal: true, cause: cause instanceof SessionRefused ? undefined : cause });
      const delayMs = SESSION_RETRY_MS[tries];
      if (delayMs !== undefined && WORTH_RETRYING.includes(code)) deps.after(delayMs, () => attempt(tries + 1));
    });
  };
  return { start: () => attempt(0) };
}
