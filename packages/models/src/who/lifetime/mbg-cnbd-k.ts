// MBG/CNBD-k (Reutterer, Platzer & Schroeder 2020): as MBG/NBD, but purchases keep a rhythm: every k-th arrival of the
// Poisson process is a purchase, so the times between purchases are Erlang-k. k = 1 is MBG/NBD; a larger k turns a
// history into "due in n days".
//
// Given lambda, p: each of the x + 1 purchases is survived with 1 - p, and while waiting for the next one the hidden
// phase j in 0..k-1 counts arrivals since the last purchase. With lambda ~ Gamma(r, alpha), p ~ Beta(a, b), D = T - t_x:
//
//   L = C * alpha^r / Gamma(r) * { B(a, b+x+1)/B(a,b) * sum_j D^j/j! * Gamma(r+kx+j) / (alpha+T)^(r+kx+j)      alive in phase j
//                              +   B(a+1, b+x)/B(a,b) * Gamma(r+kx) / (alpha+t_x)^(r+kx) }                      gone
//   C = prod(itt^(k-1)) / Gamma(k)^x, which needs only the sum of ln(time between purchases).
//
// Forecasts are exact, not the usual scaled approximation: given alive in phase j, lambda is Gamma(r+kx+j, alpha+T), so arrivals
// within t are negative binomial, and P(at least n purchases) = P(arrivals >= nk - j) * E[(1-p)^(n-1)].
import { logBeta, logGamma } from '../../math/log-gamma.ts';
import { fitPositive, hasNoDropout, NO_DROPOUT, refusalOf } from './fit-parameters.ts';
import type { CountHistory, FitResult, PurchaseModel } from './purchase-model.ts';
import { arrivalLimit, arrivalTail, meanOfTail } from './purchase-tail.ts';

export type MbgCnbdParameters = { k: number; r: number; alpha: number; a: number; b: number };

/** A history with the sum of the natural logs of the times between purchases, in weeks (0 for x = 0). */
export type RhythmHistory = CountHistory & { readonly sumLogIntervals: number };

export const MAX_K = 12;

/** ln weights of the alive phases 0..k-1, then of the gone part: one array, used again for every history. */
type Posterior = Float64Array;

/**
 * Gives, for these parameters, ln of the weight of each alive phase and ln of the gone part (common factors left out).
 * All gamma functions depend on x alone and are kept by x: customers are many, purchase counts few.
 */
function posteriorUnder({ k, r, alpha, a, b }: MbgCnbdParameters): (history: CountHistory) => Posterior {
  const result = new Float64Array(k + 1);
  const byCount = new Map<number, { alive: number[]; gone: number }>();
  const termsOf = (x: number) => {
    const known = byCount.get(x);
    if (known) return known;
    const shape = r + k * x;
    const survive = logBeta(a, b + x + 1);
    const terms = {
      alive: Array.from({ length: k }, (_, j) => survive - logGamma(j + 1) + logGamma(shape + j)),
      gone: logBeta(a + 1, b + x) + logGamma(shape),
    };
    byCount.set(x, terms);
    return terms;
  };
  return ({ frequency: x, tRecencyWeeks, ageWeeks }) => {
    const { alive, gone } = termsOf(x);
    const shape = r + k * x;
    const logAge = Math.log(alpha + ageWeeks);
    result[0] = (alive[0] as number) - shape * logAge;
    if (k > 1) {
      const logWait = ageWeeks > tRecencyWeeks ? Math.log(ageWeeks - tRecencyWeeks) : Number.NEGATIVE_INFINITY;
      for (let j = 1; j < k; j += 1) result[j] = (alive[j] as number) + j * logWait - (shape + j) * logAge;
    }
    result[k] = gone - shape * Math.log(alpha + tRecencyWeeks);
    return result;
  };
}

function logSumExp(values: ArrayLike<number>, count: number): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i += 1) greatest = Math.max(greatest, values[i] as number);
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += Math.exp((values[i] as number) - greatest);
  return greatest + Math.log(sum);
}

/** Log-likelihood of a history under the parameters; comparable across k. */
export function mbgCnbdLogLikelihood(p: MbgCnbdParameters): (history: RhythmHistory) => number {
  const posterior = posteriorUnder(p);
  const constant = p.r * Math.log(p.alpha) - logGamma(p.r) - logBeta(p.a, p.b);
  const perPurchase = logGamma(p.k);
  return (history) => {
    return constant + (p.k - 1) * history.sumLogIntervals - history.frequency * perPurchase + logSumExp(posterior(history), p.k + 1);
  };
}

