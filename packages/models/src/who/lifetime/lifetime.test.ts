import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hypergeometric2F1, hypergeometric2F1One } from '../../math/hypergeometric.ts';
import { logGamma } from '../../math/log-gamma.ts';
import { bgNbd, bgNbdLogLikelihood, fitBgNbd } from './bg-nbd.ts';
import { summarizeCustomers, type Transaction } from './customer-summary.ts';
import { fitGammaGamma } from './gamma-gamma.ts';
import { fitMbgCnbdK, mbgCnbdK, mbgCnbdLogLikelihood } from './mbg-cnbd-k.ts';
import { fitMbgNbd, mbgNbd, mbgNbdLogLikelihood } from './mbg-nbd.ts';
import { fitParetoNbd, paretoNbd } from './pareto-nbd.ts';
import { simulateRhythm } from './simulate-rhythm.ts';

const history = fc
  .record({
    frequency: fc.integer({ min: 0, max: 40 }),
    first: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    ageWeeks: fc.double({ min: 1, max: 100, noNaN: true }),
  })
  .map(({ frequency, first, ageWeeks }) => ({
    frequency,
    tRecencyWeeks: frequency === 0 ? 0 : first * ageWeeks,
    ageWeeks,
    sumLogIntervals: 0,
  }));
const parameters = fc.record({
  r: fc.double({ min: 0.1, max: 3, noNaN: true }),
  alpha: fc.double({ min: 0.5, max: 20, noNaN: true }),
  a: fc.double({ min: 0.1, max: 3, noNaN: true }),
  b: fc.double({ min: 0.1, max: 5, noNaN: true }),
});

describe('special functions', () => {
  test('ln Gamma at whole and half numbers', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  });
  test('2F1 against closed forms: (1-z)^-a, and -ln(1-z)/z', () => {
    for (const z of [-5, -0.5, 0, 0.3, 0.9]) expect(hypergeometric2F1(1.7, 2.3, 2.3, z)).toBeCloseTo((1 - z) ** -1.7, 9);
    for (const z of [-3, 0.2, 0.8]) expect(hypergeometric2F1(1, 1, 2, z)).toBeCloseTo(-Math.log(1 - z) / z, 10);
    expect(() => hypergeometric2F1(1, 1, 2, 1)).toThrow(RangeError);
    for (const [a, c, z] of [
      [0.7, 3.1, 0.2],
      [2.5, 1.4, 0.9],
      [12, 13.5, 0.99],
    ] as const) {
      expect(hypergeometric2F1One(a, c, z) / hypergeometric2F1(a, 1, c, z)).toBeCloseTo(1, 10);
    }
    // 2F1(a, 1; a + 1; z) at z -> 1 grows like -a ln(1 - z): finite and quick where the series would need a million terms
    expect(hypergeometric2F1One(2, 3, 1 - 1e-6)).toBeCloseTo((-2 / (1 - 1e-6) ** 2) * (1 - 1e-6 + Math.log(1e-6)), 6);
  });
});

