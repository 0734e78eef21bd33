// Blocking playlist reload (RFC 8216bis 6.2.5.2): may a request be answered now, must it wait, or asks it for what can
// not be. The server's part of it, time and connections, is elsewhere.

export type ReloadDirectives = {
  /** `_HLS_msn` */
  readonly mediaSequence: number | null;
  /** `_HLS_part` */
  readonly partIndex: number | null;
};

/** Where a track is now. */
export type LiveEdge = {
  readonly lastClosedMediaSequence: number;
  /** Parts of the segment after that. */
  readonly openPartCount: number;
  /** Parts of a closed segment that is still there. */
  readonly partCountOf: (mediaSequence: number) => number;
  readonly partTargetMs: number;
};

export type ReloadVerdict = 'answer' | 'wait' | 'part_without_sequence' | 'too_far_ahead';

/** How many segments beyond the last one may be asked for. */
const ADVANCE_SEGMENT_LIMIT = 2;
/** Three seconds of parts, at least three. */
const advancePartLimit = (partTargetMs: number): number => Math.max(3, Math.ceil(3_000 / partTargetMs));

export function judgeReload(edge: LiveEdge, { mediaSequence, partIndex }: ReloadDirectives): ReloadVerdict {
  if (mediaSequence === null) return partIndex === null ? 'answer' : 'part_without_sequence';
  const { lastClosedMediaSequence, openPartCount } = edge;
  if (mediaSequence > lastClosedMediaSequence + ADVANCE_SEGMENT_LIMIT) return 'too_far_ahead';
  if (partIndex === null) return mediaSequence <= lastClosedMediaSequence ? 'answer' : 'wait';
  if (mediaSequence < lastClosedMediaSequence) return 'answer';
  // A part past the end of its segment is the first of the next one.
  const isPastEnd = mediaSequence === lastClosedMediaSequence && partIndex >= edge.partCountOf(mediaSequence);
  if (mediaSequence === lastClosedMediaSequence && !isPastEnd) return 'answer';
  const isInOpen = isPastEnd || mediaSequence === lastClosedMediaSequence + 1;
  const wantedIndex = isPastEnd ? 0 : partIndex;
  const knownCount = isInOpen ? openPartCount : 0;
  if (isInOpen && wantedIndex < knownCount) return 'answer';
  return wantedIndex >= knownCount + advancePartLimit(edge.partTargetMs) ? 'too_far_ahead' : 'wait';
}
