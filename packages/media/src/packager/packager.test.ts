import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AAC_FRAME_TICKS, type AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import { readBoxes, readFragment } from '../fmp4/fmp4-reader.ts';
import { fmp4Writer } from '../fmp4/fmp4-writer.ts';
import { createPackager, MAX_TARGET_DURATION_SEC, type Packager, type Segment } from './packager.ts';

const VIDEO: AvcConfig = {
  codec: 'avc',
  decoderConfig: Uint8Array.of(1, 100, 0, 31),
  codecString: 'avc1.64001f',
  nalLengthBytes: 4,
  widthPx: 1280,
  heightPx: 720,
};
const OTHER_VIDEO: AvcConfig = {
  ...VIDEO,
  decoderConfig: Uint8Array.of(1, 66, 0, 20),
  codecString: 'avc1.420014',
  widthPx: 320,
  heightPx: 180,
};
const AUDIO: AacConfig = {
  codec: 'aac',
  decoderConfig: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
  sampleRateHz: 48_000,
  channelCount: 2,
};

const newPackager = (firstMediaSequence = 100): Packager =>
  createPackager({ boxWriter: fmp4Writer, firstMediaSequence, firstDiscontinuitySequence: 7 });
const videoConfig = (config = VIDEO): DemuxEvent => ({ kind: 'video_config', config });
const audioConfig = (config = AUDIO): DemuxEvent => ({ kind: 'audio_config', config });

let frameNumber = 0;
const frame = (dtsMs: number, isKey: boolean, compositionMs = 0): DemuxEvent => {
  frameNumber += 1;
  return { kind: 'video', dtsMs, isKey, compositionMs, data: Uint8Array.of(frameNumber >> 8, frameNumber & 255) };
};
const sound = (dtsMs: number): DemuxEvent => ({ kind: 'audio', dtsMs, data: Uint8Array.of(0xaa) });

type SourceOptions = { fromMs?: number; toMs: number; gopMs?: number; frameMs?: number; hasSound?: boolean };

/** Picture and sound in the order an encoder interleaves them. */
function source({ fromMs = 0, toMs, gopMs = 2_000, frameMs = 40, hasSound = true }: SourceOptions): DemuxEvent[] {
  const events: { atMs: number; event: DemuxEvent }[] = [];
  for (let dtsMs = fromMs; dtsMs < toMs; dtsMs += frameMs)
    events.push({ atMs: dtsMs, event: frame(dtsMs, (dtsMs - fromMs) % gopMs === 0) });
  if (hasSound) {
    for (let index = 0; fromMs + (index * 1024) / 48 < toMs; index += 1) {
      const dtsMs = Math.round(fromMs + (index * 1024) / 48);
      events.push({ atMs: dtsMs, event: sound(dtsMs) });
    }
  }
  return events.sort((one, other) => one.atMs - other.atMs).map(({ event }) => event);
}

function feed(packager: Packager, events: readonly DemuxEvent[], arrivedAtMs = 1_000_000): Segment[] {
  return events.flatMap((event) => packager.push(event, arrivedAtMs));
}

const videoOf = (segment: Segment) => readFragment(segment.video.bytes);
const audioOf = (segment: Segment) => readFragment(segment.audio.bytes);

