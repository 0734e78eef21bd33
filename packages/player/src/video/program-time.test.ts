import { expect, test } from 'vitest';
import { type DateRangeLike, MAX_MOMENTS, momentsOf, PRODUCT_CLASS, positionAtProgramTime } from './program-time.ts';

test('a wall time is found in the playlist, and outside of it is not', () => {
  const fragments = [
    { start: 0, duration: 2, programDateTime: 10_000 },
    { start: 2, duration: 2, programDateTime: 12_000 },
    { start: 4, duration: 2, programDateTime: null },
  ];
  expect(positionAtProgramTime(fragments, 12_500)).toBe(2.5);
  expect(positionAtProgramTime(fragments, 9_999)).toBeNull();
  expect(positionAtProgramTime(fragments, 14_000)).toBeNull();
});

test('a wall time between two fragments is where the later begins: dates are corrected from one to the next', () => {
  const fragments = [
    { start: 0, duration: 2, programDateTime: 10_000 },
    { start: 2, duration: 2, programDateTime: 12_001 },
    { start: 4, duration: 2, programDateTime: 30_000 },
  ];
  expect(positionAtProgramTime(fragments, 12_000)).toBe(2);
  expect(positionAtProgramTime(fragments, 20_000)).toBe(4);
  expect(positionAtProgramTime(fragments.slice(1), 12_000)).toBeNull();
});

const range = (id: string, more: Partial<DateRangeLike> = {}): DateRangeLike => ({
  id,
  class: PRODUCT_CLASS,
  startDate: new Date(1_000),
  endDate: null,
  attr: { 'X-PRODUCT-ID': 'prd_1' },
  ...more,
});

test('the host’s moments are read from the playlist; strangers and malformed ones are not', () => {
  const ranges = {
    hlt_1: range('hlt_1'),
    hlt_2: range('hlt_2', { endDate: new Date(4_000) }),
    hlt_3: range('hlt_3', { endDate: new Date(Number.NaN) }),
    ad: range('ad', { class: 'com.apple.hls.interstitial' }),
    nameless: range('nameless', { attr: {} }),
    undated: range('undated', { startDate: new Date(Number.NaN) }),
    gone: undefined,
  };
  expect(momentsOf(ranges)).toEqual([
    { id: 'hlt_1', productId: 'prd_1', startMs: 1_000, endMs: null },
    { id: 'hlt_2', productId: 'prd_1', startMs: 1_000, endMs: 4_000 },
    { id: 'hlt_3', productId: 'prd_1', startMs: 1_000, endMs: null },
  ]);
});

test('a playlist full of them is read up to the limit', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`hlt_${index}`, range(`hlt_${index}`)]));
  expect(momentsOf(many(MAX_MOMENTS))).toHaveLength(MAX_MOMENTS);
  expect(momentsOf(many(MAX_MOMENTS + 1))).toHaveLength(MAX_MOMENTS);
});
