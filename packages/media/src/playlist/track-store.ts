// The parts and segments of one track that players may ask for. A closed segment's parts are views into its bytes, so
// nothing is held twice.
import type { TrackName, TrackOutput, TrackPart, TrackPeriod, TrackSegment } from '../packager/track.ts';

export type HeldSegment = { readonly segment: TrackSegment; readonly parts: readonly TrackPart[] };

export type TrackStore = {
  readonly track: TrackName;
  /** Closed, oldest first, without holes. */
  readonly segments: readonly HeldSegment[];
  /** Parts of the segment that is not closed yet. */
  readonly openParts: readonly TrackPart[];
  readonly heldBytes: number;
  /** No segment so far began without an IDR. Once false it stays so: a playlist must not take its word back and give it again. */
  readonly isIndependent: boolean;
  /** The highest bit rate of a segment of usual length in this period. */
  readonly peakBitsPerSec: number;
  add(output: TrackOutput): void;
  dropBefore(mediaSequence: number): void;
  find(mediaSequence: number): HeldSegment | undefined;
  findInit(discontinuitySequence: number, initIndex: number): TrackPeriod | undefined;
};

export function createTrackStore(track: TrackName): TrackStore {
  let segments: HeldSegment[] = [];
  let openParts: TrackPart[] = [];
  let closedBytes = 0;
  let openBytes = 0;
  let isIndependent = true;
  let peak = { discontinuitySequence: -1, bitsPerSec: 0 };

  /** Parts of the closed segment as views into it. */
  function viewsOf({ bytes, isGap }: TrackSegment): TrackPart[] {
    if (isGap) return openParts;
    let at = 0;
    return openParts.map((part) => {
      const view = { ...part, bytes: bytes.subarray(at, at + part.bytes.length) };
      at += part.bytes.length;
      return view;
    });
  }

  function measure({ isGap, discontinuitySequence, bytes, durationMs, targetDurationSec }: TrackSegment): void {
    if (isGap) return;
    const bitsPerSec = (bytes.length * 8_000) / durationMs;
    // 4.4.6.2: the peak is taken over at least half a target duration.
    const isUsual = durationMs >= targetDurationSec * 500;
    if (peak.discontinuitySequence !== discontinuitySequence) peak = { discontinuitySequence, bitsPerSec };
    else if (isUsual) peak = { discontinuitySequence, bitsPerSec: Math.max(peak.bitsPerSec, bitsPerSec) };
  }

  return {
    track,
    get segments() {
      return segments;
    },
    get openParts() {
      return openParts;
    },
    get heldBytes() {
      return closedBytes + openBytes;
    },
    get isIndependent() {
      return isIndependent;
    },
    get peakBitsPerSec() {
      return peak.bitsPerSec;
    },
    add(output) {
      if (output.kind === 'part') {
        openParts.push(output.part);
        openBytes += output.part.bytes.length;
        return;
      }
      const { segment } = output;
      segments.push({ segment, parts: viewsOf(segment) });
      closedBytes += segment.bytes.length;
      openParts = [];
      openBytes = 0;
      if (!segment.isGap && !segment.isIndependent) isIndependent = false;
      measure(segment);
    },
    dropBefore(mediaSequence) {
      const keptFrom = segments.findIndex(({ segment }) => segment.mediaSequence >= mediaSequence);
      const dropped = keptFrom === -1 ? segments : segments.slice(0, keptFrom);
      if (dropped.length === 0) return;
      for (const { segment } of dropped) closedBytes -= segment.bytes.length;
      segments = segments.slice(dropped.length);
    },
    find: (mediaSequence) => segments.find(({ segment }) => segment.mediaSequence === mediaSequence),
    findInit(discontinuitySequence, initIndex) {
      const isIt = (period: TrackPeriod | null) =>
        period?.discontinuitySequence === discontinuitySequence && period.initIndex === initIndex;
      const held = segments.find(({ segment }) => isIt(segment.period))?.segment.period;
      return held ?? openParts.find(({ period }) => isIt(period))?.period ?? undefined;
    },
  };
}
