import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandSpans, laneScale, laneSpans, lastKnown, MAX_STRIP_MINUTES, stripData, stripRange, timeTicks } from './strip-data.ts';

const minute = (at: number, count = 1) => ({
  minute: at,
  watchingMean: count,
  watchingMax: count,
  uniqueViewerCount: 1,
  messageCount: count,
  reactionCount: 0,
  cartAddCount: count,
  orderCount: count,
  unitCount: 0,
  gmvMinor: null,
});
const span = (id: string, startedAt: number, endedAt: number | null) =>
  ({
    highlightId: `hlt_${id}`,
    productId: 'prd_1',
    startedAt,
    endedAt,
    clickCount: 0,
    cartAddCount: 0,
    orderCount: 0,
    unitCount: 0,
    gmvMinor: null,
  }) as const;

describe('the minutes', () => {
  test('nothing counted is nothing drawn', () => expect(stripData([]).minutes).toEqual([]));
  test('holes are filled: no message is 0, but viewers are unknown', () => {
    const data = stripData([minute(12), minute(10)]);
    expect([data.minutes, data.messages, data.viewers]).toEqual([
      [10, 11, 12],
      [1, 0, 1],
      [1, null, 1],
    ]);
  });
  test('a running minute without a sample is unknown, an earlier one is empty', () => {
    const data = stripData([minute(10, 7), minute(11, 0), minute(12, 0)]);
    expect([data.viewers, lastKnown(data.viewers, 2), lastKnown([null], 0)]).toEqual([[7, 0, null], 0, null]);
  });
  test('the strip has a greatest length, kept at its newest end', () => {
    const data = stripData([minute(0), minute(MAX_STRIP_MINUTES)]);
    expect([data.minutes.length, data.minutes[0]]).toEqual([MAX_STRIP_MINUTES, 1]);
  });
});

test('a lane keeps its values inside its part of the height', () => {
  const part = fc.record({ bottom: fc.double({ min: 0, max: 0.4, noNaN: true }), top: fc.double({ min: 0.5, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(part, fc.array(fc.nat(10_000), { minLength: 1 }), ({ bottom, top }, values) => {
      const [min, max] = laneScale(values, bottom, top);
      for (const value of values) {
        const height = (value - min) / (max - min);
        expect(height).toBeGreaterThanOrEqual(bottom - 1e-9);
        expect(height).toBeLessThanOrEqual(top + 1e-9);
      }
    }),
  );
});

test('lanes lie over each other without touching', () => {
  const spans = laneSpans();
  for (const [index, { bottom, top }] of spans.entries()) {
    expect(top).toBeGreaterThan(bottom);
    const below = spans[index + 1];
    if (below) expect(bottom).toBeGreaterThan(below.top);
  }
});

describe('the band', () => {
  const range = { fromMs: 100, toMs: 200 };
  test('clips to the drawn time, and what is on display reaches to now', () => {
    expect(bandSpans([span('a', 0, 125), span('b', 150, null)], range, 175)).toMatchObject([
      { leftPct: 0, widthPct: 25, isOpen: false },
      { leftPct: 50, widthPct: 25, isOpen: true },
    ]);
  });
  test('puts what overlaps into rows, and uses a row again', () => {
    const spans = bandSpans([span('a', 100, 150), span('b', 120, 140), span('c', 145, 160), span('d', 150, 200)], range, 200);
    expect(spans.map(({ row }) => row)).toEqual([0, 1, 1, 0]);
  });
  test('leaves out what lies outside', () => expect(bandSpans([span('a', 0, 100), span('b', 200, 300)], range, 400)).toEqual([]));
  test('is empty without a time', () => expect(bandSpans([span('a', 0, 1)], { fromMs: 0, toMs: 0 }, 0)).toEqual([]));
});

test('there are between one and seven round times', () => {
  for (const minutes of [2, 7, 42, 180, 720]) {
    const ticks = timeTicks({ fromMs: 60_000, toMs: 60_000 * (1 + minutes) });
    expect(ticks.length).toBeGreaterThanOrEqual(1);
    expect(ticks.length).toBeLessThanOrEqual(7);
  }
});

test('the range ends with the last minute', () =>
  expect(stripRange(stripData([minute(10), minute(11)]))).toEqual({ fromMs: 600_000, toMs: 720_000 }));
