import fc from 'fast-check';
import * as hlsParser from 'hls-parser';
import { Parser } from 'm3u8-parser';
import { describe, expect, test } from 'vitest';
import { SILENT_CONFIG } from '../flv/aac.ts';
import type { Period, Segment } from '../packager/packager.ts';
import { createLiveWindow, type LiveWindow, WINDOW_LIMITS } from './live-window.ts';

const periodOf = (discontinuitySequence: number): Period => ({
  discontinuitySequence,
  video: { codec: 'avc', decoderConfig: new Uint8Array(), codecString: 'avc1.64001f', nalLengthBytes: 4, widthPx: 1280, heightPx: 720 },
  audio: SILENT_CONFIG,
  videoInit: Uint8Array.of(1, discontinuitySequence),
  audioInit: Uint8Array.of(2, discontinuitySequence),
});

const segmentOf = (mediaSequence: number, period: Period, more: Partial<Segment> = {}): Segment => ({
  mediaSequence,
  period,
  isDiscontinuity: false,
  isIndependent: true,
  programDateTimeMs: Date.UTC(2026, 0, 1) + mediaSequence * 2_000,
  targetDurationSec: 2,
  frameCount: 60,
  video: { durationMs: 2_000, bytes: new Uint8Array(1_000).fill(mediaSequence) },
  audio: { durationMs: 2_005.3333, bytes: new Uint8Array(100).fill(mediaSequence) },
  ...more,
});

const textOf = (window: LiveWindow, name: string): string => {
  const file = window.file(name);
  if (!file || !('text' in file)) throw new Error(`no ${name}`);
  return file.text;
};

