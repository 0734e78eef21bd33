// Choosing the room's weights on development rooms: one change at a time against the defaults, taken only when it beats them by
// more than a standard error of the paired difference. A handful of rooms chooses nothing.
import { pairedDifference } from '../../metrics/paired-difference.ts';
import { DEFAULT_ROOM, type RoomOptions } from './room-ranker.ts';

const HOUR_MS = 3_600_000;

/** Settings worth trying; the first is the default. audienceWeight 0 is the plain recency order. */
export const ROOM_CANDIDATES: readonly Partial<RoomOptions>[] = [
  {},
  { audienceWeight: 0 },
  { audienceWeight: 1 },
  { audienceWeight: 3 },
  { audienceWeight: 30 },
  { ownWeight: 0.3 },
  { ownWeight: 3 },
  { ownDecay: 0.3 },
  { ownDecay: 0.8 },
  { dayShare: 1 },
  { recentMs: 3 * HOUR_MS },
];

export const MIN_DEVELOPMENT_ROOMS = 20;

/**
 * `scores[c][r]` = NDCG (or any figure, more is better) of candidate c in development room r. Returns the candidate chosen and,
 * if the default stays for want of evidence, why.
 */
export function chooseRoomOptions(scores: readonly (readonly number[])[]): { options: RoomOptions; chosen: number; reason: string } {
  const base = scores[0] ?? [];
  if (base.length < MIN_DEVELOPMENT_ROOMS)
    return {
      options: DEFAULT_ROOM,
      chosen: 0,
      reason: `${base.length} development rooms are fewer than ${MIN_DEVELOPMENT_ROOMS}: defaults`,
    };
  let chosen = 0;
  let bestGain = 0;
  for (const [candidate, own] of scores.entries()) {
    const { mean, standardError } = pairedDifference(own, base);
    if (mean > (standardError ?? Number.POSITIVE_INFINITY) && mean > bestGain) {
      bestGain = mean;
      chosen = candidate;
    }
  }
  return {
    options: { ...DEFAULT_ROOM, ...ROOM_CANDIDATES[chosen] },
    chosen,
    reason: chosen === 0 ? 'no other setting was clearly better' : '',
  };
}
