// Hand-computed cases, one block a metric, and the invariances each must have.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustedRandIndex } from './adjusted-rand-index.ts';
import { auc } from './auc.ts';
import { averagePrecision } from './average-precision.ts';
import { brierScore } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { clusteringAccuracy } from './clustering-accuracy.ts';
import { effectiveSampleSize } from './effective-sample-size.ts';
import { normalizedGini } from './gini.ts';
import { hitAt } from './hit-rate.ts';
import { fromBaseDiscount, ndcgAt } from './ndcg.ts';
import { normalizedMutualInformation } from './normalized-mutual-information.ts';
import { pairF1 } from './pair-f1.ts';
import { pairedDifference } from './paired-difference.ts';
import { recallAt } from './recall.ts';
import { reciprocalRankAt } from './reciprocal-rank.ts';

test('Gini: perfect 1, reversed -1, constant score 0, and a case by hand', () => {
  expect(normalizedGini([0, 1, 2, 3], [0, 1, 2, 3])).toBeCloseTo(1, 12);
  expect(normalizedGini([0, 1, 2, 3], [3, 2, 1, 0])).toBeCloseTo(-1, 12);
  expect(normalizedGini([0, 1, 2, 3], [5, 5, 5, 5])).toBeCloseTo(0, 12);
  // gains 3,0,1 in score order 2nd,1st,3rd = 0,3,1: area = (0/2 + (0+3)/2 + (3+4)/2)/(3*4) = 5/12; perfect 3,1,0: 9/12 - ... = (1.5+3.5+4)/12
  expect(normalizedGini([3, 0, 1], [2, 3, 1])).toBeCloseTo((5 / 12 - 0.5) / (9 / 12 - 0.5), 12);
  expect(() => normalizedGini([1, -1], [0, 1])).toThrow(RangeError);
  expect(() => normalizedGini([], [])).toThrow(/empty/);
});

test('AUC and average precision by hand, with a tie', () => {
  expect(auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(0.75, 12);
  expect(auc([0, 1], [0.5, 0.5])).toBeCloseTo(0.5, 12);
  expect(() => auc([1, 1], [0.1, 0.2])).toThrow(/both classes/);
  expect(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  expect(averagePrecision([0, 1], [0.5, 0.5])).toBeCloseTo(0.5, 12);
});

test('Brier and calibration error by hand', () => {
  expect(brierScore([1, 0], [0.8, 0.4])).toBeCloseTo((0.04 + 0.16) / 2, 12);
  expect(calibrationError([1, 0, 1, 1], [0.5, 0.5, 0.9, 0.9], 2)).toBeCloseTo((0 + 0.2) / 4, 12);
});

describe('clusterings', () => {
  const classes = ['a', 'a', 'a', 'b', 'b', 'c'];
  const groups = [1, 1, 2, 2, 2, 3];
  test('pair precision, recall and F1 by hand', () => {
    // same class: 3 + 1 + 0 = 4 pairs; same group: 1 + 3 + 0 = 4; both: (a in 1) 1 + (b in 2) 1 = 2
    expect(pairF1(classes, groups)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
  });
  test('adjusted Rand by hand', () => {
    const expected = (4 * 4) / 15;
    expect(adjustedRandIndex(classes, groups)).toBeCloseTo((2 - expected) / (4 - expected), 12);
  });
  test('accuracy is the best one-to-one matching', () => {
    expect(clusteringAccuracy(classes, groups)).toBeCloseTo(5 / 6, 12);
    expect(clusteringAccuracy(['a', 'b', 'c', 'd'], [1, 1, 1, 1])).toBeCloseTo(1 / 4, 12);
  });
  test('mutual information: same partition 1, independent 0', () => {
    expect(normalizedMutualInformation(classes, ['x', 'x', 'x', 'y', 'y', 'z'])).toBeCloseTo(1, 12);
    expect(normalizedMutualInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(0, 12);
  });
  test('renaming groups and shuffling rows changes nothing; a copy of the classes is perfect', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 40 }), (rows) => {
        const of = (all: typeof rows, rename: (g: number) => string | number) => {
          const c = all.map((row) => row[0]);
          const g = all.map((row) => rename(row[1]));
          return [adjustedRandIndex(c, g), normalizedMutualInformation(c, g), clusteringAccuracy(c, g), pairF1(c, g).f1];
        };
        const plain = of(rows, (g) => g);
        for (const [index, value] of of([...rows].reverse(), (g) => `g${9 - g}`).entries())
          expect(value).toBeCloseTo(plain[index] as number, 9);
        const c = rows.map((row) => row[0]);
        expect(clusteringAccuracy(c, c)).toBe(1);
        expect(adjustedRandIndex(c, c)).toBeCloseTo(1, 12);
      }),
    );
  });
});

