/** Hit: 1 if `target` is among the first `k` of `ranked`, else 0. Its mean over lists is the hit rate HR@k. */
export function hitAt<T>(ranked: readonly T[], target: T, k: number): number {
  const position = ranked.indexOf(target);
  return position >= 0 && position < k ? 1 : 0;
}
