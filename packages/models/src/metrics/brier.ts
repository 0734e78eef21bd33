import { pairedLength } from '../input-error.ts';

/** Brier score: mean squared difference of forecast probability and outcome (Brier 1950). 0 = perfect. */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const n = pairedLength(labels, probabilities, ['labels', 'probabilities']);
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += ((probabilities[i] as number) - (labels[i] as number)) ** 2;
  return sum / n;
}
