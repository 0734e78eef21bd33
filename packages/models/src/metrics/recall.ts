/** Recall: relevant items found in the first `k`, over all `relevant` entries (repeats count in the denominator only). None relevant = 0. */
export function recallAt<T>(ranked: readonly T[], relevant: readonly T[], k: number): number {
  if (relevant.length === 0) return 0;
  const wanted = new Set(relevant);
  return ranked.slice(0, k).filter((item) => wanted.has(item)).length / relevant.length;
}
