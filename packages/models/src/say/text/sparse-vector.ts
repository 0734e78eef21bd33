/** Sparse vector: `values[k]` at place `indices[k]`. Indices do not repeat; their order has no meaning. */
export type SparseVector = { readonly indices: Int32Array; readonly values: Float32Array };

/** Inner product with one row of a dense matrix that starts at `offset`. */
export function sparseDenseDot({ indices, values }: SparseVector, dense: ArrayLike<number>, offset = 0): number {
  let sum = 0;
  for (let k = 0; k < indices.length; k += 1) sum += (values[k] as number) * (dense[offset + (indices[k] as number)] as number);
  return sum;
}
