import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HLL_BUCKETS, hllEstimate, hllStamp, murmur3 } from './hyperloglog.ts';

test('murmur3 gives the published values', () => {
  // Reference vectors of MurmurHash3_x86_32 (SMHasher).
  expect(murmur3('', 0)).toBe(0);
  expect(murmur3('', 1)).toBe(0x514e28b7);
  expect(murmur3('abc', 0)).toBe(0xb3dd93fa);
  expect(murmur3('Hello, world!', 0x9747b28c)).toBe(0x24884cba);
  expect(murmur3('The quick brown fox jumps over the lazy dog', 0x9747b28c)).toBe(0x2fa826cd);
});

test('a stamp is always inside its columns and never changes', () => {
  expect(hllStamp('vwr_0197f0c2e1b87d3aa5b06c1d9e4f2a10')).toEqual(hllStamp('vwr_0197f0c2e1b87d3aa5b06c1d9e4f2a10'));
  fc.assert(
    fc.property(fc.string(), (member) => {
      const { bucket, rank } = hllStamp(member);
      return bucket >= 0 && bucket < HLL_BUCKETS && rank >= 1 && rank <= 54;
    }),
  );
});

test.each([10, 1_000, 4_000, 50_000])('%i members are estimated within three standard errors', (count) => {
  const stamps = Array.from({ length: count }, (_, at) => hllStamp(`vwr_${at.toString(16).padStart(32, '0')}`));
  const estimate = hllEstimate(stamps.map(({ bucket, rank }) => [bucket, rank] as const));
  expect(Math.abs(estimate - count)).toBeLessThanOrEqual(Math.max(1, count * 3 * (1.04 / Math.sqrt(HLL_BUCKETS))));
});

test('repeats and order change nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 50 }), (members) => {
      const rows = members.map(hllStamp).map(({ bucket, rank }) => [bucket, rank] as const);
      return hllEstimate(rows) === hllEstimate([...rows, ...rows].reverse());
    }),
  );
});
