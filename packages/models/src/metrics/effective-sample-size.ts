/** Kish's effective sample size of weights, (sum w)^2 / sum w^2, with largest and mean weight. All zero = 0. */
export function effectiveSampleSize(weights: ArrayLike<number>): { ess: number; largest: number; mean: number } {
  let sum = 0;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const weight = weights[i] as number;
    sum += weight;
    squares += weight * weight;
    if (weight > largest) largest = weight;
  }
  return { ess: squares === 0 ? 0 : (sum * sum) / squares, largest, mean: weights.length === 0 ? 0 : sum / weights.length };
}
