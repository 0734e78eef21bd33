// Gamma-Gamma spend model (Fader & Hardie 2013, "The Gamma-Gamma model of monetary value").
//
// 1. Spend per purchase is Gamma(p, nu) within a customer. 2. nu is Gamma(q, v) over customers. 3. Spend is independent of
// how often somebody buys. Fitted on the mean spend of REPEAT purchases (the first does not count), repeaters only.
import { logGamma } from '../../math/log-gamma.ts';
import { byCount, fitPositive } from './fit-parameters.ts';
import type { FitResult } from './purchase-model.ts';

export type GammaGammaParameters = { p: number; q: number; v: number };
/** `meanSpend` over `purchaseCount` purchases, both > 0. */
export type SpendHistory = { readonly purchaseCount: number; readonly meanSpend: number };

export type SpendModel = {
  readonly parameters: GammaGammaParameters;
  readonly logLikelihood: number;
  /** Expected spend per purchase: the population mean pulled towards the customer's own by the number of purchases seen. */
  expectedSpend(history: SpendHistory | null): number;
};

/** Log-likelihood of a mean spend z over x purchases, equation 1a of the note. */
export function gammaGammaLogLikelihood({ p, q, v }: GammaGammaParameters): (history: SpendHistory) => number {
  const constant = q * Math.log(v) - logGamma(q);
  const ofCount = byCount((x) => constant + logGamma(p * x + q) - logGamma(p * x) + p * x * Math.log(x));
  return ({ purchaseCount: x, meanSpend: z }) => ofCount(x) + (p * x - 1) * Math.log(z) - (p * x + q) * Math.log(v + x * z);
}

/** Fits on repeaters. Refuses fewer than ten, and q <= 1, where the mean spend does not exist. */
export function fitGammaGamma(histories: readonly SpendHistory[]): FitResult<SpendModel> {
  if (histories.length < 10) return { ok: false, reason: `${histories.length} customers with repeat spend are too few (10 at least)` };
  if (histories.some(({ purchaseCount, meanSpend }) => !(purchaseCount > 0 && meanSpend > 0)))
    return { ok: false, reason: 'spend and counts must be above 0' };
  const mean = histories.reduce((sum, history) => sum + history.meanSpend, 0) / histories.length;
  const totalOf =
    (some: readonly SpendHistory[]) =>
    ([p, q, v]: readonly number[]) => {
      const logLikelihood = gammaGammaLogLikelihood({ p: p!, q: q!, v: v! });
      return some.reduce((sum, history) => sum + logLikelihood(history), 0);
    };
  const fit = fitPositive(
    histories,
    totalOf,
    [
      [1, 2, mean],
      [6, 4, mean / 2],
    ],
    ['p', 'q', 'v'],
  );
  if (!fit.ok) return fit;
  const [p, q, v] = fit.values as [number, number, number];
  if (q <= 1) return { ok: false, reason: `q is ${q.toPrecision(3)}: the mean spend does not exist` };
  return { ok: true, model: gammaGamma({ p, q, v }, totalOf(histories)(fit.values)), iterationCount: fit.iterationCount };
}

/** The model at given parameters. `null` = nothing known of the customer: the population mean p v / (q - 1). */
export function gammaGamma(parameters: GammaGammaParameters, logLikelihood = Number.NaN): SpendModel {
  const { p, q, v } = parameters;
  return {
    parameters,
    logLikelihood,
    expectedSpend(history) {
      if (history === null || history.purchaseCount === 0) return (p * v) / (q - 1);
      const { purchaseCount: x, meanSpend: z } = history;
      return (p * (v + x * z)) / (p * x + q - 1);
    },
  };
}
