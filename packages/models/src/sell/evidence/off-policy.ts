// What would another policy have earned, judged from the log of the one that ran? Per row i with reward r, weight
// w = target(a | x) / logging(a | x), q = a reward model's figure for the logged action, v = its mean under the target:
//
//   IPW        mean w r                               Horvitz & Thompson 1952
//   SNIPW      sum w r / sum w                        Swaminathan & Joachims 2015
//   DM         mean v
//   DR         mean v + w (r - q)                     Dudik et al. 2014, eq. 4
//   SNDR       mean v + sum w (r - q) / sum w
//   Switch-DR  mean v + [w <= tau] w (r - q)          Wang, Agarwal & Dudik 2017
//   DRos       mean v + lambda w / (w^2 + lambda) (r - q)   Su et al. 2020, eq. 9; lambda 0 = DM, infinite = DR
//
// Every estimator is a function of sums over rows, so one resample of the units (rows, or whole shows where rows of a show
// hang together) serves all seven. Below an effective sample size of 50 there is no number, only the reason.
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { effectiveSampleSize } from '../../metrics/effective-sample-size.ts';
import { bernsteinInterval, type Interval } from './bernstein-interval.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { chooseShrinkage, chooseThreshold, shrunkWeight } from './weight-limits.ts';

export type OffPolicyLog = {
  /** Outcome of each row (0 / 1 clicks, minor units, ...). */
  readonly rewards: Float64Array;
  /** Chance the logging policy gave the action it took, 0 < p <= 1. */
  readonly loggingPropensities: Float64Array;
  /** Chance the target policy gives that action, 0..1. */
  readonly targetPropensities: Float64Array;
  /** Reward model: its figure for the logged action, and its mean over the target's actions. Both or neither; none = 0. */
  readonly modelled?: { readonly ofLogged: Float64Array; readonly ofTarget: Float64Array };
  /** Unit each row belongs to (a show, a viewer); none = every row for itself. */
  readonly clusters?: ArrayLike<string | number>;
};

export type OffPolicyOptions = {
  readonly uniform: Uniform;
  readonly resampleCount?: number;
  /** Coverage of the intervals, 0..1. */
  readonly confidenceRatio?: number;
  readonly minEss?: number;
  /** tau of Switch-DR and lambda of DRos; chosen by estimated error when not given. */
  readonly threshold?: number;
  readonly shrinkage?: number;
};

export const ESTIMATORS = ['ipw', 'snipw', 'dm', 'dr', 'sndr', 'switchDr', 'drOs'] as const;
export type Estimator = (typeof ESTIMATORS)[number];

export type Estimate = {
  readonly value: number;
  /** Percentiles of resampled units; null with fewer than two units. */
  readonly bootstrap: Interval | null;
  /** Empirical Bernstein, for the estimators that are means; null for ratios. */
  readonly bernstein: Interval | null;
};

export type OffPolicyReport = {
  readonly rowCount: number;
  readonly unitCount: number;
  readonly ess: number;
  readonly largestWeight: number;
  /** Near 1 when the propensities are right and the log covers the target. */
  readonly meanWeight: number;
  readonly threshold: number;
  readonly shrinkage: number;
  /** Why there is no estimate; null when there is. */
  readonly refusal: string | null;
  readonly estimates: Readonly<Record<Estimator, Estimate>> | null;
  readonly warnings: readonly string[];
};

const DEFAULTS = { resampleCount: 1_000, confidenceRatio: 0.95, minEss: 50 };
/** Mean weight this many standard errors off 1 is told. */
const SUSPICIOUS_ERRORS = 4;

/** Estimates the mean reward per row of the target policy. Refuses by value below `minEss`; throws on rows that make no sense. */
export function estimateOffPolicy(log: OffPolicyLog, options: OffPolicyOptions): OffPolicyReport {
  const { uniform, resampleCount, confidenceRatio, minEss, ...limits } = { ...DEFAULTS, ...options };
  const weights = importanceWeights(log);
  const rowCount = weights.length;
  const { ess, largest, mean } = effectiveSampleSize(weights);
  const ofLogged = log.modelled?.ofLogged ?? new Float64Array(rowCount);
  const ofTarget = log.modelled?.ofTarget ?? new Float64Array(rowCount);
  const residuals = log.rewards.map((reward, i) => reward - (ofLogged[i] as number));
  const threshold = limits.threshold ?? chooseThreshold(weights, residuals);
  const shrinkage = limits.shrinkage ?? chooseShrinkage(weights, residuals);
  const units = unitsOf(log.clusters, rowCount);
  const about = { rowCount, unitCount: units.count, ess, largestWeight: largest, meanWeight: mean, threshold, shrinkage };
  const warnings = weightWarnings(weights, mean);
  if (!(ess >= minEss)) {
    const refusal = `effective sample size ${ess.toFixed(1)} is below ${minEss}: the log says too little about this policy`;
    return { ...about, refusal, estimates: null, warnings };
  }
  const terms = termsOf(log.rewards, weights, residuals, ofTarget, threshold, shrinkage);
  const sums = sumByUnit(terms, units);
  const intervals = bootstrapIntervals(sums, units.count, estimatesFromSums, { uniform, resampleCount, confidenceRatio });
  const values = estimatesFromSums(totalOf(sums));
  const bernstein = bernsteinByEstimator(terms, units, confidenceRatio);
  const estimates = Object.fromEntries(
    ESTIMATORS.map((name, k) => [
      name,
      { value: values[k] as number, bootstrap: intervals?.[k] ?? null, bernstein: bernstein[name] ?? null },
    ]),
  ) as Record<Estimator, Estimate>;
  return { ...about, refusal: null, estimates, warnings };
}

