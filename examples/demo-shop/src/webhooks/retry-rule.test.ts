import { expect, test } from 'vitest';
import { backOffMs, isRefusedForGood, retryAfterMs } from './retry-rule.ts';

test('waits double from one second to one minute, jitter takes off at most half', () => {
  expect([1, 2, 3, 4].map((count) => backOffMs(count, 0))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(backOffMs(7, 0)).toBe(60_000);
  expect(backOffMs(10_000, 0)).toBe(60_000);
  expect(backOffMs(1, 0.9999)).toBe(500);
});

test('only answers about the bytes themselves are final', () => {
  expect([400, 409, 413, 422].every(isRefusedForGood)).toBe(true);
  expect([0, 401, 403, 404, 408, 410, 425, 429, 500, 503].some(isRefusedForGood)).toBe(false);
});

test('Retry-After is taken in seconds and bounded', () => {
  expect(retryAfterMs('3')).toBe(3_000);
  expect(retryAfterMs('999999')).toBe(600_000);
  expect([null, '', '-1', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT'].map(retryAfterMs)).toEqual([0, 0, 0, 0, 0]);
});
