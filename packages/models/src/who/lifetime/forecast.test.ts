// Recovery from simulators, the distributions behind the forecasts, intervals, running summaries, RFM.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incompleteBeta } from '../../math/incomplete-beta.ts';
import { sampleGamma } from '../../math/sampling.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import { bgNbd, fitBgNbd } from './bg-nbd.ts';
import { summarizeCustomers } from './customer-summary.ts';
import { fitGammaGamma, gammaGamma } from './gamma-gamma.ts';
import { fitMbgCnbdK, mbgCnbdK } from './mbg-cnbd-k.ts';
import { fitMbgNbd, mbgNbd } from './mbg-nbd.ts';
import { fitNbd, nbd } from './nbd.ts';
import { dueInDays, outlookOf, outlookOfStranger } from './outlook.ts';
import { fitParetoNbd, paretoNbd } from './pareto-nbd.ts';
import { bytesToPurchaseModel, bytesToRhythmModel, purchaseModelToBytes } from './purchase-model-snapshot.ts';
import { meanOfTail, purchaseQuantile } from './purchase-tail.ts';
import { learnRfm, scoreRfm } from './rfm.ts';
import { addPurchase, type RunningSummary, summaryAt } from './running-summary.ts';
import { simulateBgNbd, simulateParetoNbd, simulateSpend } from './simulate-cohort.ts';
import { simulateRhythm } from './simulate-rhythm.ts';
import { spendDistribution, spendQuantile } from './spend-interval.ts';

const within = (value: number, truth: number, ratio: number) => expect(Math.abs(value / truth - 1)).toBeLessThan(ratio);

describe('fits find the parameters customers were simulated with', () => {
  test('BG/NBD', () => {
    const truth = { r: 0.8, alpha: 5, a: 0.9, b: 3 };
    const fit = fitBgNbd(simulateBgNbd(truth, { customerCount: 2_000, ageWeeks: 60, seed: 21 }));
    if (!fit.ok) throw new Error(fit.reason);
    for (const [name, value] of Object.entries(truth)) within(fit.model.parameters[name] as number, value, 0.3);
  });
  test('Pareto/NBD', () => {
    const truth = { r: 0.8, alpha: 5, s: 0.7, beta: 12 };
    const fit = fitParetoNbd(simulateParetoNbd(truth, { customerCount: 2_000, ageWeeks: 80, seed: 22 }));
    if (!fit.ok) throw new Error(fit.reason);
    within(fit.model.parameters.r as number, truth.r, 0.15);
    within(fit.model.parameters.alpha as number, truth.alpha, 0.15);
    within(fit.model.parameters.s as number, truth.s, 0.35);
  });
  test('MBG/NBD', () => {
    const truth = { r: 1, alpha: 5, a: 0.8, b: 3 };
    const fit = fitMbgNbd(simulateRhythm({ k: 1, ...truth }, { customerCount: 2_000, ageWeeks: 60, seed: 23 }));
    if (!fit.ok) throw new Error(fit.reason);
    for (const [name, value] of Object.entries(truth)) within(fit.model.parameters[name] as number, value, 0.3);
  });
  test('Gamma-Gamma, and money in another unit moves only v', () => {
    const truth = { p: 6, q: 4, v: 15 };
    const counts = Array.from({ length: 4_000 }, (_, i) => 1 + (i % 5));
    const histories = simulateSpend(truth, counts, 27);
    const fit = fitGammaGamma(histories);
    if (!fit.ok) throw new Error(fit.reason);
    for (const name of ['p', 'q', 'v'] as const) within(fit.model.parameters[name], truth[name], 0.2);
    const inCents = fitGammaGamma(histories.map((history) => ({ ...history, meanSpend: history.meanSpend * 100 })));
    if (!inCents.ok) throw new Error(inCents.reason);
    within(inCents.model.parameters.p, fit.model.parameters.p, 0.01);
    within(inCents.model.parameters.q, fit.model.parameters.q, 0.01);
    within(inCents.model.parameters.v, fit.model.parameters.v * 100, 0.01);
  });
});