describe('the packager', () => {
  test('cuts from key frame to key frame and publishes as soon as the sound is there', () => {
    const packager = newPackager();
    const segments = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 6_200 })]);
    expect(segments.map((segment) => [segment.mediaSequence, segment.video.durationMs, segment.isIndependent])).toEqual([
      [100, 2_000, true],
      [101, 2_000, true],
      [102, 2_000, true],
    ]);
    expect(segments.map((segment) => videoOf(segment).samples.length)).toEqual([50, 50, 50]);
    expect(segments.every((segment) => segment.targetDurationSec === 2)).toBe(true);
  });

  test('short picture groups are joined until about a second', () => {
    const segments = feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 4_100, gopMs: 400 })]);
    expect(segments.map((segment) => segment.video.durationMs)).toEqual([1_200, 1_200, 1_200]);
  });

  test('every frame is in exactly one segment, in order, with its own decode time and offset', () => {
    const frames = source({ toMs: 8_000, hasSound: false }) as Extract<DemuxEvent, { kind: 'video' }>[];
    const shifted = frames.map((each, index) => ({ ...each, compositionMs: (index * 7) % 90 }));
    const packager = newPackager();
    const segments = [...feed(packager, [videoConfig(), ...shifted]), ...packager.flush()];
    const samples = segments.flatMap((segment) => videoOf(segment).samples);
    expect(samples.map((sample) => [...sample.data])).toEqual(shifted.map((each) => [...each.data]));
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(shifted.map((each) => each.dtsMs * 90));
    expect(samples.map((sample) => sample.compositionOffsetTicks)).toEqual(shifted.map((each) => each.compositionMs * 90));
    expect(samples.map((sample) => sample.isSync)).toEqual(shifted.map((each) => each.isKey));
  });

  test('sound is one gapless row of 1,024-sample frames that ends with the picture of its segment', () => {
    const packager = newPackager();
    const segments = [...feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 8_000 })]), ...packager.flush()];
    const samples = segments.flatMap((segment) => audioOf(segment).samples);
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(samples.map((_sample, index) => index * AAC_FRAME_TICKS));
    for (const segment of segments) {
      const pictureEndMs = (videoOf(segment).samples[0]?.decodeTimeTicks ?? 0) / 90 + segment.video.durationMs;
      const soundEndMs = ((audioOf(segment).samples.at(-1)?.decodeTimeTicks ?? 0) + AAC_FRAME_TICKS) / 48;
      expect(Math.abs(soundEndMs - pictureEndMs)).toBeLessThan(45);
    }
  });

  test('frames before the first key frame are dropped', () => {
    const packager = newPackager();
    expect(feed(packager, [videoConfig(), audioConfig(), frame(0, false), sound(0), frame(40, false)])).toEqual([]);
    expect(packager.flush()).toEqual([]);
  });

  test('a picture group longer than the target duration is cut without a key frame, and says so', () => {
    const packager = newPackager();
    const first = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 10_000, gopMs: 8_000 })]);
    expect(first.map((segment) => segment.isIndependent)).toEqual([true, false]);
    for (const segment of first) expect(Math.round(segment.video.durationMs / 1000)).toBeLessThanOrEqual(MAX_TARGET_DURATION_SEC);
    expect(first[0]?.targetDurationSec).toBe(MAX_TARGET_DURATION_SEC);
  });

  test('the target duration of the first segment holds for later, longer picture groups', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 1_900, gopMs: 1_000 })]);
    const later = feed(packager, source({ fromMs: 2_000, toMs: 9_000, gopMs: 4_000 }));
    expect(later.length).toBeGreaterThan(3);
    for (const segment of later) {
      expect(segment.targetDurationSec).toBe(1);
      expect(Math.round(segment.video.durationMs / 1000)).toBeLessThanOrEqual(1);
      expect(Math.round(segment.audio.durationMs / 1000)).toBeLessThanOrEqual(1);
    }
  });

  test('a picture without sound is given silence, so the two renditions always exist', () => {
    const segments = feed(newPackager(), [videoConfig(), ...source({ toMs: 4_100, hasSound: false })]);
    expect(segments).toHaveLength(2);
    expect(segments[0]?.period.audio.codecString).toBe('mp4a.40.2');
    for (const segment of segments) expect(Math.abs(segment.audio.durationMs - 2_000)).toBeLessThan(25);
  });

  test('sound that stops is continued by silence; late sound delays a picture for 700 ms at most', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })]);
    const early = feed(packager, source({ fromMs: 2_120, toMs: 4_680, gopMs: 1_880, hasSound: false }));
    expect(early).toEqual([]);
    const [segment] = feed(packager, [frame(4_700, false)]);
    expect(Math.abs((segment?.audio.durationMs ?? 0) - 2_000)).toBeLessThan(25);
  });

  test('a picture that stops while the sound runs on ends the period; its return begins another', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 3_000 })]);
    const alone = source({ fromMs: 3_000, toMs: 60_000 }).filter((event) => event.kind === 'audio');
    const closed = feed(packager, alone);
    expect(closed.map((segment) => [segment.video.durationMs, Math.round(segment.audio.durationMs / 100)])).toEqual([[1_000, 10]]);
    const back = feed(packager, source({ fromMs: 60_000, toMs: 62_100 }));
    expect(back.map((segment) => [segment.video.durationMs, segment.isDiscontinuity])).toEqual([[2_000, true]]);
  });

  test('sound that arrives after its place was filled is dropped, the row stays gapless', () => {
    const packager = newPackager();
    const late = source({ toMs: 6_500 }).filter(
      (event) => event.kind === 'video' || (event.kind === 'audio' && (event.dtsMs < 1_500 || event.dtsMs > 3_500)),
    );
    const segments = [...feed(packager, [videoConfig(), audioConfig(), ...late, sound(2_000)]), ...packager.flush()];
    const samples = segments.flatMap((segment) => audioOf(segment).samples);
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(samples.map((_sample, index) => index * AAC_FRAME_TICKS));
  });

  test('a new connection goes on in sequence with a discontinuity, a new period and later media time', () => {
    const packager = newPackager();
    const before = [...feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 5_000 })]), ...packager.flush()];
    packager.begin();
    const after = feed(packager, [videoConfig(OTHER_VIDEO), audioConfig(), ...source({ toMs: 4_100 })], 1_020_000);
    expect(before.map((segment) => [segment.mediaSequence, segment.isDiscontinuity, segment.period.discontinuitySequence])).toEqual([
      [100, false, 7],
      [101, false, 7],
      [102, false, 7],
    ]);
    expect(after.map((segment) => [segment.mediaSequence, segment.isDiscontinuity, segment.period.discontinuitySequence])).toEqual([
      [103, true, 8],
      [104, false, 8],
    ]);
    expect(after[0]?.period.video.widthPx).toBe(320);
    expect(after[0]?.programDateTimeMs).toBe(1_020_000);
    const endOf = (segment: Segment | undefined) => videoOf(segment as Segment).samples.at(-1)?.decodeTimeTicks ?? 0;
    expect(videoOf(after[0] as Segment).samples[0]?.decodeTimeTicks).toBeGreaterThan(endOf(before.at(-1)));
  });

  test('a connection that never showed a picture leaves no trace in the sequence', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })]);
    packager.begin();
    packager.begin();
    const after = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })]);
    expect(after.map((segment) => [segment.mediaSequence, segment.period.discontinuitySequence])).toEqual([[102, 8]]);
  });

  test.each([
    ['another picture configuration', videoConfig(OTHER_VIDEO)],
    ['another sound configuration', audioConfig({ ...AUDIO, channelCount: 1, decoderConfig: Uint8Array.of(0x11, 0x88) })],
  ])('%s begins a period at the next key frame', (_what, change) => {
    const packager = newPackager();
    const events = source({ toMs: 6_100 });
    const at = events.findIndex((event) => event.kind === 'video' && event.dtsMs === 3_000);
    const segments = feed(packager, [videoConfig(), audioConfig(), ...events.slice(0, at), change, ...events.slice(at)]);
    expect(segments.map((segment) => [segment.video.durationMs, segment.isDiscontinuity, segment.period.discontinuitySequence])).toEqual([
      [2_000, false, 7],
      [2_000, false, 7],
      [2_000, true, 8],
    ]);
  });

  test('a clock jump closes the segment and begins a period', () => {
    const packager = newPackager();
    const before = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 3_000 }), { kind: 'jump', stepMs: 60_000 }]);
    const after = feed(packager, source({ fromMs: 63_000, toMs: 65_100 }));
    expect([...before, ...after].map((segment) => [segment.video.durationMs, segment.isDiscontinuity])).toEqual([
      [2_000, false],
      [1_000, false],
      [2_000, true],
    ]);
  });

  test('programme date time is the arrival of the first key frame plus the time of presentation since', () => {
    const packager = newPackager();
    const [first, second] = feed(packager, [
      videoConfig(),
      audioConfig(),
      frame(500, true, 80),
      ...source({ fromMs: 540, toMs: 2_480, gopMs: 100_000 }).slice(1),
      frame(2_500, true, 80),
      sound(2_500),
      frame(4_500, true, 80),
      sound(4_500),
    ]);
    expect(first?.programDateTimeMs).toBe(1_000_000 + 80);
    expect(second?.programDateTimeMs).toBe(1_000_000 + 2_000 + 80);
  });

  test('any mix of frame lengths, groups and reconnections keeps the rules of the playlist', () => {
    const connection = fc.record({
      frameMs: fc.constantFrom(17, 33, 40, 100, 400),
      gopFrames: fc.integer({ min: 1, max: 200 }),
      durationMs: fc.integer({ min: 0, max: 12_000 }),
      hasSound: fc.boolean(),
      holeAtMs: fc.integer({ min: 0, max: 12_000 }),
      holeMs: fc.integer({ min: 0, max: 900 }),
    });
    let segmentCount = 0;
    fc.assert(
      fc.property(fc.array(connection, { minLength: 1, maxLength: 4 }), (connections) => {
        const packager = newPackager();
        const segments: Segment[] = [];
        for (const each of connections) {
          segments.push(...packager.begin());
          const events = source({
            toMs: each.durationMs,
            frameMs: each.frameMs,
            gopMs: each.frameMs * each.gopFrames,
            hasSound: each.hasSound,
          });
          const holed = events.map((event) =>
            'dtsMs' in event && event.dtsMs >= each.holeAtMs ? { ...event, dtsMs: event.dtsMs + each.holeMs } : event,
          );
          segments.push(...feed(packager, [videoConfig(), ...(each.hasSound ? [audioConfig()] : []), ...holed]));
          segments.push(...packager.flush());
        }
        segmentCount += segments.length;
        let lastTicks = -1;
        for (const [index, segment] of segments.entries()) {
          expect(segment.mediaSequence).toBe(100 + index);
          expect(segment.targetDurationSec).toBe(segments[0]?.targetDurationSec);
          expect(Math.round(segment.video.durationMs / 1000)).toBeLessThanOrEqual(segment.targetDurationSec);
          expect(Math.round(segment.audio.durationMs / 1000)).toBeLessThanOrEqual(segment.targetDurationSec);
          expect(segment.isDiscontinuity).toBe(index > 0 && segment.period !== segments[index - 1]?.period);
          for (const sample of videoOf(segment).samples) {
            expect(sample.decodeTimeTicks).toBeGreaterThan(lastTicks);
            lastTicks = sample.decodeTimeTicks;
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(segmentCount).toBeGreaterThan(200);
  });
});

describe('fMP4', () => {
  test('init sections hold the boxes a player needs, in order', () => {
    const init = fmp4Writer.initSection({ timescaleTicks: 90_000, config: VIDEO });
    const [ftyp, moov] = readBoxes(init);
    expect([ftyp?.type, moov?.type]).toEqual(['ftyp', 'moov']);
    expect(readBoxes(moov?.body ?? new Uint8Array(0)).map((box) => box.type)).toEqual(['mvhd', 'trak', 'mvex']);
  });

  test('what is written is read back', () => {
    const sample = fc.record({
      durationTicks: fc.integer({ min: 1, max: 1_000_000 }),
      compositionOffsetTicks: fc.integer({ min: -90_000, max: 90_000 }),
      isSync: fc.boolean(),
      data: fc.uint8Array({ minLength: 1, maxLength: 60 }),
    });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.nat(2 ** 31),
        (samples, decodeTimeTicks, sequenceNumber) => {
          const read = readFragment(fmp4Writer.fragment({ sequenceNumber, decodeTimeTicks, samples }));
          expect(read.sequenceNumber).toBe(sequenceNumber);
          expect(read.samples.map(({ decodeTimeTicks: _time, ...rest }) => rest)).toEqual(samples);
          expect(read.samples[0]?.decodeTimeTicks).toBe(decodeTimeTicks);
        },
      ),
    );
  });
});
