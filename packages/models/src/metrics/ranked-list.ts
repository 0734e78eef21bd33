// Metrics of one ranked list against what really came. Means over lists are the caller's.

/** Hit rate: 1 if `target` is among the first `k`, else 0. */
export function hitAt<T>(ranked: readonly T[], target: T, k: number): number {
  const position = ranked.indexOf(target);
  return position >= 0 && position < k ? 1 : 0;
}

/** Reciprocal rank of `target` within the first `k`; 0 when absent. */
export function reciprocalRankAt<T>(ranked: readonly T[], target: T, k: number): number {
  const position = ranked.indexOf(target);
  return position >= 0 && position < k ? 1 / (position + 1) : 0;
}

/** Recall: distinct relevant items found in the first `k`, over all `relevant` entries (repeats count in the denominator). */
export function recallAt<T>(ranked: readonly T[], relevant: readonly T[], k: number): number {
  if (relevant.length === 0) return 0;
  const wanted = new Set(relevant);
  return ranked.slice(0, k).filter((item) => wanted.has(item)).length / relevant.length;
}

/**
 * NDCG with linear gain (Jarvelin & Kekalainen 2002): sum of gain / log2(rank + 1) over the first `k`, divided by the same
 * of the ideal order. `gainOf` gives the gain of an item, `ideal` all gains that could have been had. 0 when there is none.
 */
export function ndcgAt<T>(ranked: readonly T[], gainOf: (item: T) => number, ideal: readonly number[], k: number): number {
  const discounted = (gains: readonly number[]) => gains.slice(0, k).reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
  const best = discounted([...ideal].sort((a, b) => b - a));
  return best === 0 ? 0 : discounted(ranked.slice(0, k).map(gainOf)) / best;
}
