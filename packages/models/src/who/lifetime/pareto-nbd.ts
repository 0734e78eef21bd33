// Pareto/NBD (Schmittlein, Morrison & Colombo 1987), in the form of Fader & Hardie (2005), "A note on deriving the
// Pareto/NBD model and related expressions".
//
// 1. While alive, a customer buys by a Poisson process of rate lambda ~ Gamma(r, alpha). 2. The unobserved lifetime is exponential
// with rate mu ~ Gamma(s, beta). 3. lambda and mu are independent. A customer may leave at any time, not only after a purchase.
import { hypergeometric2F1One } from '../../math/hypergeometric.ts';
import { logGamma } from '../../math/log-gamma.ts';
import { byCount, fitPositive, groupHistories, refusalOf } from './fit-parameters.ts';
import type { CountHistory, FitResult, PurchaseModel } from './purchase-model.ts';
import { gammaLifetimeTail } from './purchase-tail.ts';

export type ParetoNbdParameters = { r: number; alpha: number; s: number; beta: number };

/**
 * ln A0: the difference of the two terms 2F1(u, v; u + 1; z) / (base + t)^u, u = r + s + x, each after Euler's transform
 * (1 - z)^(1 - v) 2F1(u + 1 - v, 1; u + 1; z), relative to the larger one so that nothing overflows.
 */
function logA0({ r, alpha, s, beta }: ParetoNbdParameters, { frequency: x, tRecencyWeeks, ageWeeks }: CountHistory): number {
  const sum = r + s + x;
  const [base, second, gap] = alpha >= beta ? [alpha, s + 1, alpha - beta] : [beta, r + x, beta - alpha];
  const term = (t: number) => {
    const z = gap / (base + t);
    return (1 - second) * Math.log1p(-z) + Math.log(hypergeometric2F1One(sum + 1 - second, sum + 1, z)) - sum * Math.log(base + t);
  };
  const early = term(tRecencyWeeks);
  if (ageWeeks === tRecencyWeeks) return Number.NEGATIVE_INFINITY;
  return early + Math.log(Math.max(0, -Math.expm1(term(ageWeeks) - early)));
}

/** ln of alive-part and dead-part of the likelihood, without the common factor. */
function parts(p: ParetoNbdParameters, history: CountHistory): { alive: number; dead: number } {
  const { frequency: x, ageWeeks } = history;
  return {
    alive: -(p.r + x) * Math.log(p.alpha + ageWeeks) - p.s * Math.log(p.beta + ageWeeks),
    dead: Math.log(p.s / (p.r + p.s + x)) + logA0(p, history),
  };
}

/** Log-likelihood of histories (x, t_x, T). */
export function paretoNbdLogLikelihood(p: ParetoNbdParameters): (history: CountHistory) => number {
  const constant = p.r * Math.log(p.alpha) + p.s * Math.log(p.beta) - logGamma(p.r);
  const ofCount = byCount((x) => constant + logGamma(p.r + x));
  return (history) => {
    const { alive, dead } = parts(p, history);
    return ofCount(history.frequency) + Math.max(alive, dead) + Math.log1p(Math.exp(-Math.abs(alive - dead)));
  };
}

/** Fits by maximum likelihood. Refuses a fit in which nobody ever leaves (beta runs off) or no repeat exists. */
export function fitParetoNbd(histories: readonly CountHistory[]): FitResult<PurchaseModel> {
  const refusal = refusalOf(histories);
  if (refusal) return refusal;
  const groups = groupHistories(histories);
  const totalOf =
    (some: readonly (typeof groups)[number][]) =>
    ([r, alpha, s, beta]: readonly number[]) => {
      const logLikelihood = paretoNbdLogLikelihood({ r: r!, alpha: alpha!, s: s!, beta: beta! });
      return some.reduce((sum, group) => sum + group.count * logLikelihood(group), 0);
    };
  const fit = fitPositive(groups, totalOf, [[0.5, 10, 0.5, 10]], ['r', 'alpha', 's', 'beta']);
  if (!fit.ok) return fit;
  const [r, alpha, s, beta] = fit.values as [number, number, number, number];
  if (s < 1e-3) return { ok: false, reason: `s fell to ${s.toPrecision(2)}: the cohort shows no drop-out` };
  return { ok: true, model: paretoNbd({ r, alpha, s, beta }, totalOf(groups)(fit.values)), iterationCount: fit.iterationCount };
}

/** The model at given parameters. */
export function paretoNbd(parameters: ParetoNbdParameters, logLikelihood = Number.NaN): PurchaseModel {
  const { r, alpha, s, beta } = parameters;
  const probabilityAlive = (history: CountHistory) => {
    const { alive, dead } = parts(parameters, history);
    return 1 / (1 + Math.exp(dead - alive));
  };
  return {
    name: 'pareto-nbd',
    parameters: { ...parameters },
    logLikelihood,
    probabilityAlive,
    expectedPurchases(history, weeks) {
      const { frequency: x, ageWeeks } = history;
      const rate = ((r + x) * (beta + ageWeeks)) / (alpha + ageWeeks);
      const shrink = Math.log((beta + ageWeeks) / (beta + ageWeeks + weeks));
      // (1 - q^(s-1)) / (s - 1), whose limit at s = 1 is -ln q
      const factor = Math.abs(s - 1) < 1e-9 ? -shrink : -Math.expm1((s - 1) * shrink) / (s - 1);
      return rate * factor * probabilityAlive(history);
    },
    purchaseTail: (history, weeks) =>
      gammaLifetimeTail(
        {
          alive: probabilityAlive(history),
          shape: r + history.frequency,
          scale: alpha + history.ageWeeks,
          s,
          leaveScale: beta + history.ageWeeks,
        },
        weeks,
      ),
  };
}
