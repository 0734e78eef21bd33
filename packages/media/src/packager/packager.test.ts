import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { AAC_FRAME_TICKS } from '../flv/aac.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import { readFragment } from '../fmp4/fmp4-reader.ts';
import { GRID_LIMITS } from './part-grid.ts';
import { SOUND_LIMITS } from './sound-writer.ts';
import { AUDIO, audioConfig, feed, frame, newPackager, OTHER_VIDEO, sound, source, tracksOf, videoConfig } from './test-source.ts';
import type { TrackOutput, TrackPart } from './track.ts';

const samplesOf = ({ bytes }: TrackPart) => readFragment(bytes).samples;

const bytesOf = (parts: readonly TrackPart[]) => parts.flatMap((part) => [...part.bytes]);

describe('segments', () => {
  test('[6.2.1-S1] run from key frame to key frame and are published when the next one comes', () => {
    const { video } = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 6_020 })]));
    expect(video.segments.map((segment) => [segment.mediaSequence, segment.durationMs, segment.isIndependent])).toEqual([
      [100, 2_000, true],
      [101, 2_000, true],
      [102, 2_000, true],
    ]);
    expect(video.segments.map((segment) => segment.frameCount)).toEqual([50, 50, 50]);
    expect(video.segments.every((segment) => segment.targetDurationSec === 2)).toBe(true);
  });

  test('[PL3] short picture groups are joined until about a second; the target duration is two at least', () => {
    const { video } = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 4_100, gopMs: 400 })]));
    expect(video.segments.map((segment) => [segment.durationMs, segment.targetDurationSec])).toEqual([
      [1_200, 2],
      [1_200, 2],
      [1_200, 2],
    ]);
  });

  test('a segment is its parts one after another', () => {
    const { video, audio } = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 6_100 })]));
    for (const { segments, partsOf } of [video, audio]) {
      for (const segment of segments) expect([...concatBytes(segment.pieces)]).toEqual(bytesOf(partsOf(segment.mediaSequence)));
    }
  });

  test('every frame is in exactly one part, in order, with its own decode time and offset', () => {
    const frames = source({ toMs: 8_000, hasSound: false }) as Extract<DemuxEvent, { kind: 'video' }>[];
    const shifted = frames.map((each, index) => ({ ...each, compositionMs: (index * 7) % 90 }));
    const packager = newPackager();
    const { video } = tracksOf([...feed(packager, [videoConfig(), ...shifted]), ...packager.flush()]);
    const samples = video.parts.flatMap((part) => samplesOf(part));
    expect(samples.map((sample) => [...sample.data])).toEqual(shifted.map((each) => [...each.data]));
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(shifted.map((each) => each.dtsMs * 90));
    expect(samples.map((sample) => sample.compositionOffsetTicks)).toEqual(shifted.map((each) => each.compositionMs * 90));
    expect(samples.map((sample) => sample.isSync)).toEqual(shifted.map((each) => each.isKey));
  });

  test('[PL7] a first key frame that came late dates nothing: the frame of its part that came soonest does', () => {
    const wallMs = Date.UTC(2026, 10, 29);
    const packager = newPackager();
    const lateMs = (dtsMs: number) => Math.max(100, 800 - dtsMs * 3);
    const { video } = tracksOf(
      [videoConfig(), ...source({ toMs: 4_100, hasSound: false })].flatMap((event) =>
        packager.push(event, 'dtsMs' in event ? wallMs + event.dtsMs + lateMs(event.dtsMs) : wallMs),
      ),
    );
    expect(video.parts.slice(0, 2).map(({ programDateTimeMs }) => programDateTimeMs - wallMs)).toEqual([100, 620]);
    expect(video.segments[0]?.programDateTimeMs).toBe(wallMs + 100);
  });

  test('frames before the first key frame are dropped', () => {
    const packager = newPackager();
    expect(feed(packager, [videoConfig(), audioConfig(), frame(0, false), sound(0), frame(40, false)])).toEqual([]);
    expect(packager.flush()).toEqual([]);
  });

  test('[PL3] a picture group longer than the target duration is cut without a key frame, and says so', () => {
    const { video } = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 10_000, gopMs: 8_000 })]));
    expect(video.segments.map((segment) => segment.isIndependent)).toEqual([true, false]);
    for (const { durationMs } of video.segments)
      expect(Math.round(durationMs / 1000)).toBeLessThanOrEqual(GRID_LIMITS.maxTargetDurationSec);
    expect(video.segments[0]?.targetDurationSec).toBe(GRID_LIMITS.maxTargetDurationSec);
  });

  test('[PL3] the target duration of the first segment holds for later, longer picture groups', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 1_900, gopMs: 1_000 })]);
    const { video, audio } = tracksOf(feed(packager, source({ fromMs: 2_000, toMs: 9_000, gopMs: 4_000 })));
    expect(video.segments.length).toBeGreaterThan(2);
    for (const segment of [...video.segments, ...audio.segments]) {
      expect(segment.targetDurationSec).toBe(2);
      expect(Math.round(segment.durationMs / 1000)).toBeLessThanOrEqual(2);
    }
  });
});

