// The text of a replay's playlists (RFC 8216bis 4.4): VOD once the show is over, EVENT while it runs, for those who start
// over. Whole segments only; every segment has its EXT-X-PROGRAM-DATE-TIME, every product moment is an EXT-X-DATERANGE,
// so that a player without our socket knows what was on display at each frame.
import type { TrackName } from '../packager/track.ts';
import type { RecordedSegment, ReplaySegment, ReplayTimeline } from './timeline.ts';

export const PRODUCT_RANGE_CLASS = 'shop.product';
/** RFC 8216bis 4.4.3.8: a client may skip what is older than this many target durations. */
const SKIP_BEHIND_TARGET_DURATIONS = 6;

/** A product on display; `toMs` null = still is. UTC. */
export type ProductRange = { readonly id: string; readonly productId: string; readonly fromMs: number; readonly toMs: number | null };

export type ReplayPlaylist = {
  readonly timeline: ReplayTimeline;
  readonly track: TrackName;
  readonly type: 'VOD' | 'EVENT';
  /** An EVENT list that may still grow has no end. */
  readonly isEnded: boolean;
  readonly ranges: readonly ProductRange[];
  readonly uriOf: (file: RecordedSegment) => string;
  readonly initUriOf: (track: TrackName, periodId: number) => string;
  /** The client has the older part already (`_HLS_skip=YES`). */
  readonly isDelta?: boolean;
};

/** Longest segment of any track, rounded as the standard rounds it, and never below what the packager told. */
export function targetDurationOf({ segments }: ReplayTimeline): number {
  let longestSec = 1;
  for (const { files } of segments)
    for (const file of files.values()) longestSec = Math.max(longestSec, file.targetDurationSec, Math.round(file.durationMs / 1000));
  return longestSec;
}

/** Writes one media playlist. A file a rung has not is EXT-X-GAP, so that all lists have the same rows. */
export function writeReplayPlaylist(playlist: ReplayPlaylist): string {
  const { timeline, track, type, isEnded } = playlist;
  const { segments } = timeline;
  const targetDurationSec = targetDurationOf(timeline);
  const isGrowing = type === 'EVENT' && !isEnded;
  const skippedCount = playlist.isDelta && isGrowing ? countSkipped(segments, targetDurationSec) : 0;
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${isGrowing ? 9 : 8}`, `#EXT-X-TARGETDURATION:${targetDurationSec}`];
  lines.push(`#EXT-X-PLAYLIST-TYPE:${type}`, '#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-DISCONTINUITY-SEQUENCE:0');
  if (isGrowing) lines.push(`#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=${(targetDurationSec * SKIP_BEHIND_TARGET_DURATIONS).toFixed(1)}`);
  if (track === 'audio' || segments.every(({ isIndependent }) => isIndependent)) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  // Who opens a list that grows has asked for its beginning; a player would begin near its end.
  if (timeline.startOffsetMs > 0 || isGrowing) lines.push(startTag(timeline));
  if (skippedCount > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skippedCount}`);

  let initUri = '';
  for (const segment of segments.slice(skippedCount)) {
    const file = segment.files.get(track) ?? null;
    if (segment.isDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    const wantedInitUri = playlist.initUriOf(track, file?.periodId ?? segment.periodId);
    if (file && wantedInitUri !== initUri) {
      lines.push(`#EXT-X-MAP:URI="${wantedInitUri}"`);
      initUri = wantedInitUri;
    }
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.programDateTimeMs).toISOString()}`);
    if (file === null) lines.push('#EXT-X-GAP');
    const twin = file ?? (segment.files.get('video') as RecordedSegment);
    lines.push(`#EXTINF:${(twin.durationMs / 1000).toFixed(5)},`, file ? playlist.uriOf(file) : `${track}-${segment.mediaSequence}.m4s`);
  }
  for (const range of rangesWithin(timeline, playlist.ranges)) lines.push(rangeTag(range));
  if (isEnded) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

