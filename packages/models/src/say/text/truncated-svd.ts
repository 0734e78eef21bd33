// Truncated singular value decomposition of a sparse matrix by randomized subspace iteration (Halko, Martinsson &
// Tropp 2011, algorithm 4.4): project on random directions, iterate A A' a few times with orthonormalization, then solve
// the small problem exactly.
import type { Uniform } from '../../math/seeded-random.ts';
import type { SparseVector } from './sparse-vector.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export type TruncatedSvd = {
  readonly rank: number;
  /** Descending. */
  readonly singularValues: Float64Array;
  /** Right singular vectors, feature-major: `right[feature * rank + d]`. */
  readonly right: Float32Array;
};

export type SvdOptions = { readonly rank: number; readonly oversample: number; readonly iterations: number };
export const DEFAULT_SVD: SvdOptions = { rank: 100, oversample: 20, iterations: 4 };

/** `rows` = the matrix by rows, `columnCount` its width. The rank falls to what the matrix carries. */
export function truncatedSvd(
  rows: readonly SparseVector[],
  columnCount: number,
  uniform: Uniform,
  options: SvdOptions = DEFAULT_SVD,
): TruncatedSvd {
  const n = rows.length;
  const width = Math.max(1, Math.min(options.rank + options.oversample, n, columnCount));
  const wide = new Float32Array(columnCount * width);
  const tall = new Float32Array(n * width);
  for (let k = 0; k < wide.length; k += 1) wide[k] = 2 * uniform() - 1;
  for (let iteration = 0; iteration <= options.iterations; iteration += 1) {
    multiply(rows, wide, width, tall);
    orthonormalize(tall, n, width);
    multiplyTransposed(rows, tall, width, wide);
  }
  // wide = A' Q (columnCount x width), so A is near Q wide'. Its Gram matrix gives the singular values.
  const gram = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let f = 0; f < columnCount; f += 1) {
    for (let a = 0; a < width; a += 1) row[a] = wide[f * width + a] as number;
    for (let a = 0; a < width; a += 1) {
      const left = row[a] as number;
      const at = a * width;
      for (let b = a; b < width; b += 1) gram[at + b] = (gram[at + b] as number) + left * (row[b] as number);
    }
  }
  for (let a = 0; a < width; a += 1) for (let b = 0; b < a; b += 1) gram[a * width + b] = gram[b * width + a] as number;
  const { values, vectors } = symmetricEigen(gram, width);
  const floor = Math.max(values[0] as number, 0) * 1e-10;
  let rank = 0;
  while (rank < Math.min(options.rank, width) && (values[rank] as number) > floor) rank += 1;
  const singularValues = Float64Array.from({ length: rank }, (_, d) => Math.sqrt(values[d] as number));
  const right = new Float32Array(columnCount * rank);
  const sums = new Float64Array(rank);
  for (let f = 0; f < columnCount; f += 1) {
    sums.fill(0);
    for (let a = 0; a < width; a += 1) {
      const left = wide[f * width + a] as number;
      const at = a * width;
      for (let d = 0; d < rank; d += 1) sums[d] = (sums[d] as number) + left * (vectors[at + d] as number);
    }
    for (let d = 0; d < rank; d += 1) right[f * rank + d] = (sums[d] as number) / (singularValues[d] as number);
  }
  return { rank, singularValues, right };
}

function multiply(rows: readonly SparseVector[], wide: Float32Array, width: number, into: Float32Array): void {
  into.fill(0);
  for (const [i, { indices, values }] of rows.entries()) {
    const to = i * width;
    for (let k = 0; k < indices.length; k += 1) {
      const from = (indices[k] as number) * width;
      const value = values[k] as number;
      for (let d = 0; d < width; d += 1) into[to + d] = (into[to + d] as number) + value * (wide[from + d] as number);
    }
  }
}

function multiplyTransposed(rows: readonly SparseVector[], tall: Float32Array, width: number, into: Float32Array): void {
  into.fill(0);
  for (const [i, { indices, values }] of rows.entries()) {
    const from = i * width;
    for (let k = 0; k < indices.length; k += 1) {
      const to = (indices[k] as number) * width;
      const value = values[k] as number;
      for (let d = 0; d < width; d += 1) into[to + d] = (into[to + d] as number) + value * (tall[from + d] as number);
    }
  }
}

/** Gram-Schmidt, twice is enough; columns that vanish are left at 0. `matrix` is n x width, row-major. */
function orthonormalize(matrix: Float32Array, n: number, width: number): void {
  const columns = Array.from({ length: width }, (_, d) => {
    const column = new Float64Array(n);
    for (let i = 0; i < n; i += 1) column[i] = matrix[i * width + d] as number;
    return column;
  });
  for (let d = 0; d < width; d += 1) {
    const column = columns[d] as Float64Array;
    const before = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass += 1) {
      for (let e = 0; e < d; e += 1) {
        const other = columns[e] as Float64Array;
        const share = dot(column, other);
        if (share !== 0) for (let i = 0; i < n; i += 1) column[i] = (column[i] as number) - share * (other[i] as number);
      }
    }
    const length = Math.sqrt(dot(column, column));
    const scale = length > 1e-9 * before && length > 0 ? 1 / length : 0;
    for (let i = 0; i < n; i += 1) {
      column[i] = (column[i] as number) * scale;
      matrix[i * width + d] = column[i] as number;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
