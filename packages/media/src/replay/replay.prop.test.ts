// The time line and its playlists under any history: gaps in any track, periods, several broadcasts, pauses, trims. Two
// parsers we did not write read what we write.
import fc from 'fast-check';
import * as HLS from 'hls-parser';
import { expect, test } from 'vitest';
import type { TrackName } from '../packager/track.ts';
import { buildChapters, writeChapterTrack } from './chapters.ts';
import { type ProductRange, writeReplayMultivariant, writeReplayPlaylist } from './replay-playlist.ts';
import {
  buildTimeline,
  offeredPictures,
  positionOf,
  type RecordedSegment,
  type ReplayTimeline,
  segmentAt,
  trimTimeline,
  type UtcSpan,
  utcOf,
} from './timeline.ts';

const EPOCH_MS = Date.UTC(2026, 10, 29);
const TRACKS: readonly TrackName[] = ['video', 'audio', 'v360'];

/** What an encoder and a disk may do between two segments. */
const step = fc.record({
  durationMs: fc.integer({ min: 900, max: 4_450 }),
  /** 0: goes on; 1: another period; 2: another broadcast, later and far ahead in numbers. */
  turn: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
  lost: fc.constantFrom<TrackName[]>(['video'], ['audio'], ['v360'], ['v360'], ['v360', 'audio']),
  keepsAll: fc.integer({ min: 0, max: 15 }).map((drawn) => drawn > 0),
  isIndependent: fc.constantFrom(true, true, true, false),
});
/** As whole thousandths: drawn doubles crowd at zero. */
const share = fc.integer({ min: 0, max: 1_000 }).map((drawn) => drawn / 1000);
type Step = { durationMs: number; turn: number; lost: TrackName[]; keepsAll: boolean; isIndependent: boolean };

function record(steps: readonly Step[]): RecordedSegment[] {
  const stored: RecordedSegment[] = [];
  let mediaSequence = 57_000_000;
  let periodId = 900;
  let programDateTimeMs = EPOCH_MS;
  for (const { durationMs, turn, lost, keepsAll, isIndependent } of steps) {
    if (turn >= 1) periodId += 1;
    if (turn === 2) {
      mediaSequence += 1_000;
      programDateTimeMs += 60_000;
    }
    for (const track of TRACKS) {
      if (!keepsAll && lost.includes(track)) continue;
      stored.push({
        ...{ track, mediaSequence, periodId, programDateTimeMs, targetDurationSec: 2, byteCount: durationMs * 10, frameCount: 60 },
        durationMs: track === 'audio' ? durationMs + 7.3 : durationMs,
        isIndependent: track === 'audio' || isIndependent,
      });
    }
    mediaSequence += 1;
    programDateTimeMs += durationMs;
  }
  return stored;
}

const write = (timeline: ReplayTimeline, track: TrackName, more: Partial<Parameters<typeof writeReplayPlaylist>[0]> = {}) =>
  writeReplayPlaylist({
    ...{ timeline, track, type: 'VOD', isEnded: true, ranges: [] },
    uriOf: (file) => `${file.track}-${file.mediaSequence}.m4s`,
    initUriOf: (name, periodId) => `${name}-init-${periodId}.mp4`,
    ...more,
  });
const parse = (text: string) => HLS.parse(text) as HLS.types.MediaPlaylist;

test('any history: positions without holes, discontinuities exactly where something is missing or new, lists in step', () => {
  let holes = 0;
  let gaps = 0;
  let periods = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
      const stored = record(steps);
      const timeline = buildTimeline(stored);
      let atMs = 0;
      for (const [index, segment] of timeline.segments.entries()) {
        expect(segment.startMs).toBeCloseTo(atMs, 6);
        atMs += segment.durationMs;
        const before = timeline.segments[index - 1];
        const isNew = before !== undefined && (before.mediaSequence + 1 !== segment.mediaSequence || before.periodId !== segment.periodId);
        expect(segment.isDiscontinuity).toBe(isNew);
        if (before && before.mediaSequence + 1 !== segment.mediaSequence) holes += 1;
        if (before && before.periodId !== segment.periodId) periods += 1;
        expect([segment.files.has('video'), segment.files.has('audio')]).toEqual([true, true]);
      }
      expect(timeline.durationMs).toBeCloseTo(atMs, 6);
      if (timeline.segments.length === 0) return;

      const lists = (['video', 'audio', ...offeredPictures(timeline)] as TrackName[]).map((track) => ({
        track,
        text: write(timeline, track),
      }));
      const [reference] = lists.map(({ text }) => parse(text));
      for (const { track, text } of lists) {
        const list = parse(text);
        expect(list.playlistType).toBe('VOD');
        expect(list.endlist).toBe(true);
        expect(list.segments).toHaveLength(timeline.segments.length);
        // The standard: every rendition has its discontinuities and dates at the same rows, no segment is longer than told.
        expect(list.segments.map((segment) => segment.discontinuity)).toEqual(reference?.segments.map((segment) => segment.discontinuity));
        expect(list.segments.map((segment) => segment.programDateTime?.getTime())).toEqual(
          timeline.segments.map(({ programDateTimeMs }) => programDateTimeMs),
        );
        for (const [index, segment] of list.segments.entries()) {
          expect(Math.round(segment.duration)).toBeLessThanOrEqual(list.targetDuration);
          const file = timeline.segments[index]?.files.get(track);
          if (!file) gaps += 1;
          else expect(segment.map.uri).toBe(`${track}-init-${file.periodId}.mp4`);
        }
        expect(text.match(/#EXT-X-GAP/g)?.length ?? 0).toBe(timeline.segments.filter(({ files }) => !files.has(track)).length);
        expect(text.includes('INDEPENDENT-SEGMENTS')).toBe(
          track === 'audio' || timeline.segments.every(({ isIndependent }) => isIndependent),
        );
      }
    }),
    { numRuns: 300 },
  );
  expect([holes > 100, gaps > 20, periods > 100]).toEqual([true, true, true]);
});

