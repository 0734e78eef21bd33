// Figures of lifetime models on a cohort whose later purchases are known.
import { auc } from '../../packages/models/src/metrics/auc.ts';
import { normalizedGini } from '../../packages/models/src/metrics/gini.ts';
import type { CustomerSummary, Summarized } from '../../packages/models/src/who/lifetime/customer-summary.ts';
import { fitGammaGamma, type SpendModel } from '../../packages/models/src/who/lifetime/gamma-gamma.ts';
import { spendHistoryOf } from '../../packages/models/src/who/lifetime/outlook.ts';
import type { FitResult, PurchaseModel } from '../../packages/models/src/who/lifetime/purchase-model.ts';
import { purchaseQuantile } from '../../packages/models/src/who/lifetime/purchase-tail.ts';

/** Share of outcomes an interval promises to hold. */
const LEVEL = 0.8;

/** Gamma-Gamma on the repeat purchases of those who spent on them. */
export function fitSpend(customers: readonly CustomerSummary[]): FitResult<SpendModel> {
  return fitGammaGamma(
    customers
      .filter(({ frequency, repeatSpend }) => frequency > 0 && repeatSpend > 0)
      .map(({ frequency, repeatSpend }) => ({ purchaseCount: frequency, meanSpend: repeatSpend / frequency })),
  );
}

export type ModelFigures = ReturnType<typeof judgeModel>;

/** Fit, forecasts, intervals and rankings of one purchase model. */
export function judgeModel(
  cohort: Summarized,
  weeks: number,
  { value: fit, seconds: fitSeconds }: { value: FitResult<PurchaseModel>; seconds: number },
  spend: SpendModel | null,
) {
  if (!fit.ok) return { ok: false as const, reason: fit.reason, fitSeconds };
  const { model } = fit;
  const expected = cohort.customers.map((customer) => model.expectedPurchases(customer, weeks));
  const tails = cohort.customers.map((customer) => model.purchaseTail(customer, weeks));
  const inside = cohort.holdout.filter(({ purchaseCount }, i) => {
    const tail = tails[i] as number[];
    return purchaseCount >= purchaseQuantile(tail, (1 - LEVEL) / 2) && purchaseCount <= purchaseQuantile(tail, (1 + LEVEL) / 2);
  });
  return {
    ok: true as const,
    parameters: model.parameters,
    logLikelihood: model.logLikelihood,
    fitSeconds,
    ...judgeCounts(cohort, expected),
    // The median is the forecast that makes the mean absolute error least.
    maeOfMedian: maeOf(
      cohort,
      tails.map((tail) => purchaseQuantile(tail, 0.5)),
    ),
    intervalLevel: LEVEL,
    intervalCoverage: inside.length / cohort.customers.length,
    gini: giniOf(
      cohort,
      cohort.customers.map((customer, i) => (expected[i] as number) * (spend?.expectedSpend(spendHistoryOf(customer)) ?? 1)),
    ),
    giniRepeatSpend: giniOf(
      cohort,
      cohort.customers.map(({ frequency: x, repeatSpend }, i) => {
        const history = x > 0 && repeatSpend > 0 ? { purchaseCount: x, meanSpend: repeatSpend / x } : null;
        return (expected[i] as number) * (spend?.expectedSpend(history) ?? 1);
      }),
    ),
  };
}

export type CountFigures = ReturnType<typeof judgeCounts>;

/** A forecast of counts against what came. */
export function judgeCounts(cohort: Summarized, expected: readonly number[]) {
  const truth = cohort.holdout.map(({ purchaseCount }) => purchaseCount);
  const again = truth.map((count) => (count > 0 ? 1 : 0));
  const buyers = again.filter((label) => label === 1).length;
  return {
    holdoutSum: expected.reduce((a, b) => a + b, 0),
    mae: maeOf(cohort, expected),
    rmse: Math.sqrt(expected.reduce((sum, value, i) => sum + (value - (truth[i] as number)) ** 2, 0) / truth.length),
    r: correlation(expected, truth),
    auc: buyers === 0 || buyers === truth.length ? null : auc(again, expected),
  };
}

const maeOf = ({ holdout }: Summarized, expected: readonly number[]): number =>
  expected.reduce((sum, value, i) => sum + Math.abs(value - (holdout[i]?.purchaseCount as number)), 0) / holdout.length;

/** Null where later spend is the same for all: no order is better than another. */
export function giniOf({ holdout }: Summarized, score: readonly number[]): number | null {
  const later = holdout.map(({ spend }) => spend);
  return later.every((spend) => spend === later[0]) ? null : normalizedGini(later, score);
}

/** Pearson's r; null where one side does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (const [i, value] of a.entries()) {
    const other = (b[i] as number) - mb;
    ab += (value - ma) * other;
    aa += (value - ma) ** 2;
    bb += other ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

/** Microseconds a score takes: the least of the means of 30 passes, since other work on the machine only ever adds. */
export function usPerViewer({ customers }: Summarized, score: (customer: CustomerSummary) => number): number {
  const passes = 30;
  const repeats = Math.ceil(2_000 / customers.length);
  const means = Array.from({ length: passes }, () => {
    const start = performance.now();
    for (let k = 0; k < repeats; k += 1) for (const customer of customers) score(customer);
    return ((performance.now() - start) * 1000) / (repeats * customers.length);
  });
  return Math.min(...means);
}
