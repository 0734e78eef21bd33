// A disk that fills up stops first what may be lost: counts at 90 %, chat at 95 %. The last twentieth is for money,
// moderation and the life of shows. Steps back only two points below, so that a cleaning job does not make it flap.
// On a large disk a share says little: while plenty is free nothing is stopped.

export type DiskMode = 'open' | 'no_engagement' | 'money_only';
export type DiskUse = { readonly usedRatio: number; readonly freeBytes: number };

export const ENGAGEMENT_STOPS_AT_RATIO = 0.9;
export const MONEY_ONLY_AT_RATIO = 0.95;
export const GIVES_WAY_RATIO = 0.02;
/** As much as a busy evening writes, twenty times. */
export const PLENTY_FREE_BYTES = 20 * 1024 ** 3;

/** The next mode. A disk that cannot be read changes nothing. */
export function nextDiskMode(mode: DiskMode, use: DiskUse | null): DiskMode {
  if (use === null || !Number.isFinite(use.usedRatio)) return mode;
  if (use.freeBytes >= PLENTY_FREE_BYTES) return 'open';
  const reaches = (ratio: number, isInForce: boolean) => use.usedRatio >= ratio - (isInForce ? GIVES_WAY_RATIO : 0);
  if (reaches(MONEY_ONLY_AT_RATIO, mode === 'money_only')) return 'money_only';
  return reaches(ENGAGEMENT_STOPS_AT_RATIO, mode !== 'open') ? 'no_engagement' : 'open';
}
