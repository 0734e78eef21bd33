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
// hang together) serves all seven; a reward model given as a function is fitted anew in each. Below an effective sample size of 50 there is no number, only the reason.
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { effectiveSampleSize } from '../../metrics/effective-sample-size.ts';
import { bernsteinInterval, type Interval } from './bernstein-interval.ts';
import { bootstrapIntervals } from './bootstrap-intervals.ts';
import { chooseShrinkage, chooseThreshold, shrunkWeight } from './weight-limits.ts';

/** Per row: the model's figure for the logged action, and its mean over the target's actions. */
export type ModelledRewards = { readonly ofLogged: Float64Array; readonly ofTarget: Float64Array };

export type OffPolicyLog = {
  /** Outcome of each row (0 / 1 clicks, minor units, ...). */
  readonly rewards: Float64Array;
  /** Chance the logging policy gave the action it took, 0 < p <= 1. */
  readonly loggingPropensities: Float64Array;
  /** Chance the target policy gives that action, 0..1. */
  readonly targetPropensities: Float64Array;
  /**
   * Reward model; none = 0 everywhere. As a function it is fitted again on every resample (it gets how often each row was drawn),
   * so that its own doubt is in the intervals; as figures it counts as known.
   */
  readonly modelled?: ModelledRewards | ((rowCounts: Float64Array) => ModelledRewards);
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
  /** Empirical Bernstein for IPW and DR, which are unbiased means; null for ratios, DM and what trades bias for variance. */
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
/** Rows times resamples: beyond, fewer resamples are drawn, at least MIN_RESAMPLES. */
const MAX_RESAMPLED_ROWS = 200_000_000;
const MIN_RESAMPLES = 200;

/** Estimates the mean reward per row of the target policy. Refuses by value below `minEss`; throws on rows that make no sense. */
export function estimateOffPolicy(log: OffPolicyLog, options: OffPolicyOptions): OffPolicyReport {
  const { uniform, resampleCount, confidenceRatio, minEss, ...limits } = { ...DEFAULTS, ...options };
  const weights = importanceWeights(log);
  const rowCount = weights.length;
  const { ess, largest, mean } = effectiveSampleSize(weights);
  const units = unitsOf(log.clusters, rowCount);
  const once = new Float64Array(rowCount).fill(1);
  const modelled = modelledOn(log, once);
  const residuals = residualsOf(log.rewards, modelled);
  const threshold = limits.threshold ?? chooseThreshold(weights, residuals);
  const shrinkage = limits.shrinkage ?? chooseShrinkage(weights, residuals);
  const about = { rowCount, unitCount: units.count, ess, largestWeight: largest, meanWeight: mean, threshold, shrinkage };
  const warnings = weightWarnings(weights, mean);
  if (!(ess >= minEss)) {
    const refusal = `effective sample size ${ess.toFixed(1)} is below ${minEss}: the log says too little about this policy`;
    return { ...about, refusal, estimates: null, warnings };
  }
  const kept = { rewards: log.rewards, weights, threshold, shrinkage };
  const values = estimatesFrom(kept, modelled, once);
  const rowCounts = new Float64Array(rowCount);
  const intervals = bootstrapIntervals(
    units.count,
    (drawn) => {
      for (let i = 0; i < rowCount; i += 1) rowCounts[i] = drawn[units.of[i] as number] as number;
      return estimatesFrom(kept, typeof log.modelled === 'function' ? log.modelled(rowCounts) : modelled, rowCounts);
    },
    {
      uniform,
      confidenceRatio,
      resampleCount: Math.min(resampleCount, Math.max(MIN_RESAMPLES, Math.floor(MAX_RESAMPLED_ROWS / rowCount))),
    },
  );
  const bernstein = bernsteinIntervals(kept, modelled, units, confidenceRatio);
  const estimates = Object.fromEntries(
    ESTIMATORS.map((name, k) => [
      name,
      { value: values[k] as number, bootstrap: intervals?.[k] ?? null, bernstein: bernstein[name] ?? null },
    ]),
  ) as Record<Estimator, Estimate>;
  return { ...about, refusal: null, estimates, warnings };
}

function modelledOn({ rewards, modelled }: OffPolicyLog, rowCounts: Float64Array): ModelledRewards {
  const rowCount = rewards.length;
  if (modelled === undefined) return { ofLogged: new Float64Array(rowCount), ofTarget: new Float64Array(rowCount) };
  const figures = typeof modelled === 'function' ? modelled(rowCounts) : modelled;
  for (const column of ['ofLogged', 'ofTarget'] as const) {
    if (figures[column].length !== rowCount)
      throw new InputError(`${column} has ${figures[column].length} entries, rewards has ${rowCount}`);
    const wrong = figures[column].findIndex((figure) => !Number.isFinite(figure));
    if (wrong >= 0) throw new InputError('the reward model gives no finite figure', { row: wrong + 1, column });
  }
  return figures;
}

const residualsOf = (rewards: Float64Array, { ofLogged }: ModelledRewards): Float64Array =>
  rewards.map((reward, i) => reward - (ofLogged[i] as number));

function importanceWeights({ rewards, loggingPropensities, targetPropensities, clusters }: OffPolicyLog): Float64Array {
  const rowCount = rewards.length;
  if (rowCount === 0) throw new InputError('the log is empty');
  const lengths = { loggingPropensities, targetPropensities, clusters };
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

type Kept = { readonly rewards: Float64Array; readonly weights: Float64Array; readonly threshold: number; readonly shrinkage: number };

/** The estimates in the order of ESTIMATORS, each row counted `rowCounts` times. */
function estimatesFrom({ rewards, weights, threshold, shrinkage }: Kept, modelled: ModelledRewards, rowCounts: Float64Array): number[] {
  let n = 0;
  let weightSum = 0;
  let rewardSum = 0;
  let modelSum = 0;
  let correction = 0;
  let switched = 0;
  let shrunk = 0;
  for (let i = 0; i < rewards.length; i += 1) {
    const count = rowCounts[i] as number;
    if (count === 0) continue;
    const weight = weights[i] as number;
    const residual = count * ((rewards[i] as number) - (modelled.ofLogged[i] as number));
    n += count;
    weightSum += count * weight;
    rewardSum += count * weight * (rewards[i] as number);
    modelSum += count * (modelled.ofTarget[i] as number);
    correction += weight * residual;
    if (weight <= threshold) switched += weight * residual;
    shrunk += shrunkWeight(weight, shrinkage) * residual;
  }
  const model = modelSum / n;
  // A resample without any weight has no ratio; it is left out.
  const perWeight = (sum: number) => (weightSum > 0 ? sum / weightSum : Number.NaN);
  return [
    rewardSum / n,
    perWeight(rewardSum),
    model,
    model + correction / n,
    model + perWeight(correction),
    model + switched / n,
    model + shrunk / n,
  ];
}

/** Units count as one term each: their sum, scaled so that the mean over units is the mean over rows. */
function bernsteinIntervals(
  { rewards, weights }: Kept,
  modelled: ModelledRewards,
  units: Units,
  confidenceRatio: number,
): Partial<Record<Estimator, Interval | null>> {
  const intervalOf = (termOf: (row: number, weight: number, residual: number) => number) => {
    const terms = new Float64Array(units.count);
    for (let i = 0; i < rewards.length; i += 1) {
      const unit = units.of[i] as number;
      const term = termOf(i, weights[i] as number, (rewards[i] as number) - (modelled.ofLogged[i] as number));
      terms[unit] = (terms[unit] as number) + (term * units.count) / rewards.length;
    }
    return bernsteinInterval(terms, confidenceRatio);
  };
  return {
    ipw: intervalOf((row, weight) => weight * (rewards[row] as number)),
    dr: intervalOf((row, weight, residual) => (modelled.ofTarget[row] as number) + weight * residual),
  };
}
