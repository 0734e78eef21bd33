import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DemuxEvent } from '../flv/demuxer.ts';
import { readFragment } from '../fmp4/fmp4-reader.ts';
import { createLiveWindow } from '../playlist/live-window.ts';
import { readPlaylist } from '../playlist/test-playlist.ts';
import type { Packager } from './packager.ts';
import { RUNG_LIMITS, type RungFeed } from './rung.ts';
import { audioConfig, feed, newPackager, OTHER_VIDEO, source, tracksOf, VIDEO, videoConfig } from './test-source.ts';
import type { TrackOutput } from './track.ts';

const RUNG: DemuxEvent = videoConfig({ ...OTHER_VIDEO, widthPx: 640, heightPx: 360 });

/** Feeds the source, and the rung the same frames `lagMs` later; answers all outputs in order. */
function play(
  packager: Packager,
  rung: RungFeed,
  events: readonly DemuxEvent[],
  options: { lagMs?: number; keep?: (dtsMs: number) => boolean } = {},
) {
  const { lagMs = 60, keep = () => true } = options;
  const outputs: TrackOutput[] = [];
  const behind: Extract<DemuxEvent, { kind: 'video' }>[] = [];
  for (const event of events) {
    outputs.push(...packager.push(event, 1_000_000));
    if (event.kind !== 'video') continue;
    if (keep(event.dtsMs)) behind.push(event);
    for (let next = behind[0]; next && next.dtsMs <= event.dtsMs - lagMs; next = behind[0])
      outputs.push(...rung.push(behind.shift() ?? next));
  }
  return outputs;
}

function start(options: Parameters<typeof newPackager>[0] = {}) {
  const packager = newPackager(options);
  const outputs = feed(packager, [videoConfig(), audioConfig()]);
  const rung = packager.openRung('v360');
  outputs.push(...rung.push(RUNG));
  return { packager, rung, outputs };
}

test('[6.2.4-M2b] [6.2.4-M2c] a rung is cut at the frames of the source, with its numbers and its time stamps', () => {
  const { packager, rung } = start();
  const { video, v360 } = tracksOf(play(packager, rung, source({ toMs: 8_200 })));
  expect(v360.segments.length).toBe(4);
  for (const [index, segment] of v360.segments.entries()) {
    const twin = video.segments[index];
    expect({ ...segment, track: 'video', period: null, pieces: [] }).toEqual({ ...twin, period: null, pieces: [] });
    expect(segment.pieces.map(readFragmentTimes)).toEqual(twin?.pieces.map(readFragmentTimes));
  }
  for (const [index, part] of v360.parts.entries()) {
    expect({ ...part, track: 'video', period: null, bytes: null }).toEqual({ ...video.parts[index], period: null, bytes: null });
  }
  expect(v360.segments[0]?.period).toMatchObject({ track: 'v360', discontinuitySequence: 7, initIndex: 0 });
});

const readFragmentTimes = (bytes: Uint8Array) =>
  readFragment(bytes).samples.map((sample) => [sample.decodeTimeTicks, sample.durationTicks, sample.isSync]);

test('the source never waits for a rung', () => {
  const { packager, rung } = start();
  const alone = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 8_200 })]));
  const { video } = tracksOf(play(packager, rung, source({ toMs: 8_200 }), { lagMs: 100_000 }));
  expect(video.parts.map((part) => part.durationMs)).toEqual(alone.video.parts.map((part) => part.durationMs));
});

test('a rung further behind than the patience has gaps, and goes on at the next segment when it caught up', () => {
  const { packager, rung } = start();
  const stuck = (dtsMs: number) => dtsMs < 2_500 || dtsMs >= 8_000;
  const outputs = play(packager, rung, source({ toMs: 12_200 }), { keep: stuck });
  const { video, v360 } = tracksOf(outputs);
  expect(v360.segments.map((segment) => segment.isGap)).toEqual([false, true, true, true, false, false]);
  expect(v360.segments.map((segment) => segment.mediaSequence)).toEqual(video.segments.map((segment) => segment.mediaSequence));
  // Told as soon as the source is so far ahead, not when the rung comes back.
  const ahead = outputs.findIndex((output) => output.kind === 'part' && output.part.track === 'v360' && output.part.isGap);
  const sourceAt = outputs.slice(0, ahead).findLast((output) => output.kind === 'part' && output.part.track === 'video');
  if (sourceAt?.kind !== 'part') throw new Error('no part of the source');
  expect(sourceAt.part.programDateTimeMs + sourceAt.part.durationMs - 1_002_500).toBeLessThan(RUNG_LIMITS.patienceMs + 1_100);
});

