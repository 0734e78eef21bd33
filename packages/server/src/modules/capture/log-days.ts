// Which day partitions the log should have: those about to be written made ahead, those older than a stream's keeping
// time set aside and dropped.
import { dayBucket } from '@insp/dataflow';
import { EVENT_STREAMS, type EventStream } from '@insp/protocol/schemas';

/** Clocks of devices differ and midnight comes: yesterday and the two days to come are there. */
const DAYS_BEHIND = 1;
const DAYS_AHEAD = 2;

/** Days each stream is kept; null for ever. */
export type KeepDays = Readonly<Record<EventStream, number | null>>;

export type LogDay = { readonly stream: EventStream; readonly logDay: number };

/** Days that must have a partition now and have none. */
export function daysToMake(present: readonly LogDay[], nowMs: number): LogDay[] {
  const today = dayBucket(nowMs);
  const isThere = new Set(present.map(({ stream, logDay }) => `${stream} ${logDay}`));
  return EVENT_STREAMS.flatMap((stream) =>
    Array.from({ length: DAYS_BEHIND + 1 + DAYS_AHEAD }, (_, at) => ({ stream, logDay: today - DAYS_BEHIND + at })),
  ).filter(({ stream, logDay }) => !isThere.has(`${stream} ${logDay}`));
}

/** Days whose time is over, the oldest first. A day is kept whole until its last moment is `keepDays` old. */
export function daysToRetire(present: readonly LogDay[], keep: KeepDays, nowMs: number): LogDay[] {
  const today = dayBucket(nowMs);
  return present
    .filter(({ stream, logDay }) => {
      const keepDays = keep[stream];
      return keepDays !== null && logDay < today - keepDays;
    })
    .sort((a, b) => a.logDay - b.logDay);
}

/** The partition of a day, say `ev_engage_20261129`. */
export function partitionName({ stream, logDay }: LogDay): string {
  const date = new Date(logDay * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `ev_${stream}_${date}`;
}
