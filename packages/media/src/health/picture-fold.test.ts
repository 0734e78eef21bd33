import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFilterFrameReader, FILTER_FRAME_LIMITS, type FilterFrame, FRAME_MARK } from './filter-frames.ts';
import { createPictureFold } from './picture-fold.ts';
import { createViewerSide, VIEWER_SIDE_LIMITS } from './viewer-side.ts';

const PRINTED = [
  'frame:0    pts:21      pts_time:0.021',
  'lavfi.black_start=0.021',
  'frame:1    pts:2021    pts_time:2.021',
  'frame:2    pts:4021    pts_time:4.021',
  'lavfi.freezedetect.freeze_start=0.021',
  'frame:3    pts:6021    pts_time:6.021',
  'lavfi.black_end=6.021',
  'lavfi.freezedetect.freeze_duration=6',
  'lavfi.freezedetect.freeze_end=6.021',
  '',
].join('\n');

describe('what filters print', () => {
  test('[PW1] becomes frames with their values, however the bytes are cut', () => {
    const whole = createFilterFrameReader();
    const expected = [...whole.push(PRINTED), ...whole.flush()];
    expect(expected.map(({ timeSec }) => timeSec)).toEqual([0.021, 2.021, 4.021, 6.021]);
    expect(expected[3]?.values.get('lavfi.freezedetect.freeze_end')).toBe('6.021');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: PRINTED.length }), { maxLength: 30 }), (cuts) => {
        const reader = createFilterFrameReader();
        const at = [0, ...cuts.toSorted((a, b) => a - b), PRINTED.length];
        const frames = at.slice(1).flatMap((end, index) => reader.push(PRINTED.slice(at[index], end)));
        expect([...frames, ...reader.flush()]).toEqual(expected);
      }),
    );
  });

  test('[PW1] a mark ends a frame at once', () => {
    const reader = createFilterFrameReader();
    expect(reader.push(`frame:0 pts:0 pts_time:0\nlavfi.black_start=0\n${FRAME_MARK}=1\n`)).toEqual([
      { timeSec: 0, values: new Map([['lavfi.black_start', '0']]) },
    ]);
    expect(reader.flush()).toEqual([]);
  });

  test('[PW1] hostile text neither throws nor grows: lines, values and what is not of ours are bounded', () => {
    const reader = createFilterFrameReader();
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void reader.push(text)));
    const fresh = createFilterFrameReader();
    fresh.push(`frame:0 pts:0 pts_time:0\n${'x'.repeat(FILTER_FRAME_LIMITS.lineLength + 1)}`);
    fresh.push(`${'x'.repeat(10_000)}=1\nlavfi.black_start=0\n`);
    for (let key = 0; key < 200; key += 1) fresh.push(`k${key}=1\n`);
    const [frame] = fresh.flush();
    expect(frame?.values.get('lavfi.black_start')).toBe('0');
    expect(frame?.values.size).toBe(FILTER_FRAME_LIMITS.valuesPerFrame);
  });
});

const frame = (timeSec: number, values: Record<string, string> = {}): FilterFrame => ({ timeSec, values: new Map(Object.entries(values)) });
const START = 1_000_000;
const at = (sec: number) => START + sec * 1_000;

describe('the fold', () => {
  test('[PW2] black and frozen begin when they began, not when they were told, and end', () => {
    const fold = createPictureFold();
    fold.picture(frame(0, { 'lavfi.black_start': '0' }), at(0));
    fold.picture(frame(4, { 'lavfi.freezedetect.freeze_start': '0' }), at(4));
    expect(fold.read()).toMatchObject({ blackSinceMs: at(0), frozenSinceMs: at(0), pictureAtMs: at(4) });
    fold.picture(frame(6, { 'lavfi.black_end': '6', 'lavfi.freezedetect.freeze_end': '6' }), at(6));
    expect(fold.read()).toMatchObject({ blackSinceMs: null, frozenSinceMs: null, pictureAtMs: at(6) });
  });

  test('[PW2] silence, loudness and clipping', () => {
    const fold = createPictureFold();
    const loud = { 'lavfi.r128.S': '-4.1', 'lavfi.astats.Overall.Peak_level': '0.3' };
    for (let tenth = 0; tenth < 50; tenth += 1) fold.sound(frame(tenth / 10, loud), at(tenth / 10));
    expect(fold.read()).toMatchObject({ clippedSinceMs: at(0), loudnessLufs: -4.1, silentSinceMs: null });
    const quiet = { 'lavfi.r128.S': '-163.5', 'lavfi.astats.Overall.Peak_level': '-inf' };
    fold.sound(frame(5, quiet), at(5));
    expect(fold.read()).toMatchObject({ clippedSinceMs: at(0), loudnessLufs: null });
    fold.sound(frame(8, { ...quiet, 'lavfi.silence_start': '5' }), at(8));
    expect(fold.read()).toMatchObject({ clippedSinceMs: null, silentSinceMs: at(5) });
    fold.sound(frame(9, { 'lavfi.r128.S': '-20', 'lavfi.silence_end': '8.9' }), at(9));
    expect(fold.read()).toMatchObject({ silentSinceMs: null, loudnessLufs: -20, soundAtMs: at(9) });
  });

  test('[PW2] what is not listened to is unknown, what has no sound is silent', () => {
    const fold = createPictureFold();
    fold.sound(frame(1, { 'lavfi.silence_start': '0', 'lavfi.r128.S': '-20' }), at(1));
    fold.noSound(null);
    expect(fold.read()).toMatchObject({ silentSinceMs: null, loudnessLufs: null, soundAtMs: null });
    fold.noSound(at(2));
    expect(fold.read().silentSinceMs).toBe(at(2));
  });
});

describe('the viewers', () => {
  test('[HE7] stalls over the time watched, of the last five minutes', () => {
    const side = createViewerSide();
    for (let sec = 0; sec <= 120; sec += 1) side.watching(50, at(sec));
    side.stalled(15_000, 4, at(60));
    for (const joinMs of [400, 900, 5_000]) side.joined(joinMs, at(60));
    const reading = side.read(at(120));
    expect(reading.rebufferRatio).toBeCloseTo(60_000 / (50 * 120_000), 6);
    expect(reading.joinP50Ms).toBe(900);
    for (let n = 1; n <= 100; n += 1) side.behind(n * 10, at(60));
    expect(side.read(at(120)).latencyP95Ms).toBe(960);
    expect(side.read(at(120) + VIEWER_SIDE_LIMITS.windowMs + VIEWER_SIDE_LIMITS.slotMs)).toEqual({
      rebufferRatio: null,
      joinP50Ms: null,
      latencyP95Ms: null,
    });
  });

  test('[HE7] hardly anybody: no ratio; a long sleep counts as one slot', () => {
    const side = createViewerSide();
    side.watching(1, at(0));
    side.watching(1, at(59));
    side.stalled(5_000, 1, at(59));
    expect(side.read(at(59)).rebufferRatio).toBeNull();
    const slept = createViewerSide();
    slept.watching(100, at(0));
    slept.watching(0, at(3_000));
    slept.stalled(10_000, 1, at(3_000));
    expect(slept.read(at(3_000)).rebufferRatio).toBeCloseTo(0.01, 6);
  });
});
