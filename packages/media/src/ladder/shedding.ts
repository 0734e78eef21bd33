// Which step of the ladder is made (plan-ladder.ts, `ladderSteps`): one down when ffmpeg is slow, one up after a calm
// time. A step up that brings the slowness back doubles the calm asked next, so a machine that can make two rungs but
// not three does not swing between them.

export const SHEDDING_LIMITS = {
  /** After a change the new ffmpeg gets this long before it is judged. */
  settleMs: 8_000,
  calmBeforeRestoreMs: 60_000,
  maxCalmBeforeRestoreMs: 16 * 60_000,
  /** Slow again this soon after a step up: the step up was the cause. */
  blameMs: 60_000,
} as const;

export type Shedding = {
  readonly step: number;
  readonly changedAtMs: number;
  readonly calmSinceMs: number | null;
  readonly calmNeededMs: number;
  readonly isLastChangeUp: boolean;
};

export const startShedding = (step: number, nowMs: number): Shedding => ({
  step,
  changedAtMs: nowMs,
  calmSinceMs: null,
  calmNeededMs: SHEDDING_LIMITS.calmBeforeRestoreMs,
  isLastChangeUp: false,
});

/** `lowestStep`: the last of the list; `highestStep`: the richest the CPU budget allows now. */
export function nextShedding(
  state: Shedding,
  seen: { readonly isSlow: boolean; readonly isCalm: boolean },
  bounds: { readonly highestStep: number; readonly lowestStep: number },
  nowMs: number,
): Shedding {
  if (nowMs - state.changedAtMs < SHEDDING_LIMITS.settleMs) return state;
  if (seen.isSlow) {
    if (state.step >= bounds.lowestStep) return { ...state, calmSinceMs: null };
    const isUpToBlame = state.isLastChangeUp && nowMs - state.changedAtMs < SHEDDING_LIMITS.blameMs;
    const calmNeededMs = isUpToBlame ? Math.min(state.calmNeededMs * 2, SHEDDING_LIMITS.maxCalmBeforeRestoreMs) : state.calmNeededMs;
    return { step: state.step + 1, changedAtMs: nowMs, calmSinceMs: null, calmNeededMs, isLastChangeUp: false };
  }
  if (!seen.isCalm) return { ...state, calmSinceMs: null };
  const calmSinceMs = state.calmSinceMs ?? nowMs;
  if (state.step <= bounds.highestStep || nowMs - calmSinceMs < state.calmNeededMs) return { ...state, calmSinceMs };
  return { ...state, step: state.step - 1, changedAtMs: nowMs, calmSinceMs: null, isLastChangeUp: true };
}