test('a cohort nobody leaves: the drop-out models refuse, the model without drop-out finds the rates', () => {
  const cohort = simulateBgNbd({ r: 0.9, alpha: 5, a: 1e-6, b: 1 }, { customerCount: 800, ageWeeks: 60, seed: 31 });
  for (const fitModel of [fitBgNbd, fitMbgNbd]) expect(fitModel(cohort)).toMatchObject({ ok: false });
  const fit = fitNbd(cohort);
  if (!fit.ok) throw new Error(fit.reason);
  within(fit.model.parameters.r as number, 0.9, 0.15);
  within(fit.model.parameters.alpha as number, 5, 0.15);
  expect(fit.model.probabilityAlive(cohort[0]!)).toBe(1);
});

test('twice the customers, in another order, give the same fit and twice the log-likelihood', () => {
  const cohort = simulateRhythm({ k: 1, r: 1, alpha: 5, a: 0.8, b: 3 }, { customerCount: 300, ageWeeks: 50, seed: 5 });
  for (const fitModel of [fitBgNbd, fitMbgNbd, fitParetoNbd]) {
    const once = fitModel(cohort);
    const twice = fitModel([...cohort, ...cohort].reverse());
    if (!once.ok || !twice.ok) throw new Error('refused');
    for (const [name, value] of Object.entries(once.model.parameters)) within(twice.model.parameters[name] as number, value, 0.01);
    expect(twice.model.logLikelihood).toBeCloseTo(2 * once.model.logLikelihood, 1);
  }
});

const history = fc
  .record({
    frequency: fc.integer({ min: 0, max: 30 }),
    share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    ageWeeks: fc.double({ min: 2, max: 80, noNaN: true }),
  })
  .map(({ frequency, share, ageWeeks }) => ({ frequency, tRecencyWeeks: frequency === 0 ? 0 : share * ageWeeks, ageWeeks }));

test('the distribution of purchases has the mean that the closed form gives, for every model', () => {
  const models = [
    bgNbd({ r: 0.24, alpha: 4.4, a: 0.79, b: 2.4 }),
    mbgNbd({ r: 0.52, alpha: 6.2, a: 0.89, b: 1.6 }),
    paretoNbd({ r: 0.55, alpha: 10.6, s: 0.61, beta: 11.7 }),
    mbgCnbdK({ k: 3, r: 1.2, alpha: 4, a: 0.8, b: 3 }),
    nbd({ r: 0.8, alpha: 6 }),
  ];
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 60 }), (h, weeks) => {
      for (const model of models) {
        const tail = model.purchaseTail(h, weeks);
        expect(tail[0]).toBe(1);
        for (let n = 1; n < tail.length; n += 1) expect(tail[n] as number).toBeLessThanOrEqual((tail[n - 1] as number) + 1e-12);
        const expected = model.expectedPurchases(h, weeks);
        expect(Math.abs(meanOfTail(tail) - expected)).toBeLessThan(2e-4 * (1 + expected));
      }
    }),
    { numRuns: 40 },
  );
});

test('80 % intervals hold 80 % of simulated futures, or a little more where counts are whole', () => {
  const truth = { r: 2, alpha: 4, s: 0.7, beta: 30 };
  const model = paretoNbd(truth);
  const cohort = simulateParetoNbd(truth, { customerCount: 1_500, ageWeeks: 40, laterWeeks: 40, seed: 9 });
  const inside = cohort.filter((customer) => {
    const tail = model.purchaseTail(customer, 40);
    return customer.laterCount >= purchaseQuantile(tail, 0.1) && customer.laterCount <= purchaseQuantile(tail, 0.9);
  });
  expect(inside.length / cohort.length).toBeGreaterThan(0.79);
  expect(inside.length / cohort.length).toBeLessThan(0.93);
});

