// The plug-in's reports on their way into the log, by whichever door they come. Staff who look at their own player are
// not shoppers and count for nothing.
import type { ErrorCode, PlayerEvent } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { createRateLimiter } from '../../kernel/rate-limiter.ts';
import type { Capture } from './capture.ts';
import { playerEventsToFacts } from './player-event-facts.ts';
import type { CaptureSession, IsInLineUp } from './ports.ts';

/** A shopper's own reports: far above what a person can do, far below what hurts. */
export const PLAYER_EVENTS_PER_SEC = 10;
export const PLAYER_EVENTS_BURST = 200;

/** Refusals that pass: the plug-in keeps these reports and sends them again. */
const MAY_BE_REPEATED: ReadonlySet<ErrorCode> = new Set(['INSP_CAPTURE_OVERLOADED', 'INSP_CAPTURE_DISK_FULL']);

export type PlayerReportsDeps = { capture: Pick<Capture, 'accept'>; clock: Clock; isInLineUp: IsInLineUp };
export type PlayerReports = ReturnType<typeof createPlayerReports>;

export function createPlayerReports({ capture, clock, isInLineUp }: PlayerReportsDeps) {
  const rate = createRateLimiter(PLAYER_EVENTS_PER_SEC, PLAYER_EVENTS_BURST);
  return {
    /** Takes one batch of a session; `sentAtMs` is the sender's clock as it sent. */
    async take(
      session: CaptureSession,
      events: readonly PlayerEvent[],
      sentAtMs: number | undefined,
    ): Promise<Outcome<Record<string, never>>> {
      if (session.role !== 'viewer') return accepted({});
      const nowMs = clock.nowMs();
      for (const _ of events) {
        const retryAfterMs = rate.take(session.viewerId, nowMs);
        if (retryAfterMs > 0) return refused('INSP_REALTIME_TOO_FAST', { retryAfterMs });
      }
      const facts = [];
      for (const fact of playerEventsToFacts(events, session, nowMs, sentAtMs)) {
        if (fact.productId === null || (await isInLineUp(session.showId, fact.productId))) facts.push(fact);
      }
      const { rejected } = capture.accept(facts);
      return rejected.find(({ refusal }) => MAY_BE_REPEATED.has(refusal.code))?.refusal ?? accepted({});
    },
  };
}
