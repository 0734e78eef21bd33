// How far it is to the start, in the shortest words that are still true.

export type Countdown =
  | { kind: 'unknown' }
  /** More than a day: a date says more than a clock. */
  | { kind: 'date'; atMs: number }
  | { kind: 'clock'; text: string }
  | { kind: 'soon' };

const DAY_MS = 24 * 60 * 60_000;
const two = (value: number) => String(value).padStart(2, '0');

export function countdownTo(scheduledAtMs: number | null, nowMs: number): Countdown {
  if (scheduledAtMs === null) return { kind: 'unknown' };
  const leftMs = scheduledAtMs - nowMs;
  if (leftMs <= 0) return { kind: 'soon' };
  if (leftMs > DAY_MS) return { kind: 'date', atMs: scheduledAtMs };
  return { kind: 'clock', text: clockText(leftMs) };
}

/** `1:02:03`, `04:12`. */
export function clockText(leftMs: number): string {
  const leftSec = Math.max(0, Math.ceil(leftMs / 1_000));
  const hours = Math.floor(leftSec / 3_600);
  const minutes = Math.floor((leftSec % 3_600) / 60);
  const seconds = leftSec % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}
