// Limits on importance weights: tau of Switch-DR, lambda of DRos. Both chosen as the one of a few candidates with the least
// estimated squared error, variance / n + bias^2, the bias being the mean correction that the limit takes away (Su et al. 2020,
// section 5; Wang, Agarwal & Dudik 2017, section 4). Infinity = no limit.

/** Shrunk weight of DRos: lambda w / (w^2 + lambda). */
export function shrunkWeight(weight: number, shrinkage: number): number {
  if (shrinkage === Number.POSITIVE_INFINITY) return weight;
  return weight === 0 || shrinkage === 0 ? 0 : (shrinkage * weight) / (weight * weight + shrinkage);
}

export function chooseThreshold(weights: Float64Array, residuals: Float64Array): number {
  const candidates = [...quantilesOf(weights), Number.POSITIVE_INFINITY];
  return leastError(candidates, weights, residuals, (weight, threshold) => (weight <= threshold ? weight : 0));
}

export function chooseShrinkage(weights: Float64Array, residuals: Float64Array): number {
  const scales = quantilesOf(weights).filter((weight) => weight > 0);
  const candidates = [...new Set(scales.flatMap((weight) => [weight ** 2, 10 * weight ** 2, 100 * weight ** 2])), Number.POSITIVE_INFINITY];
  return leastError(candidates, weights, residuals, shrunkWeight);
}

function quantilesOf(weights: Float64Array): number[] {
  const sorted = Float64Array.from(weights).sort();
  return [0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map((q) => sorted[Math.floor(q * (sorted.length - 1))] as number);
}

function leastError(
  candidates: readonly number[],
  weights: Float64Array,
  residuals: Float64Array,
  limited: (weight: number, limit: number) => number,
): number {
  const n = weights.length;
  let best = Number.POSITIVE_INFINITY;
  let bestError = Number.POSITIVE_INFINITY;
  for (const limit of candidates) {
    let sum = 0;
    let squares = 0;
    let lost = 0;
    for (let i = 0; i < n; i += 1) {
      const weight = weights[i] as number;
      const kept = limited(weight, limit) * (residuals[i] as number);
      sum += kept;
      squares += kept * kept;
      lost += weight * (residuals[i] as number) - kept;
    }
    const error = (squares / n - (sum / n) ** 2) / n + (lost / n) ** 2;
    // Of equal errors the looser limit stays nearer to DR.
    if (error < bestError || (error === bestError && limit > best)) {
      bestError = error;
      best = limit;
    }
  }
  return best;
}
