// How fast to play so that the picture neither falls behind nor runs dry, as a pure rule. hls.js only speeds up; but
// whoever comes with the very first segment, or plays on when an encoder is back, stands closer to live than is safe
// and would stop at the end of each segment or part. A little slower for some seconds is not seen, a stop is.
//
// All margins follow from the piece the playlist grows by: a part (0.3 to 1 s) or a whole segment (2 s).

/** Far behind the target: heard by nobody with the pitch kept, and a stall of 2 s is made up for in 20 s. */
export const MAX_PLAYBACK_RATE = 1.1;
export const GENTLE_PLAYBACK_RATE = 1.05;
export const MIN_PLAYBACK_RATE = 0.8;
/** Rate lost for each second too close to live. */
const SLOWER_PER_SEC = 0.15;

/** What a shopper may choose for a replay; live has the pace above. */
export const REPLAY_SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2];

export type Pace = {
  /** Live edge less position. */
  readonly latencySec: number;
  readonly targetLatencySec: number;
  /** Playable without a request. */
  readonly bufferedAheadSec: number;
  /** Null for a playlist without parts. */
  readonly partSec: number | null;
  /** A shopper who looks back on purpose is left alone. */
  readonly isLookingBack: boolean;
};

/** Within this of the aimed-for latency the rate is 1: playlists come late by some tens of ms, and that is no drift. */
export const calmMarginSec = (partSec: number | null): number => (partSec === null ? 0.25 : Math.min(0.25, partSec / 10));
/** Closer to live than the target by this, and the next piece may come too late. */
export const tooCloseSec = (partSec: number | null): number => (partSec === null ? 0.25 : Math.min(0.25, partSec / 2));
/** With less than this in the buffer speeding up would only make the stop come sooner. */
export const lowBufferSec = (partSec: number | null): number => (partSec === null ? 1 : Math.min(1, partSec * 1.5));

/** Further behind the target than this is far: whoever comes in stands half a second behind it, and is there in 7 s. */
export const farBehindSec = (partSec: number | null): number => (partSec === null ? 0.5 : Math.min(0.5, Math.max(0.25, partSec / 2)));

/** The playback rate to set, in steps of 0.05. */
export function playbackRateFor({ latencySec, targetLatencySec, bufferedAheadSec, partSec, isLookingBack }: Pace): number {
  if (isLookingBack) return 1;
  const behindSec = latencySec - targetLatencySec;
  // What is buffered cannot run dry soon, however close to live it is.
  if (behindSec < -tooCloseSec(partSec) && bufferedAheadSec < targetLatencySec) return clampRate(1 + behindSec * SLOWER_PER_SEC);
  if (behindSec > calmMarginSec(partSec) && bufferedAheadSec > lowBufferSec(partSec))
    return behindSec > farBehindSec(partSec) ? MAX_PLAYBACK_RATE : GENTLE_PLAYBACK_RATE;
  return 1;
}

const clampRate = (rate: number) => Math.min(MAX_PLAYBACK_RATE, Math.max(MIN_PLAYBACK_RATE, Math.round(rate * 20) / 20));
