import { pairedLength } from '../input-error.ts';

/**
 * Normalized Gini coefficient of a ranking: the area between the cumulative gain of `actual` sorted by `score`
 * (descending) and the diagonal, divided by the same area for the perfect ranking. 1 = perfect, 0 = random.
 * Rows with equal score share their gain evenly (the curve is a straight line across a tie), so order of rows
 * does not matter. Shapes: two arrays of n. Refuses n = 0, negative or non-finite gains, and gains that are all equal.
 * Source: the usual Gini / cumulative gains of credit scoring; see copilot.md 2.1.
 */
export function normalizedGini(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  pairedLength(actual, score, ['actual', 'score']);
  const perfect = areaAboveDiagonal(actual, actual);
  if (perfect === 0) throw new RangeError('every gain is equal: no ranking is better than another');
  return areaAboveDiagonal(actual, score) / perfect;
}

function areaAboveDiagonal(actual: ArrayLike<number>, score: ArrayLike<number>): number {
  const n = actual.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (score[b] as number) - (score[a] as number));
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const gain = actual[i] as number;
    if (!Number.isFinite(gain) || gain < 0) throw new RangeError(`gain ${gain} at position ${i} is not a finite number >= 0`);
    total += gain;
  }
  if (total === 0) throw new RangeError('every gain is 0');
  let area = 0;
  let cumulative = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let gain = 0;
    while (end < n && score[order[end] as number] === score[order[start] as number]) {
      gain += actual[order[end] as number] as number;
      end += 1;
    }
    // trapezoid across the tie
    area += ((end - start) / n) * (cumulative + gain / 2);
    cumulative += gain;
    start = end;
  }
  return area / total - 0.5;
}
