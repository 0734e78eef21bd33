import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleGamma } from '../math/sampling.ts';
import { seededUniform } from '../math/seeded-random.ts';
import { fitTweedie, predictTweedie } from '../math/tweedie-regression.ts';
import { normalizedGini } from '../metrics/gini.ts';
import { summarizeCustomers, type Transaction } from './lifetime/customer-summary.ts';
import { bytesToValueScore, learnValueScore } from './value-score.ts';

/** Customers with a rate, a chance to leave and a spend level of their own; days 0..maxDay. */
function simulateShop(customerCount: number, maxDay: number, seed: number): Transaction[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: customerCount }, (_, n) => {
    const perDay = sampleGamma(uniform, 0.6, 40);
    const leaves = sampleGamma(uniform, 1, 1 / 150);
    const level = sampleGamma(uniform, 3, 0.1);
    const rows: Transaction[] = [];
    for (
      let day = Math.floor(uniform() * 60);
      day <= maxDay && day <= leaves + 60;
      day += 1 + Math.floor(-Math.log(1 - uniform()) / perDay)
    ) {
      rows.push({ customer: `c${n}`, day, amount: Math.round(100 * sampleGamma(uniform, 4, 4 / level)) / 100 });
    }
    return rows;
  }).flat();
}

describe('Tweedie regression', () => {
  test('finds the weights data were made with', () => {
    const uniform = seededUniform(5);
    const rows = Array.from({ length: 5_000 }, () => [uniform() * 2, uniform() * 4 - 1]);
    const targets = rows.map(([a, b]) => sampleGamma(uniform, 2, 2 / Math.exp(0.5 + 0.8 * (a as number) - 0.3 * (b as number))));
    const model = fitTweedie(rows, targets, { ridge: 0.001 });
    expect(model?.intercept).toBeCloseTo(0.5, 0.8);
    expect(model?.weights[0]).toBeCloseTo(0.8, 1);
    expect(model?.weights[1]).toBeCloseTo(-0.3, 1);
  });
  test('a unit of a feature does not matter, and nothing to learn is told', () => {
    const rows = Array.from({ length: 300 }, (_, i) => [i % 7, (i * 13) % 11]);
    const targets = rows.map(([a]) => 1 + (a as number));
    const plain = fitTweedie(rows, targets);
    const scaled = fitTweedie(
      rows.map(([a, b]) => [(a as number) * 1000, b as number]),
      targets,
    );
    expect(predictTweedie(scaled!, [3000, 2])).toBeCloseTo(predictTweedie(plain!, [3, 2]), 6);
    expect(
      fitTweedie(
        rows,
        rows.map(() => 0),
      ),
    ).toBeNull();
  });
});

describe('[CP1] the value score', () => {
  test('ranks simulated customers better than past spend, from their own past only', () => {
    const rows = simulateShop(800, 600, 3);
    const { customers, holdout } = summarizeCustomers(rows, 300, 600);
    const score = learnValueScore(rows, 300, 300 / 7);
    expect(score.kind).toBe('blend');
    const later = holdout.map(({ spend }) => spend);
    const gini = normalizedGini(later, customers.map(score.score));
    expect(gini).toBeGreaterThan(
      normalizedGini(
        later,
        customers.map((customer) => customer.firstSpend + customer.repeatSpend),
      ) + 0.02,
    );
    // Rows after the end must not change a thing.
    const blind = learnValueScore(
      rows.filter(({ day }) => day <= 300),
      300,
      300 / 7,
    );
    expect(customers.map(blind.score)).toEqual(customers.map(score.score));
    const back = bytesToValueScore(score.toBytes());
    expect(customers.map(back.score)).toEqual(customers.map(score.score));
  });

  test('another currency changes no order and scales the score', () => {
    const rows = simulateShop(400, 500, 8);
    const { customers } = summarizeCustomers(rows, 300);
    const inCents = rows.map((row) => ({ ...row, amount: row.amount * 100 }));
    const plain = learnValueScore(rows, 300, 20);
    const cents = learnValueScore(inCents, 300, 20);
    expect([plain.kind, cents.kind]).toEqual(['blend', 'blend']);
    for (const [i, customer] of summarizeCustomers(inCents, 300).customers.entries()) {
      const ratio = cents.score(customer) / plain.score(customers[i]!);
      expect(Math.abs(ratio / 100 - 1)).toBeLessThan(0.02);
    }
  });

  test('the cohort as a whole is worth what the models say', () => {
    const rows = simulateShop(400, 500, 8);
    const { customers, holdout } = summarizeCustomers(rows, 300, 500);
    const score = learnValueScore(rows, 300, 200 / 7);
    const forecast = customers.reduce((sum, customer) => sum + score.score(customer), 0);
    const later = holdout.reduce((sum, { spend }) => sum + spend, 0);
    expect(forecast / later).toBeGreaterThan(0.4);
    expect(forecast / later).toBeLessThan(2.5);
  });

  test('what cannot carry a blend falls back with its reason', () => {
    const few = learnValueScore(simulateShop(60, 300, 4), 300, 10);
    expect(few).toMatchObject({ kind: 'spend_times_purchases', reason: expect.stringContaining('fewer than 200') });
    const single = learnValueScore([{ customer: 'a', day: 1, amount: 5 }], 9, 10);
    expect(single).toMatchObject({ kind: 'fading_spend', reason: expect.any(String) });
    expect(single.score(summarizeCustomers([{ customer: 'a', day: 1, amount: 5 }], 9).customers[0]!)).toBeGreaterThan(0);
  });

  const CDNOW = new URL('../../../../../shared/data/cdnow/CDNOW_sample.txt', import.meta.url);
  test.skipIf(!existsSync(CDNOW))('beats past spend (.680) on CDNOW and reaches .70 (skipped without the data set)', () => {
    const day = (text: string) => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;
    const rows = readFileSync(CDNOW, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const transactions = rows.map((row) => ({ customer: row[1] as string, day: day(row[2] as string), amount: Number(row[4]) }));
    const { customers, holdout } = summarizeCustomers(transactions, day('19970930'), day('19980630'));
    const score = learnValueScore(transactions, day('19970930'), 39);
    expect(
      normalizedGini(
        holdout.map(({ spend }) => spend),
        customers.map(score.score),
      ),
    ).toBeGreaterThan(0.7);
  });
});
