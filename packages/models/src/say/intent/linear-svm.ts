// One-against-rest linear support vector machine with squared hinge loss, trained by dual coordinate descent with
// shrinking (Hsieh et al. 2008, algorithm 3; the method of LIBLINEAR's solver 1):
//   min_w  1/2 w'w + C sum_i max(0, 1 - y_i w'x_i)^2
// The bias is one more weight over a constant feature, as in LIBLINEAR.
import type { Uniform } from '../../math/seeded-random.ts';
import type { SparseVector } from '../text/sparse-vector.ts';

export type SvmOptions = { readonly cost: number; readonly maxPasses: number; readonly tolerance: number };
export const DEFAULT_SVM: SvmOptions = { cost: 2, maxPasses: 40, tolerance: 0.1 };

export type LinearSvm = {
  readonly classCount: number;
  readonly featureCount: number;
  /** Feature-major, so that scoring a text reads one short row a feature: `weights[feature * classCount + class]`. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
};

/** Trains on rows with classes 0..classCount-1. Rows of zeros are allowed and say nothing but the bias. */
export function trainLinearSvm(
  rows: readonly SparseVector[],
  classes: ArrayLike<number>,
  classCount: number,
  featureCount: number,
  uniform: Uniform,
  options: SvmOptions = DEFAULT_SVM,
): LinearSvm {
  const matrix = flatten(rows);
  const weights = new Float32Array(featureCount * classCount);
  const bias = new Float32Array(classCount);
  const signs = new Int8Array(rows.length);
  for (let c = 0; c < classCount; c += 1) {
    for (let i = 0; i < rows.length; i += 1) signs[i] = classes[i] === c ? 1 : -1;
    const w = trainBinary(matrix, signs, featureCount, uniform, options);
    for (let f = 0; f < featureCount; f += 1) weights[f * classCount + c] = w[f] as number;
    bias[c] = w[featureCount] as number;
  }
  return { classCount, featureCount, weights, bias };
}

/** Decision values of one text, one a class; above 0 = the class's side. */
export function svmScores(model: LinearSvm, { indices, values }: SparseVector, into = new Float32Array(model.classCount)): Float32Array {
  const { classCount, weights, bias } = model;
  into.set(bias);
  for (let k = 0; k < indices.length; k += 1) {
    const from = (indices[k] as number) * classCount;
    const value = values[k] as number;
    for (let c = 0; c < classCount; c += 1) into[c] = (into[c] as number) + value * (weights[from + c] as number);
  }
  return into;
}

type FlatRows = {
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
  readonly squares: Float64Array;
};

function flatten(rows: readonly SparseVector[]): FlatRows {
  const starts = new Int32Array(rows.length + 1);
  for (const [i, { indices }] of rows.entries()) starts[i + 1] = (starts[i] as number) + indices.length;
  const total = starts[rows.length] as number;
  const indices = new Int32Array(total);
  const values = new Float32Array(total);
  const squares = new Float64Array(rows.length);
  for (const [i, row] of rows.entries()) {
    indices.set(row.indices, starts[i]);
    values.set(row.values, starts[i]);
    for (const value of row.values) squares[i] = (squares[i] as number) + value * value;
  }
  return { starts, indices, values, squares };
}

function trainBinary(matrix: FlatRows, signs: Int8Array, featureCount: number, uniform: Uniform, options: SvmOptions): Float32Array {
  const { starts, indices, values, squares } = matrix;
  const n = signs.length;
  const w = new Float32Array(featureCount + 1);
  const alpha = new Float64Array(n);
  const diagonal = 0.5 / options.cost;
  const active = Int32Array.from({ length: n }, (_, i) => i);
  let activeCount = n;
  let shrinkAbove = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < options.maxPasses; pass += 1) {
    for (let k = activeCount - 1; k > 0; k -= 1) swap(active, k, Math.floor(uniform() * (k + 1)));
    let greatest = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < activeCount; k += 1) {
      const i = active[k] as number;
      const y = signs[i] as number;
      const from = starts[i] as number;
      const to = starts[i + 1] as number;
      let score = w[featureCount] as number;
      for (let p = from; p < to; p += 1) score += (values[p] as number) * (w[indices[p] as number] as number);
      const old = alpha[i] as number;
      const gradient = y * score - 1 + diagonal * old;
      let projected = gradient;
      if (old === 0) {
        if (gradient > shrinkAbove) {
          activeCount -= 1;
          swap(active, k, activeCount);
          k -= 1;
          continue;
        }
        projected = Math.min(0, gradient);
      }
      greatest = Math.max(greatest, projected);
      least = Math.min(least, projected);
      if (Math.abs(projected) < 1e-12) continue;
      const next = Math.max(0, old - gradient / ((squares[i] as number) + 1 + diagonal));
      alpha[i] = next;
      const step = (next - old) * y;
      for (let p = from; p < to; p += 1) w[indices[p] as number] = (w[indices[p] as number] as number) + step * (values[p] as number);
      w[featureCount] = (w[featureCount] as number) + step;
    }
    if (greatest - least <= options.tolerance) {
      if (activeCount === n) break;
      activeCount = n;
      shrinkAbove = Number.POSITIVE_INFINITY;
    } else shrinkAbove = greatest <= 0 ? Number.POSITIVE_INFINITY : greatest;
  }
  return w;
}

function swap(list: Int32Array, a: number, b: number): void {
  const held = list[a] as number;
  list[a] = list[b] as number;
  list[b] = held;
}
