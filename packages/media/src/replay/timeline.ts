// What was recorded, put in one row: the time line of a replay. Broadcasts of a show (the server restarted, the show was
// reopened), holes (a segment that could not be stored) and spans that were not on air are joined; each join is a
// discontinuity. Media sequence numbers rise over the life of a show (PL2), so they are the order of everything here.
//
//   UTC       the wall time of a frame, EXT-X-PROGRAM-DATE-TIME
//   position  ms since the first frame of this time line, as a player counts
//
// Pure. A segment is in the row only if both the host's own picture and the sound of it are there.
import type { TrackName } from '../packager/track.ts';

/** One stored segment file of one track. */
export type RecordedSegment = {
  readonly track: TrackName;
  readonly mediaSequence: number;
  /** Discontinuity sequence of its period: names the init section. */
  readonly periodId: number;
  /** UTC of the first frame, whole ms. */
  readonly programDateTimeMs: number;
  readonly durationMs: number;
  readonly byteCount: number;
  readonly frameCount: number;
  readonly isIndependent: boolean;
  readonly targetDurationSec: number;
};

export type ReplaySegment = {
  readonly mediaSequence: number;
  readonly periodId: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly programDateTimeMs: number;
  /** Does not continue the segment before it: another period, a hole, a span cut out. */
  readonly isDiscontinuity: boolean;
  readonly isIndependent: boolean;
  /** `video` and `audio` always; rungs of the ladder where they were stored. */
  readonly files: ReadonlyMap<TrackName, RecordedSegment>;
};

export type ReplayTimeline = {
  readonly segments: readonly ReplaySegment[];
  readonly durationMs: number;
  /** Where playing begins: at most one segment in, when a trim lies inside the first. */
  readonly startOffsetMs: number;
};

/** A span of UTC; `toMs` null = still open. */
export type UtcSpan = { readonly fromMs: number; readonly toMs: number | null };

/** Puts stored segments in a row. `spans`: only segments whose middle lies in one of them; null = all. */
export function buildTimeline(stored: readonly RecordedSegment[], spans: readonly UtcSpan[] | null = null): ReplayTimeline {
  const bySequence = new Map<number, Map<TrackName, RecordedSegment>>();
  for (const segment of stored) {
    const files = bySequence.get(segment.mediaSequence) ?? new Map<TrackName, RecordedSegment>();
    files.set(segment.track, segment);
    bySequence.set(segment.mediaSequence, files);
  }
  const rows = [...bySequence.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, files]) => {
      const video = files.get('video');
      return video && files.has('audio') && isOnAir(video, spans) ? [{ video, files }] : [];
    });
  return toTimeline(rows, 0);
}

function isOnAir({ programDateTimeMs, durationMs }: RecordedSegment, spans: readonly UtcSpan[] | null): boolean {
  if (spans === null) return true;
  const middleMs = programDateTimeMs + durationMs / 2;
  return spans.some(({ fromMs, toMs }) => fromMs <= middleMs && (toMs === null || middleMs < toMs));
}

type Row = { readonly video: RecordedSegment; readonly files: ReadonlyMap<TrackName, RecordedSegment> };

function toTimeline(rows: readonly Row[], startOffsetMs: number): ReplayTimeline {
  let startMs = 0;
  let before: RecordedSegment | null = null;
  const segments: ReplaySegment[] = [];
  for (const { video, files } of rows) {
    segments.push({
      mediaSequence: video.mediaSequence,
      periodId: video.periodId,
      startMs,
      durationMs: video.durationMs,
      programDateTimeMs: video.programDateTimeMs,
      isDiscontinuity: before !== null && (before.periodId !== video.periodId || before.mediaSequence + 1 !== video.mediaSequence),
      isIndependent: video.isIndependent,
      files,
    });
    startMs += video.durationMs;
    before = video;
  }
  return { segments, durationMs: startMs, startOffsetMs };
}

/**
 * The part between two wall times, in whole segments: nothing that is wanted is lost, and at most one segment more
 * stays at each end. `startOffsetMs` says how far into the first one playing begins. Null = not cut on that side.
 */
export function trimTimeline(timeline: ReplayTimeline, fromMs: number | null, toMs: number | null): ReplayTimeline {
  const kept = timeline.segments.filter(
    ({ programDateTimeMs, durationMs }) =>
      (fromMs === null || programDateTimeMs + durationMs > fromMs) && (toMs === null || programDateTimeMs < toMs),
  );
  const [first] = kept;
  const offsetMs = first && fromMs !== null ? Math.max(0, fromMs - first.programDateTimeMs) : 0;
  return toTimeline(
    kept.map(({ files }) => ({ video: files.get('video') as RecordedSegment, files })),
    Math.min(offsetMs, first?.durationMs ?? 0),
  );
}

/** The position of a wall time: in a hole that of what follows it, before and after the row its ends. */
export function positionOf({ segments, durationMs }: ReplayTimeline, utcMs: number): number {
  for (const segment of segments) {
    if (utcMs < segment.programDateTimeMs) return segment.startMs;
    if (utcMs < segment.programDateTimeMs + segment.durationMs) return segment.startMs + utcMs - segment.programDateTimeMs;
  }
  return durationMs;
}

/** The wall time of a position; null for an empty time line. Beyond the end it is that of the end. */
export function utcOf({ segments }: ReplayTimeline, positionMs: number): number | null {
  const found = segments.findLast(({ startMs }) => startMs <= positionMs) ?? segments[0];
  if (!found) return null;
  return found.programDateTimeMs + Math.min(Math.max(0, positionMs - found.startMs), found.durationMs);
}

/** The segment that is on screen at a position; null beyond the ends. */
export function segmentAt({ segments, durationMs }: ReplayTimeline, positionMs: number): ReplaySegment | null {
  if (positionMs < 0 || positionMs >= durationMs) return null;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle] as ReplaySegment).startMs <= positionMs) low = middle;
    else high = middle - 1;
  }
  return segments[low] ?? null;
}

/** A rung that misses more of the replay than this is not offered. */
const MAX_MISSING_SHARE = 0.1;

/** The picture tracks a player may choose from: the host's own first, then rungs from large to small. */
export function offeredPictures({ segments }: ReplayTimeline): TrackName[] {
  const counts = new Map<TrackName, number>();
  for (const { files } of segments) for (const track of files.keys()) counts.set(track, (counts.get(track) ?? 0) + 1);
  const rungs = [...counts.entries()]
    .filter(([track, count]) => track !== 'video' && track !== 'audio' && count >= segments.length * (1 - MAX_MISSING_SHARE))
    .map(([track]) => track)
    .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  return segments.length === 0 ? [] : ['video', ...rungs];
}

/** Bytes of a time line in all its tracks, or in some. */
export function bytesOfTimeline({ segments }: ReplayTimeline, tracks: readonly TrackName[] | null = null): number {
  let sum = 0;
  for (const { files } of segments) for (const [track, file] of files) if (tracks === null || tracks.includes(track)) sum += file.byteCount;
  return sum;
}