function importanceWeights({ rewards, loggingPropensities, targetPropensities, modelled, clusters }: OffPolicyLog): Float64Array {
  const rowCount = rewards.length;
  if (rowCount === 0) throw new InputError('the log is empty');
  const lengths = { loggingPropensities, targetPropensities, ofLogged: modelled?.ofLogged, ofTarget: modelled?.ofTarget, clusters };
  for (const [name, array] of Object.entries(lengths))
    if (array !== undefined && array.length !== rowCount)
      throw new InputError(`${name} has ${array.length} entries, rewards has ${rowCount}`);
  return Float64Array.from(rewards, (reward, i) => {
    const row = i + 1;
    const logging = loggingPropensities[i] as number;
    const target = targetPropensities[i] as number;
    if (!Number.isFinite(reward)) throw new InputError(`${reward} is not a reward`, { row, column: 'reward' });
    if (!(logging > 0 && logging <= 1))
      throw new InputError(`${logging} is not a propensity above 0 and up to 1`, { row, column: 'propensity' });
    if (!(target >= 0 && target <= 1)) throw new InputError(`${target} is not a chance from 0 to 1`, { row, column: 'target' });
    if (modelled !== undefined && !Number.isFinite((modelled.ofLogged[i] as number) + (modelled.ofTarget[i] as number)))
      throw new InputError('the reward model gives no finite figure', { row, column: 'modelled' });
    return target / logging;
  });
}

function weightWarnings(weights: Float64Array, mean: number): string[] {
  const error = Math.sqrt(weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0)) / weights.length;
  if (Math.abs(mean - 1) <= SUSPICIOUS_ERRORS * error + 1e-9) return [];
  return [`mean weight ${mean.toFixed(3)} is not 1: wrong propensities, or the log never shows what the target would`];
}

type Units = { readonly count: number; readonly of: Int32Array };

function unitsOf(clusters: ArrayLike<string | number> | undefined, rowCount: number): Units {
  const of = new Int32Array(rowCount);
  if (clusters === undefined) return { count: rowCount, of: of.map((_, i) => i) };
  const numbers = new Map<string | number, number>();
  for (let i = 0; i < rowCount; i += 1) {
    const key = clusters[i] as string | number;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    of[i] = number;
  }
  return { count: numbers.size, of };
}

type Terms = { readonly columns: readonly Float64Array[]; readonly means: Readonly<Partial<Record<Estimator, Float64Array>>> };

function termsOf(
  rewards: Float64Array,
  weights: Float64Array,
  residuals: Float64Array,
  ofTarget: Float64Array,
  threshold: number,
  shrinkage: number,
): Terms {
  const weighted = weights.map((w, i) => w * (rewards[i] as number));
  const corrections = weights.map((w, i) => w * (residuals[i] as number));
  const switched = weights.map((w, i) => (w <= threshold ? w * (residuals[i] as number) : 0));
  const shrunk = weights.map((w, i) => shrunkWeight(w, shrinkage) * (residuals[i] as number));
  const plus = (terms: Float64Array) => terms.map((term, i) => term + (ofTarget[i] as number));
  return {
    columns: [new Float64Array(weights.length).fill(1), weights, weighted, ofTarget, corrections, switched, shrunk],
    means: { ipw: weighted, dm: ofTarget, dr: plus(corrections), switchDr: plus(switched), drOs: plus(shrunk) },
  };
}

/** Sums of the columns of `termsOf` to the estimates, in the order of ESTIMATORS. */
function estimatesFromSums(sums: Float64Array): number[] {
  const [n, w, weighted, v, corrections, switched, shrunk] = sums as unknown as [number, number, number, number, number, number, number];
  return [
    weighted / n,
    w > 0 ? weighted / w : Number.NaN,
    v / n,
    (v + corrections) / n,
    v / n + (w > 0 ? corrections / w : Number.NaN),
    (v + switched) / n,
    (v + shrunk) / n,
  ];
}

/** units x columns, row-major. */
function sumByUnit({ columns }: Terms, units: Units): Float64Array[] {
  return columns.map((column) => {
    const sums = new Float64Array(units.count);
    for (let i = 0; i < column.length; i += 1) {
      const unit = units.of[i] as number;
      sums[unit] = (sums[unit] as number) + (column[i] as number);
    }
    return sums;
  });
}

const totalOf = (sums: readonly Float64Array[]): Float64Array =>
  Float64Array.from(sums, (column) => column.reduce((sum, value) => sum + value, 0));

/** Units count as one term each: their sum, scaled so that the mean over units is the mean over rows. */
function bernsteinByEstimator({ means }: Terms, units: Units, confidenceRatio: number): Partial<Record<Estimator, Interval | null>> {
  return Object.fromEntries(
    Object.entries(means).map(([name, terms]) => {
      const scaled = new Float64Array(units.count);
      for (let i = 0; i < terms.length; i += 1) {
        const unit = units.of[i] as number;
        scaled[unit] = (scaled[unit] as number) + ((terms[i] as number) * units.count) / terms.length;
      }
      return [name, bernsteinInterval(scaled, confidenceRatio)];
    }),
  );
}