test('a segment without an IDR at its beginning is a gap', () => {
  const { packager, rung } = start();
  const { v360 } = tracksOf(play(packager, rung, source({ toMs: 8_200 }), { keep: (dtsMs) => dtsMs !== 2_000 }));
  expect(v360.segments.map((segment) => segment.isGap)).toEqual([false, true, false, false]);
  expect(v360.partsOf(101).map((part) => [part.isGap, part.bytes.length])).toEqual([
    [true, 0],
    [true, 0],
    [true, 0],
    [true, 0],
  ]);
});

test('a rung of half the frames has no holes between its parts', () => {
  const { packager, rung } = start();
  const { v360 } = tracksOf(play(packager, rung, source({ toMs: 6_200, frameMs: 20 }), { keep: (dtsMs) => dtsMs % 40 === 0 }));
  const samples = v360.parts.flatMap((part) => readFragment(part.bytes).samples);
  for (const [index, sample] of samples.entries()) {
    const next = samples[index + 1];
    if (next) expect(sample.decodeTimeTicks + sample.durationTicks).toBe(next.decodeTimeTicks);
  }
  expect(v360.segments.map((segment) => segment.frameCount)).toEqual([50, 50, 50]);
});

test('a rung that joins within a segment begins with the next one', () => {
  const packager = newPackager();
  const before = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 4_600 })]);
  const rung = packager.openRung('v360');
  rung.push(RUNG);
  const after = play(packager, rung, source({ fromMs: 4_600, toMs: 8_700 }));
  const { v360, video } = tracksOf([...before, ...after]);
  expect(v360.parts[0]).toMatchObject({ partIndex: 0, isGap: false });
  expect(v360.segments[0]?.mediaSequence).toBe(v360.parts[0]?.mediaSequence);
  expect(video.segments[0]?.mediaSequence).toBe(100);
});

test('another run of the encoder goes on in the same track; other parameters get an init section of their own', () => {
  const { packager, rung } = start();
  const outputs = play(packager, rung, source({ toMs: 4_200 }));
  outputs.push(...rung.close());
  outputs.push(...feed(packager, source({ fromMs: 4_200, toMs: 6_000, gopMs: 100_000 }).slice(1)));
  const second = packager.openRung('v360');
  second.push(videoConfig({ ...VIDEO, decoderConfig: Uint8Array.of(9, 9) }));
  outputs.push(...play(packager, second, source({ fromMs: 6_000, toMs: 10_200 })));
  expect(rung.push(RUNG)).toEqual([]);
  const { v360 } = tracksOf(outputs);
  expect(v360.segments.map((segment) => [segment.isGap, segment.period?.initIndex])).toEqual([
    [false, 0],
    [false, 0],
    [true, 0],
    [false, 1],
    [false, 1],
  ]);
});

test('when the host reconnects, a rung goes on with the new period', () => {
  const { packager, rung } = start();
  const outputs = play(packager, rung, source({ toMs: 3_000 }));
  outputs.push(...packager.flush(), ...rung.close(), ...packager.begin());
  outputs.push(...feed(packager, [videoConfig(), audioConfig()]));
  const second = packager.openRung('v360');
  second.push(RUNG);
  outputs.push(...play(packager, second, source({ toMs: 4_200 })));
  const { video, v360 } = tracksOf(outputs);
  const told = (track: typeof video) =>
    track.segments.map((segment) => [segment.mediaSequence, segment.discontinuitySequence, segment.isDiscontinuity]);
  expect(told(v360)).toEqual(told(video));
  expect(v360.segments.map((segment) => segment.isGap)).toEqual([false, true, false, false]);
});

test('a jump of the clock is followed; what only looks like one to the rung changes nothing', () => {
  const { packager, rung } = start();
  const jump: DemuxEvent = { kind: 'jump', stepMs: 60_000 };
  const outputs = play(packager, rung, source({ toMs: 4_200 }));
  outputs.push(...rung.push(jump), ...play(packager, rung, source({ fromMs: 4_200, toMs: 6_200, gopMs: 1_800 })));
  outputs.push(...packager.push(jump, 1_000_000), ...rung.push(jump), ...play(packager, rung, source({ fromMs: 60_000, toMs: 64_200 })));
  const { video, v360 } = tracksOf(outputs);
  expect(v360.segments.map((segment) => segment.mediaSequence)).toEqual(video.segments.map((segment) => segment.mediaSequence));
  // The frames that were still under way at the jump are lost; what came of the segment is shown.
  expect(v360.segments.map((segment) => segment.isGap)).toEqual([false, false, false, false, false, false]);
  expect(v360.segments[3]?.frameCount).toBeLessThan(video.segments[3]?.frameCount ?? 0);
});