describe('parts', () => {
  test('[6.2.1-M23] are put out when the next frame comes', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig()]);
    const putOut: [number, number][] = [];
    for (const event of source({ toMs: 2_100 }))
      for (const output of packager.push(event, 0))
        if (output.kind === 'part' && output.part.track === 'video' && event.kind === 'video')
          putOut.push([event.dtsMs, output.part.durationMs]);
    expect(putOut).toEqual([
      [520, 520],
      [1_040, 520],
      [1_560, 520],
      [2_000, 440],
    ]);
  });

  test('[4.4.4.9-S1] a part that begins with an IDR says so', () => {
    const { video } = tracksOf(feed(newPackager(), [videoConfig(), audioConfig(), ...source({ toMs: 4_100 })]));
    expect(video.parts.map((part) => part.isIndependent)).toEqual([true, false, false, false, true, false, false, false]);
  });

  test('[4.4.4.9-M4] [6.2.1-M4] a frame that stands for long goes on over the ends of parts; a part without a frame is a gap', () => {
    const all = source({ toMs: 4_100, hasSound: false });
    const holed = all.filter((event) => !('dtsMs' in event) || event.dtsMs <= 600 || event.dtsMs > 1_700);
    const { video } = tracksOf(feed(newPackager(), [videoConfig(), ...holed]));
    const first = video.partsOf(100);
    expect(first.map((part) => [part.durationMs, part.isGap])).toEqual([
      [520, false],
      [520, false],
      [520, true],
      [440, false],
    ]);
    const samples = first.filter((part) => !part.isGap).flatMap(samplesOf);
    expect(samples.map((sample) => sample.decodeTimeTicks / 90)).toEqual(
      holed.flatMap((event) => (event.kind === 'video' && event.dtsMs < 2_000 ? [event.dtsMs] : [])),
    );
    // The picture runs on without a hole: what a frame shows it shows until the next.
    for (const [index, sample] of samples.entries()) {
      const next = samples[index + 1];
      if (next) expect(sample.decodeTimeTicks + sample.durationTicks).toBe(next.decodeTimeTicks);
    }
    expect(video.segments.map((segment) => segment.durationMs)).toEqual([2_000, 2_000]);
  });
});

