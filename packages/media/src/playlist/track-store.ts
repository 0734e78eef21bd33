// The parts and segments of one track that players may ask for. Nothing is held twice: a segment is its parts, until
// somebody asks for it whole; from then on its parts are views into the whole.
import { concatBytes } from '../bytes/byte-writer.ts';
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
  /** All bytes of a closed segment. */
  wholeOf(mediaSequence: number): Uint8Array | undefined;
  findInit(discontinuitySequence: number, initIndex: number): TrackPeriod | undefined;
};

type Held = { segment: TrackSegment; parts: readonly TrackPart[] };

export function createTrackStore(track: TrackName): TrackStore {
  let segments: Held[] = [];
  let openParts: TrackPart[] = [];
  let closedBytes = 0;
  let openBytes = 0;
  let isIndependent = true;
  let peak = { discontinuitySequence: -1, bitsPerSec: 0 };

  function join(held: Held): Uint8Array {
    const whole = concatBytes(held.segment.pieces);
    let at = 0;
    held.parts = held.parts.map((part) => {
      const from = at;
      at += part.bytes.length;
      return { ...part, bytes: whole.subarray(from, at) };
    });
    held.segment = { ...held.segment, pieces: [whole] };
    return whole;
  }

  function measure({ isGap, discontinuitySequence, sizeBytes, durationMs, targetDurationSec }: TrackSegment): void {
    if (isGap) return;
    const bitsPerSec = (sizeBytes * 8_000) / durationMs;
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
      segments.push({ segment, parts: openParts });
      closedBytes += segment.sizeBytes;
      openParts = [];
      openBytes = 0;
      if (!segment.isGap && !segment.isIndependent) isIndependent = false;
      measure(segment);
    },
    dropBefore(mediaSequence) {
      const keptFrom = segments.findIndex(({ segment }) => segment.mediaSequence >= mediaSequence);
      const dropped = keptFrom === -1 ? segments : segments.slice(0, keptFrom);
      if (dropped.length === 0) return;
      for (const { segment } of dropped) closedBytes -= segment.sizeBytes;
      segments = segments.slice(dropped.length);
    },
    find: (mediaSequence) => segments.find(({ segment }) => segment.mediaSequence === mediaSequence),
    wholeOf(mediaSequence) {
      const held = segments.find(({ segment }) => segment.mediaSequence === mediaSequence);
      const [first] = held?.segment.pieces ?? [];
      return held && held.segment.pieces.length > 1 ? join(held) : first;
    },
    findInit(discontinuitySequence, initIndex) {
      const isIt = (period: TrackPeriod | null) =>
        period?.discontinuitySequence === discontinuitySequence && period.initIndex === initIndex;
      const held = segments.find(({ segment }) => isIt(segment.period))?.segment.period;
      return held ?? openParts.find(({ period }) => isIt(period))?.period ?? undefined;
    },
  };
}
