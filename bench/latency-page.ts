// What a viewer's page sees, noted inside the page: each frame that was drawn with the time burned into it, stalls from
// the media element's own events, and cards when they came on screen. Runs before anything of the page, in the plug-in's
// page as in one with bare hls.js.
import type { Page } from 'playwright-core';

/** `atMs` when the frame came on screen, `stampMs` when it was painted (null: unreadable), `programMs` what the playlist says of it. */
export type SeenFrame = {
  atMs: number;
  stampMs: number | null;
  programMs: number | null;
  latencySec: number | null;
  targetSec: number | null;
  rate: number;
};
export type SeenCard = { highlightId: string; isShown: boolean; atMs: number; stampMs: number | null; programMs: number | null };
export type Stall = { atMs: number; stallMs: number };
export type Seen = {
  frames: SeenFrame[];
  cards: SeenCard[];
  stalls: Stall[];
  /** Wall times; null while it has not happened. */
  navigatedAtMs: number;
  askedAtMs: number | null;
  firstFrameAtMs: number | null;
  droppedCount: number;
  totalCount: number;
  rate: number;
  currentSec: number;
};

type Own = { take(): Seen };

/** On every page of the context, from its first line on. With a `track`, multivariant playlists name only that rendition. */
export async function watchPages(page: Page, track: string | null): Promise<void> {
  await page.addInitScript((onlyTrack: string | null) => {
    type Handle = {
      playback?: () => { programMs: number | null; latencySec: number | null; targetSec: number | null; rate: number } | null;
    };
    const frames: SeenFrame[] = [];
    const cards: SeenCard[] = [];
    const stalls: Stall[] = [];
    let firstFrameAtMs: number | null = null;
    let video: HTMLVideoElement | null = null;
    let handle: Handle | null = null;
    let stalledAtMs: number | null = null;
    let last: SeenFrame | null = null;
    const canvas = new OffscreenCanvas(640, 96);
    const draw = canvas.getContext('2d', { willReadFrequently: true });
    const wallMs = (atMs: number) => performance.timeOrigin + atMs;

    const readStamp = (of: HTMLVideoElement, nearMs: number): number | null => {
      if (draw === null) return null;
      draw.drawImage(of, 0, 0, of.videoWidth, (of.videoHeight * 96) / 360, 0, 0, 640, 96);
      const { data } = draw.getImageData(0, 0, 640, 96);
      const bytes = [0, 0, 0, 0, 0, 0];
      for (let block = 0; block < 48; block += 1) {
        const x = (block % 16) * 40 + 20;
        const y = Math.floor(block / 16) * 32 + 16;
        const isWhite = (data[(y * 640 + x) * 4 + 1] ?? 0) > 128;
        const index = block >> 3;
        bytes[index] = (bytes[index] ?? 0) * 2 + (isWhite ? 1 : 0);
      }
      const [a = 0, b = 0, c = 0, d = 0, checksum, fixed] = bytes;
      if (fixed !== 0b1010_0101 || checksum !== (a ^ b ^ c ^ d)) return null;
      const stamp = ((a * 256 + b) * 256 + c) * 256 + d;
      return nearMs - ((((nearMs - stamp) % 2 ** 32) + 2 ** 32) % 2 ** 32);
    };

    const watch = (found: HTMLVideoElement) => {
      video = found;
      found.addEventListener('waiting', () => {
        if (found.seeking || firstFrameAtMs === null) return;
        stalledAtMs ??= performance.now();
      });
      found.addEventListener('playing', () => {
        if (stalledAtMs === null) return;
        stalls.push({ atMs: wallMs(stalledAtMs), stallMs: performance.now() - stalledAtMs });
        stalledAtMs = null;
      });
      const onFrame = (_nowMs: number, { mediaTime, expectedDisplayTime }: VideoFrameCallbackMetadata) => {
        found.requestVideoFrameCallback(onFrame);
        const atMs = wallMs(expectedDisplayTime);
        firstFrameAtMs ??= atMs;
        const told = handle?.playback?.() ?? null;
        const programMs = told?.programMs == null ? null : told.programMs + (mediaTime - found.currentTime) * 1_000;
        last = {
          atMs,
          stampMs: readStamp(found, Math.floor(atMs + 1_000)),
          programMs,
          latencySec: told?.latencySec ?? null,
          targetSec: told?.targetSec ?? null,
          rate: found.playbackRate,
        };
        frames.push(last);
      };
      found.requestVideoFrameCallback(onFrame);
    };
    const look = setInterval(() => {
      const found = (document.querySelector('insp-show')?.shadowRoot ?? document).querySelector('video');
      if (found === null) return;
      clearInterval(look);
      watch(found);
    }, 5);
    document.addEventListener('insp:ready', (event) => {
      handle = (event as CustomEvent<{ player: Handle }>).detail.player;
      Object.assign(window, { player: handle });
    });
    document.addEventListener('insp:event', (event) => {
      const { name, payload } = (event as CustomEvent<{ name: string; payload: { highlightId: string } }>).detail;
      if (name !== 'highlight.shown' && name !== 'highlight.hidden') return;
      // Drawn with the next frame of the page.
      requestAnimationFrame(() => {
        const atMs = Date.now();
        const { stampMs = null, programMs = null } = last ?? {};
        cards.push({ highlightId: payload.highlightId, isShown: name === 'highlight.shown', atMs, stampMs, programMs });
      });
    });

    const own: Own = {
      take() {
        const asked = performance.getEntriesByType('resource').find(({ name }) => name.includes('/live/') && name.includes('.m3u8'));
        const quality = video?.getVideoPlaybackQuality();
        return {
          frames: frames.splice(0),
          cards: cards.splice(0),
          stalls: stalls.splice(0),
          navigatedAtMs: performance.timeOrigin,
          askedAtMs: asked === undefined ? null : wallMs(asked.startTime),
          firstFrameAtMs,
          droppedCount: quality?.droppedVideoFrames ?? 0,
          totalCount: quality?.totalVideoFrames ?? 0,
          rate: video?.playbackRate ?? 1,
          currentSec: video?.currentTime ?? 0,
        };
      },
    };
    Object.assign(window, { latencyNotes: own });

    const text = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'responseText');
    const readText = text?.get;
    if (onlyTrack === null || text === undefined || readText === undefined) return;
    Object.defineProperty(XMLHttpRequest.prototype, 'responseText', {
      ...text,
      get(this: XMLHttpRequest) {
        const whole = String(readText.call(this));
        if (!whole.includes('#EXT-X-STREAM-INF')) return whole;
        const lines = whole.split('\n');
        return lines.filter((line, index) => !isOtherVariant(line, lines[index - 1] ?? '', lines[index + 1] ?? '')).join('\n');
      },
    });
    const isOtherVariant = (line: string, before: string, after: string) =>
      (line.startsWith('#EXT-X-STREAM-INF') && !after.includes(onlyTrack)) ||
      (before.startsWith('#EXT-X-STREAM-INF') && !line.includes(onlyTrack));
  }, track);
}

/** What was seen since the last call. */
export const takeSeen = (page: Page): Promise<Seen> =>
  page.evaluate(() => (window as unknown as { latencyNotes: Own }).latencyNotes.take());
