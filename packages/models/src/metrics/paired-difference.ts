import { pairedLength } from '../input-error.ts';

/**
 * Mean difference a - b over paired cases with its standard error; with `clusters`, cases of one cluster (a day, a show) count
 * as one draw: error = sqrt(sum over clusters of (sum of centred differences)^2 x G / (G - 1)) / n (Liang & Zeger 1986). The error
 * is null with fewer than two cases or clusters.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  clusters?: ArrayLike<string | number>,
): { mean: number; standardError: number | null } {
  const n = pairedLength(a, b, ['a', 'b']);
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += ((a[i] as number) - (b[i] as number)) / n;
  const sums = new Map<string | number, number>();
  for (let i = 0; i < n; i += 1) {
    const cluster = clusters?.[i] ?? i;
    sums.set(cluster, (sums.get(cluster) ?? 0) + (a[i] as number) - (b[i] as number) - mean);
  }
  const groups = sums.size;
  if (groups < 2) return { mean, standardError: null };
  const squares = [...sums.values()].reduce((sum, value) => sum + value * value, 0);
  return { mean, standardError: Math.sqrt((squares * groups) / (groups - 1)) / n };
}
