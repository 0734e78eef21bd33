import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { BetaPosteriors } from './beta-posteriors.ts';
import { LogisticPosterior } from './logistic-posterior.ts';
import { type SlateCandidate, suggestSlate } from './suggest-slate.ts';
import { noteHostAct, noteOutcome, recordSuggestion } from './suggestion-record.ts';
import { betaDraw, drawSlates, slotChances } from './thompson-slots.ts';

describe('Thompson sampling', () => {
  test('two uniform posteriors win half of the time; Beta(2, 1) beats Beta(1, 1) in 2 of 3', () => {
    const chanceFirst = (alphas: number[], betas: number[]) =>
      slotChances(drawSlates(betaDraw(alphas, betas), 2, 1, 40_000, seededUniform(3)), 2, 1)[0] as number;
    expect(chanceFirst([1, 1], [1, 1])).toBeCloseTo(1 / 2, 1);
    // P(X > Y), X ~ Beta(2, 1), Y uniform = E[X] = 2 / 3
    expect(Math.abs(chanceFirst([2, 1], [1, 1]) - 2 / 3)).toBeLessThan(0.01);
  });
  test('chances of a slot sum to 1, those of a candidate to at most 1', () => {
    const chances = slotChances(drawSlates(betaDraw([1, 5, 2, 9], [9, 9, 9, 9]), 4, 3, 500, seededUniform(1)), 4, 3);
    for (let slot = 0; slot < 3; slot += 1)
      expect([0, 1, 2, 3].reduce((sum, c) => sum + (chances[c * 3 + slot] as number), 0)).toBeCloseTo(1, 9);
    for (let c = 0; c < 4; c += 1)
      expect([0, 1, 2].reduce((sum, slot) => sum + (chances[c * 3 + slot] as number), 0)).toBeLessThanOrEqual(1 + 1e-9);
  });
  test('refuses parameters that are not above 0, by row and column', () => {
    expect(() => betaDraw([1, 0], [1, 1])).toThrow('row 2: column alpha: 0');
    expect(() => betaDraw([1, 1], [1, Number.NaN])).toThrow('row 2: column beta: NaN');
  });
});

describe('Beta posteriors', () => {
  test('count what happened on top of the prior, in any order, and survive a restart', () => {
    const posteriors = new BetaPosteriors({ alpha: 2, beta: 8 });
    posteriors.add('a', 1, 3);
    posteriors.add('a', 2, 0);
    expect(posteriors.of('a')).toEqual({ alpha: 5, beta: 11 });
    expect(posteriors.meanOf('new')).toBeCloseTo(0.2, 12);
    expect(BetaPosteriors.restore(posteriors.snapshot()).of('a')).toEqual({ alpha: 5, beta: 11 });
    expect(() => posteriors.add('a', -1, 0)).toThrow('column a');
    expect(() => BetaPosteriors.restore(new Uint8Array(3))).toThrow('not a snapshot');
  });
});

describe('logistic posterior', () => {
  const TRUE_WEIGHTS = [-1, 1.5, -0.5];
  const rowsFor = (count: number, seed: number) => {
    const uniform = seededUniform(seed);
    return Array.from({ length: count }, () => {
      const features = [1, uniform() * 2 - 1, uniform() * 4 - 2];
      const margin = TRUE_WEIGHTS.reduce((sum, w, j) => sum + w * (features[j] as number), 0);
      return { features, isSuccess: uniform() < 1 / (1 + Math.exp(-margin)) };
    });
  };
  test('finds the weights behind the data, batch by batch, and grows surer', () => {
    const posterior = new LogisticPosterior(3);
    for (let batch = 0; batch < 40; batch += 1) posterior.learn(rowsFor(100, batch + 1));
    for (const [j, weight] of TRUE_WEIGHTS.entries()) expect(Math.abs((posterior.means[j] as number) - weight)).toBeLessThan(0.2);
    expect(Math.min(...posterior.precisions)).toBeGreaterThan(200);
  });
  test('by hand: one success on one feature: the mode solves w = 1 - p(w)', () => {
    const posterior = new LogisticPosterior(1, 1);
    posterior.learn([{ features: [1], isSuccess: true }]);
    const w = posterior.means[0] as number;
    expect(w).toBeCloseTo(1 - 1 / (1 + Math.exp(-w)), 6);
    expect(posterior.precisions[0]).toBeCloseTo(1 + posterior.chance([1]) * (1 - posterior.chance([1])), 9);
  });
  test('draws scatter as the precisions say; a snapshot keeps all', () => {
    const posterior = new LogisticPosterior(1, 4);
    const uniform = seededUniform(5);
    const draws = Array.from({ length: 4_000 }, () => posterior.drawWeights(uniform)[0] as number);
    expect(Math.sqrt(draws.reduce((sum, w) => sum + w * w, 0) / draws.length)).toBeCloseTo(0.5, 1);
    posterior.learn([{ features: [2], isSuccess: false }]);
    const restored = LogisticPosterior.restore(posterior.snapshot());
    expect([restored.means, restored.precisions]).toEqual([posterior.means, posterior.precisions]);
  });
  test('refuses rows that do not fit', () => {
    expect(() => new LogisticPosterior(2).learn([{ features: [1], isSuccess: true }])).toThrow('row 1: 1 features');
    expect(() => new LogisticPosterior(1).learn([{ features: [Number.NaN], isSuccess: true }])).toThrow('row 1: column 0');
  });
});

const candidates: SlateCandidate[] = [
  { lotId: 'a', score: 1 },
  { lotId: 'b', score: 0.9 },
  { lotId: 'c', score: 0.85 },
  { lotId: 'd', score: 0.1 },
];
const draw = betaDraw([20, 18, 17, 2], [80, 82, 83, 98]);

