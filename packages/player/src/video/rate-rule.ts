// How fast to play so that the picture neither falls behind nor runs dry, as a pure rule. hls.js only speeds up; but
// whoever comes with the very first segment, or plays on when an encoder is back, stands closer to live than one
// segment and would stop at the end of each. A little slower for some seconds is not seen, a stop is.

export const MAX_PLAYBACK_RATE = 1.05;
export const MIN_PLAYBACK_RATE = 0.8;
/** Within this of the aimed-for latency the rate is 1. */
export const CALM_MARGIN_SEC = 0.25;
/** With less than this in the buffer speeding up would only make the stop come sooner. */
export const LOW_BUFFER_SEC = 1;
/** Rate lost for each second too close to live. */
const SLOWER_PER_SEC = 0.15;

export type Pace = {
  /** Live edge less position. */
  readonly latencySec: number;
  readonly targetLatencySec: number;
  /** Playable without a request. */
  readonly bufferedAheadSec: number;
  /** One target duration. Further behind than the target and this it is a shopper looking back. */
  readonly segmentSec: number;
};

/** The playback rate to set, in steps of 0.05. */
export function playbackRateFor({ latencySec, targetLatencySec, bufferedAheadSec, segmentSec }: Pace): number {
  const behindSec = latencySec - targetLatencySec;
  // What is buffered cannot run dry soon, however close to live it is.
  if (behindSec < -CALM_MARGIN_SEC && bufferedAheadSec < targetLatencySec) return clampRate(1 + behindSec * SLOWER_PER_SEC);
  if (behindSec > CALM_MARGIN_SEC && behindSec < targetLatencySec + segmentSec && bufferedAheadSec > LOW_BUFFER_SEC)
    return MAX_PLAYBACK_RATE;
  return 1;
}

const clampRate = (rate: number) => Math.min(MAX_PLAYBACK_RATE, Math.max(MIN_PLAYBACK_RATE, Math.round(rate * 20) / 20));