describe('spend of the coming weeks', () => {
  test('the incomplete beta function against closed forms', () => {
    for (const x of [0.05, 0.4, 0.9]) {
      expect(incompleteBeta(1, 3, x)).toBeCloseTo(1 - (1 - x) ** 3, 12);
      expect(incompleteBeta(2.5, 4, x) + incompleteBeta(4, 2.5, 1 - x)).toBeCloseTo(1, 12);
    }
    // I_x(2, 3) = P(Binomial(4, x) >= 2)
    expect(incompleteBeta(2, 3, 0.3)).toBeCloseTo(6 * 0.09 * 0.49 + 4 * 0.027 * 0.7 + 0.0081, 12);
    expect(() => incompleteBeta(0, 1, 0.5)).toThrow(RangeError);
  });
  test('the distribution agrees with simulated sums', () => {
    const parameters = { p: 6, q: 4, v: 15 };
    const tail = [1, 0.6, 0.25, 0.1];
    const distribution = spendDistribution(tail, parameters, { purchaseCount: 3, meanSpend: 40 });
    const uniform = seededUniform(3);
    const sums = Array.from({ length: 20_000 }, () => {
      const u = uniform();
      const count = tail.filter((value, n) => n > 0 && u < value).length;
      const nu = sampleGamma(uniform, 4 + 6 * 3, 15 + 3 * 40);
      return count === 0 ? 0 : sampleGamma(uniform, 6 * count, nu);
    });
    for (const spend of [0, 30, 60, 150])
      expect(distribution(spend)).toBeCloseTo(sums.filter((sum) => sum <= spend).length / sums.length, 1);
    expect(spendQuantile(distribution, 0.3, 10)).toBe(0);
    const high = spendQuantile(distribution, 0.9, 10);
    expect(distribution(high)).toBeGreaterThanOrEqual(0.9);
    expect(distribution(high * 0.99)).toBeLessThan(0.9);
  });
});

describe('outlook', () => {
  const models = { purchases: mbgNbd({ r: 0.52, alpha: 6.2, a: 0.89, b: 1.6 }), spend: gammaGamma({ p: 6.25, q: 3.74, v: 15.44 }) };
  const [customer] = summarizeCustomers(
    [0, 30, 55, 90].map((day) => ({ customer: 'a', day, amount: 40 })),
    100,
  ).customers;
  test('the expectation lies in the interval, and the wider level holds the narrower', () => {
    const eighty = outlookOf(models, customer!, 26, 0.8);
    const half = outlookOf(models, customer!, 26, 0.5);
    expect(eighty.spend!.low).toBeLessThanOrEqual(half.spend!.low);
    expect(eighty.spend!.high).toBeGreaterThan(half.spend!.high);
    expect(eighty.purchases.high).toBeGreaterThanOrEqual(eighty.purchases.expected);
    expect(eighty.probabilityBuys).toBeLessThanOrEqual(eighty.probabilityAlive);
    expect(outlookOf({ ...models, spend: null }, customer!, 26).spend).toBeNull();
  });
  test('a stranger gets the prior of the cohort with its wide interval, not a zero', () => {
    const stranger = outlookOfStranger(models, 0.2, 26);
    expect(stranger.purchases.expected).toBeGreaterThan(0.2);
    expect(stranger.spend!.expected).toBeGreaterThan(0);
    expect(stranger.spend!.low).toBe(0);
    expect(stranger.spend!.high).toBeGreaterThan(stranger.spend!.expected);
    expect(() => outlookOfStranger(models, 1.2, 26)).toThrow(RangeError);
  });
  test('"due in n days" is narrow for a rhythm and wide without one', () => {
    const cohort = simulateRhythm({ k: 4, r: 6, alpha: 4, a: 0.3, b: 6 }, { customerCount: 300, ageWeeks: 52, seed: 8 });
    const fit = fitMbgCnbdK(cohort);
    if (!fit.ok) throw new Error(fit.reason);
    expect(fit.model.parameters.k).toBe(4);
    const regular = summarizeCustomers(
      Array.from({ length: 20 }, (_, i) => ({ customer: 'a', day: i * 7, amount: 1 })),
      20 * 7 - 5,
    ).customers[0]!;
    const due = dueInDays(fit.model, regular)!;
    expect(due.earliest).toBeLessThan(due.likely);
    expect(due.likely).toBeLessThan(due.latest);
    const none = dueInDays(mbgCnbdK({ ...(fit.model.parameters as never), k: 1, alpha: 1 }), regular)!;
    expect(due.latest / due.earliest).toBeLessThan(none.latest / none.earliest);
  });
  test('a model goes to bytes and back and answers the same', () => {
    for (const model of [
      bgNbd({ r: 0.24, alpha: 4.4, a: 0.79, b: 2.4 }),
      models.purchases,
      mbgCnbdK({ k: 2, r: 1, alpha: 3, a: 1, b: 2 }, -5),
    ]) {
      const back = bytesToPurchaseModel(purchaseModelToBytes(model));
      expect(back.expectedPurchases(customer!, 10)).toBe(model.expectedPurchases(customer!, 10));
    }
    expect(() => bytesToRhythmModel(purchaseModelToBytes(models.purchases))).toThrow('knows no rhythm');
    expect(() => bytesToPurchaseModel(new Uint8Array([1, 2]))).toThrow('not a snapshot');
  });
});

