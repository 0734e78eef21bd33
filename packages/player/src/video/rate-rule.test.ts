import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALM_MARGIN_SEC, LOW_BUFFER_SEC, MAX_PLAYBACK_RATE, MIN_PLAYBACK_RATE, type Pace, playbackRateFor } from './rate-rule.ts';

const pace = (more: Partial<Pace>): Pace => ({ latencySec: 4, targetLatencySec: 4, bufferedAheadSec: 2, segmentSec: 2, ...more });

describe('the playback rate', () => {
  test('is 1 at the aimed-for latency and within the margin', () => {
    for (const latencySec of [4, 4 + CALM_MARGIN_SEC, 4 - CALM_MARGIN_SEC]) expect(playbackRateFor(pace({ latencySec }))).toBe(1);
  });

  test('is lower the closer to live, so that the first segment lasts until the second is there', () => {
    expect(playbackRateFor(pace({ latencySec: 3 }))).toBe(0.85);
    expect(playbackRateFor(pace({ latencySec: 2 }))).toBe(MIN_PLAYBACK_RATE);
    expect(playbackRateFor(pace({ latencySec: 0 }))).toBe(MIN_PLAYBACK_RATE);
  });

  test('is higher behind the target, unless the buffer is low or the shopper looks back', () => {
    expect(playbackRateFor(pace({ latencySec: 5 }))).toBe(MAX_PLAYBACK_RATE);
    expect(playbackRateFor(pace({ latencySec: 5, bufferedAheadSec: LOW_BUFFER_SEC }))).toBe(1);
    expect(playbackRateFor(pace({ latencySec: 10 }))).toBe(1);
  });

  test('never leaves its limits', () => {
    const sec = fc.double({ min: -5, max: 100, noNaN: true });
    fc.assert(
      fc.property(sec, sec, sec, (latencySec, targetLatencySec, bufferedAheadSec) => {
        const rate = playbackRateFor({ latencySec, targetLatencySec, bufferedAheadSec, segmentSec: 2 });
        expect(rate).toBeGreaterThanOrEqual(MIN_PLAYBACK_RATE);
        expect(rate).toBeLessThanOrEqual(MAX_PLAYBACK_RATE);
      }),
    );
  });
});
