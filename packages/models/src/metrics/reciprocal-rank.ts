/** 1 / rank of `target` (first place = 1) within the first `k` of `ranked`; 0 when absent. Its mean over lists is MRR@k. */
export function reciprocalRankAt<T>(ranked: readonly T[], target: T, k: number): number {
  const position = ranked.indexOf(target);
  return position >= 0 && position < k ? 1 / (position + 1) : 0;
}
