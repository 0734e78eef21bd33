// Platt scaling (Platt 1999, with the Newton fit of Lin, Lin & Weng 2007): P(y = 1) = 1 / (1 + exp(-(offset + sum slope_i logit_i))).
// With two logits it is also the blend of two models. A ridge holds the slopes near `prior`, so that few rows change little.
import { solvePositiveDefinite } from '../../math/solve-linear.ts';
import { logistic } from './boosted-trees.ts';

export type Platt = { readonly offset: number; readonly slopes: readonly number[] };

const MAX_ITERATIONS = 50;
/** Weight of the prior on each slope, in units of the log-likelihood's curvature. */
const RIDGE = 2;

/** Fits on `logits[model][row]` and labels 0 or 1. `prior` = slopes that few rows fall back to. */
export function fitPlatt(logits: readonly ArrayLike<number>[], labels: ArrayLike<number>, prior: readonly number[]): Platt {
  const size = prior.length + 1;
  const w = Float64Array.from([0, ...prior]);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let j = 0; j < size; j += 1) {
      // The offset is held only as much as keeps one class alone finite.
      const ridge = j === 0 ? 0.01 : RIDGE;
      gradient[j] = -ridge * ((w[j] as number) - (j === 0 ? 0 : (prior[j - 1] as number)));
      hessian[j * size + j] = ridge;
    }
    const x = new Float64Array(size);
    for (let i = 0; i < labels.length; i += 1) {
      x[0] = 1;
      for (let m = 0; m < prior.length; m += 1) x[m + 1] = (logits[m] as ArrayLike<number>)[i] as number;
      let eta = 0;
      for (let j = 0; j < size; j += 1) eta += (w[j] as number) * (x[j] as number);
      const p = logistic(eta);
      const h = p * (1 - p);
      for (let j = 0; j < size; j += 1) {
        gradient[j] = (gradient[j] as number) + ((labels[i] as number) - p) * (x[j] as number);
        for (let k = 0; k <= j; k += 1) hessian[j * size + k] = (hessian[j * size + k] as number) + h * (x[j] as number) * (x[k] as number);
      }
    }
    const step = solvePositiveDefinite(hessian, gradient);
    if (step === null) break;
    const longest = Math.max(...step.map(Math.abs));
    const factor = longest > 1 ? 1 / longest : 1;
    for (let j = 0; j < size; j += 1) w[j] = (w[j] as number) + factor * (step[j] as number);
    if (longest < 1e-9) break;
  }
  return { offset: w[0] as number, slopes: [...w.subarray(1)] };
}

/** Log-odds after calibration. */
export function calibratedLogit({ offset, slopes }: Platt, logits: ArrayLike<number>): number {
  let sum = offset;
  for (let m = 0; m < slopes.length; m += 1) sum += (slopes[m] as number) * (logits[m] as number);
  return sum;
}