describe('sound', () => {
  test('is one gapless row of 1,024-sample frames that ends with the picture of its segment', () => {
    const packager = newPackager();
    const { video, audio } = tracksOf([...feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 8_000 })]), ...packager.flush()]);
    const samples = audio.parts.flatMap((part) => samplesOf(part));
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(samples.map((_sample, index) => index * AAC_FRAME_TICKS));
    expect(audio.segments.map((segment) => segment.mediaSequence)).toEqual(video.segments.map((segment) => segment.mediaSequence));
    let pictureEndMs = 0;
    let soundEndMs = 0;
    for (const [index, segment] of audio.segments.entries()) {
      pictureEndMs += (video.segments[index] as TrackSegment).durationMs;
      soundEndMs += segment.durationMs;
      expect(Math.abs(soundEndMs - pictureEndMs)).toBeLessThan(22);
    }
  });

  test('[PL5] a picture without sound is given silence, so the two renditions always exist', () => {
    const { audio } = tracksOf(feed(newPackager(), [videoConfig(), ...source({ toMs: 4_100, hasSound: false })]));
    expect(audio.segments).toHaveLength(2);
    expect(audio.segments[0]?.period?.config.codecString).toBe('mp4a.40.2');
    for (const segment of audio.segments) expect(Math.abs(segment.durationMs - 2_000)).toBeLessThan(25);
  });

  test('[PL5] late sound does not delay the picture; its own part waits for 300 ms at most, the rest is silence', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_040 })]);
    const alone = source({ fromMs: 2_040, toMs: 2_520 + SOUND_LIMITS.waitMs, gopMs: 100_000, hasSound: false }).map((event) => ({
      ...event,
      isKey: false,
    })) as DemuxEvent[];
    const early = tracksOf(feed(packager, alone));
    expect(early.video.parts.map((part) => part.durationMs)).toEqual([520]);
    expect(early.audio.parts).toEqual([]);
    const { audio } = tracksOf(feed(packager, [frame(2_520 + SOUND_LIMITS.waitMs, false)]));
    expect(audio.parts).toHaveLength(1);
    expect(Math.abs((audio.parts[0]?.durationMs ?? 0) - 500)).toBeLessThan(25);
  });

  test('sound that arrives after its place was filled is dropped, the row stays gapless', () => {
    const packager = newPackager();
    const late = source({ toMs: 6_500 }).filter(
      (event) => event.kind === 'video' || (event.kind === 'audio' && (event.dtsMs < 1_500 || event.dtsMs > 3_500)),
    );
    const { audio } = tracksOf([...feed(packager, [videoConfig(), audioConfig(), ...late, sound(2_000)]), ...packager.flush()]);
    const samples = audio.parts.flatMap((part) => samplesOf(part));
    expect(samples.map((sample) => sample.decodeTimeTicks)).toEqual(samples.map((_sample, index) => index * AAC_FRAME_TICKS));
  });

  test('sound announced after the picture began belongs to the period; later it begins another', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), ...source({ toMs: 800, hasSound: false })]);
    const inTime = tracksOf(feed(packager, [audioConfig(), ...source({ fromMs: 800, toMs: 4_100, gopMs: 100_000 }).slice(1)]));
    expect(inTime.audio.parts[0]?.period?.config).toBe(AUDIO);
    const tooLate = newPackager();
    feed(tooLate, [videoConfig(), ...source({ toMs: 1_200, hasSound: false })]);
    const rest = source({ fromMs: 0, toMs: 4_600 }).filter((event) => 'dtsMs' in event && event.dtsMs >= 1_200);
    const { audio } = tracksOf(feed(tooLate, [audioConfig(), ...rest]));
    expect(audio.segments.map((segment) => [segment.isDiscontinuity, segment.period?.config === AUDIO])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});

