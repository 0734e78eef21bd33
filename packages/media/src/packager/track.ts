// What a packager gives out, track by track. A broadcast has one sound track and one or more picture tracks: the host's
// own picture untouched (`video`) and the rungs of the ladder below it (`v720`, `v480`, `v360`). All picture tracks are
// cut at the same frames, so the media sequence number of a moment is the same in every track; a rung comes a little
// later than the source. The sound is cut where the source is, and leaves out a part too short for one of its frames.
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';

/** `audio`, `video` (the host's own picture) or a rung of the ladder, named by its shorter side in px. */
export type TrackName = 'audio' | 'video' | `v${number}`;

/** What one init section of a track describes; a new one begins with a discontinuity. */
export type TrackPeriod = {
  readonly track: TrackName;
  readonly discontinuitySequence: number;
  /** Above 0 for a rung whose encoder came back with other parameters within the period. */
  readonly initIndex: number;
  readonly config: AvcConfig | AacConfig;
  /** ftyp + moov. */
  readonly init: Uint8Array;
};

/** A part (RFC 8216bis 4.4.4.9): moof + mdat, whole, and never changed afterwards. */
export type TrackPart = {
  readonly track: TrackName;
  readonly mediaSequence: number;
  /** Place in its segment, from 0. */
  readonly partIndex: number;
  /** Null for a gap of a rung that never had a picture in this period. */
  readonly period: TrackPeriod | null;
  readonly discontinuitySequence: number;
  /** Its segment is the first of its period, and not the first of all. */
  readonly isDiscontinuity: boolean;
  /** As the playlist says. A frame that lasts over the end of its part is counted to the next one from there on. */
  readonly durationMs: number;
  /** UTC of the first presented frame. */
  readonly programDateTimeMs: number;
  /** Begins with an IDR; always so for sound. */
  readonly isIndependent: boolean;
  /** There is nothing to load: the picture stood still, or the rung's encoder was away. `bytes` is empty. */
  readonly isGap: boolean;
  /** Fixed for the life of the packager. */
  readonly partTargetMs: number;
  readonly bytes: Uint8Array;
};

/** A closed segment: its parts one after another. */
export type TrackSegment = {
  readonly track: TrackName;
  readonly mediaSequence: number;
  readonly period: TrackPeriod | null;
  readonly discontinuitySequence: number;
  /** First of its period, and not the first of all. */
  readonly isDiscontinuity: boolean;
  readonly isIndependent: boolean;
  /** A rung's encoder was away for some of it: nothing to load, `pieces` is empty. */
  readonly isGap: boolean;
  /** UTC of the first presented frame. */
  readonly programDateTimeMs: number;
  /** Fixed for the life of the packager. */
  readonly targetDurationSec: number;
  readonly durationMs: number;
  /** Frames of the picture, or AAC frames. */
  readonly frameCount: number;
  /** The bytes of its parts, one after another. */
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
};

export type TrackOutput =
  | { readonly kind: 'part'; readonly part: TrackPart }
  | { readonly kind: 'segment'; readonly segment: TrackSegment };

/** What a segment of these parts is made of. */
export function bytesOfParts(parts: readonly TrackPart[]): Pick<TrackSegment, 'pieces' | 'sizeBytes'> {
  const pieces = parts.flatMap(({ bytes }) => (bytes.length > 0 ? [bytes] : []));
  return { pieces, sizeBytes: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}
