import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK, bitsOf, createFramePainter, FRAME_SIZE, stampOf } from './latency-frame.ts';

const time = fc.integer({ min: 0, max: 2 ** 45 });

test('a burned-in time is read back as it was, mod 2^32', () => {
  fc.assert(
    fc.property(time, (atMs) => {
      expect(stampOf(bitsOf(atMs))).toBe(atMs % 2 ** 32);
    }),
  );
});

test('one wrong block, and the frame counts as unreadable', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: BLOCK.count - 1 }), (atMs, wrong) => {
      expect(stampOf(bitsOf(atMs).map((bit, index) => (index === wrong ? !bit : bit)))).toBeNull();
    }),
  );
});

test('neither black nor white nor too few blocks are a time', () => {
  for (const bit of [true, false]) expect(stampOf(Array.from({ length: BLOCK.count }, () => bit))).toBeNull();
  expect(stampOf(bitsOf(1).slice(1))).toBeNull();
});

test('the painter burns the time in and moves the rest', () => {
  const paint = createFramePainter();
  const atMs = 1_795_000_123_456;
  const frame = Buffer.from(paint(atMs, 0));
  const bits = Array.from({ length: BLOCK.count }, (_, index) => {
    const x = (index % BLOCK.perRow) * BLOCK.widthPx + BLOCK.widthPx / 2;
    const y = Math.floor(index / BLOCK.perRow) * BLOCK.heightPx + BLOCK.heightPx / 2;
    return (frame[y * FRAME_SIZE.widthPx + x] ?? 0) > 128;
  });
  expect(stampOf(bits)).toBe(atMs % 2 ** 32);
  expect(paint(atMs, 10).equals(frame)).toBe(false);
});
