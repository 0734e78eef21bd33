import { describe, expect, test } from 'vitest';
import { SILENT_CONFIG } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import { HEALTH_THRESHOLDS, judgeHealth } from './advice.ts';
import { createHealthMeter, type HealthReading } from './health-meter.ts';

const VIDEO: AvcConfig = {
  codec: 'avc',
  decoderConfig: new Uint8Array(),
  codecString: 'avc1.64001f',
  nalLengthBytes: 4,
  widthPx: 1280,
  heightPx: 720,
};

const good: HealthReading = {
  video: VIDEO,
  audio: SILENT_CONFIG,
  declared: { framesPerSec: 30, videoBitsPerSec: 4_000_000 },
  bitrateBitsPerSec: 4_000_000,
  framesPerSec: 30,
  keyFrameIntervalMs: 2_000,
  hasKeyFrame: true,
  longestFrameGapMs: 34,
  silentForMs: 30,
  pictureSilentForMs: 30,
  uploadDelayMs: 10,
  clockJumpCount: 0,
  connectedForMs: 60_000,
};
const verdictOf = (change: Partial<HealthReading>) => judgeHealth({ ...good, ...change });

describe('advice to the host', () => {
  test('all well is silence', () => {
    expect(judgeHealth(good)).toEqual({ status: 'good', advice: '' });
    expect(verdictOf({ keyFrameIntervalMs: null, connectedForMs: 1_000 })).toEqual({ status: 'starting', advice: '' });
  });

  const T = HEALTH_THRESHOLDS;
  test.each<[string, Partial<HealthReading>, Partial<HealthReading>, Partial<HealthReading> | null, RegExp]>([
    [
      'silence',
      { silentForMs: T.silence.warningMs - 1 },
      { silentForMs: T.silence.warningMs },
      { silentForMs: T.silence.badMs },
      /Nothing has come/,
    ],
    [
      'a picture that stopped',
      { pictureSilentForMs: 999 },
      { pictureSilentForMs: 1_000 },
      { pictureSilentForMs: 3_000 },
      /Sound comes, but no picture/,
    ],
    ['key frames', { keyFrameIntervalMs: 2_200 }, { keyFrameIntervalMs: 2_201 }, { keyFrameIntervalMs: 4_001 }, /Keyframe interval to 2 s/],
    ['upload', { uploadDelayMs: 499 }, { uploadDelayMs: 500 }, { uploadDelayMs: 3_000 }, /set the video bitrate to 2800 kbit/],
    ['frame rate', { framesPerSec: 28.5 }, { framesPerSec: 28.4 }, { framesPerSec: 23.9 }, /of 30 frames per second/],
    ['a gap', { longestFrameGapMs: 500 }, { longestFrameGapMs: 501 }, null, /stood still for 0.5 s/],
    ['a jump', { clockJumpCount: 0 }, { clockJumpCount: 1 }, null, /clock of your encoder jumped/],
    [
      'bitrate',
      { bitrateBitsPerSec: 2_800_000, longestFrameGapMs: 400 },
      { bitrateBitsPerSec: 2_790_000, longestFrameGapMs: 600 },
      { bitrateBitsPerSec: 1_590_000, longestFrameGapMs: 600 },
      /% of the declared bitrate/,
    ],
  ])('%s: fine, warning and bad at their edges', (_what, fine, warning, bad, advice) => {
    expect(verdictOf(fine).status).toBe('good');
    expect(verdictOf(warning)).toEqual({ status: 'warning', advice: expect.stringMatching(advice) });
    if (bad) expect(verdictOf(bad)).toEqual({ status: 'bad', advice: expect.stringMatching(advice) });
  });

  test('no picture, or none to begin with, is named within 5 s', () => {
    expect(verdictOf({ video: null, hasKeyFrame: false, keyFrameIntervalMs: null, connectedForMs: T.keyFrameWaitMs }).advice).toMatch(
      /no picture/,
    );
    expect(verdictOf({ hasKeyFrame: false, keyFrameIntervalMs: null, connectedForMs: T.keyFrameWaitMs }).advice).toMatch(/No key frame/);
    expect(verdictOf({ video: null, hasKeyFrame: false, keyFrameIntervalMs: null, connectedForMs: T.keyFrameWaitMs - 1 }).status).toBe(
      'starting',
    );
  });

  test('an easy picture below its declared bitrate is no fault', () => {
    expect(verdictOf({ bitrateBitsPerSec: 400_000 }).status).toBe('good');
  });

  test('the worst finding speaks', () => {
    expect(verdictOf({ keyFrameIntervalMs: 3_000, uploadDelayMs: 5_000 })).toMatchObject({
      status: 'bad',
      advice: expect.stringMatching(/upload/),
    });
  });
});

describe('the meter', () => {
  /** 30 fps with a key frame every `gopFrames`; each frame has 1,000 bytes. */
  function feed(options: { gopFrames?: number; frameCount: number; lateMs?: (index: number) => number }) {
    const meter = createHealthMeter(0);
    meter.observe({ kind: 'video_config', config: VIDEO }, 50, 0);
    let atMs = 0;
    for (let index = 0; index < options.frameCount; index += 1) {
      const dtsMs = Math.round((index * 1000) / 30);
      atMs = dtsMs + (options.lateMs?.(index) ?? 0);
      meter.observe(
        { kind: 'video', dtsMs, compositionMs: 0, isKey: index % (options.gopFrames ?? 60) === 0, data: new Uint8Array(1) },
        1_000,
        atMs,
      );
    }
    return { meter, atMs };
  }

  test('measures rate, frames and key frames over the last five seconds', () => {
    const { meter, atMs } = feed({ frameCount: 300 });
    const reading = meter.read(atMs);
    expect(reading.framesPerSec).toBeCloseTo(30, 1);
    expect(reading.bitrateBitsPerSec).toBeCloseTo(240_000, -4);
    expect(reading.keyFrameIntervalMs).toBe(2_000);
    expect(reading.uploadDelayMs).toBe(0);
  });

  test('a key frame gap above 4 s is known before the next key frame comes', () => {
    const { meter, atMs } = feed({ frameCount: 140, gopFrames: 10_000 });
    expect(meter.read(atMs).keyFrameIntervalMs).toBeGreaterThan(4_000);
  });

  test('a growing queue at the upload shows as delay', () => {
    const { meter, atMs } = feed({ frameCount: 300, lateMs: (index) => index * 5 });
    expect(meter.read(atMs).uploadDelayMs).toBe(299 * 5);
  });

  test('silence grows with time and a jump is remembered for half a minute', () => {
    const { meter, atMs } = feed({ frameCount: 30 });
    expect(meter.read(atMs + 2_500).silentForMs).toBe(2_500);
    meter.observe({ kind: 'jump', stepMs: 9_000 }, 0, atMs);
    expect(meter.read(atMs + 29_000).clockJumpCount).toBe(1);
    expect(meter.read(atMs + 30_001).clockJumpCount).toBe(0);
  });
});
