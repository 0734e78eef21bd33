// The text of a media playlist (RFC 8216bis 4.4). Version 7: EXT-X-MAP outside I-frame playlists.
import type { Period } from '../packager/packager.ts';

export type PlaylistEntry = {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly isDiscontinuity: boolean;
  readonly isIndependent: boolean;
  readonly durationMs: number;
  readonly programDateTimeMs: number;
  readonly uri: string;
  readonly initUri: string;
};

export type MediaPlaylist = {
  readonly targetDurationSec: number;
  readonly entries: readonly PlaylistEntry[];
  readonly isEnded: boolean;
};

/** Writes the playlist; `entries` must not be empty. */
export function writeMediaPlaylist({ targetDurationSec, entries, isEnded }: MediaPlaylist): string {
  const [first] = entries;
  if (!first) throw new RangeError('a media playlist needs a segment');
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetDurationSec}`,
    `#EXT-X-MEDIA-SEQUENCE:${first.mediaSequence}`,
  ];
  // The number counts the discontinuities before the first segment; one in front of it is still in the list (4.4.3.3).
  lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${first.discontinuitySequence - (first.isDiscontinuity ? 1 : 0)}`);
  if (entries.every((entry) => entry.isIndependent)) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  let initUri = '';
  for (const entry of entries) {
    if (entry.isDiscontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (entry.initUri !== initUri) lines.push(`#EXT-X-MAP:URI="${entry.initUri}"`);
    initUri = entry.initUri;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(entry.programDateTimeMs).toISOString()}`);
    lines.push(`#EXTINF:${(entry.durationMs / 1000).toFixed(5)},`, entry.uri);
  }
  if (isEnded) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

export type MultivariantPlaylist = {
  readonly period: Period;
  readonly bandwidthBitsPerSec: number;
  readonly averageBandwidthBitsPerSec: number;
  readonly framesPerSec: number;
  readonly videoUri: string;
  readonly audioUri: string;
};

/** Writes the multivariant playlist: one picture rendition, one sound rendition apart. */
export function writeMultivariantPlaylist(playlist: MultivariantPlaylist): string {
  const { video, audio } = playlist.period;
  const attributes = [
    `BANDWIDTH=${Math.ceil(playlist.bandwidthBitsPerSec)}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(playlist.averageBandwidthBitsPerSec)}`,
    `CODECS="${video.codecString},${audio.codecString}"`,
    `RESOLUTION=${video.widthPx}x${video.heightPx}`,
    `FRAME-RATE=${playlist.framesPerSec.toFixed(3)}`,
    'AUDIO="sound"',
  ];
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${audio.channelCount}",URI="${playlist.audioUri}"`,
    `#EXT-X-STREAM-INF:${attributes.join(',')}`,
    playlist.videoUri,
    '',
  ].join('\n');
}
