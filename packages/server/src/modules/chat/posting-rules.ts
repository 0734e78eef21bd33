// How often somebody may post. Slow mode: at least so many seconds between two messages of one viewer. Rate: a burst,
// then a steady flow. Staff are exempt from both; the socket's own limit still holds for them.
import { LIMITS } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';

/** The longest slow mode; a post older than that limits nobody and is forgotten. */
export const MAX_SLOW_MODE_SEC = 600;

export type PostingRules = {
  /** Takes the viewer's turn, or says how long to wait: INSP_CHAT_SLOW_MODE, INSP_CHAT_RATE_LIMITED. */
  take(viewerId: string, nowMs: number, slowModeSec: number): Outcome<{ takeBack(): void }>;
  /** Remembers a post made before this process started. */
  remember(viewerId: string, postedAtMs: number): void;
};

export function createPostingRules(perSec: number = LIMITS.chatMessagesPerSec, burst: number = LIMITS.chatMessagesBurst): PostingRules {
  const rate = createRateLimiter(perSec, burst);
  const lastPostMs = new Map<string, number>();
  let sweptAtMs = 0;

  function sweep(nowMs: number): void {
    if (nowMs - sweptAtMs < MAX_SLOW_MODE_SEC * 1_000) return;
    sweptAtMs = nowMs;
    for (const [viewerId, atMs] of lastPostMs) if (nowMs - atMs > MAX_SLOW_MODE_SEC * 1_000) lastPostMs.delete(viewerId);
  }

  return {
    take(viewerId, nowMs, slowModeSec) {
      sweep(nowMs);
      const previousMs = lastPostMs.get(viewerId);
      if (slowModeSec > 0 && previousMs !== undefined) {
        // A clock set back must not lock anybody out for longer than the rule itself.
        const waitMs = Math.min(previousMs + slowModeSec * 1_000 - nowMs, slowModeSec * 1_000);
        if (waitMs > 0) return refused('INSP_CHAT_SLOW_MODE', { retryAfterMs: waitMs });
      }
      const waitMs = rate.take(viewerId, nowMs);
      if (waitMs > 0) return refused('INSP_CHAT_RATE_LIMITED', { retryAfterMs: waitMs });
      lastPostMs.set(viewerId, nowMs);
      return accepted({
        takeBack() {
          if (lastPostMs.get(viewerId) !== nowMs) return;
          if (previousMs === undefined) lastPostMs.delete(viewerId);
          else lastPostMs.set(viewerId, previousMs);
        },
      });
    },
    remember(viewerId, postedAtMs) {
      lastPostMs.set(viewerId, Math.max(postedAtMs, lastPostMs.get(viewerId) ?? 0));
    },
  };
}