describe('customer summary', () => {
  const at = (customer: string, day: number, amount = 1): Transaction => ({ customer, day, amount });
  test('purchases of one day are one, the first does not count, and what comes later is the truth', () => {
    const { customers, holdout } = summarizeCustomers(
      [at('a', 0, 5), at('a', 7, 2), at('a', 7, 3), at('a', 21, 4), at('a', 30, 9), at('b', 14)],
      28,
      40,
    );
    expect(customers[0]).toMatchObject({ frequency: 2, tRecencyWeeks: 3, ageWeeks: 4, firstSpend: 5, repeatSpend: 9 });
    expect(customers[1]).toMatchObject({ frequency: 0, tRecencyWeeks: 0, ageWeeks: 2 });
    expect(holdout).toEqual([
      { purchaseCount: 1, spend: 9 },
      { purchaseCount: 0, spend: 0 },
    ]);
  });
  test('bad input names row and column', () => {
    expect(() => summarizeCustomers([at('a', 0), at('a', 1, -2)], 9)).toThrow('row 2: column amount: -2 is not an amount >= 0');
    expect(() => summarizeCustomers([at('a', Number.NaN)], 9)).toThrow('row 1: column date');
    expect(() => summarizeCustomers([], 9)).toThrow('there are no transactions');
    expect(() => summarizeCustomers([at('a', 50)], 9)).toThrow('no customer bought before');
  });
  test('order of rows does not matter', () => {
    const row = fc.record({
      customer: fc.constantFrom('a', 'b'),
      day: fc.integer({ min: 0, max: 60 }),
      amount: fc.integer({ min: 0, max: 90 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        fc.pre(rows.some(({ day }) => day <= 30));
        const of = (all: typeof rows) => summarizeCustomers(all, 30, 60).customers.toSorted((a, b) => a.customer.localeCompare(b.customer));
        expect(of([...rows].reverse())).toEqual(of(rows));
      }),
    );
  });
});

describe('identities', () => {
  test('MBG/CNBD-k at k = 1 is MBG/NBD: likelihood, alive, forecast', () => {
    fc.assert(
      fc.property(parameters, history, (p, h) => {
        expect(mbgCnbdLogLikelihood({ k: 1, ...p })(h)).toBeCloseTo(mbgNbdLogLikelihood(p)(h), 6);
        expect(mbgCnbdK({ k: 1, ...p }).probabilityAlive(h)).toBeCloseTo(mbgNbd(p).probabilityAlive(h), 8);
        fc.pre(Math.abs(p.a - 1) > 0.01);
        const exact = mbgNbd(p).expectedPurchases(h, 12);
        expect(Math.abs(mbgCnbdK({ k: 1, ...p }).expectedPurchases(h, 12) - exact)).toBeLessThan(1e-5 * (1 + exact));
      }),
    );
  });
  test('a chance is a chance, a forecast is not negative, and it grows with the horizon', () => {
    fc.assert(
      fc.property(parameters, history, ({ r, alpha, a, b }, h) => {
        for (const model of [bgNbd({ r, alpha, a, b }), mbgNbd({ r, alpha, a, b }), paretoNbd({ r, alpha, s: a, beta: b })]) {
          const alive = model.probabilityAlive(h);
          expect(alive).toBeGreaterThanOrEqual(0);
          expect(alive).toBeLessThanOrEqual(1);
          const short = model.expectedPurchases(h, 4);
          expect(short).toBeGreaterThanOrEqual(-1e-9);
          expect(model.expectedPurchases(h, 8)).toBeGreaterThanOrEqual(short - 1e-9);
        }
      }),
    );
  });
  test('a change of the unit of time moves only the scale parameter', () => {
    fc.assert(
      fc.property(parameters, history, (p, h) => {
        const inDays = { ...h, tRecencyWeeks: h.tRecencyWeeks * 7, ageWeeks: h.ageWeeks * 7 };
        const scaled = bgNbdLogLikelihood({ ...p, alpha: p.alpha * 7 })(inDays);
        expect(scaled).toBeCloseTo(bgNbdLogLikelihood(p)(h) - h.frequency * Math.log(7), 7);
      }),
    );
  });
  test('who has a rhythm is due about one interval after the last purchase', () => {
    const model = mbgCnbdK({ k: 12, r: 400, alpha: 100 / 3, a: 0.5, b: 20 });
    // 12 arrivals a purchase at rate 12 a week: one purchase a week
    expect(model.dueInWeeks({ frequency: 30, tRecencyWeeks: 30, ageWeeks: 30 })).toBeCloseTo(1, 1);
    expect(model.dueInWeeks({ frequency: 30, tRecencyWeeks: 30, ageWeeks: 30.5 })).toBeLessThan(0.6);
  });
});

test('the fit of MBG/CNBD-k finds the k and the parameters customers were simulated with', () => {
  const truth = { k: 3, r: 1.2, alpha: 4, a: 0.8, b: 3 };
  const fit = fitMbgCnbdK(simulateRhythm(truth, { customerCount: 1_500, ageWeeks: 60, seed: 11 }));
  if (!fit.ok) throw new Error(fit.reason);
  expect(fit.model.parameters.k).toBe(3);
  for (const name of ['r', 'alpha', 'a', 'b'] as const) {
    expect(Math.abs((fit.model.parameters[name] as number) / truth[name] - 1)).toBeLessThan(0.3);
  }
});

test('degenerate cohorts are refused with a reason', () => {
  const nobodyReturns = Array.from({ length: 50 }, () => ({ frequency: 0, tRecencyWeeks: 0, ageWeeks: 30, sumLogIntervals: 0 }));
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) expect(fit(nobodyReturns)).toEqual({ ok: false, reason: 'nobody bought twice' });
  expect(fitMbgCnbdK(nobodyReturns.slice(0, 1))).toMatchObject({ ok: false });
  expect(fitBgNbd([...nobodyReturns, { frequency: 2, tRecencyWeeks: 40, ageWeeks: 30 }])).toMatchObject({
    ok: false,
    reason: expect.stringContaining('customer 51'),
  });
  expect(fitGammaGamma([])).toMatchObject({ ok: false });
});

const CDNOW = new URL('../../../../../../shared/data/cdnow/CDNOW_sample.txt', import.meta.url);

describe.skipIf(!existsSync(CDNOW))('published fits of CDNOW (lifetimes; skipped without the data set)', () => {
  const day = (text: string) => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;
  const cohort = () => {
    const rows = readFileSync(CDNOW, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const transactions = rows.map((row) => ({ customer: row[1] as string, day: day(row[2] as string), amount: Number(row[4]) }));
    return summarizeCustomers(transactions, day('19970930'), day('19980630'));
  };
  test.each([
    ['BG/NBD', fitBgNbd, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, -9582.4],
    ['MBG/NBD', fitMbgNbd, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 }, -9582.1],
    ['Pareto/NBD', fitParetoNbd, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, -9595.0],
  ] as const)('%s', (_, fitModel, published, logLikelihood) => {
    const fit = fitModel(cohort().customers);
    if (!fit.ok) throw new Error(fit.reason);
    for (const [name, value] of Object.entries(published))
      expect(Math.abs((fit.model.parameters[name] as number) / value - 1)).toBeLessThan(2e-3);
    expect(fit.model.logLikelihood).toBeCloseTo(logLikelihood, 1);
  });
  test('Gamma-Gamma on the 946 repeaters', () => {
    const repeaters = cohort().customers.filter((customer) => customer.frequency > 0 && customer.repeatSpend > 0);
    const fit = fitGammaGamma(
      repeaters.map((customer) => ({ purchaseCount: customer.frequency, meanSpend: customer.repeatSpend / customer.frequency })),
    );
    if (!fit.ok) throw new Error(fit.reason);
    expect(repeaters).toHaveLength(946);
    expect([fit.model.parameters.p, fit.model.parameters.q, fit.model.parameters.v].map((value) => value.toFixed(2))).toEqual([
      '6.25',
      '3.74',
      '15.44',
    ]);
    expect(fit.model.logLikelihood).toBeCloseTo(-4055.9, 1);
  });
});
