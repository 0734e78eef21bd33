// Spherical k-means (Dhillon & Modha 2001) with k-means++ seeding (Arthur & Vassilvitskii 2007) and restarts; the run
// with the greatest total cosine wins.
import { InputError } from '../../input-error.ts';
import type { Uniform } from '../../math/seeded-random.ts';

export type KMeansOptions = { readonly restarts: number; readonly maxIterations: number };
export const DEFAULT_K_MEANS: KMeansOptions = { restarts: 10, maxIterations: 60 };

export type KMeansResult = {
  readonly groups: Int32Array;
  /** k x dims, unit length. */
  readonly centroids: Float32Array;
  /** Sum over rows of the cosine to the own centroid; the greater the better. */
  readonly cohesion: number;
};

/** `points` = n rows of unit length (rows of zeros allowed), row-major. Refuses k < 1 or k > n. */
export function sphericalKMeans(
  points: Float32Array,
  dims: number,
  k: number,
  uniform: Uniform,
  options: KMeansOptions = DEFAULT_K_MEANS,
): KMeansResult {
  const n = points.length / dims;
  if (!Number.isInteger(n)) throw new InputError(`${points.length} numbers are not rows of ${dims}`);
  if (!Number.isInteger(k) || k < 1 || k > n) throw new InputError(`cannot make ${k} groups of ${n} texts`);
  let best: KMeansResult | null = null;
  for (let restart = 0; restart < Math.max(1, options.restarts); restart += 1) {
    const result = lloyd(points, dims, seedCentroids(points, dims, k, uniform), options.maxIterations);
    if (best === null || result.cohesion > best.cohesion) best = result;
  }
  return best as KMeansResult;
}

/** Runs assignment and update from given centroids until nothing moves. A group left empty takes the worst-fitting row. */
export function lloyd(points: Float32Array, dims: number, start: Float32Array, maxIterations: number): KMeansResult {
  const n = points.length / dims;
  const k = start.length / dims;
  const centroids = Float32Array.from(start);
  const groups = new Int32Array(n).fill(-1);
  const fit = new Float32Array(n);
  let cohesion = 0;
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    let moved = 0;
    cohesion = 0;
    for (let i = 0; i < n; i += 1) {
      let bestGroup = 0;
      let bestCosine = Number.NEGATIVE_INFINITY;
      for (let g = 0; g < k; g += 1) {
        const cosine = rowDot(points, i * dims, centroids, g * dims, dims);
        if (cosine > bestCosine) {
          bestCosine = cosine;
          bestGroup = g;
        }
      }
      if (groups[i] !== bestGroup) moved += 1;
      groups[i] = bestGroup;
      fit[i] = bestCosine;
      cohesion += bestCosine;
    }
    if (moved === 0) break;
    const sizes = new Int32Array(k);
    centroids.fill(0);
    for (let i = 0; i < n; i += 1) {
      const g = groups[i] as number;
      sizes[g] = (sizes[g] as number) + 1;
      for (let d = 0; d < dims; d += 1) centroids[g * dims + d] = (centroids[g * dims + d] as number) + (points[i * dims + d] as number);
    }
    for (let g = 0; g < k; g += 1) {
      if (sizes[g] === 0) {
        let worst = 0;
        for (let i = 1; i < n; i += 1) if ((fit[i] as number) < (fit[worst] as number)) worst = i;
        fit[worst] = 1;
        centroids.set(points.subarray(worst * dims, worst * dims + dims), g * dims);
      }
      scaleToUnit(centroids, g * dims, dims);
    }
  }
  return { groups, centroids, cohesion };
}

function seedCentroids(points: Float32Array, dims: number, k: number, uniform: Uniform): Float32Array {
  const n = points.length / dims;
  const centroids = new Float32Array(k * dims);
  const distance = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.floor(uniform() * n);
  for (let g = 0; g < k; g += 1) {
    centroids.set(points.subarray(chosen * dims, chosen * dims + dims), g * dims);
    let total = 0;
    for (let i = 0; i < n; i += 1) {
      distance[i] = Math.min(distance[i] as number, Math.max(0, 1 - rowDot(points, i * dims, centroids, g * dims, dims)));
      total += distance[i] as number;
    }
    let left = uniform() * total;
    chosen = 0;
    for (let i = 0; i < n; i += 1) {
      left -= distance[i] as number;
      chosen = i;
      if (left <= 0 && (distance[i] as number) > 0) break;
    }
  }
  return centroids;
}

/** Inner product of two rows of `dims` numbers; four sums at a time, which keeps the processor busy. */
export function rowDot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dims: number): number {
  const fours = dims - (dims % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let d = 0; d < fours; d += 4) {
    s0 += (a[aStart + d] as number) * (b[bStart + d] as number);
    s1 += (a[aStart + d + 1] as number) * (b[bStart + d + 1] as number);
    s2 += (a[aStart + d + 2] as number) * (b[bStart + d + 2] as number);
    s3 += (a[aStart + d + 3] as number) * (b[bStart + d + 3] as number);
  }
  for (let d = fours; d < dims; d += 1) s0 += (a[aStart + d] as number) * (b[bStart + d] as number);
  return s0 + s1 + s2 + s3;
}

/** Scales a row to unit length in place; a row of zeros stays. Returns the length it had. */
export function scaleToUnit(matrix: Float32Array, start: number, dims: number): number {
  const length = Math.sqrt(rowDot(matrix, start, matrix, start, dims));
  if (length > 0) for (let d = 0; d < dims; d += 1) matrix[start + d] = (matrix[start + d] as number) / length;
  return length;
}
