/** What a gain at a rank (1 = first) is divided by. */
export type Discount = (rank: number) => number;

/** log2(rank + 1): Burges et al. 2005, the usual one. */
export const everyRankDiscount: Discount = (rank) => Math.log2(rank + 1);

/** 1 for the first two ranks, then log2(rank): Jarvelin & Kekalainen 2002 with base 2; what Serenade's evaluator uses. */
export const fromBaseDiscount: Discount = (rank) => (rank < 2 ? 1 : Math.log2(rank));

/**
 * NDCG with linear gain: sum of gain / discount(rank) over the first `k` of `ranked`, divided by the same of the ideal order.
 * `gainOf` gives the gain of an item, `ideal` all gains that could have been had (any order). 0 when there is none.
 */
export function ndcgAt<T>(
  ranked: readonly T[],
  gainOf: (item: T) => number,
  ideal: readonly number[],
  k: number,
  discount: Discount = everyRankDiscount,
): number {
  const discounted = (gains: readonly number[]) => gains.slice(0, k).reduce((sum, gain, index) => sum + gain / discount(index + 1), 0);
  const best = discounted([...ideal].sort((a, b) => b - a));
  return best === 0 ? 0 : discounted(ranked.slice(0, k).map(gainOf)) / best;
}