test('a trim keeps all that is wanted, at most one segment more at each end, and says where to begin', () => {
  let offsets = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 40 }), share, share, (steps, a, b) => {
      const whole = buildTimeline(record(steps));
      if (whole.segments.length === 0) return;
      const [startMs, endMs] = [Math.min(a, b) * whole.durationMs, Math.max(a, b) * whole.durationMs];
      if (endMs - startMs < 1_000) return;
      const trimmed = trimTimeline(whole, utcOf(whole, startMs), utcOf(whole, endMs));
      const [first, last] = [trimmed.segments[0], trimmed.segments.at(-1)];
      if (!first || !last) throw new Error('nothing left');
      const inWhole = (mediaSequence: number) => whole.segments.find((segment) => segment.mediaSequence === mediaSequence);
      const [from, to] = [inWhole(first.mediaSequence), inWhole(last.mediaSequence)];
      expect(from?.startMs).toBeLessThanOrEqual(startMs + 1e-6);
      expect((from?.startMs ?? 0) + (from?.durationMs ?? 0)).toBeGreaterThan(startMs - 1e-6);
      expect((to?.startMs ?? 0) + (to?.durationMs ?? 0)).toBeGreaterThanOrEqual(endMs - 1);
      expect(to?.startMs).toBeLessThan(endMs + 1);
      expect(trimmed.startOffsetMs).toBeCloseTo(startMs - (from?.startMs ?? 0), 3);
      expect([first.isDiscontinuity, first.startMs]).toEqual([false, 0]);
      if (trimmed.startOffsetMs > 1) {
        offsets += 1;
        expect(parse(write(trimmed, 'video')).start).toMatchObject({ precise: true });
      }
      expect(trimTimeline(whole, null, null)).toEqual(whole);
    }),
    { numRuns: 300 },
  );
  expect(offsets).toBeGreaterThan(100);
});

test('wall time and position lead back to each other; only what was on air is in the row', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), share, (steps, ratio) => {
      const stored = record(steps);
      const whole = buildTimeline(stored);
      if (whole.segments.length === 0) return;
      const positionMs = ratio * whole.durationMs * 0.999;
      const utcMs = utcOf(whole, positionMs) as number;
      expect(positionOf(whole, utcMs)).toBeCloseTo(positionMs, 3);
      const segment = segmentAt(whole, positionMs);
      expect(segment && segment.startMs <= positionMs && positionMs < segment.startMs + segment.durationMs).toBe(true);

      const spans: UtcSpan[] = [{ fromMs: utcMs, toMs: utcMs + 10_000 }];
      for (const { programDateTimeMs, durationMs } of buildTimeline(stored, spans).segments) {
        const middleMs = programDateTimeMs + durationMs / 2;
        expect(middleMs >= utcMs && middleMs < utcMs + 10_000).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('a growing list only grows; its delta is its end, joined to what a client has', () => {
  let skips = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const stored = record(steps);
      const event = { type: 'EVENT' as const, isEnded: false };
      const segmentLines = (text: string) =>
        text
          .split('\n')
          .filter((line) =>
            /^(?!#EXT-X-(TARGETDURATION|SKIP|SERVER|INDEPENDENT))(#EXTINF|#EXT-X-(DISCONTINUITY$|MAP|PROGRAM|GAP)|[a-z])/.test(line),
          );
      const whole = buildTimeline(stored);
      const sequences = whole.segments.map(({ mediaSequence }) => mediaSequence);
      const earlier = buildTimeline(stored.filter(({ mediaSequence }) => mediaSequence <= (sequences[sequences.length >> 1] ?? 0)));
      if (earlier.segments.length === 0) return;
      const [before, now] = [earlier, whole].map((timeline) => segmentLines(write(timeline, 'video', event)));
      expect(now?.slice(0, before?.length)).toEqual(before);
      const delta = write(whole, 'video', { ...event, isDelta: true });
      const skippedCount = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1] ?? 0);
      if (skippedCount > 0) skips += 1;
      const uris = (text: string) => text.split('\n').filter((line) => line.endsWith('.m4s'));
      expect(uris(delta)).toEqual(uris(write(whole, 'video', event)).slice(skippedCount));
      // 6.2.5.1: no closer to the end than the skip boundary.
      const keptMs = whole.segments.slice(skippedCount).reduce((sum, { durationMs }) => sum + durationMs, 0);
      if (skippedCount > 0) expect(keptMs).toBeGreaterThanOrEqual(Number(/CAN-SKIP-UNTIL=([\d.]+)/.exec(delta)?.[1]) * 1000 - 1e-6);
    }),
    { numRuns: 200 },
  );
  expect(skips).toBeGreaterThan(100);
});