const startTag = ({ startOffsetMs }: ReplayTimeline) => `#EXT-X-START:TIME-OFFSET=${(startOffsetMs / 1000).toFixed(3)},PRECISE=YES`;

function countSkipped(segments: readonly ReplaySegment[], targetDurationSec: number): number {
  const boundaryMs = targetDurationSec * SKIP_BEHIND_TARGET_DURATIONS * 1000;
  const endMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  // A segment may be skipped when all of it lies before the boundary.
  return segments.filter(({ startMs, durationMs }) => startMs + durationMs <= endMs - boundaryMs).length;
}

/** Those on display at any moment of the time line. */
export function rangesWithin({ segments }: ReplayTimeline, ranges: readonly ProductRange[]): ProductRange[] {
  const [first, last] = [segments[0], segments.at(-1)];
  if (!first || !last) return [];
  const endMs = last.programDateTimeMs + last.durationMs;
  return ranges.filter(({ fromMs, toMs }) => fromMs < endMs && (toMs === null || toMs > first.programDateTimeMs));
}

function rangeTag({ id, productId, fromMs, toMs }: ProductRange): string {
  const attributes = [
    `ID="${id}"`,
    `CLASS="${PRODUCT_RANGE_CLASS}"`,
    `START-DATE="${new Date(fromMs).toISOString()}"`,
    ...(toMs === null ? [] : [`DURATION=${(Math.max(0, toMs - fromMs) / 1000).toFixed(3)}`]),
    `X-PRODUCT-ID="${productId}"`,
  ];
  return `#EXT-X-DATERANGE:${attributes.join(',')}`;
}

export type PictureFacts = { readonly codecString: string; readonly widthPx: number; readonly heightPx: number };
export type SoundFacts = { readonly codecString: string; readonly channelCount: number };

export type ReplayMultivariant = {
  readonly timeline: ReplayTimeline;
  readonly pictures: readonly { readonly track: TrackName; readonly facts: PictureFacts; readonly uri: string }[];
  readonly sound: SoundFacts & { readonly uri: string };
};

/** Writes the multivariant playlist: each picture with the one sound. Rates are measured, not declared (Apple 9.x). */
export function writeReplayMultivariant({ timeline, pictures, sound }: ReplayMultivariant): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${sound.channelCount}",URI="${sound.uri}"`,
  ];
  if (timeline.startOffsetMs > 0) lines.push(startTag(timeline));
  for (const { track, facts, uri } of pictures) {
    const { peakBitsPerSec, averageBitsPerSec, framesPerSec } = ratesOf(timeline, track);
    const attributes = [
      `BANDWIDTH=${Math.ceil(peakBitsPerSec)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(averageBitsPerSec)}`,
      `CODECS="${facts.codecString},${sound.codecString}"`,
      `RESOLUTION=${facts.widthPx}x${facts.heightPx}`,
      `FRAME-RATE=${framesPerSec.toFixed(3)}`,
      'AUDIO="sound"',
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, uri);
  }
  return `${lines.join('\n')}\n`;
}

function ratesOf({ segments }: ReplayTimeline, track: TrackName) {
  let bytes = 0;
  let durationMs = 0;
  let frameCount = 0;
  let peakBitsPerSec = 0;
  for (const { files } of segments) {
    const file = files.get(track);
    if (!file) continue;
    const both = file.byteCount + (files.get('audio')?.byteCount ?? 0);
    bytes += both;
    durationMs += file.durationMs;
    frameCount += file.frameCount;
    peakBitsPerSec = Math.max(peakBitsPerSec, (both * 8000) / file.durationMs);
  }
  return {
    peakBitsPerSec,
    averageBitsPerSec: durationMs === 0 ? 0 : (bytes * 8000) / durationMs,
    framesPerSec: durationMs === 0 ? 0 : (frameCount * 1000) / durationMs,
  };
}
