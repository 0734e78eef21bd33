import { describe, expect, test } from 'vitest';
import type { AvcConfig } from '../flv/avc.ts';
import { ARRIVAL_LIMITS, createArrivalDelay } from './arrival-delay.ts';
import { createHealthMeter } from './health-meter.ts';

const VIDEO: AvcConfig = {
  codec: 'avc',
  decoderConfig: new Uint8Array(),
  codecString: 'avc1.64001f',
  nalLengthBytes: 4,
  widthPx: 1280,
  heightPx: 720,
};

/** 30 fps with a key frame every `gopFrames`; each frame has 1,000 bytes, and a sound with each that is `soundLateMs` late. */
function feed(options: { gopFrames?: number; frameCount: number; lateMs?: (index: number) => number; soundLateMs?: number }) {
  const meter = createHealthMeter(0);
  meter.observe({ kind: 'video_config', config: VIDEO }, 50, 0);
  let atMs = 0;
  for (let index = 0; index < options.frameCount; index += 1) {
    const dtsMs = Math.round((index * 1000) / 30);
    atMs = dtsMs + (options.lateMs?.(index) ?? 0);
    const isKey = index % (options.gopFrames ?? 60) === 0;
    meter.observe({ kind: 'video', dtsMs, compositionMs: 0, isKey, data: new Uint8Array(1) }, 1_000, atMs);
    if (options.soundLateMs !== undefined)
      meter.observe({ kind: 'audio', dtsMs: dtsMs - options.soundLateMs, data: new Uint8Array(1) }, 0, atMs);
  }
  return { meter, atMs };
}

describe('the meter', () => {
  test('[HE1] measures rate, frames and key frames over the last five seconds', () => {
    const { meter, atMs } = feed({ frameCount: 300 });
    const reading = meter.read(atMs);
    expect(reading.framesPerSec).toBeCloseTo(30, 1);
    expect(reading.bitrateBitsPerSec).toBeCloseTo(240_000, -4);
    expect(reading.keyFrameIntervalMs).toBe(2_000);
    expect(reading.uploadDelayMs).toBe(0);
    expect(reading.avSkewMs).toBeNull();
  });

  test('[HE1] an open group longer than the last is told before it ends', () => {
    const { meter, atMs } = feed({ frameCount: 250, gopFrames: 1_000 });
    expect(meter.read(atMs).keyFrameIntervalMs).toBeGreaterThan(8_000);
  });

  test('[HE1] a queue that grows at the upload has a delay and a slope; one that stays has no slope', () => {
    const growing = feed({ frameCount: 900, lateMs: (index) => Math.max(0, index - 600) * 4 });
    const reading = growing.meter.read(growing.atMs);
    expect(reading.uploadDelayMs).toBeGreaterThan(800);
    // 4 ms late for each 33 + 4 ms that pass.
    expect(reading.uploadSlopeMsPerSec).toBeCloseTo(107, -1);
    const staying = feed({ frameCount: 900, lateMs: (index) => (index > 300 ? 400 : 0) });
    expect(staying.meter.read(staying.atMs).uploadDelayMs).toBe(400);
    expect(staying.meter.read(staying.atMs).uploadSlopeMsPerSec).toBeCloseTo(0, 5);
  });

  test('[HE1] a large key frame that takes its time is no queue', () => {
    const { meter, atMs } = feed({ frameCount: 600, lateMs: (index) => (index % 60 < 6 ? 200 : 0) });
    expect(meter.read(atMs).uploadDelayMs).toBe(0);
  });

  test('[HE1] sound that comes late has a distance to its picture, with its sign', () => {
    const late = feed({ frameCount: 300, soundLateMs: 320 });
    expect(late.meter.read(late.atMs).avSkewMs).toBe(320);
    const early = feed({ frameCount: 300, soundLateMs: -90 });
    expect(early.meter.read(early.atMs).avSkewMs).toBe(-90);
  });

  test('[HE1] silence and jumps are measured; a jump does not spoil the rates', () => {
    const { meter, atMs } = feed({ frameCount: 300 });
    expect(meter.read(atMs + 3_000).silentForMs).toBe(3_000);
    meter.observe({ kind: 'jump', stepMs: 60_000 }, 0, atMs);
    expect(meter.read(atMs)).toMatchObject({ clockJumpCount: 1, framesPerSec: null, uploadDelayMs: null, longestFrameGapMs: 0 });
    expect(meter.read(atMs + 30_001).clockJumpCount).toBe(0);
  });
});

test('[HE9] the delay keeps a bounded number of samples, however many frames come', () => {
  const delay = createArrivalDelay();
  // An hour of 60 fps.
  for (let atMs = 0; atMs < 3_600_000; atMs += 1000 / 60) delay.observe(atMs, atMs);
  expect(delay.read(3_600_000)).toEqual({ delayMs: 0, slopeMsPerSec: 0 });
  expect(ARRIVAL_LIMITS.baselineMs / ARRIVAL_LIMITS.sampleEveryMs).toBeLessThanOrEqual(600);
});
