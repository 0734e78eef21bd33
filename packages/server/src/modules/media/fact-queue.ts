// Facts of media are written one after the other, in the order they happened, without making the video wait for the
// database. A write that fails is tried again for a while; the video goes on either way.
import type { Fact } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { FactRecorder } from './ports.ts';

export const FACT_QUEUE_LIMITS = { waitingCount: 200, attemptCount: 6, firstRetryMs: 500 } as const;

export type FactQueue = { add(fact: Fact): void; settled(): Promise<void> };

export function createFactQueue({ recorder, clock, logger }: { recorder: FactRecorder; clock: Clock; logger: Logger }): FactQueue {
  let tail: Promise<void> = Promise.resolve();
  let waitingCount = 0;

  async function write(fact: Fact): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await recorder.commit(async (_tx, record) => record(fact));
        return;
      } catch (cause) {
        if (attempt === FACT_QUEUE_LIMITS.attemptCount) {
          logger.error({ err: cause, event: fact.name, showId: fact.showId }, 'a media fact is lost');
          return;
        }
        await new Promise<void>((resolve) => clock.after(FACT_QUEUE_LIMITS.firstRetryMs * 2 ** (attempt - 1), resolve));
      }
    }
  }

  return {
    add(fact) {
      if (waitingCount >= FACT_QUEUE_LIMITS.waitingCount) {
        logger.error({ event: fact.name, showId: fact.showId }, 'too many media facts are waiting: one is lost');
        return;
      }
      waitingCount += 1;
      tail = tail
        .then(() => write(fact))
        .finally(() => {
          waitingCount -= 1;
        });
    },
    settled: () => tail,
  };
}
