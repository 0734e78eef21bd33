import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hllStamp } from './hyperloglog.ts';
import { SALT_COUNT_MAX, saltOf } from './salt.ts';

const viewer = (n: number) => `vwr_${n.toString(16).padStart(32, '0')}`;
const counts = fc.integer({ min: 1, max: SALT_COUNT_MAX });

test('a viewer has one salt, within the count; nobody takes the first', () => {
  fc.assert(
    fc.property(fc.string(), counts, (viewerId, saltCount) => {
      const salt = saltOf(viewerId, saltCount);
      expect(salt).toBe(saltOf(viewerId, saltCount));
      expect(salt >= 0 && salt < saltCount && Number.isInteger(salt)).toBe(true);
      expect(saltOf(null, saltCount)).toBe(0);
    }),
  );
});

test('raising the count to a multiple splits salts and mixes none', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (viewerId, saltCount, times) => {
      expect(saltOf(viewerId, saltCount * times) % saltCount).toBe(saltOf(viewerId, saltCount));
    }),
  );
});

test('viewers spread evenly: no salt of 16 is a tenth off with 100,000 of them, and it says nothing of the HLL bucket', () => {
  const perSalt = new Array<number>(16).fill(0);
  const together = new Array<number>(16).fill(0);
  for (let n = 0; n < 100_000; n += 1) {
    const salt = saltOf(viewer(n), 16);
    perSalt[salt] = (perSalt[salt] as number) + 1;
    if (hllStamp(viewer(n)).bucket % 16 === 0) together[salt] = (together[salt] as number) + 1;
  }
  for (const count of perSalt) expect(Math.abs(count - 6_250)).toBeLessThan(400);
  for (const count of together) expect(Math.abs(count - 390)).toBeLessThan(120);
});

test.each([0, -1, 1.5, SALT_COUNT_MAX + 1, Number.NaN])('%d is no salt count', (saltCount) => {
  expect(() => saltOf(viewer(1), saltCount)).toThrow(RangeError);
});