describe('periods', () => {
  test('[PL4] a new connection goes on in sequence with a discontinuity, a new period and later media time', () => {
    const packager = newPackager();
    const before = tracksOf([...feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 5_000 })]), ...packager.flush()]);
    packager.begin();
    const after = tracksOf(feed(packager, [videoConfig(OTHER_VIDEO), audioConfig(), ...source({ toMs: 4_100 })], 1_020_000));
    for (const track of ['video', 'audio'] as const) {
      const told = [...before[track].segments, ...after[track].segments].map((segment) => [
        segment.mediaSequence,
        segment.isDiscontinuity,
        segment.discontinuitySequence,
      ]);
      expect(told).toEqual([
        [100, false, 7],
        [101, false, 7],
        [102, false, 7],
        [103, true, 8],
        [104, false, 8],
      ]);
    }
    expect(after.video.segments[0]?.period?.config).toBe(OTHER_VIDEO);
    expect(after.video.segments[0]?.programDateTimeMs).toBe(1_020_000);
    const endOf = (parts: readonly TrackPart[]) => samplesOf(parts.at(-1) as TrackPart).at(-1)?.decodeTimeTicks ?? 0;
    expect(samplesOf(after.video.parts[0] as TrackPart)[0]?.decodeTimeTicks).toBeGreaterThan(endOf(before.video.parts));
  });

  test('a connection that never showed a picture leaves no trace in the sequence', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })]);
    packager.begin();
    packager.begin();
    const { video } = tracksOf(feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 2_100 })]));
    expect(video.segments.map((segment) => [segment.mediaSequence, segment.discontinuitySequence])).toEqual([[102, 8]]);
  });

  test.each([
    ['another picture configuration', videoConfig(OTHER_VIDEO)],
    ['another sound configuration', audioConfig({ ...AUDIO, channelCount: 1, decoderConfig: Uint8Array.of(0x11, 0x88) })],
  ])('[RI4] %s begins a period at the next key frame', (_what, change) => {
    const packager = newPackager();
    const events = source({ toMs: 6_100 });
    const at = events.findIndex((event) => event.kind === 'video' && event.dtsMs === 3_000);
    const { video } = tracksOf(feed(packager, [videoConfig(), audioConfig(), ...events.slice(0, at), change, ...events.slice(at)]));
    expect(video.segments.map((segment) => [segment.durationMs, segment.isDiscontinuity, segment.discontinuitySequence])).toEqual([
      [2_000, false, 7],
      [2_000, false, 7],
      [2_000, true, 8],
    ]);
  });

  test('[RI4] a clock jump closes the segment and begins a period', () => {
    const packager = newPackager();
    const before = feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 3_000 }), { kind: 'jump', stepMs: 60_000 }]);
    const { video } = tracksOf([...before, ...feed(packager, source({ fromMs: 63_000, toMs: 65_100 }))]);
    expect(video.segments.map((segment) => [segment.durationMs, segment.isDiscontinuity])).toEqual([
      [2_000, false],
      [1_000, false],
      [2_000, true],
    ]);
  });

  test('a picture that stops while the sound runs on ends the period; its return begins another', () => {
    const packager = newPackager();
    feed(packager, [videoConfig(), audioConfig(), ...source({ toMs: 3_000 })]);
    const alone = source({ fromMs: 3_000, toMs: 60_000 }).filter((event) => event.kind === 'audio');
    const closed = tracksOf(feed(packager, alone));
    expect(closed.video.segments.map((segment) => segment.durationMs)).toEqual([1_000]);
    expect(closed.audio.segments.map((segment) => Math.round(segment.durationMs / 100))).toEqual([10]);
    const back = tracksOf(feed(packager, source({ fromMs: 60_000, toMs: 62_100 })));
    expect(back.video.segments.map((segment) => [segment.durationMs, segment.isDiscontinuity])).toEqual([[2_000, true]]);
  });

  test('[PL7] programme date time is the arrival of the first key frame plus the time of presentation since', () => {
    const packager = newPackager();
    const { video, audio } = tracksOf(
      feed(packager, [
        videoConfig(),
        audioConfig(),
        frame(500, true, 80),
        ...source({ fromMs: 540, toMs: 2_480, gopMs: 100_000 }).slice(1),
        frame(2_500, true, 80),
        sound(2_500),
        frame(4_500, true, 80),
        sound(4_500),
      ]),
    );
    expect(video.segments.map((segment) => segment.programDateTimeMs)).toEqual([1_000_080, 1_002_080]);
    // The sound is mapped by its own time stamps: it begins with the decode time of the picture.
    expect(audio.segments[0]?.programDateTimeMs).toBe(1_000_000);
    expect(Math.abs((audio.segments[1]?.programDateTimeMs ?? 0) - 1_002_000)).toBeLessThan(22);
  });
});

const connection = fc.record({
  framesPerSec: fc.constantFrom(24, 25, 30, 48, 50, 60, 24_000 / 1001, 30_000 / 1001, 60_000 / 1001),
  gopFrames: fc.integer({ min: 1, max: 250 }),
  durationMs: fc.integer({ min: 0, max: 12_000 }),
  jitterMs: fc.constantFrom(0, 0, 3, 12),
  bFrames: fc.boolean(),
  hasSound: fc.boolean(),
  soundLagMs: fc.constantFrom(0, 0, 150, 900),
  holeAtMs: fc.integer({ min: 0, max: 12_000 }),
  holeMs: fc.constantFrom(0, 0, 70, 400, 900),
});

