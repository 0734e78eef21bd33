// NBD (Ehrenberg 1959): purchases at a steady personal rate, lambda ~ Gamma(r, alpha) over customers, and nobody ever leaves. What the
// other models become where a cohort shows no drop-out: their fallback, and the bar a drop-out model must clear.
import { logGamma } from '../../math/log-gamma.ts';
import { byCount, fitPositive, groupHistories, refusalOf } from './fit-parameters.ts';
import type { CountHistory, FitResult, PurchaseModel } from './purchase-model.ts';
import { arrivalLimit, arrivalTail } from './purchase-tail.ts';

export type NbdParameters = { r: number; alpha: number };

/** Log-likelihood: ln Gamma(r+x)/Gamma(r) + r ln alpha - (r+x) ln(alpha+T), on the scale of the other models. */
export function nbdLogLikelihood({ r, alpha }: NbdParameters): (history: CountHistory) => number {
  const constant = r * Math.log(alpha) - logGamma(r);
  const ofCount = byCount((x) => constant + logGamma(r + x));
  return ({ frequency: x, ageWeeks }) => ofCount(x) - (r + x) * Math.log(alpha + ageWeeks);
}

/** Fits by maximum likelihood. Refuses fewer than ten customers, and a cohort in which nobody bought twice. */
export function fitNbd(histories: readonly CountHistory[]): FitResult<PurchaseModel> {
  const refusal = refusalOf(histories);
  if (refusal) return refusal;
  const groups = groupHistories(histories);
  const totalOf =
    (some: readonly (typeof groups)[number][]) =>
    ([r, alpha]: readonly number[]) => {
      const logLikelihood = nbdLogLikelihood({ r: r!, alpha: alpha! });
      return some.reduce((sum, group) => sum + group.count * logLikelihood(group), 0);
    };
  const fit = fitPositive(groups, totalOf, [[0.5, 10]], ['r', 'alpha']);
  if (!fit.ok) return fit;
  const [r, alpha] = fit.values as [number, number];
  return { ok: true, model: nbd({ r, alpha }, totalOf(groups)(fit.values)), iterationCount: fit.iterationCount };
}

/** The model at given parameters. */
export function nbd(parameters: NbdParameters, logLikelihood = Number.NaN): PurchaseModel {
  const { r, alpha } = parameters;
  return {
    name: 'nbd',
    parameters: { ...parameters },
    logLikelihood,
    probabilityAlive: () => 1,
    expectedPurchases: ({ frequency, ageWeeks }, weeks) => ((r + frequency) * weeks) / (alpha + ageWeeks),
    purchaseTail: ({ frequency, ageWeeks }, weeks) => {
      const [shape, scale] = [r + frequency, alpha + ageWeeks];
      return [...arrivalTail(shape, scale, weeks, arrivalLimit(shape, scale, weeks))].filter((value) => value > 1e-9);
    },
  };
}