/** Fits r, alpha, a, b for k = 1, 2, ... while the likelihood rises (it has one peak in k), at most `MAX_K`. */
export function fitMbgCnbdK(histories: readonly RhythmHistory[]): FitResult<RhythmModel> {
  const refusal = refusalOf(histories);
  if (refusal) return refusal;
  const groups = groupRhythms(histories);
  let best: { parameters: MbgCnbdParameters; logLikelihood: number } | null = null;
  let iterationCount = 0;
  let start: number[] = [0.5, 6, 1, 2];
  for (let k = 1; k <= MAX_K; k += 1) {
    const of = ([r, alpha, a, b]: readonly number[]): MbgCnbdParameters => ({ k, r: r!, alpha: alpha!, a: a!, b: b! });
    const totalOf = (some: readonly (typeof groups)[number][]) => (values: readonly number[]) => {
      const logLikelihood = mbgCnbdLogLikelihood(of(values));
      return some.reduce((sum, group) => sum + group.count * logLikelihood(group), 0);
    };
    const fit = fitPositive(groups, totalOf, [start], ['r', 'alpha', 'a', 'b']);
    if (!fit.ok) {
      if (best === null) return fit;
      break;
    }
    iterationCount += fit.iterationCount;
    const logLikelihood = totalOf(groups)(fit.values);
    if (best !== null && logLikelihood <= best.logLikelihood) break;
    best = { parameters: of(fit.values), logLikelihood };
    start = [...fit.values];
  }
  if (best === null) return { ok: false, reason: 'no k gave a fit' };
  if (hasNoDropout(best.parameters.a, best.parameters.b)) return { ok: false, reason: NO_DROPOUT };
  return { ok: true, model: mbgCnbdK(best.parameters, best.logLikelihood), iterationCount };
}

/** The sum of ln(interval) enters linearly, so equal (x, t_x, T) can share one evaluation with the mean of it. */
function groupRhythms(histories: readonly RhythmHistory[]): (RhythmHistory & { count: number })[] {
  const groups = new Map<string, RhythmHistory & { count: number }>();
  for (const history of histories) {
    const key = `${history.frequency}|${history.tRecencyWeeks}|${history.ageWeeks}`;
    const known = groups.get(key);
    const count = (known?.count ?? 0) + 1;
    const sumLogIntervals = ((known?.sumLogIntervals ?? 0) * (count - 1) + history.sumLogIntervals) / count;
    groups.set(key, { ...history, sumLogIntervals, count });
  }
  return [...groups.values()];
}

export type RhythmModel = PurchaseModel & {
  /** Weeks until the next purchase with chance `probability`, given that the customer is alive; Infinity beyond ten years. */
  dueInWeeks(history: CountHistory, probability?: number): number;
};

/** The model at given parameters. */
export function mbgCnbdK(parameters: MbgCnbdParameters, logLikelihood = Number.NaN): RhythmModel {
  const { k, r, alpha, a, b } = parameters;

  const posterior = posteriorUnder(parameters);
  const alive = (history: CountHistory) => {
    const logs = posterior(history);
    const logAlive = logSumExp(logs, k);
    return {
      probability: 1 / (1 + Math.exp((logs[k] as number) - logAlive)),
      weights: Array.from({ length: k }, (_, j) => Math.exp((logs[j] as number) - logAlive)),
    };
  };

  const purchaseTail = (history: CountHistory, weeks: number): number[] => {
    const { frequency: x, ageWeeks } = history;
    const { probability, weights } = alive(history);
    const result = [1];
    const limit = arrivalLimit(r + k * x, alpha + ageWeeks, weeks, k);
    const tails = weights.map((_, j) => arrivalTail(r + k * x + j, alpha + ageWeeks, weeks, limit));
    let surviveBetween = 1; // E[(1-p)^(n-1)], p ~ Beta(a, b+x+1)
    for (let n = 1; n * k <= limit; n += 1) {
      const reached = weights.reduce((sum, weight, j) => sum + weight * ((tails[j] as Float64Array)[n * k - j] as number), 0);
      const value = probability * reached * surviveBetween;
      if (value < 1e-9) break;
      result.push(value);
      surviveBetween *= (b + x + n) / (a + b + x + n);
    }
    return result;
  };

  const nextWithin = (history: CountHistory, weights: readonly number[], weeks: number) =>
    weights.reduce(
      (sum, weight, j) =>
        sum + weight * (arrivalTail(r + k * history.frequency + j, alpha + history.ageWeeks, weeks, k - j)[k - j] as number),
      0,
    );

  return {
    name: 'mbg-cnbd-k',
    parameters: { ...parameters },
    logLikelihood,
    probabilityAlive: (history) => alive(history).probability,
    purchaseTail,
    expectedPurchases: (history, weeks) => meanOfTail(purchaseTail(history, weeks)),
    dueInWeeks(history, probability = 0.5) {
      const { weights } = alive(history);
      let low = 0;
      let high = 1;
      while (nextWithin(history, weights, high) < probability) {
        low = high;
        high *= 2;
        if (high > 520) return Number.POSITIVE_INFINITY;
      }
      for (let step = 0; step < 40; step += 1) {
        const middle = (low + high) / 2;
        if (nextWithin(history, weights, middle) < probability) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    },
  };
}
