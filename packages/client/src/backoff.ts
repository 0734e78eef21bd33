// Waiting before the next attempt: full jitter (uniform between 0 and a ceiling that doubles), so that ten
// thousand clients cut at one instant do not come back at one instant. There is no last attempt: a tab left open
// overnight comes back in the morning; the ceiling bounds the rate.
import type { ClientRandom } from './socket-like.ts';

export const BACKOFF_FIRST_CEILING_MS = 1_000;
export const BACKOFF_LAST_CEILING_MS = 15_000;

/** Ms to wait before attempt `attempt` (0 = the first after a cut). */
export function backoffMs(attempt: number, random: ClientRandom): number {
  const ceilingMs = Math.min(BACKOFF_LAST_CEILING_MS, BACKOFF_FIRST_CEILING_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceilingMs * random.float());
}
