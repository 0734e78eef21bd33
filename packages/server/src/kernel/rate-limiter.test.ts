import { expect, test } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';

test('a burst, then the flow, to the millisecond', () => {
  const rate = createRateLimiter(10, 3);
  expect([1, 2, 3, 4].map(() => rate.take('a', 1_000))).toEqual([0, 0, 0, 100]);
  expect(rate.take('a', 1_090)).toBeGreaterThan(0);
  expect([rate.take('a', 1_101), rate.take('b', 1_101)]).toEqual([0, 0]);
});

test('with as many keys as there may be, known keys keep their own bucket and all others share one', () => {
  const rate = createRateLimiter(1, 2, 3);
  for (const key of ['a', 'b', 'c']) expect(rate.take(key, 0)).toBe(0);
  const strangers = Array.from({ length: 50 }, (_, n) => rate.take(`made-up ${n}`, 0));
  expect(strangers.filter((waitMs) => waitMs === 0)).toHaveLength(2);
  expect([rate.take('a', 0), rate.take('a', 0)]).toEqual([0, 1_000]);
  // Quiet keys are forgotten, and there is room again.
  expect(rate.take('new', 10_000)).toBe(0);
  expect([rate.take('new', 10_000), rate.take('new', 10_000)]).toEqual([0, 1_000]);
});
