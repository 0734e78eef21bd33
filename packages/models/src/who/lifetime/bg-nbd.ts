// BG/NBD (Fader, Hardie & Lee 2005, "Counting your customers" the easy way).
//
// 1. While active, a customer buys by a Poisson process of rate lambda. 2. lambda is Gamma(r, alpha) over customers.
// 3. After each repeat purchase the customer drops out with chance p. 4. p is Beta(a, b). 5. lambda and p are independent.
// Likelihood in the overflow-safe form of Fader & Hardie (2013).
import { hypergeometric2F1 } from '../../math/hypergeometric.ts';
import { logGamma } from '../../math/log-gamma.ts';
import { byCount, fitPositive, groupHistories, hasNoDropout, NO_DROPOUT, refusalOf, type WeightedHistory } from './fit-parameters.ts';
import type { CountHistory, FitResult, PurchaseModel } from './purchase-model.ts';
import { betaDropoutTail } from './purchase-tail.ts';

export type BgNbdParameters = { r: number; alpha: number; a: number; b: number };

/** Log-likelihood of histories (x, t_x, T) under the parameters: A1 + A2 + ln(e^A3 + [x > 0] e^A4). */
export function bgNbdLogLikelihood({ r, alpha, a, b }: BgNbdParameters): (history: CountHistory) => number {
  const constant = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b);
  const a1PlusA2 = byCount((x) => constant + logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x));
  const logA = Math.log(a);
  return ({ frequency: x, tRecencyWeeks, ageWeeks }) => {
    const a3 = -(r + x) * Math.log(alpha + ageWeeks);
    if (x === 0) return a1PlusA2(x) + a3;
    const a4 = logA - Math.log(b + x - 1) - (r + x) * Math.log(alpha + tRecencyWeeks);
    return a1PlusA2(x) + Math.max(a3, a4) + Math.log1p(Math.exp(-Math.abs(a3 - a4)));
  };
}

/** Fits by maximum likelihood. Refuses where the cohort shows no drop-out (a runs to 0) or no repeat at all. */
export function fitBgNbd(histories: readonly CountHistory[]): FitResult<PurchaseModel> {
  const refusal = refusalOf(histories);
  if (refusal) return refusal;
  const groups = groupHistories(histories);
  const totalOf =
    (some: readonly WeightedHistory[]) =>
    ([r, alpha, a, b]: readonly number[]) =>
      sumLogLikelihood(some, { r: r!, alpha: alpha!, a: a!, b: b! });
  const fit = fitPositive(
    groups,
    totalOf,
    [
      [1, 1, 1, 1],
      [0.3, 5, 1, 3],
    ],
    ['r', 'alpha', 'a', 'b'],
  );
  if (!fit.ok) return fit;
  const [r, alpha, a, b] = fit.values as [number, number, number, number];
  if (hasNoDropout(a, b)) return { ok: false, reason: NO_DROPOUT };
  return { ok: true, model: bgNbd({ r, alpha, a, b }, totalOf(groups)(fit.values)), iterationCount: fit.iterationCount };
}

function sumLogLikelihood(groups: readonly WeightedHistory[], parameters: BgNbdParameters): number {
  const logLikelihood = bgNbdLogLikelihood(parameters);
  return groups.reduce((sum, group) => sum + group.count * logLikelihood(group), 0);
}

/** The model at given parameters. */
export function bgNbd(parameters: BgNbdParameters, logLikelihood = Number.NaN): PurchaseModel {
  const { r, alpha, a, b } = parameters;
  /** [x > 0] a / (b + x - 1) * ((alpha + T) / (alpha + t_x))^(r + x) */
  const deadOdds = ({ frequency: x, tRecencyWeeks, ageWeeks }: CountHistory) =>
    x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + ageWeeks) / (alpha + tRecencyWeeks)) ** (r + x);
  return {
    name: 'bg-nbd',
    parameters: { ...parameters },
    logLikelihood,
    probabilityAlive: (history) => 1 / (1 + deadOdds(history)),
    /** Equation 10 of the paper. a = 1 is a removable pole: a step of 1e-6 beside it is exact to more digits than anyone prints. */
    expectedPurchases(history, weeks) {
      const { frequency: x, ageWeeks } = history;
      const safeA = Math.abs(a - 1) < 1e-6 ? 1 + 1e-6 : a;
      const c = safeA + b + x - 1;
      const shrink = ((alpha + ageWeeks) / (alpha + ageWeeks + weeks)) ** (r + x);
      const f = hypergeometric2F1(r + x, b + x, c, weeks / (alpha + ageWeeks + weeks));
      return ((c / (safeA - 1)) * (1 - shrink * f)) / (1 + deadOdds(history));
    },
    purchaseTail: (history, weeks) =>
      betaDropoutTail(
        {
          alive: 1 / (1 + deadOdds(history)),
          shape: r + history.frequency,
          scale: alpha + history.ageWeeks,
          a,
          b: b + history.frequency,
        },
        weeks,
      ),
  };
}
