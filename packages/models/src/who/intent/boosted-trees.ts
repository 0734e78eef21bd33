// Boosted trees as flat arrays: what the server holds and scores with. A node asks whether the bin of one column is in a
// set of bins (two 32-bit words); numbers, categories and missing cells are all the same to it (feature-bins.ts).
//
// logit P(y = 1 | row) = base + sum over trees of the value of the leaf the row falls into.

export type BoostedTrees = {
  readonly base: number;
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Column asked by the node; -1 = a leaf. */
  readonly column: Int16Array;
  /** Bins that go left: bits 0..31 and 32..63. */
  readonly leftLow: Uint32Array;
  readonly leftHigh: Uint32Array;
  /** Left child; the right one follows it. */
  readonly child: Int32Array;
  /** Of leaves, in logits, learning rate folded in. */
  readonly value: Float32Array;
};

/** Sum of base and leaf values for the bins of one row (`bins[column]`). */
export function scoreBins(trees: BoostedTrees, bins: ArrayLike<number>): number {
  const { roots, column, leftLow, leftHigh, child, value } = trees;
  let sum = trees.base;
  for (let t = 0; t < roots.length; t += 1) {
    let node = roots[t] as number;
    for (let c = column[node] as number; c >= 0; c = column[node] as number) {
      const bin = bins[c] as number;
      const word = bin < 32 ? (leftLow[node] as number) : (leftHigh[node] as number);
      node = (child[node] as number) + (1 - ((word >>> (bin & 31)) & 1));
    }
    sum += value[node] as number;
  }
  return sum;
}

export const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));