test('chapters lie in the row, one after another, and their words break no cue', () => {
  const moments = fc.array(
    fc.record({
      at: fc.integer({ min: -200, max: 1_200 }).map((drawn) => drawn / 1000),
      lastsMs: fc.integer({ min: 0, max: 60_000 }),
      isOpen: fc.boolean(),
      title: fc.string(),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), moments, (steps, drawn) => {
      const timeline = buildTimeline(record(steps));
      const spanMs = timeline.durationMs;
      const list = drawn.map(({ at, lastsMs, isOpen, title }, index) => {
        const fromMs = EPOCH_MS + at * spanMs;
        return { id: `hlt_${index}`, productId: `prd_${index}`, title, fromMs, toMs: isOpen ? null : fromMs + lastsMs };
      });
      const chapters = buildChapters(timeline, list, 'Welcome');
      for (const [index, chapter] of chapters.entries()) {
        expect(chapter.startMs).toBeGreaterThanOrEqual(chapters[index - 1]?.endMs ?? 0);
        expect(chapter.endMs).toBeGreaterThan(chapter.startMs);
        expect(chapter.endMs).toBeLessThanOrEqual(timeline.durationMs + 1e-6);
      }
      const blocks = writeChapterTrack(chapters)
        .split('\n\n')
        .slice(1)
        .filter((block) => block.trim() !== '');
      expect(blocks).toHaveLength(chapters.length);
      for (const block of blocks) {
        const lines = block.trimEnd().split('\n');
        expect(lines).toHaveLength(3);
        expect(lines[1]).toMatch(/^\d{2,}:[0-5]\d:[0-5]\d\.\d{3} --> \d{2,}:[0-5]\d:[0-5]\d\.\d{3}$/);
        expect(lines[2]).not.toMatch(/-->|</);
      }
    }),
    { numRuns: 300 },
  );
});

test('product moments are date ranges of the frames they were on display for', () => {
  const timeline = buildTimeline(
    record(Array.from({ length: 10 }, () => ({ durationMs: 2_000, turn: 0, lost: [], keepsAll: true, isIndependent: true }))),
  );
  const at = (id: string, fromMs: number, toMs: number | null): ProductRange => ({
    id,
    productId: `prd_${id}`,
    fromMs: EPOCH_MS + fromMs,
    toMs: toMs === null ? null : EPOCH_MS + toMs,
  });
  const text = write(timeline, 'video', {
    ranges: [
      at('before', -9_000, -1),
      at('early', -1_000, 1),
      at('middle', 3_000, 5_500),
      at('open', 19_999, null),
      at('after', 20_000, null),
    ],
  });
  const ranges = text.split('\n').filter((line) => line.startsWith('#EXT-X-DATERANGE'));
  expect(ranges.map((line) => /ID="(\w+)"/.exec(line)?.[1])).toEqual(['early', 'middle', 'open']);
  expect(ranges[1]).toBe(
    '#EXT-X-DATERANGE:ID="middle",CLASS="shop.product",START-DATE="2026-11-29T00:00:03.000Z",DURATION=2.500,X-PRODUCT-ID="prd_middle"',
  );
  expect(ranges[2]).not.toContain('DURATION');
});

test('the multivariant list offers each rung that is there, with the rates it was measured at', () => {
  const steps = Array.from({ length: 20 }, (_, index) => ({
    durationMs: 2_000,
    turn: 0,
    lost: index < 3 ? (['v360'] as TrackName[]) : [],
    keepsAll: false,
    isIndependent: true,
  }));
  const facts = { codecString: 'avc1.64001f', widthPx: 1280, heightPx: 720 };
  const text = (timeline: ReplayTimeline) =>
    writeReplayMultivariant({
      timeline,
      pictures: offeredPictures(timeline).map((track) => ({ track, facts, uri: `${track}.m3u8` })),
      sound: { codecString: 'mp4a.40.2', channelCount: 2, uri: 'audio.m3u8' },
    });
  // 3 of 20 are missing: too many. 2 of 20 are not.
  expect(text(buildTimeline(record(steps)))).not.toContain('v360.m3u8');
  const offered = HLS.parse(
    text(buildTimeline(record(steps.map((one, index) => ({ ...one, lost: index < 2 ? one.lost : [] }))))),
  ) as HLS.types.MasterPlaylist;
  expect(offered.variants.map(({ uri }) => uri)).toEqual(['video.m3u8', 'v360.m3u8']);
  expect(offered.variants[0]).toMatchObject({
    bandwidth: 160_000,
    averageBandwidth: 160_000,
    frameRate: 30,
    resolution: { width: 1280, height: 720 },
  });
});
