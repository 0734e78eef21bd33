// What to do when playback breaks, as a pure decision (media.md 7): a media error is recovered twice in place, then the
// engine is made anew, then anew without low latency: whole segments and no waiting playlists ask less of what stands
// between. A network error is tried again with growing pauses. After enough good play all is forgiven.
// Bounded by MAX_REBUILDS and MAX_NETWORK_TRIES; then the player says so and offers to try again.

export const NETWORK_RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
/** At 8 s each this is about a quarter of an hour; an encoder that is gone longer ends its show. */
export const MAX_NETWORK_TRIES = 120;
export const MAX_RECOVERIES = 2;
export const MAX_REBUILDS = 5;
/** Engines made anew before low latency is given up. */
export const REBUILDS_WITH_LOW_LATENCY = 1;
export const FORGIVEN_AFTER_MS = 30_000;

export type RecoveryState = {
  readonly recoveredCount: number;
  readonly rebuiltCount: number;
  readonly networkTries: number;
  readonly lastFailureMs: number;
};
export const freshRecovery: RecoveryState = { recoveredCount: 0, rebuiltCount: 0, networkTries: 0, lastFailureMs: 0 };

export type Remedy = { do: 'recover' } | { do: 'rebuild'; isLowLatency: boolean } | { do: 'retry'; inMs: number } | { do: 'give_up' };

export function nextRemedy(before: RecoveryState, failure: 'media' | 'network', nowMs: number): { state: RecoveryState; remedy: Remedy } {
  const state = nowMs - before.lastFailureMs > FORGIVEN_AFTER_MS ? freshRecovery : before;
  if (failure === 'network') {
    const inMs = NETWORK_RETRY_MS[Math.min(state.networkTries, NETWORK_RETRY_MS.length - 1)]!;
    const next = { ...state, networkTries: state.networkTries + 1, lastFailureMs: nowMs };
    return { state: next, remedy: state.networkTries < MAX_NETWORK_TRIES ? { do: 'retry', inMs } : { do: 'give_up' } };
  }
  if (state.recoveredCount < MAX_RECOVERIES)
    return { state: { ...state, recoveredCount: state.recoveredCount + 1, lastFailureMs: nowMs }, remedy: { do: 'recover' } };
  const next = { ...state, recoveredCount: 0, rebuiltCount: state.rebuiltCount + 1, lastFailureMs: nowMs };
  const isLowLatency = state.rebuiltCount < REBUILDS_WITH_LOW_LATENCY;
  return { state: next, remedy: state.rebuiltCount < MAX_REBUILDS ? { do: 'rebuild', isLowLatency } : { do: 'give_up' } };
}
