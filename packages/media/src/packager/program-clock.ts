// When in the world a picture was made (EXT-X-PROGRAM-DATE-TIME): wall time = encoder time + an offset.
//
// Frames can only be late, so the smallest (arrival - decode time) of all is the nearest to the truth. What is told stays
// told, and no date may belong to two frames, so the offset is chosen once for each segment:
//
//   first segment of the show   with its end: nobody has seen a playlist before
//   first of a later period     with its first part, but not while frames still catch up with their own times
//   every other                 a small step from the one before towards the smallest of the last two minutes: forward
//                               at the pace a clock may be off by, so that a congested line moves little; back faster,
//                               for what came sooner proves the dates late, but by less than a frame a segment
export const CLOCK_LIMITS = {
  bucketMs: 10_000,
  /** The smallest of so many buckets counts: an upload that is congested for less moves nothing. */
  bucketCount: 12,
  /** Clocks of computers are off by less. */
  forwardMsPerSec: 0.5,
  backMsPerSec: 8,
  /** A frame of 60 fps is longer: its date stays after that of the frame before. */
  backMsPerSegment: 16,
  /**
   * Frames no longer catch up when for so much of the picture none came sooner by so much. A pace of 1.5 makes up a third
   * of it, 180 ms: more than these 40 and 120 of jitter together, however unlucky.
   */
  steadyMs: 540,
  steadyWithinMs: 40,
  /** The first part of a later period waits for that until so much of it is there. */
  settleMs: 2_000,
} as const;

export type ProgramClock = {
  /** Add to an encoder's time of the segment that is open. */
  readonly offsetMs: number;
  /** A period begins at `originMs`, in the world not before `notBeforeMs`. */
  begin(originMs: number, notBeforeMs: number): void;
  observe(dtsMs: number, arrivedAtMs: number): void;
  /** Until here frames came faster than their times: a part written now would be dated late. */
  isSettling(dtsMs: number): boolean;
  /** The first segment's dates are told. */
  fix(): void;
  /** A segment after the first begins, `sinceMs` after the one before it. */
  nextSegment(sinceMs: number): void;
};

type Bucket = { readonly index: number; minMs: number };

export function createProgramClock(): ProgramClock {
  let offsetMs = 0;
  let isFixed = false;
  let origin = { dtsMs: 0, leastOffsetMs: Number.NEGATIVE_INFINITY };
  /** Oldest first. */
  let buckets: Bucket[] = [];
  /** What the offset was when it last fell noticeably, and the frame that made it fall. */
  let fall = { offsetMs: Number.POSITIVE_INFINITY, dtsMs: 0 };

  return {
    get offsetMs() {
      return offsetMs;
    },
    begin(originMs, notBeforeMs) {
      origin = { dtsMs: originMs, leastOffsetMs: notBeforeMs - originMs };
      offsetMs = Number.POSITIVE_INFINITY;
      isFixed = false;
      buckets = [];
      fall = { offsetMs: Number.POSITIVE_INFINITY, dtsMs: originMs };
    },
    observe(dtsMs, arrivedAtMs) {
      const seenMs = arrivedAtMs - dtsMs;
      const index = Math.floor((dtsMs - origin.dtsMs) / CLOCK_LIMITS.bucketMs);
      const newest = buckets.at(-1);
      if (newest && newest.index >= index) newest.minMs = Math.min(newest.minMs, seenMs);
      else buckets = [...buckets.filter((bucket) => bucket.index > index - CLOCK_LIMITS.bucketCount), { index, minMs: seenMs }];
      if (isFixed) return;
      offsetMs = Math.max(origin.leastOffsetMs, Math.min(offsetMs, seenMs));
      if (offsetMs < fall.offsetMs - CLOCK_LIMITS.steadyWithinMs) fall = { offsetMs, dtsMs };
    },
    isSettling: (dtsMs) => !isFixed && dtsMs - fall.dtsMs < CLOCK_LIMITS.steadyMs && dtsMs - origin.dtsMs < CLOCK_LIMITS.settleMs,
    fix() {
      isFixed = true;
    },
    nextSegment(sinceMs) {
      const awayMs = Math.min(...buckets.map(({ minMs }) => minMs)) - offsetMs;
      const forwardMs = (CLOCK_LIMITS.forwardMsPerSec * sinceMs) / 1000;
      const backMs = Math.min(CLOCK_LIMITS.backMsPerSegment, (CLOCK_LIMITS.backMsPerSec * sinceMs) / 1000);
      offsetMs += Math.max(-backMs, Math.min(forwardMs, awayMs));
    },
  };
}
