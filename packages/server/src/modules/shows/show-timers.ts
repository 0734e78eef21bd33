// The two timers of shows: the room opens 15 minutes before the start, a lost encoder's grace ends. Nothing is kept in
// memory but the next moment anything is due; it is read from the table, so a restart forgets no timer. Bounded: one
// clock timer in all, at most DUE_SHOWS_PER_TURN shows in a turn, and a turn that fails is tried again after a second.
import type { ShowId, ShowState } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';

const DUE_SHOWS_PER_TURN = 100;
/** Looks again at least this often: another process may have planned a show. */
const LONGEST_SLEEP_MS = 30_000;
const RETRY_MS = 1_000;

export type ShowTimers = Service & {
  /** Looks at the table again: call after anything that may have changed what is due. */
  rearm(): void;
};

export type ShowTimersDeps = {
  clock: Clock;
  logger: Logger;
  findNextDueMs(): Promise<number | null>;
  listDue(nowMs: number, limit: number): Promise<{ id: ShowId; state: ShowState }[]>;
  fire(showId: ShowId, event: 'open' | 'grace_over'): Promise<void>;
};

export function createShowTimers({ clock, logger, findNextDueMs, listDue, fire }: ShowTimersDeps): ShowTimers {
  let isRunning = false;
  let isAskedAgain = false;
  let turn: Promise<void> | null = null;
  let cancelTimer = () => {};

  /** Fires what is due, answers how long to sleep. */
  async function takeTurn(): Promise<number> {
    const due = await listDue(clock.nowMs(), DUE_SHOWS_PER_TURN);
    for (const { id, state } of due) await fire(id, state === 'scheduled' ? 'open' : 'grace_over');
    const nextDueMs = await findNextDueMs();
    const waitMs = nextDueMs === null ? LONGEST_SLEEP_MS : nextDueMs - clock.nowMs();
    return Math.min(LONGEST_SLEEP_MS, Math.max(1, waitMs));
  }

  function run(): void {
    if (!isRunning) return;
    if (turn !== null) {
      isAskedAgain = true;
      return;
    }
    cancelTimer();
    turn = takeTurn()
      .catch((err: unknown) => {
        logger.warn({ err }, 'the timers of shows could not be read; trying again');
        return RETRY_MS;
      })
      .then((sleepMs) => {
        turn = null;
        if (!isRunning) return;
        if (isAskedAgain) {
          isAskedAgain = false;
          run();
          return;
        }
        cancelTimer = clock.after(sleepMs, run);
      });
  }

  return {
    rearm: run,
    async start() {
      isRunning = true;
      run();
    },
    async stop() {
      isRunning = false;
      cancelTimer();
      await turn;
    },
  };
}
