import { renumber } from './graph-communities.ts';
import { rowDot } from './spherical-k-means.ts';

/**
 * Merges groups until at most `maxGroups` are left: the smallest joins the one with which its rows have the greatest
 * average cosine (average link; for unit rows that is the product of the two sums over the two sizes).
 */
export function capGroups(points: Float32Array, dims: number, groups: ArrayLike<number>, maxGroups: number): Int32Array {
  const { groups: merged, count } = renumber(groups);
  if (count <= maxGroups) return merged;
  const sums = new Float32Array(count * dims);
  const sizes = new Int32Array(count);
  for (let i = 0; i < merged.length; i += 1) {
    const g = merged[i] as number;
    sizes[g] = (sizes[g] as number) + 1;
    for (let d = 0; d < dims; d += 1) sums[g * dims + d] = (sums[g * dims + d] as number) + (points[i * dims + d] as number);
  }
  const into = Int32Array.from({ length: count }, (_, g) => g);
  for (let left = count; left > maxGroups; left -= 1) {
    let smallest = -1;
    for (let g = 0; g < count; g += 1) {
      if ((sizes[g] as number) > 0 && (smallest < 0 || (sizes[g] as number) < (sizes[smallest] as number))) smallest = g;
    }
    let nearest = -1;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let g = 0; g < count; g += 1) {
      if (g === smallest || sizes[g] === 0) continue;
      const link = rowDot(sums, smallest * dims, sums, g * dims, dims) / (sizes[g] as number);
      if (link > greatest) {
        greatest = link;
        nearest = g;
      }
    }
    for (let d = 0; d < dims; d += 1) {
      sums[nearest * dims + d] = (sums[nearest * dims + d] as number) + (sums[smallest * dims + d] as number);
    }
    sizes[nearest] = (sizes[nearest] as number) + (sizes[smallest] as number);
    sizes[smallest] = 0;
    for (let g = 0; g < count; g += 1) if (into[g] === smallest) into[g] = nearest;
  }
  return merged.map((g) => into[g] as number);
}
