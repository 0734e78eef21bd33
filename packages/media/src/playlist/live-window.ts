// What a live show offers at this moment: the window of segments in the playlists, those a little older that slow
// players may still fetch, and the files by name. Names never repeat within the life of a show, so every file may be
// cached forever. Memory is bounded by segment count and by bytes.
import type { Period, Segment } from '../packager/packager.ts';
import { writeMediaPlaylist, writeMultivariantPlaylist } from './media-playlist.ts';

export const WINDOW_LIMITS = {
  /** RFC 8216bis asks for three target durations, Apple 9.x for six segments. */
  listedSegmentCount: 8,
  /** Left the playlist but still there: as long as the playlist itself (6.2.2). */
  graceSegmentCount: 8,
  totalBytes: 96 * 1024 * 1024,
} as const;

export type LiveFile =
  | { readonly kind: 'multivariant' | 'media_playlist'; readonly text: string }
  | { readonly kind: 'video' | 'audio'; readonly bytes: Uint8Array };

export type LiveWindow = {
  add(segment: Segment): void;
  /** No segment will follow (until `add` is called again after a reopening). */
  end(): void;
  readonly isEnded: boolean;
  readonly segmentCount: number;
  readonly heldBytes: number;
  /** The file of that name, or null: `index.m3u8`, `video.m3u8`, `video-init-7.mp4`, `video-123.m4s`, and the same for audio. */
  file(name: string): LiveFile | null;
};

type Rendition = 'video' | 'audio';

export function createLiveWindow(): LiveWindow {
  const segments: Segment[] = [];
  let isEnded = false;
  let heldBytes = 0;
  /** Playlist texts change with the window only. */
  const texts = new Map<string, string>();

  const bytesOf = (segment: Segment) => segment.video.bytes.length + segment.audio.bytes.length;
  const listed = () => segments.slice(-WINDOW_LIMITS.listedSegmentCount);
  const findPeriod = (number: number): Period | undefined =>
    segments.find((segment) => segment.period.discontinuitySequence === number)?.period;

  function mediaPlaylist(rendition: Rendition): string {
    const entries = listed().map((segment) => ({
      mediaSequence: segment.mediaSequence,
      discontinuitySequence: segment.period.discontinuitySequence,
      isDiscontinuity: segment.isDiscontinuity,
      isIndependent: rendition === 'audio' || segment.isIndependent,
      durationMs: segment[rendition].durationMs,
      programDateTimeMs: segment.programDateTimeMs,
      uri: `${rendition}-${segment.mediaSequence}.m4s`,
      initUri: `${rendition}-init-${segment.period.discontinuitySequence}.mp4`,
    }));
    return writeMediaPlaylist({ targetDurationSec: (segments[0] as Segment).targetDurationSec, entries, isEnded });
  }

  function multivariantPlaylist(): string {
    const window = listed();
    const bitsPerSec = window.map((segment) => (bytesOf(segment) * 8000) / segment.video.durationMs);
    const totalMs = window.reduce((sum, segment) => sum + segment.video.durationMs, 0);
    const frameCount = window.reduce((sum, segment) => sum + segment.frameCount, 0);
    return writeMultivariantPlaylist({
      period: (window.at(-1) as Segment).period,
      // Later pictures may be harder: the peak so far and a quarter.
      bandwidthBitsPerSec: Math.max(...bitsPerSec) * 1.25,
      averageBandwidthBitsPerSec: (window.reduce((sum, segment) => sum + bytesOf(segment), 0) * 8000) / totalMs,
      framesPerSec: (frameCount * 1000) / totalMs,
      videoUri: 'video.m3u8',
      audioUri: 'audio.m3u8',
    });
  }

  const text = (name: string, write: () => string): string => {
    const known = texts.get(name) ?? write();
    texts.set(name, known);
    return known;
  };

  return {
    add(segment) {
      isEnded = false;
      texts.clear();
      segments.push(segment);
      heldBytes += bytesOf(segment);
      const { listedSegmentCount, graceSegmentCount, totalBytes } = WINDOW_LIMITS;
      while (segments.length > listedSegmentCount + graceSegmentCount || (heldBytes > totalBytes && segments.length > listedSegmentCount)) {
        heldBytes -= bytesOf(segments.shift() as Segment);
      }
    },
    end() {
      isEnded = true;
      texts.clear();
    },
    get isEnded() {
      return isEnded;
    },
    get segmentCount() {
      return segments.length;
    },
    get heldBytes() {
      return heldBytes;
    },
    file(name) {
      if (segments.length === 0) return null;
      if (name === 'index.m3u8') return { kind: 'multivariant', text: text(name, multivariantPlaylist) };
      const match = /^(video|audio)(?:\.(m3u8)|-(init-)?(\d{1,15})\.(mp4|m4s))$/.exec(name);
      if (!match) return null;
      const rendition = match[1] as Rendition;
      if (match[2]) return { kind: 'media_playlist', text: text(name, () => mediaPlaylist(rendition)) };
      const number = Number(match[4]);
      if (match[3]) {
        const period = match[5] === 'mp4' ? findPeriod(number) : undefined;
        return period ? { kind: rendition, bytes: rendition === 'video' ? period.videoInit : period.audioInit } : null;
      }
      const segment = match[5] === 'm4s' ? segments.find((candidate) => candidate.mediaSequence === number) : undefined;
      return segment ? { kind: rendition, bytes: segment[rendition].bytes } : null;
    },
  };
}
