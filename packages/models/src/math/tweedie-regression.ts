// Generalized linear model with log link and Tweedie variance mu^power (Jorgensen 1987): for an amount that is often
// exactly 0 and else skewed, such as later spend. power 1 = Poisson, 2 = gamma, between = compound Poisson-gamma.
// Features are standardized inside; a ridge on the standardized weights (not on the intercept) keeps related features calm.
import { solvePositiveDefinite } from './solve-linear.ts';

export type TweedieModel = {
  readonly intercept: number;
  /** Of the features as given (standardization folded in). */
  readonly weights: readonly number[];
};

export type TweedieOptions = { power?: number; ridge?: number; maxIterations?: number };

/**
 * Fits by Fisher scoring. `rows[i]` = features of row i, `targets[i]` >= 0. `ridge` counts in rows: 100 weighs as much as a
 * hundred average rows. Null when every target is 0 or the fit does not settle.
 */
export function fitTweedie(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  options: TweedieOptions = {},
): TweedieModel | null {
  const { power = 1.5, ridge = 100, maxIterations = 50 } = options;
  const n = rows.length;
  const width = rows[0]?.length ?? 0;
  const meanTarget = targets.reduce((sum, y) => sum + y, 0) / n;
  if (!(meanTarget > 0)) return null;
  const mean = Array.from({ length: width }, (_, j) => rows.reduce((sum, row) => sum + (row[j] as number), 0) / n);
  const scale = mean.map((m, j) => Math.sqrt(rows.reduce((sum, row) => sum + ((row[j] as number) - m) ** 2, 0) / n) || 1);
  const size = width + 1;
  const z = rows.map((row) => [1, ...row.map((value, j) => (value - (mean[j] as number)) / (scale[j] as number))]);
  const penalty = ridge * meanTarget ** (2 - power);
  let w = new Float64Array(size);
  w[0] = Math.log(meanTarget);
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    const hessian = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    for (let j = 1; j < size; j += 1) {
      hessian[j * size + j] = penalty;
      gradient[j] = -penalty * (w[j] as number);
    }
    for (let i = 0; i < n; i += 1) {
      const row = z[i] as number[];
      let eta = 0;
      for (let j = 0; j < size; j += 1) eta += (w[j] as number) * (row[j] as number);
      const mu = Math.exp(Math.min(Math.max(eta, -30), 30));
      const weight = mu ** (2 - power);
      const residual = ((targets[i] as number) - mu) * mu ** (1 - power);
      for (let j = 0; j < size; j += 1) {
        gradient[j] = (gradient[j] as number) + residual * (row[j] as number);
        for (let k = 0; k <= j; k += 1)
          hessian[j * size + k] = (hessian[j * size + k] as number) + weight * (row[j] as number) * (row[k] as number);
      }
    }
    const step = solvePositiveDefinite(hessian, gradient);
    if (step === null) return null;
    // A step longer than 2 in any standardized weight is cut: far from the optimum the quadratic is not to be trusted.
    const longest = Math.max(...step.map(Math.abs));
    const factor = longest > 2 ? 2 / longest : 1;
    w = w.map((value, j) => value + factor * (step[j] as number));
    if (longest < 1e-8) {
      const weights = scale.map((s, j) => (w[j + 1] as number) / s);
      const intercept = (w[0] as number) - weights.reduce((sum, weight, j) => sum + weight * (mean[j] as number), 0);
      return { intercept, weights };
    }
  }
  return null;
}

/** Expected target of one row. */
export function predictTweedie(model: TweedieModel, row: readonly number[]): number {
  return Math.exp(
    Math.min(
      30,
      model.weights.reduce((sum, weight, j) => sum + weight * (row[j] as number), model.intercept),
    ),
  );
}