describe('running summary', () => {
  test('purchase by purchase it is what the summary of the whole history is', () => {
    const row = fc.record({ day: fc.integer({ min: 0, max: 90 }), amount: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (rows) => {
        const sorted = rows.map((purchase) => ({ customer: 'a', ...purchase })).sort((a, b) => a.day - b.day);
        let running: RunningSummary | null = null;
        for (const purchase of sorted) running = addPurchase(running, purchase);
        const whole = summarizeCustomers(sorted, 100).customers[0]!;
        const kept = summaryAt(running!, 100);
        const { fadedSpend, sumLogIntervals, ...exact } = whole;
        expect(kept).toMatchObject(exact);
        expect(kept.sumLogIntervals).toBeCloseTo(sumLogIntervals, 9);
        for (const [i, value] of fadedSpend.entries()) expect(kept.fadedSpend[i]).toBeCloseTo(value, 6);
      }),
    );
  });
  test('refuses a purchase before the last, an amount below 0, a day that is none', () => {
    const known = addPurchase(null, { customer: 'a', day: 10, amount: 1 });
    expect(() => addPurchase(known, { customer: 'a', day: 9, amount: 1 })).toThrow('column date');
    expect(() => addPurchase(known, { customer: 'a', day: 11, amount: -1 })).toThrow('column amount');
    expect(() => addPurchase(null, { customer: 'a', day: Number.NaN, amount: 1 })).toThrow('not a day');
    expect(() => summaryAt(known, 9)).toThrow('before the last purchase');
  });
});

test('RFM: fifths by hand, ties share a score, 5 is best', () => {
  const of = (daysSinceLastPurchase: number, frequency: number, repeatSpend: number) => ({
    daysSinceLastPurchase,
    frequency,
    firstSpend: 0,
    repeatSpend,
  });
  const customers = [of(1, 9, 50), of(10, 4, 40), of(20, 0, 30), of(30, 0, 20), of(40, 0, 10)];
  const scale = learnRfm(customers);
  expect(customers.map((customer) => scoreRfm(scale, customer).cell)).toEqual(['555', '444', '313', '212', '111']);
  expect(scoreRfm(scale, of(0, 100, 1e6)).cell).toBe('555');
  expect(() => learnRfm([])).toThrow('no customers');
});