describe('the window of a live show', () => {
  test('has no file before the first segment', () => {
    const window = createLiveWindow();
    for (const name of ['index.m3u8', 'video.m3u8', 'video-init-1.mp4', 'video-1.m4s']) expect(window.file(name)).toBeNull();
  });

  test('writes these playlists', () => {
    const window = createLiveWindow();
    const before = periodOf(7);
    window.add(segmentOf(100, before));
    window.add(segmentOf(101, before, { isIndependent: false }));
    window.add(segmentOf(102, periodOf(8), { isDiscontinuity: true }));
    expect(textOf(window, 'video.m3u8')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:7
#EXT-X-MAP:URI="video-init-7.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:03:20.000Z
#EXTINF:2.00000,
video-100.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:03:22.000Z
#EXTINF:2.00000,
video-101.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="video-init-8.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:03:24.000Z
#EXTINF:2.00000,
video-102.m4s
`);
    expect(textOf(window, 'audio.m3u8')).toContain('#EXT-X-INDEPENDENT-SEGMENTS');
    expect(textOf(window, 'index.m3u8')).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=5500,AVERAGE-BANDWIDTH=4400,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="sound"
video.m3u8
`);
  });

  test('a segment leaves the playlist first and the memory later', () => {
    const window = createLiveWindow();
    const period = periodOf(1);
    const { listedSegmentCount, graceSegmentCount } = WINDOW_LIMITS;
    const total = listedSegmentCount + graceSegmentCount;
    for (let index = 0; index < total; index += 1) window.add(segmentOf(index, period));
    expect(textOf(window, 'video.m3u8')).not.toContain('video-0.m4s');
    expect(window.file('video-0.m4s')).not.toBeNull();
    window.add(segmentOf(total, period));
    expect(window.file('video-0.m4s')).toBeNull();
    expect(window.file('video-1.m4s')).not.toBeNull();
    expect(window.segmentCount).toBe(total);
  });

  test('bytes are capped: what left the playlist goes first, the playlist stays', () => {
    const window = createLiveWindow();
    const heavy = { video: { durationMs: 2_000, bytes: new Uint8Array(10 * 1024 * 1024) } };
    for (let index = 0; index < 20; index += 1) window.add(segmentOf(index, periodOf(1), heavy));
    expect(window.segmentCount).toBe(9);
    expect(window.heldBytes).toBe(9 * (10 * 1024 * 1024 + 100));
  });

  test('ends, and opens again with the next segment', () => {
    const window = createLiveWindow();
    window.add(segmentOf(1, periodOf(1)));
    window.end();
    expect(textOf(window, 'video.m3u8')).toMatch(/#EXT-X-ENDLIST\n$/);
    window.add(segmentOf(2, periodOf(2), { isDiscontinuity: true }));
    expect(textOf(window, 'video.m3u8')).not.toContain('ENDLIST');
  });

  test.each([
    'video-init-2.mp4',
    'video-9.m4s',
    'video-1.mp4',
    'video-init-1.m4s',
    '../secret',
    'video-.m4s',
    'index.m3u8/',
    `video-${'9'.repeat(30)}.m4s`,
  ])('%s is no file of it', (name) => {
    const window = createLiveWindow();
    window.add(segmentOf(1, periodOf(1)));
    expect(window.file('video-init-1.mp4')).toEqual({ kind: 'video', bytes: Uint8Array.of(1, 1) });
    expect(window.file('audio-1.m4s')?.kind).toBe('audio');
    expect(window.file(name)).toBeNull();
  });

  test('hls-parser and m3u8-parser read every playlist of a random show, and its numbers never go back', () => {
    let discontinuityCount = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('same', 'same', 'same', 'new_period', 'dependent'), { minLength: 1, maxLength: 40 }),
        (steps) => {
          const window = createLiveWindow();
          let period = periodOf(50);
          let last = { mediaSequence: -1, discontinuitySequence: -1 };
          /** What a segment was said to be by the first playlist that named it. */
          const known = new Map<string, string>();
          for (const [index, step] of steps.entries()) {
            const isDiscontinuity = step === 'new_period' && index > 0;
            if (isDiscontinuity) period = periodOf(period.discontinuitySequence + 1);
            if (isDiscontinuity) discontinuityCount += 1;
            window.add(segmentOf(1_000 + index, period, { isDiscontinuity, isIndependent: step !== 'dependent' }));
            const text = textOf(window, 'video.m3u8');
            const one = hlsParser.parse(text) as hlsParser.types.MediaPlaylist;
            const parser = new Parser();
            parser.push(text);
            parser.end();
            const other = parser.manifest;
            expect(one.targetDuration).toBe(2);
            expect(other.targetDuration).toBe(2);
            expect(one.mediaSequenceBase).toBe(other.mediaSequence);
            expect(one.segments.map((segment) => segment.uri)).toEqual(other.segments.map((segment: { uri: string }) => segment.uri));
            expect(one.mediaSequenceBase).toBeGreaterThanOrEqual(last.mediaSequence);
            expect(one.discontinuitySequenceBase).toBeGreaterThanOrEqual(last.discontinuitySequence);
            last = { mediaSequence: one.mediaSequenceBase as number, discontinuitySequence: one.discontinuitySequenceBase as number };
            for (const [at, segment] of one.segments.entries()) {
              const told = `${segment.discontinuitySequence} ${segment.map?.uri} ${segment.programDateTime?.toISOString()} ${segment.duration}`;
              expect(known.get(segment.uri) ?? told).toBe(told);
              known.set(segment.uri, told);
              expect(other.segments[at].timeline).toBe(segment.discontinuitySequence);
            }
            const isAllIndependent = one.segments.every(
              (segment) => steps[(segment.mediaSequenceNumber as number) - 1_000] !== 'dependent',
            );
            expect(text.includes('INDEPENDENT-SEGMENTS')).toBe(isAllIndependent);
          }
          const multivariant = hlsParser.parse(textOf(window, 'index.m3u8')) as hlsParser.types.MasterPlaylist;
          expect(multivariant.variants[0]).toMatchObject({
            uri: 'video.m3u8',
            codecs: 'avc1.64001f,mp4a.40.2',
            resolution: { width: 1280, height: 720 },
          });
          expect(multivariant.variants[0]?.audio[0]).toMatchObject({ uri: 'audio.m3u8', isDefault: true });
        },
      ),
      { numRuns: 100 },
    );
    // Some 80 of them in a usual run.
    expect(discontinuityCount).toBeGreaterThan(10);
  });
});
