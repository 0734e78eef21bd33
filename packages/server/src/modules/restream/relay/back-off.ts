// How long to wait before the next try: half a second doubled with each failure, half more or less by chance so that
// ten targets of one platform do not come back as one, never above 30 s.

export const BACK_OFF = { firstMs: 500, capMs: 30_000, resetAfterLiveMs: 60_000 } as const;

/** `attemptCount` failures so far, at least 1; `chance` in [0, 1). */
export function backOffMs(attemptCount: number, chance: number): number {
  const plainMs = Math.min(BACK_OFF.capMs, BACK_OFF.firstMs * 2 ** Math.min(20, attemptCount - 1));
  return Math.min(BACK_OFF.capMs, Math.round(plainMs * (0.5 + chance)));
}
