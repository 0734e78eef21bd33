// Maximum likelihood for positive parameters: Nelder-Mead over their logarithms from several starts, with a mild
// penalty that keeps a flat likelihood from running off; what still ends at a wall is called degenerate.
import { minimize } from '../../math/nelder-mead.ts';
import type { CountHistory, FitRefused } from './purchase-model.ts';

/** Weight of 0.5 * w * sum(log p ^ 2): too small to move a well-determined fit in its printed digits. */
const PENALTY = 1e-5;
const LOG_LIMIT = Math.log(1e5);

export type ParameterFit = { readonly ok: true; readonly values: readonly number[]; readonly iterationCount: number } | FitRefused;

/** Items beyond which the starts are tried on every nth one first. */
const MAX_ROUGH_ITEMS = 4_000;

/**
 * Maximizes over p > 0 the log-likelihood of `items`, which `logLikelihoodOf` gives for any part of them. `starts` are parameter
 * vectors; all are tried (on a part where items are many), the best one is followed to the end on all items.
 */
export function fitPositive<T>(
  items: readonly T[],
  logLikelihoodOf: (items: readonly T[]) => (p: readonly number[]) => number,
  starts: readonly (readonly number[])[],
  names: readonly string[],
): ParameterFit {
  const objectiveOf = (some: readonly T[]) => {
    const logLikelihood = logLikelihoodOf(some);
    return (logs: readonly number[]) => {
      if (logs.some((log) => Math.abs(log) > LOG_LIMIT * 2)) return Number.POSITIVE_INFINITY;
      return -logLikelihood(logs.map(Math.exp)) + 0.5 * PENALTY * logs.reduce((sum, log) => sum + log * log, 0);
    };
  };
  const step = Math.ceil(items.length / MAX_ROUGH_ITEMS);
  const rough = objectiveOf(step > 1 ? items.filter((_, i) => i % step === 0) : items);
  let best: { x: number[]; value: number } | null = null;
  let iterationCount = 0;
  for (const start of starts) {
    const found = minimize(rough, start.map(Math.log));
    iterationCount += found.iterationCount;
    if (best === null || found.value < best.value) best = found;
  }
  if (best !== null) {
    // A second run from the end of the first also frees a simplex that collapsed too early.
    const found = minimize(objectiveOf(items), best.x, { step: 0.1 });
    iterationCount += found.iterationCount;
    best = found;
  }
  if (best === null || !Number.isFinite(best.value)) return { ok: false, reason: 'the likelihood is not finite anywhere near the starts' };
  const wall = best.x.findIndex((log) => Math.abs(log) > LOG_LIMIT);
  if (wall >= 0)
    return {
      ok: false,
      reason: `${names[wall]} ran off to ${Math.exp(best.x[wall] as number).toPrecision(3)}: the data do not determine it`,
    };
  return { ok: true, values: best.x.map(Math.exp), iterationCount };
}

/** Distinct (x, t_x, T) with their counts: many customers share a history, so each is computed once. */
export type WeightedHistory = CountHistory & { readonly count: number };

export function groupHistories(histories: readonly CountHistory[]): WeightedHistory[] {
  const groups = new Map<string, WeightedHistory>();
  for (const history of histories) {
    const key = `${history.frequency}|${history.tRecencyWeeks}|${history.ageWeeks}`;
    const known = groups.get(key);
    groups.set(key, { ...history, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/**
 * Remembers a function of the purchase count: customers are many, counts few, and the gamma functions of a likelihood depend
 * on the count alone.
 */
export function byCount<T>(of: (frequency: number) => T): (frequency: number) => T {
  const known = new Map<number, T>();
  return (frequency) => {
    let value = known.get(frequency);
    if (value === undefined) {
      value = of(frequency);
      known.set(frequency, value);
    }
    return value;
  };
}

export const NO_DROPOUT = 'the cohort shows no drop-out (a / (a + b) fell below .003): use the model without it';

/** Is the chance to leave, p ~ Beta(a, b), nothing on average, whether a fell to 0 or b ran off? */
export const hasNoDropout = (a: number, b: number): boolean => a < 1e-3 || a / (a + b) < 0.003;

/** Why these histories cannot carry a fit, or null when they can. */
export function refusalOf(histories: readonly CountHistory[]): FitRefused | null {
  if (histories.length < 10) return { ok: false, reason: `${histories.length} customers are too few for a fit (10 at least)` };
  if (histories.every((history) => history.frequency === 0)) return { ok: false, reason: 'nobody bought twice' };
  const bad = histories.findIndex(
    ({ frequency, tRecencyWeeks, ageWeeks }) =>
      !(frequency >= 0 && tRecencyWeeks >= 0 && tRecencyWeeks <= ageWeeks && Number.isFinite(ageWeeks)),
  );
  if (bad >= 0) return { ok: false, reason: `customer ${bad + 1} has x, t_x, T that do not fit (0 <= t_x <= T)` };
  return null;
}
