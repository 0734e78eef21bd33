import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { creditTeams, draftTeams, judgeInterleaving } from './team-draft.ts';

const orderArbitrary = fc.shuffledSubarray([...'abcdefgh']);

test('every lot once, teams differ by at most one while both have lots, each takes its best left', () => {
  fc.assert(
    fc.property(orderArbitrary, orderArbitrary, fc.nat(10), fc.nat(), (a, b, length, seed) => {
      const drafted = draftTeams(a, b, length, seededUniform(seed));
      expect(drafted.length).toBe(Math.min(length, new Set([...a, ...b]).size));
      const taken = new Set<string>();
      for (const { lotId, team } of drafted) {
        expect((team === 'a' ? a : b).find((candidate) => !taken.has(candidate))).toBe(lotId);
        taken.add(lotId);
      }
      expect(taken.size).toBe(drafted.length);
      if (a.length === 8 && b.length === 8) {
        const sizeOf = (team: string) => drafted.filter((lot) => lot.team === team).length;
        expect(Math.abs(sizeOf('a') - sizeOf('b'))).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('the coin is fair: equal orders are credited equally', () => {
  const uniform = seededUniform(4);
  let a = 0;
  for (let show = 0; show < 4_000; show += 1) a += creditTeams('s', draftTeams(['x', 'y'], ['x', 'y'], 2, uniform), new Map([['x', 1]])).a;
  expect(Math.abs(a / 4_000 - 0.5)).toBeLessThan(0.03);
});

test('by hand: six shows, all for a: p = 2 / 64; five shows are refused', () => {
  const credits = Array.from({ length: 6 }, (_, i) => ({ showId: `s${i}`, a: 3, b: 0 }));
  expect(judgeInterleaving(credits, seededUniform(1))).toMatchObject({ pValue: 2 / 64, meanAdvantage: 1, wins: { a: 6, b: 0, ties: 0 } });
  expect(judgeInterleaving(credits.slice(1), seededUniform(1))).toMatchObject({
    pValue: null,
    refusal: expect.stringContaining('5 decided shows'),
  });
});

test('a thousand clicks of one show are one vote', () => {
  const even = Array.from({ length: 12 }, (_, i) => ({ showId: `s${i}`, a: i % 2, b: 1 - (i % 2) }));
  const { pValue } = judgeInterleaving([...even, { showId: 'loud', a: 1_000, b: 0 }], seededUniform(1));
  expect(pValue).toBeGreaterThan(0.5);
});

test('under equal rankers p below 5 % is about as rare as it says, also when flips are drawn', () => {
  const uniform = seededUniform(8);
  let found = 0;
  for (let run = 0; run < 200; run += 1) {
    const credits = Array.from({ length: 20 }, (_, i) => ({ showId: `s${i}`, a: Math.floor(uniform() * 5), b: Math.floor(uniform() * 5) }));
    if ((judgeInterleaving(credits, uniform, 300).pValue ?? 1) < 0.05) found += 1;
  }
  expect(found).toBeLessThan(22);
});

test('refuses a show given twice and credits below 0', () => {
  const credit = { showId: 's', a: 1, b: 0 };
  expect(() => judgeInterleaving([credit, credit], seededUniform(1))).toThrow('row 2: show s is given twice');
  expect(() => judgeInterleaving([{ ...credit, a: -1 }], seededUniform(1))).toThrow('row 1');
});