test('ranked lists by hand', () => {
  const ranked = ['a', 'b', 'c', 'd'];
  expect([hitAt(ranked, 'c', 3), hitAt(ranked, 'c', 2), reciprocalRankAt(ranked, 'c', 3), reciprocalRankAt(ranked, 'x', 3)]).toEqual([
    1,
    0,
    1 / 3,
    0,
  ]);
  expect(recallAt(ranked, ['b', 'b', 'x'], 2)).toBeCloseTo(1 / 3, 12);
  const gains: Record<string, number> = { a: 0, b: 3, c: 1 };
  expect(ndcgAt(ranked, (item) => gains[item] ?? 0, [3, 1], 10)).toBeCloseTo((3 / Math.log2(3) + 1 / 2) / (3 + 1 / Math.log2(3)), 12);
  // first two ranks undiscounted: (0 + 3 + 1 / log2 3) / (3 + 1)
  expect(ndcgAt(ranked, (item) => gains[item] ?? 0, [1, 3], 10, fromBaseDiscount)).toBeCloseTo((3 + 1 / Math.log2(3)) / 4, 12);
  expect([recallAt(ranked, [], 4), ndcgAt(ranked, () => 0, [], 4), hitAt([], 'a', 4)]).toEqual([0, 0, 0]);
});

test('effective sample size by hand', () => {
  expect(effectiveSampleSize([1, 1, 1, 1])).toEqual({ ess: 4, largest: 1, mean: 1 });
  expect(effectiveSampleSize([3, 1]).ess).toBeCloseTo(16 / 10, 12);
  expect(effectiveSampleSize([0, 0]).ess).toBe(0);
});

test('paired difference by hand, over cases and over clusters', () => {
  // differences 1, 3: mean 2, standard deviation sqrt 2, error sqrt(2) / sqrt(2) = 1
  expect(pairedDifference([2, 3], [1, 0])).toEqual({ mean: 2, standardError: 1 });
  // two clusters with sums of centred differences -2 and 2: sqrt(8 * 2 / 1) / 4
  expect(pairedDifference([1, 1, 3, 3], [0, 0, 0, 0], ['x', 'x', 'y', 'y'])).toEqual({ mean: 2, standardError: 1 });
  expect(pairedDifference([1], [0]).standardError).toBeNull();
  expect(() => pairedDifference([1], [])).toThrow();
});

test('ranking metrics depend on order only: any increasing map of the scores gives the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -20, max: 20 })), { minLength: 4, maxLength: 50 }),
      (rows) => {
        const labels = rows.map((row) => row[0]);
        fc.pre(labels.includes(0) && labels.includes(1));
        const scores = rows.map((row) => row[1]);
        const mapped = scores.map((score) => Math.exp(score / 3) * 7 - 2);
        expect(auc(labels, mapped)).toBeCloseTo(auc(labels, scores), 12);
        expect(averagePrecision(labels, mapped)).toBeCloseTo(averagePrecision(labels, scores), 12);
        expect(normalizedGini(labels, mapped)).toBeCloseTo(normalizedGini(labels, scores), 12);
        expect(normalizedGini(labels, scores)).toBeCloseTo(2 * auc(labels, scores) - 1, 9);
      },
    ),
  );
});
