import { expect, test } from 'vitest';
import { createLatencyWindow } from './latency-window.ts';

test('the slowest hundredth of the window; what is older counts no more', () => {
  const window = createLatencyWindow(10_000, 1_000);
  expect(window.p99Ms(0)).toBe(0);
  for (let ms = 1; ms <= 200; ms += 1) window.note(ms, 1_000);
  expect(window.p99Ms(1_000)).toBe(198);
  window.note(5, 11_000);
  expect([window.p99Ms(11_000), window.p99Ms(11_001), window.p99Ms(30_000)]).toEqual([198, 5, 0]);
});

test('it remembers so many and no more: the newest', () => {
  const window = createLatencyWindow(10_000, 10);
  window.note(9_999, 0);
  for (let n = 0; n < 25; n += 1) window.note(1, 0);
  expect(window.p99Ms(0)).toBe(1);
});
