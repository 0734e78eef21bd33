import { scaleToUnit } from './spherical-k-means.ts';

/** Unit centroids of groups 0..k-1 over rows of `points`, row-major. */
export function centroidsOf(points: Float32Array, dims: number, groups: ArrayLike<number>): Float32Array {
  let count = 0;
  for (let i = 0; i < groups.length; i += 1) count = Math.max(count, (groups[i] as number) + 1);
  const centroids = new Float32Array(count * dims);
  for (let i = 0; i < groups.length; i += 1) {
    const to = (groups[i] as number) * dims;
    for (let d = 0; d < dims; d += 1) centroids[to + d] = (centroids[to + d] as number) + (points[i * dims + d] as number);
  }
  for (let g = 0; g < count; g += 1) scaleToUnit(centroids, g * dims, dims);
  return centroids;
}