test('no more rungs than the limit', () => {
  const packager = newPackager();
  for (let index = 0; index < RUNG_LIMITS.rungCount; index += 1) packager.openRung(`v${100 + index}`);
  packager.openRung('v100');
  expect(() => packager.openRung('v999')).toThrow(RangeError);
});

test('[6.2.4-M2e] [6.2.1-S2] [6.2.1-M3] the playlist of a rung has all segments of the source, gaps where it had none; it is offered while it keeps up', () => {
  const packager = newPackager();
  const window = createLiveWindow();
  const add = (outputs: readonly TrackOutput[]) => {
    for (const output of outputs) window.add(output);
  };
  const textOf = (name: string) => {
    const answer = window.request(name);
    return answer.kind === 'file' && 'text' in answer.file ? answer.file.text : '';
  };
  add(feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 6_000 })]));
  const rung = packager.openRung('v360');
  rung.push(RUNG);
  expect(textOf('v360.m3u8')).toBe('');
  add(play(packager, rung, source({ fromMs: 6_000, toMs: 10_200 })));
  const [ours, theirs] = [readPlaylist(textOf('v360.m3u8')), readPlaylist(textOf('video.m3u8'))];
  expect(ours.segments.map((segment) => [segment.mediaSequence, segment.durationSec, segment.date])).toEqual(
    theirs.segments.map((segment) => [segment.mediaSequence, segment.durationSec, segment.date]),
  );
  expect(ours.segments.map((segment) => segment.isGap)).toEqual([true, true, true, false, false]);
  expect(ours.control).toBe(theirs.control);
  expect(textOf('video.m3u8')).toContain('EXT-X-RENDITION-REPORT:URI="v360.m3u8",LAST-MSN=104,LAST-PART=3');
  expect(textOf('v360.m3u8')).toContain('EXT-X-RENDITION-REPORT:URI="video.m3u8",LAST-MSN=104,LAST-PART=3');
  expect(textOf('index.m3u8')).toMatch(/RESOLUTION=1280x720[\s\S]*RESOLUTION=640x360,FRAME-RATE=25.000,AUDIO="sound"\nv360.m3u8/);
  add(rung.close());
  add(feed(packager, source({ fromMs: 10_200, toMs: 12_300, gopMs: 1_800 })));
  expect(textOf('index.m3u8')).not.toContain('v360');
  expect(textOf('video.m3u8')).not.toContain('v360');
  expect(readPlaylist(textOf('v360.m3u8')).segments.at(-1)).toMatchObject({ isGap: true });
  expect(textOf('v360.m3u8')).toContain('GAP=YES');
});

test('whatever a rung does, its numbers, discontinuities and lengths are those of the source', () => {
  let gapCount = 0;
  fc.assert(
    fc.property(
      fc.record({
        lagMs: fc.constantFrom(0, 40, 400, 2_900, 6_000),
        lostFromMs: fc.integer({ min: 0, max: 12_000 }),
        lostForMs: fc.constantFrom(0, 0, 300, 4_000),
        gopMs: fc.constantFrom(1_000, 2_000, 3_000),
        frameMs: fc.constantFrom(1000 / 30, 40, 1000 / 60),
        reconnectAtMs: fc.integer({ min: 2_000, max: 12_000 }),
      }),
      ({ lagMs, lostFromMs, lostForMs, gopMs, frameMs, reconnectAtMs }) => {
        const { packager, rung, outputs } = start();
        const keep = (dtsMs: number) => dtsMs < lostFromMs || dtsMs >= lostFromMs + lostForMs;
        outputs.push(...play(packager, rung, source({ toMs: reconnectAtMs, gopMs, frameMs }), { lagMs, keep }));
        outputs.push(...packager.flush(), ...rung.close(), ...packager.begin(), ...feed(packager, [videoConfig(), audioConfig()]));
        const second = packager.openRung('v360');
        second.push(RUNG);
        outputs.push(
          ...play(packager, second, source({ toMs: 5_000, gopMs, frameMs }), { lagMs, keep }),
          ...packager.flush(),
          ...second.close(),
        );
        const { video, v360 } = tracksOf(outputs);
        const told = (track: typeof video) =>
          track.segments.map((segment) => [
            segment.mediaSequence,
            segment.discontinuitySequence,
            segment.isDiscontinuity,
            segment.durationMs,
          ]);
        expect(told(v360)).toEqual(told(video));
        expect(v360.parts.map((part) => [part.mediaSequence, part.partIndex, part.durationMs])).toEqual(
          video.parts.map((part) => [part.mediaSequence, part.partIndex, part.durationMs]),
        );
        gapCount += v360.segments.filter((segment) => segment.isGap).length;
      },
    ),
    { numRuns: 60 },
  );
  expect(gapCount).toBeGreaterThan(30);
});
