const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** Waits double from one second up to one minute; `random` in [0, 1) takes up to half of it off. */
export function backOffMs(failureCount: number, random: number): number {
  const fullMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failureCount - 1, 16));
  return Math.round(fullMs * (1 - random / 2));
}

/** Answers that will be the same for the same bytes. */
export const isRefusedForGood = (status: number): boolean => [400, 409, 413, 422].includes(status);

/** Seconds form of Retry-After, bounded; the date form and nonsense count as 0. */
export function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : 0;
}
