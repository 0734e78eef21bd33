import { contingency } from './clustering.ts';

/**
 * Clustering accuracy: share of rows whose group is matched to their class under the best one-to-one matching
 * (Hungarian method; here the O(n^3) shortest augmenting path form, Jonker & Volgenant 1987).
 */
export function clusteringAccuracy(classes: ArrayLike<string | number>, groups: ArrayLike<string | number>): number {
  const { counts, classSizes, groupSizes, total } = contingency(classes, groups);
  const size = Math.max(classSizes.length, groupSizes.length);
  const gain = (c: number, g: number) => counts[c]?.get(g) ?? 0;
  // Potentials and matching, 1-based with a dummy 0, as usual for this form.
  const u = new Float64Array(size + 1);
  const v = new Float64Array(size + 1);
  const matchOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row += 1) {
    const slack = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const previous = new Int32Array(size + 1);
    const done = new Uint8Array(size + 1);
    matchOf[0] = row;
    let column = 0;
    do {
      done[column] = 1;
      const current = matchOf[column] as number;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= size; j += 1) {
        if (done[j]) continue;
        const reduced = -gain(current - 1, j - 1) - (u[current] as number) - (v[j] as number);
        if (reduced < (slack[j] as number)) {
          slack[j] = reduced;
          previous[j] = column;
        }
        if ((slack[j] as number) < delta) {
          delta = slack[j] as number;
          next = j;
        }
      }
      for (let j = 0; j <= size; j += 1) {
        if (done[j]) {
          const matched = matchOf[j] as number;
          u[matched] = (u[matched] as number) + delta;
          v[j] = (v[j] as number) - delta;
        } else slack[j] = (slack[j] as number) - delta;
      }
      column = next;
    } while (matchOf[column] !== 0);
    while (column !== 0) {
      const from = previous[column] as number;
      matchOf[column] = matchOf[from] as number;
      column = from;
    }
  }
  let matched = 0;
  for (let j = 1; j <= size; j += 1) matched += gain((matchOf[j] as number) - 1, j - 1);
  return matched / total;
}