describe('suggested slates', () => {
  test('propensities of a slot sum to 1 and are what happens', () => {
    const shown = new Map<string, number>();
    const expected = new Map<string, number>();
    const runs = 3_000;
    for (let seed = 0; seed < runs; seed += 1) {
      const { slots, propensities } = suggestSlate(candidates, draw, seed, { slotCount: 2, exploreRatio: 0.3, drawCount: 60 });
      for (const slot of [0, 1])
        expect(candidates.reduce((sum, _, c) => sum + (propensities[c * 2 + slot] as number), 0)).toBeCloseTo(1, 9);
      for (const [slot, { lotId, propensity }] of slots.entries()) {
        expect(propensity).toBeGreaterThan(0);
        shown.set(`${slot}${lotId}`, (shown.get(`${slot}${lotId}`) ?? 0) + 1 / runs);
      }
      for (const [c, { lotId }] of candidates.entries())
        for (const slot of [0, 1])
          expected.set(`${slot}${lotId}`, (expected.get(`${slot}${lotId}`) ?? 0) + (propensities[c * 2 + slot] as number) / runs);
    }
    for (const [key, share] of expected) expect(Math.abs((shown.get(key) ?? 0) - share)).toBeLessThan(0.03);
  });
  test('inverse propensity weighting of the log finds the mean of a random policy', () => {
    const worth: Record<string, number> = { a: 1, b: 4, c: 2, d: 8 };
    let sum = 0;
    const runs = 6_000;
    for (let seed = 0; seed < runs; seed += 1) {
      const [slot] = suggestSlate(candidates, draw, seed, { exploreRatio: 0.5, nearRatio: 1, drawCount: 30 }).slots;
      sum += ((0.25 / (slot?.propensity as number)) * (worth[slot?.lotId as string] as number)) / runs;
    }
    expect(Math.abs(sum - 3.75)).toBeLessThan(0.25);
  });
  test('explores about as often as told, only among near-equal lots, and every near-equal lot keeps its floor', () => {
    let explored = 0;
    for (let seed = 0; seed < 3_000; seed += 1) {
      const { slots, isExploration, propensities } = suggestSlate(candidates, draw, seed, { drawCount: 20 });
      if (isExploration) {
        explored += 1;
        expect(slots[0]?.lotId).not.toBe('d');
      }
      for (const c of [0, 1, 2]) expect(propensities[c]).toBeGreaterThanOrEqual(0.03 / 3 - 1e-12);
    }
    expect(Math.abs(explored / 3_000 - 0.03)).toBeLessThan(0.012);
  });
  test('replays from its seed; refuses what makes no sense', () => {
    expect(suggestSlate(candidates, draw, 9)).toEqual(suggestSlate(candidates, draw, 9));
    expect(suggestSlate(candidates.slice(0, 1), draw, 9, { slotCount: 3 }).slots).toEqual([{ lotId: 'a', propensity: 1 }]);
    expect(() => suggestSlate([], draw, 1)).toThrow('no candidates');
    expect(() => suggestSlate([candidates[0], candidates[0]] as SlateCandidate[], draw, 1)).toThrow('row 2: column lotId');
    expect(() => suggestSlate(candidates, draw, 1, { exploreRatio: 1.1 })).toThrow('column exploreRatio');
  });
});

describe('the record of a suggestion', () => {
  const record = recordSuggestion({
    suggestionId: 'sug_1',
    showId: 'shw_1',
    suggestedAtMs: 1_000,
    modelVersion: '1',
    candidates,
    slate: suggestSlate(candidates, draw, 3),
    orders: { fixed: ['a'], recency: ['b'], loudest: ['c'] },
  });
  test('holds what was known before display', () => {
    expect(record).toMatchObject({ host: null, outcomes: [], seed: 3, orders: { recency: ['b'] } });
    expect(record.slots[0]?.propensity).toBeGreaterThan(0);
  });
  test('the first act of the host stands', () => {
    const took = noteHostAct(record, { act: 'took', onAirLotId: 'a', actedAtMs: 1_500 });
    expect(noteHostAct(took, { act: 'late', onAirLotId: 'b', actedAtMs: 9_000 }).host?.act).toBe('took');
  });
  test('an outcome counts for a candidate, within its window, edge included', () => {
    const at = (occurredAtMs: number, lotId = 'a') =>
      noteOutcome(record, { kind: 'click', lotId, occurredAtMs, valueMinor: 0 }).outcomes.length;
    expect([at(999), at(1_000), at(1_000 + 600_000), at(1_001 + 600_000), at(1_000, 'stranger')]).toEqual([0, 1, 1, 0, 0]);
  });
});

test('Thompson sampling over Beta posteriors ends up showing the best lot', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const uniform = seededUniform(seed);
      const truth: Record<string, number> = { a: 0.1, b: 0.5, c: 0.2 };
      const posteriors = new BetaPosteriors();
      const lotIds = Object.keys(truth);
      let best = 0;
      for (let round = 0; round < 400; round += 1) {
        const scored = lotIds.map((lotId) => ({ lotId, score: posteriors.meanOf(lotId) }));
        const { slots } = suggestSlate(scored, posteriors.drawFor(lotIds), Math.floor(uniform() * 2 ** 31), { drawCount: 5 });
        const lotId = slots[0]?.lotId as string;
        const isSuccess = uniform() < (truth[lotId] as number);
        posteriors.add(lotId, isSuccess ? 1 : 0, isSuccess ? 0 : 1);
        if (round >= 200 && lotId === 'b') best += 1;
      }
      expect(best).toBeGreaterThan(140);
    }),
    { numRuns: 10 },
  );
});
