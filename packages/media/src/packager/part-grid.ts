// Where a show is cut, decided on the host's own picture alone. Every other track is cut at the same places.
//
//   segment  first IDR at least MIN_SEGMENT_MS after the last cut. A picture group longer than the target duration is
//            cut without an IDR, so the target duration is never broken
//   part     the last frame boundary that fits pictureLimitMs. With a steady picture that is always the same count of
//            frames, and the part ends the moment its last frame is known to be whole: when the next one comes
//
// A frame that stands for long (the encoder dropped some) may leave no boundary between the shortest and the longest
// part. The part then ends, as the playlist counts, within that frame; the frame's data stay in the part it began in.
// A part that is over before the next frame begins holds nothing: a gap.
import { choosePartTiming, type PartTiming } from './part-timing.ts';

export const GRID_LIMITS = {
  /** 1 s less what clocks of 29.97 fps and ms rounding take away. */
  minSegmentMs: 900,
  minTargetDurationSec: 2,
  maxTargetDurationSec: 4,
  /** A cut is forced beyond this, whatever the encoder's clock says. */
  maxSegmentBytes: 24 * 1024 * 1024,
} as const;

/** EXTINF, rounded, may not exceed the target duration (4.4.4.1); sound may be a frame longer than the picture. */
const FORCED_CUT_BEYOND_MS = 350;
const LONGEST_BEYOND_MS = 450;
/** Room for the sound when the target duration is measured. */
const SOUND_FRAME_MS = 50;
/** How much the newest frame interval counts in the smoothed one. */
const SMOOTHING = 1 / 8;
const FALLBACK_INTERVAL_MS = 1000 / 30;

/** The clock of one period: where its encoder time lies in media time. */
export type GridPeriod = {
  readonly discontinuitySequence: number;
  /** Encoder clocks of different timelines cannot be compared. */
  readonly timeline: number;
  /** Encoder time of the first key frame, and the media time it got. */
  readonly originMs: number;
  readonly baseMs: number;
  /** Not the first period of the show. */
  readonly isDiscontinuity: boolean;
};

/** One part, cut. Times are the encoder's. */
export type Cut = {
  readonly period: GridPeriod;
  readonly mediaSequence: number;
  readonly partIndex: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Frames decoded before this belong to it. */
  readonly framesUntilMs: number;
  /** The newest frame of the source in it or before it. */
  readonly lastFrameMs: number;
  readonly isFirstSegmentOfPeriod: boolean;
  readonly isSegmentEnd: boolean;
  readonly isPeriodEnd: boolean;
  readonly partTargetMs: number;
  /** Known when the segment is closed. */
  readonly targetDurationSec: number;
};

/** A cut that knows when it is in the world: wall time less encoder time. Of a segment the last one's word counts. */
export type DatedCut = Cut & { readonly programOffsetMs: number };

export type PartGrid = {
  /** Expected length of the next frame. */
  readonly frameIntervalMs: number;
  /** Decode time of the newest frame; null outside a period. */
  readonly newestMs: number | null;
  /** The next frame is the first of `period`; the one before must be finished. */
  begin(period: GridPeriod): void;
  /** The segment stays within its target duration if the next frame is at `dtsMs`. */
  fits(dtsMs: number): boolean;
  /** Takes a frame; answers the parts that are whole now. */
  push(frame: { dtsMs: number; isKey: boolean; sizeBytes: number }): Cut[];
  /** Ends the period at `endMs`. */
  finish(endMs: number): Cut[];
};

type Open = {
  readonly period: GridPeriod;
  segmentStartMs: number;
  segmentBytes: number;
  partStartMs: number;
  partIndex: number;
  newestMs: number;
  isFirstSegment: boolean;
  isEmpty: boolean;
};

