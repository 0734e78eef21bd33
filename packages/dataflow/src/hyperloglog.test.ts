import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HLL_BUCKETS, hllEstimate, hllStamp, murmur3 } from './hyperloglog.ts';

const STANDARD_ERROR = 1.04 / Math.sqrt(HLL_BUCKETS);
const SEEDS = [1, 2, 3, 4, 5];

/** The n-th viewer of a seed: an id like those the product makes. */
const viewer = (seed: number, n: number) => `vwr_${seed.toString(16).padStart(12, '0')}7${n.toString(16).padStart(19, '0')}`;

/** What a table keeps: the greatest rank of each bucket. */
type Registers = Map<number, number>;
function add(registers: Registers, member: string): void {
  const { bucket, rank } = hllStamp(member);
  if (rank > (registers.get(bucket) ?? 0)) registers.set(bucket, rank);
}
const mergeByMax = (parts: readonly Registers[]): Registers => {
  const merged: Registers = new Map();
  for (const part of parts) for (const [bucket, rank] of part) merged.set(bucket, Math.max(rank, merged.get(bucket) ?? 0));
  return merged;
};
const sorted = (registers: Registers) => [...registers].sort(([left], [right]) => left - right);

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

describe('the estimate', () => {
  test.each([10, 100, 1_000, 4_000, 5_000, 6_000, 10_000, 50_000, 100_000, 1_000_000])(
    'of %i members is within three standard errors for every seed',
    (count) => {
      const errors = (count < 1_000_000 ? SEEDS : SEEDS.slice(0, 3)).map((seed) => {
        const registers: Registers = new Map();
        for (let n = 0; n < count; n += 1) add(registers, viewer(seed, n));
        return hllEstimate(registers) / count - 1;
      });
      for (const error of errors) expect(Math.abs(error)).toBeLessThanOrEqual(Math.max(1 / count, 3 * STANDARD_ERROR));
      // And it leans to no side: the mean of several is nearer still.
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(Math.abs(mean)).toBeLessThanOrEqual(Math.max(1 / count, (3 * STANDARD_ERROR) / Math.sqrt(errors.length)));
    },
  );

  test('of nobody is nobody, and of one is one', () => {
    expect(hllEstimate([])).toBe(0);
    expect(hllEstimate([[7, 3]])).toBe(1);
  });

  test('does not depend on repeats and order', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 50 }), (members) => {
        const rows = members.map(hllStamp).map(({ bucket, rank }) => [bucket, rank] as const);
        return hllEstimate(rows) === hllEstimate([...rows, ...rows].reverse());
      }),
    );
  });
});

describe('shows and days merge by MAX', () => {
  test('into exactly the registers of all their viewers together, however they are cut', () => {
    let sharedCount = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(60), { maxLength: 60 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 0, max: 5 }),
        (parts, turn) => {
          const registersOf = (members: readonly number[]) => {
            const registers: Registers = new Map();
            for (const n of members) add(registers, viewer(9, n));
            return registers;
          };
          const union = registersOf(parts.flat());
          const turned = [...parts.slice(turn % parts.length), ...parts.slice(0, turn % parts.length)];
          sharedCount += parts.flat().length - new Set(parts.flat()).size;
          expect(sorted(mergeByMax(turned.map(registersOf)))).toEqual(sorted(union));
        },
      ),
    );
    expect(sharedCount).toBeGreaterThan(100);
  });

  test.each(SEEDS)('and count who came to several of them once (seed %i)', (seed) => {
    // Seven evenings of 20,000; half of each were there the evening before.
    const perEvening = 20_000;
    const evenings = Array.from({ length: 7 }, (_, evening) => {
      const registers: Registers = new Map();
      for (let n = 0; n < perEvening; n += 1) add(registers, viewer(seed, (evening * perEvening) / 2 + n));
      return registers;
    });
    const distinctCount = perEvening + (6 * perEvening) / 2;
    const estimate = hllEstimate(mergeByMax(evenings));
    expect(Math.abs(estimate / distinctCount - 1)).toBeLessThanOrEqual(3 * STANDARD_ERROR);
    // The sum of the evenings would count them twice.
    const sum = evenings.reduce((total, evening) => total + hllEstimate(evening), 0);
    expect(sum).toBeGreaterThan(distinctCount * 1.5);
  });
});
