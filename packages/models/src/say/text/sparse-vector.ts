/** Sparse vector: `values[k]` at place `indices[k]`. Indices ascend and do not repeat. */
export type SparseVector = { readonly indices: Int32Array; readonly values: Float32Array };

export function sparseNorm({ values }: SparseVector): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Inner product by merging the two index lists. */
export function sparseDot(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  let i = 0;
  let j = 0;
  while (i < a.indices.length && j < b.indices.length) {
    const difference = (a.indices[i] as number) - (b.indices[j] as number);
    if (difference === 0) {
      sum += (a.values[i] as number) * (b.values[j] as number);
      i += 1;
      j += 1;
    } else if (difference < 0) i += 1;
    else j += 1;
  }
  return sum;
}

/** Inner product with one row of a dense matrix that starts at `offset`. */
export function sparseDenseDot({ indices, values }: SparseVector, dense: ArrayLike<number>, offset = 0): number {
  let sum = 0;
  for (let k = 0; k < indices.length; k += 1) sum += (values[k] as number) * (dense[offset + (indices[k] as number)] as number);
  return sum;
}
