// Keeps the log's days in order while the server runs: makes the coming ones ahead of time, and lets go of those whose
// time is over. Failing is no harm: events of a day that is not there wait in the default partition.
import type { EventStream } from '@insp/protocol/schemas';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { listDays, makeDay, readRetiredDays, retireDay } from './log-days.postgres.ts';
import { daysToMake, daysToRetire, type KeepDays } from './log-days.ts';
import type { SetAside } from './ports.ts';

export const LOOK_EVERY_MS = 3_600_000;

export type LogKeeper = Service & {
  /** Looks now; for tests and after a change of settings. */
  look(): Promise<void>;
  /** Whether events of that day are no longer kept. */
  isRetired(stream: EventStream, logDay: number): boolean;
};

export function createLogKeeper(deps: {
  database: Database;
  clock: Clock;
  logger: Logger;
  keepDays: KeepDays;
  setAside: SetAside;
}): LogKeeper {
  const { database, clock, logger } = deps;
  let retired: ReadonlyMap<EventStream, number> = new Map();
  let stopLooking: (() => void) | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  /** Each step by itself: what one day cannot do now must not keep the others from it. */
  async function attempt(what: string, day: object, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      logger.warn({ err, ...day }, `${what}; tried again within the hour`);
    }
  }

  async function lookOnce(): Promise<void> {
    retired = await readRetiredDays(database);
    const nowMs = clock.nowMs();
    const present = await listDays(database);
    for (const day of daysToMake(present, nowMs)) await attempt('a day of the log could not be made', day, () => makeDay(database, day));
    for (const day of daysToRetire(present, deps.keepDays, nowMs)) {
      await attempt('a day of the log could not be dropped', day, async () => {
        const eventCount = await retireDay(database, day, nowMs, deps.setAside);
        if (eventCount !== null) logger.info({ ...day, eventCount }, 'a day of the log is set aside and dropped');
      });
    }
    retired = await readRetiredDays(database);
  }

  const look = (): Promise<void> => {
    const turn = tail.then(lookOnce);
    tail = turn.catch(() => {});
    return turn;
  };

  return {
    look,
    isRetired: (stream, logDay) => logDay <= (retired.get(stream) ?? Number.NEGATIVE_INFINITY),
    async start() {
      if (stopLooking !== null) return;
      await look();
      stopLooking = clock.every(LOOK_EVERY_MS, () => {
        look().catch((err: unknown) => logger.warn({ err }, 'the days of the log could not be looked at'));
      });
    },
    async stop() {
      stopLooking?.();
      stopLooking = null;
      await tail;
    },
  };
}
