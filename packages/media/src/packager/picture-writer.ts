// Frames of one picture track, written as parts and segments where the grid says. The host's own picture and every rung
// of the ladder have one; a rung's frames carry the source's decode times, so the same cuts fit.
import { isSameBytes } from '../bytes/byte-writer.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { BoxSample, BoxWriter } from '../fmp4/box-writer.ts';
import type { Cut, DatedCut } from './part-grid.ts';
import { bytesOfParts, type TrackName, type TrackOutput, type TrackPart, type TrackPeriod } from './track.ts';

const TICKS_PER_MS = 90;

export type PictureFrame = {
  readonly timeline: number;
  readonly config: AvcConfig;
  readonly dtsMs: number;
  readonly compositionMs: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
};

export type PictureWriter = {
  /** The newest frame, written or not. */
  readonly newest: PictureFrame | null;
  /** Frames not written yet. */
  readonly waitingCount: number;
  push(frame: PictureFrame): void;
  /** Writes the part from the frames before the cut. `isLost`: something of it is missing, it becomes a gap. */
  cut(cut: DatedCut, isLost?: boolean): TrackOutput[];
};

export function createPictureWriter(options: { track: TrackName; boxWriter: BoxWriter; isSource: boolean }): PictureWriter {
  const { track, boxWriter, isSource } = options;
  const waiting: PictureFrame[] = [];
  let newest: PictureFrame | null = null;
  let period: TrackPeriod | null = null;
  let fragmentCount = 0;
  let parts: TrackPart[] = [];
  let frameCount = 0;
  /** Encoder time the open segment is presented from. */
  let shownFromMs = 0;
  /** A rung that lost a frame shows nothing until its next segment. */
  let isBroken = false;
  /** Up to where frames were taken. */
  let taken = { timeline: -1, untilMs: Number.NEGATIVE_INFINITY };

  /** Frames of the part; what is older (of a timeline that is over, or come too late) is dropped. */
  function take(cut: Cut): PictureFrame[] {
    const { timeline } = cut.period;
    let count = 0;
    for (const frame of waiting) {
      if (frame.timeline > timeline || (frame.timeline === timeline && frame.dtsMs >= cut.framesUntilMs)) break;
      count += 1;
    }
    const sinceMs = taken.timeline === timeline ? taken.untilMs : Number.NEGATIVE_INFINITY;
    taken = { timeline, untilMs: cut.framesUntilMs };
    return waiting.splice(0, count).filter((frame) => frame.timeline === timeline && frame.dtsMs >= sinceMs);
  }

  function periodFor(cut: Cut, config: AvcConfig): TrackPeriod {
    const { discontinuitySequence } = cut.period;
    const isSamePeriod = period?.discontinuitySequence === discontinuitySequence;
    if (period && isSamePeriod && isSameBytes(period.config.decoderConfig, config.decoderConfig)) return period;
    const init = boxWriter.initSection({ timescaleTicks: TICKS_PER_MS * 1000, config });
    period = { track, discontinuitySequence, initIndex: period && isSamePeriod ? period.initIndex + 1 : 0, config, init };
    return period;
  }

  function samplesOf(frames: readonly PictureFrame[], cut: Cut): BoxSample[] {
    const [next] = waiting;
    // A rung of half the frames has none at the cut: its last frame stands until its own next one.
    const endMs = next && next.timeline === cut.period.timeline ? next.dtsMs : cut.framesUntilMs;
    return frames.map((frame, index) => ({
      durationTicks: ((frames[index + 1]?.dtsMs ?? endMs) - frame.dtsMs) * TICKS_PER_MS,
      compositionOffsetTicks: frame.compositionMs * TICKS_PER_MS,
      isSync: frame.isKey,
      data: frame.data,
    }));
  }

  return {
    get newest() {
      return newest;
    },
    get waitingCount() {
      return waiting.length;
    },
    push(frame) {
      newest = frame;
      waiting.push(frame);
    },
    cut(cut, isLost = false) {
      const frames = take(cut);
      const [first] = frames;
      const { originMs, baseMs, discontinuitySequence, isDiscontinuity } = cut.period;
      const partFromMs = first ? first.dtsMs + first.compositionMs : cut.startMs;
      if (cut.partIndex === 0) {
        parts = [];
        frameCount = 0;
        shownFromMs = partFromMs;
        isBroken = !isSource && !first?.isKey;
      } else if (!isSource && first && period && !isSameBytes(first.config.decoderConfig, period.config.decoderConfig)) isBroken = true;
      if (isLost) isBroken = true;
      const isGap = isBroken || !first;
      const common = {
        track,
        mediaSequence: cut.mediaSequence,
        discontinuitySequence,
        isDiscontinuity: cut.isFirstSegmentOfPeriod && isDiscontinuity,
        isGap,
        isIndependent: !isGap && first?.isKey === true,
        programDateTimeMs: cut.programOffsetMs + partFromMs,
      };
      let bytes: Uint8Array = new Uint8Array(0);
      if (first && !isGap) {
        periodFor(cut, first.config);
        fragmentCount += 1;
        frameCount += frames.length;
        bytes = boxWriter.fragment({
          sequenceNumber: fragmentCount,
          decodeTimeTicks: (first.dtsMs - originMs + baseMs) * TICKS_PER_MS,
          samples: samplesOf(frames, cut),
        });
      }
      const own = period?.discontinuitySequence === discontinuitySequence ? period : null;
      const part: TrackPart = {
        ...common,
        period: own,
        partIndex: cut.partIndex,
        durationMs: cut.endMs - cut.startMs,
        partTargetMs: cut.partTargetMs,
        bytes,
      };
      parts.push(part);
      const outputs: TrackOutput[] = [{ kind: 'part', part }];
      if (!cut.isSegmentEnd) return outputs;
      const [firstPart = part] = parts;
      const isSegmentGap = isBroken || frameCount === 0;
      outputs.push({
        kind: 'segment',
        segment: {
          ...common,
          period: own,
          isGap: isSegmentGap,
          isIndependent: firstPart.isIndependent,
          programDateTimeMs: cut.programOffsetMs + shownFromMs,
          targetDurationSec: cut.targetDurationSec,
          durationMs: parts.reduce((sum, each) => sum + each.durationMs, 0),
          frameCount,
          ...bytesOfParts(isSegmentGap ? [] : parts),
        },
      });
      return outputs;
    },
  };
}
