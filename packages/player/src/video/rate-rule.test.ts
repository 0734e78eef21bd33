import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  calmMarginSec,
  farBehindSec,
  GENTLE_PLAYBACK_RATE,
  lowBufferSec,
  MAX_PLAYBACK_RATE,
  MIN_PLAYBACK_RATE,
  type Pace,
  playbackRateFor,
  tooCloseSec,
} from './rate-rule.ts';

const whole = (more: Partial<Pace>): Pace => ({
  latencySec: 4,
  targetLatencySec: 4,
  bufferedAheadSec: 2,
  partSec: null,
  isLookingBack: false,
  ...more,
});
const parts = (more: Partial<Pace>): Pace =>
  whole({ latencySec: 1.5, targetLatencySec: 1.5, bufferedAheadSec: 1.2, partSec: 0.5, ...more });

describe('the playback rate', () => {
  test.each([
    ['segments', whole({}), null],
    ['parts', parts({}), 0.5],
  ] as const)('with %s is 1 at the aimed-for latency and within the margins', (_what, pace, partSec) => {
    // A hair inside: sums of decimals are not exact.
    for (const offSec of [0, calmMarginSec(partSec) - 0.001, -tooCloseSec(partSec) + 0.001])
      expect(playbackRateFor({ ...pace, latencySec: pace.targetLatencySec + offSec })).toBe(1);
  });

  test('is lower the closer to live, so that the first segment lasts until the second is there', () => {
    expect(playbackRateFor(whole({ latencySec: 3 }))).toBe(0.85);
    expect(playbackRateFor(whole({ latencySec: 2 }))).toBe(MIN_PLAYBACK_RATE);
    expect(playbackRateFor(whole({ latencySec: 0 }))).toBe(MIN_PLAYBACK_RATE);
    expect(playbackRateFor(parts({ latencySec: 0.9, bufferedAheadSec: 0.4 }))).toBe(0.9);
  });

  test('is a little higher behind the target and higher when far behind', () => {
    for (const pace of [whole({}), parts({})]) {
      expect(playbackRateFor({ ...pace, latencySec: pace.targetLatencySec + farBehindSec(pace.partSec) - 0.01 })).toBe(
        GENTLE_PLAYBACK_RATE,
      );
      expect(playbackRateFor({ ...pace, latencySec: pace.targetLatencySec + farBehindSec(pace.partSec) + 0.01 })).toBe(MAX_PLAYBACK_RATE);
    }
  });

  test.each([null, 0.333, 0.5, 1])('is not raised with a low buffer (parts of %s s)', (partSec) => {
    const behind = { latencySec: 6, targetLatencySec: 4, partSec };
    expect(playbackRateFor(whole({ ...behind, bufferedAheadSec: lowBufferSec(partSec) }))).toBe(1);
    expect(playbackRateFor(whole({ ...behind, bufferedAheadSec: lowBufferSec(partSec) + 0.01 }))).toBe(MAX_PLAYBACK_RATE);
  });

  test('parts leave room to speed up at their own target, three parts behind', () => {
    for (const partSec of [0.333, 0.5, 1]) expect(lowBufferSec(partSec)).toBeLessThanOrEqual(3 * partSec - partSec);
  });

  test('leaves a shopper who looks back alone, however far or near', () => {
    for (const latencySec of [0, 1.5, 10, 600]) expect(playbackRateFor(parts({ latencySec, isLookingBack: true }))).toBe(1);
  });

  test('never leaves its limits', () => {
    const sec = fc.double({ min: -5, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        sec,
        sec,
        sec,
        fc.option(fc.double({ min: 0.1, max: 2, noNaN: true })),
        (latencySec, targetLatencySec, bufferedAheadSec, partSec) => {
          const rate = playbackRateFor({ latencySec, targetLatencySec, bufferedAheadSec, partSec, isLookingBack: false });
          expect(rate).toBeGreaterThanOrEqual(MIN_PLAYBACK_RATE);
          expect(rate).toBeLessThanOrEqual(MAX_PLAYBACK_RATE);
        },
      ),
    );
  });
});