export function createPartGrid(options: { partMs: number; firstMediaSequence: number; soundRateHz: () => number }): PartGrid {
  let nextMediaSequence = options.firstMediaSequence;
  let timing: PartTiming | null = null;
  let targetDurationSec: number | null = null;
  let open: Open | null = null;
  let frameIntervalMs = FALLBACK_INTERVAL_MS;
  /** Intervals of the first frames of the show, until the timing is chosen. */
  let firstIntervals: number[] = [];

  const longestMs = () => (targetDurationSec ?? GRID_LIMITS.maxTargetDurationSec) * 1000;

  /** Learns how far frames are apart; a hole in the picture is no frame interval. */
  function observe(intervalMs: number): void {
    if (timing === null) {
      firstIntervals.push(intervalMs);
      frameIntervalMs = steadyMean(firstIntervals);
    } else if (intervalMs < frameIntervalMs * 2 && intervalMs > frameIntervalMs / 2) {
      frameIntervalMs += (intervalMs - frameIntervalMs) * SMOOTHING;
    } else if (intervalMs < frameIntervalMs) frameIntervalMs = intervalMs;
    else frameIntervalMs *= 1 + SMOOTHING;
  }

  function chosen(): PartTiming {
    if (timing) return timing;
    timing = choosePartTiming({ partMs: options.partMs, frameIntervalMs, soundRateHz: options.soundRateHz() });
    firstIntervals = [];
    return timing;
  }

  function close(self: Open, endMs: number, framesUntilMs: number, end: 'part' | 'segment' | 'period'): Cut {
    const isSegmentEnd = end !== 'part';
    if (isSegmentEnd) {
      const roundedSec = Math.round((endMs - self.segmentStartMs + SOUND_FRAME_MS) / 1000);
      targetDurationSec ??= Math.min(GRID_LIMITS.maxTargetDurationSec, Math.max(GRID_LIMITS.minTargetDurationSec, roundedSec));
    }
    const cut: Cut = {
      period: self.period,
      mediaSequence: nextMediaSequence,
      partIndex: self.partIndex,
      startMs: self.partStartMs,
      endMs,
      framesUntilMs,
      lastFrameMs: self.newestMs,
      isFirstSegmentOfPeriod: self.isFirstSegment,
      isSegmentEnd,
      isPeriodEnd: end === 'period',
      partTargetMs: chosen().partTargetMs,
      targetDurationSec: targetDurationSec ?? GRID_LIMITS.maxTargetDurationSec,
    };
    self.partStartMs = endMs;
    self.partIndex = isSegmentEnd ? 0 : self.partIndex + 1;
    if (isSegmentEnd) {
      nextMediaSequence += 1;
      self.segmentStartMs = endMs;
      self.segmentBytes = 0;
      self.isFirstSegment = false;
    }
    return cut;
  }

  /** Cuts what is too long before `endMs`, where the next frame begins or the period ends. */
  function cutOverlong(self: Open, endMs: number): Cut[] {
    const cuts: Cut[] = [];
    const { pictureLimitMs, shortestMs } = chosen();
    while (endMs - self.partStartMs > pictureLimitMs) {
      const isBoundaryGood = self.newestMs - self.partStartMs >= shortestMs;
      if (isBoundaryGood) cuts.push(close(self, self.newestMs, self.newestMs, 'part'));
      else cuts.push(close(self, self.partStartMs + pictureLimitMs, endMs, 'part'));
    }
    return cuts;
  }

  return {
    get frameIntervalMs() {
      return frameIntervalMs;
    },
    get newestMs() {
      return open?.newestMs ?? null;
    },
    begin(period) {
      const { originMs } = period;
      open = {
        period,
        segmentStartMs: originMs,
        segmentBytes: 0,
        partStartMs: originMs,
        partIndex: 0,
        newestMs: originMs,
        isFirstSegment: true,
        isEmpty: true,
      };
    },
    fits: (dtsMs) => open === null || dtsMs - open.segmentStartMs <= longestMs() + LONGEST_BEYOND_MS,
    push({ dtsMs, isKey, sizeBytes }) {
      const self = open;
      if (!self) throw new RangeError('a frame outside a period');
      const cuts: Cut[] = [];
      if (!self.isEmpty) {
        observe(dtsMs - self.newestMs);
        const openMs = dtsMs - self.segmentStartMs;
        const isForced = openMs >= longestMs() + FORCED_CUT_BEYOND_MS || self.segmentBytes > GRID_LIMITS.maxSegmentBytes;
        if ((isKey && openMs >= GRID_LIMITS.minSegmentMs) || isForced) {
          cuts.push(...cutOverlong(self, dtsMs), close(self, dtsMs, dtsMs, 'segment'));
        } else if (timing !== null || dtsMs - self.partStartMs + frameIntervalMs / 2 >= options.partMs) {
          cuts.push(...cutOverlong(self, dtsMs));
          const { pictureLimitMs, shortestMs } = chosen();
          const partMs = dtsMs - self.partStartMs;
          // Half a frame of doubt: if the next one fits after all, this part is one frame short of what it may be.
          if (partMs >= shortestMs && partMs + frameIntervalMs / 2 > pictureLimitMs) cuts.push(close(self, dtsMs, dtsMs, 'part'));
        }
      }
      self.isEmpty = false;
      self.newestMs = dtsMs;
      self.segmentBytes += sizeBytes;
      return cuts;
    },
    finish(endMs) {
      const self = open;
      open = null;
      if (!self || self.isEmpty) return [];
      return [...cutOverlong(self, endMs), close(self, endMs, endMs, 'period')];
    },
  };
}

/** The mean of what is near the median: a first frame that came late does not count. */
function steadyMean(intervalsMs: readonly number[]): number {
  const sorted = [...intervalsMs].sort((one, other) => one - other);
  const median = sorted[sorted.length >> 1] ?? FALLBACK_INTERVAL_MS;
  const steady = sorted.filter((ms) => ms <= median * 1.5 && ms >= median / 1.5);
  return steady.reduce((sum, ms) => sum + ms, 0) / steady.length;
}
