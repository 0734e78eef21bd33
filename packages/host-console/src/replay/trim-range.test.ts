import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chapterAt, handleByKey, MIN_LEFT_MS, moveHandle, trimOf } from './trim-range.ts';

test('handles stay on the line and a second apart, wherever they are pulled', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -1_000, max: 70_000 })), { maxLength: 30 }), (pulls) => {
      let range = { startMs: 0, endMs: 60_000 };
      for (const [isStart, toMs] of pulls) {
        range = moveHandle(range, isStart ? 'start' : 'end', toMs, 60_000);
        expect(range.startMs).toBeGreaterThanOrEqual(0);
        expect(range.endMs).toBeLessThanOrEqual(60_000);
        expect(range.endMs - range.startMs).toBeGreaterThanOrEqual(MIN_LEFT_MS);
      }
    }),
  );
});

test('keys move a handle by a second, by ten with shift, and to the ends', () => {
  const range = { startMs: 20_000, endMs: 40_000 };
  expect(handleByKey(range, 'start', 'ArrowRight', false, 60_000)).toEqual({ startMs: 21_000, endMs: 40_000 });
  expect(handleByKey(range, 'end', 'ArrowLeft', true, 60_000)).toEqual({ startMs: 20_000, endMs: 30_000 });
  expect(handleByKey(range, 'start', 'Home', false, 60_000)?.startMs).toBe(0);
  expect(handleByKey(range, 'end', 'End', false, 60_000)?.endMs).toBe(60_000);
  expect(handleByKey(range, 'start', 'End', false, 60_000)?.startMs).toBe(39_000);
  expect(handleByKey(range, 'start', 'a', false, 60_000)).toBeNull();
});

test('the whole line is no trim', () => {
  expect(trimOf({ startMs: 0, endMs: 60_000 }, 60_000)).toBeNull();
  expect(trimOf({ startMs: 1, endMs: 60_000 }, 60_000)).toEqual({ startMs: 1, endMs: 60_000 });
});

test('the chapter of a moment', () => {
  const chapters = [
    { startMs: 0, endMs: 5 },
    { startMs: 5, endMs: 9 },
  ];
  expect([0, 4, 5, 100].map((at) => chapterAt(chapters, at)?.startMs)).toEqual([0, 0, 5, 5]);
  expect(chapterAt([], 1)).toBeNull();
});