test('[4.4.4.9-M2] [4.4.4.9-M3] [6.2.1-M1] [6.2.1-M21] [6.2.1-M22] any rate, group, jitter, order of frames, sound and reconnection keeps the rules of parts and segments', () => {
  const reached = { gaps: 0, short: 0, periods: 0, segments: 0, dependent: 0 };
  fc.assert(
    fc.property(fc.array(connection, { minLength: 1, maxLength: 3 }), fc.constantFrom(333, 500, 1_000), (connections, partMs) => {
      const packager = newPackager({ partMs });
      const outputs: TrackOutput[] = [];
      for (const each of connections) {
        outputs.push(...packager.begin());
        const events = source({
          toMs: each.durationMs,
          frameMs: 1000 / each.framesPerSec,
          gopFrames: each.gopFrames,
          hasSound: each.hasSound,
          jitterMs: each.jitterMs,
          compositionMs: each.bFrames ? 2_000 / each.framesPerSec : 0,
          soundLagMs: each.soundLagMs,
        });
        const holed = events.map((event) =>
          'dtsMs' in event && event.dtsMs >= each.holeAtMs ? { ...event, dtsMs: event.dtsMs + each.holeMs } : event,
        );
        outputs.push(...feed(packager, [videoConfig(), ...(each.hasSound ? [audioConfig()] : []), ...holed]), ...packager.flush());
      }
      const tracks = tracksOf(outputs);
      const [target] = tracks.video.segments.map((segment) => segment.targetDurationSec);
      const partTargets = new Set([...tracks.video.parts, ...tracks.audio.parts].map((part) => part.partTargetMs));
      expect(partTargets.size).toBeLessThanOrEqual(1);
      reached.segments += tracks.video.segments.length;
      for (const track of ['video', 'audio'] as const) {
        const { segments, parts, partsOf } = tracks[track];
        let lastTicks = -1;
        for (const [index, segment] of segments.entries()) {
          expect(segment.mediaSequence).toBe(100 + index);
          expect(segment.targetDurationSec).toBe(target);
          expect(Math.round(segment.durationMs / 1000)).toBeLessThanOrEqual(segment.targetDurationSec);
          expect(segment.isDiscontinuity).toBe(index > 0 && segment.discontinuitySequence !== segments[index - 1]?.discontinuitySequence);
          if (segment.isDiscontinuity) reached.periods += 1;
          if (!segment.isIndependent) reached.dependent += 1;
          const own = partsOf(segment.mediaSequence);
          expect(own.map((part) => part.partIndex)).toEqual(own.map((_part, at) => at));
          expect(own.reduce((sum, part) => sum + part.durationMs, 0)).toBeCloseTo(segment.durationMs, 6);
          for (const [at, part] of own.entries()) {
            expect(part.durationMs).toBeLessThanOrEqual(part.partTargetMs);
            const isExempt = part.isIndependent || part.isGap || at === own.length - 1 || own[at + 1]?.isGap;
            if (!isExempt) expect(part.durationMs).toBeGreaterThanOrEqual(part.partTargetMs * 0.85);
            if (!isExempt && part.durationMs < part.partTargetMs * 0.9) reached.short += 1;
            if (part.isGap) reached.gaps += 1;
          }
        }
        expect(parts).toHaveLength(segments.reduce((sum, segment) => sum + partsOf(segment.mediaSequence).length, 0));
        for (const sample of parts.flatMap((part) => (part.isGap ? [] : samplesOf(part)))) {
          expect(sample.decodeTimeTicks).toBeGreaterThan(lastTicks);
          lastTicks = sample.decodeTimeTicks;
        }
      }
      expect(tracks.audio.segments.map((segment) => [segment.mediaSequence, segment.discontinuitySequence])).toEqual(
        tracks.video.segments.map((segment) => [segment.mediaSequence, segment.discontinuitySequence]),
      );
    }),
    { numRuns: 200 },
  );
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(10);
});

test('a steady picture has parts of always the same count of frames, at every usual rate', () => {
  for (const framesPerSec of [24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60]) {
    for (const partMs of [333, 500, 1_000]) {
      const gopFrames = Math.round(framesPerSec * 2);
      const events = source({ toMs: 30_000, frameMs: 1000 / framesPerSec, gopFrames });
      const { video } = tracksOf(feed(newPackager({ partMs }), [videoConfig(), audioConfig(), ...events]));
      const counts = video.segments.flatMap((segment) =>
        video
          .partsOf(segment.mediaSequence)
          .slice(0, -1)
          .map((part) => samplesOf(part).length),
      );
      expect(new Set(counts).size).toBe(1);
      expect(Math.abs(((counts[0] ?? 0) * 1000) / framesPerSec - partMs)).toBeLessThanOrEqual(500 / framesPerSec + 0.01);
    }
  }
});
