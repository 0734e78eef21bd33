// Histogram gradient boosting (Friedman 2001, with the second-order gain of Chen & Guestrin 2016 and leaf-wise growth as in
// Ke et al. 2017), for a yes-or-no outcome under log loss. Own code, deterministic: equal input and seed give equal trees.
//
// With g = p - y and h = p (1 - p) summed over the rows of a node, a leaf is worth -G / (H + ridge), and a split gains
//   G_L^2 / (H_L + ridge) + G_R^2 / (H_R + ridge) - G^2 / (H + ridge).
// Categories are sorted by G / (H + smooth) before the scan, which finds the best of all 2^n subsets (Fisher 1958).
import type { Uniform } from '../../math/seeded-random.ts';
import { type BoostedTrees, logistic } from './boosted-trees.ts';
import { MAX_BINS } from './feature-bins.ts';

export type GrowOptions = {
  treeCount: number;
  learningRate: number;
  maxLeaves: number;
  minLeafRows: number;
  /** Added to H of every leaf. */
  ridge: number;
  /** Share of rows a tree is grown on, and of columns it may ask. */
  rowRatio: number;
  columnRatio: number;
};

export const DEFAULT_GROW: GrowOptions = {
  treeCount: 200,
  learningRate: 0.05,
  maxLeaves: 12,
  minLeafRows: 20,
  ridge: 5,
  rowRatio: 0.7,
  columnRatio: 0.5,
};

export type TrainingRows = {
  /** bins[column][row] */
  readonly bins: readonly Uint8Array[];
  /** Columns whose bins have no order. */
  readonly isCategory: readonly boolean[];
  /** 0 or 1. */
  readonly labels: ArrayLike<number>;
};

type Split = { gain: number; column: number; low: number; high: number };
type Leaf = { node: number; start: number; end: number; gradient: number; hessian: number; histogram: Float64Array; best: Split | null };

/** Extra ridge for categories, so that a rare level does not look like a discovery. */
const CATEGORY_SMOOTH = 10;

/**
 * Grows trees on rows `0..n-1`. Labels of one class give a base and no trees. `watch` sees the running log-odds of rows that
 * do not teach, after each tree.
 */
export function growTrees(rows: TrainingRows, uniform: Uniform, options: Partial<GrowOptions> = {}, watch?: Watch): BoostedTrees {
  const settings = { ...DEFAULT_GROW, ...options };
  const { bins, labels } = rows;
  const rowCount = labels.length;
  let positives = 0;
  for (let i = 0; i < rowCount; i += 1) positives += labels[i] as number;
  const base = Math.log((positives + 0.5) / (rowCount - positives + 0.5));
  const nodes = new NodeList();
  const roots: number[] = [];
  const scores = new Float64Array(rowCount).fill(base);
  const gradients = new Float64Array(rowCount);
  const hessians = new Float64Array(rowCount);
  const index = new Int32Array(rowCount);
  const spare = new Int32Array(rowCount);
  const watchedScores = watch ? new Float64Array(watch.rowCount).fill(base) : null;
  if (positives === 0 || positives === rowCount) return nodes.freeze(base, roots);

  for (let t = 0; t < settings.treeCount; t += 1) {
    let used = 0;
    for (let i = 0; i < rowCount; i += 1) {
      const p = logistic(scores[i] as number);
      gradients[i] = p - (labels[i] as number);
      hessians[i] = p * (1 - p);
      if (settings.rowRatio >= 1 || uniform() < settings.rowRatio) index[used++] = i;
    }
    const columns = drawColumns(bins.length, settings.columnRatio, uniform);
    const root = nodes.add();
    roots.push(root);
    growTree({ root, used, index, spare, gradients, hessians, columns, rows, settings, nodes });
    for (let i = 0; i < rowCount; i += 1) scores[i] = (scores[i] as number) + nodes.valueAt(root, bins, i);
    if (watch && watchedScores) {
      for (let i = 0; i < watch.rowCount; i += 1) watchedScores[i] = (watchedScores[i] as number) + nodes.valueAt(root, watch.bins, i);
      watch.onTree(t, watchedScores);
    }
  }
  return nodes.freeze(base, roots);
}

/** Rows that are scored while trees grow and never teach. */
export type Watch = {
  readonly bins: readonly Uint8Array[];
  readonly rowCount: number;
  readonly onTree: (treeIndex: number, logits: Float64Array) => void;
};

function drawColumns(columnCount: number, ratio: number, uniform: Uniform): number[] {
  const all = Array.from({ length: columnCount }, (_, c) => c);
  const wanted = Math.max(1, Math.ceil(columnCount * ratio));
  for (let i = 0; i < wanted && wanted < columnCount; i += 1) {
    const other = i + Math.floor(uniform() * (columnCount - i));
    [all[i], all[other]] = [all[other] as number, all[i] as number];
  }
  return all.slice(0, wanted).sort((a, b) => a - b);
}

type TreeWork = {
  root: number;
  used: number;
  index: Int32Array;
  spare: Int32Array;
  gradients: Float64Array;
  hessians: Float64Array;
  columns: readonly number[];
  rows: TrainingRows;
  settings: GrowOptions;
  nodes: NodeList;
};

/** Splits the leaf that gains most until `maxLeaves`. */
function growTree(work: TreeWork): void {
  const { settings, nodes, used, root } = work;
  const leaves: Leaf[] = [];
  const open = (node: number, start: number, end: number, histogram: Float64Array) => {
    let gradient = 0;
    let hessian = 0;
    for (let i = start; i < end; i += 1) {
      gradient += work.gradients[work.index[i] as number] as number;
      hessian += work.hessians[work.index[i] as number] as number;
    }
    const leaf: Leaf = { node, start, end, gradient, hessian, histogram, best: null };
    leaf.best = findSplit(work, leaf);
    leaves.push(leaf);
    nodes.value[node] = (-settings.learningRate * gradient) / (hessian + settings.ridge);
  };
  open(root, 0, used, fillHistogram(work, 0, used));
  while (leaves.length < settings.maxLeaves) {
    let place = -1;
    let greatest = 0;
    for (const [i, { best }] of leaves.entries()) {
      if (best === null || best.gain <= greatest) continue;
      place = i;
      greatest = best.gain;
    }
    if (place < 0) return;
    const [leaf] = leaves.splice(place, 1) as [Leaf];
    const split = leaf.best as Split;
    const middle = partition(work, leaf, split);
    const left = nodes.split(leaf.node, split);
    // The smaller half is counted, the larger one is what remains.
    const isLeftSmaller = middle - leaf.start <= leaf.end - middle;
    const small = isLeftSmaller ? fillHistogram(work, leaf.start, middle) : fillHistogram(work, middle, leaf.end);
    const large = leaf.histogram;
    for (let i = 0; i < large.length; i += 1) large[i] = (large[i] as number) - (small[i] as number);
    open(left, leaf.start, middle, isLeftSmaller ? small : large);
    open(left + 1, middle, leaf.end, isLeftSmaller ? large : small);
  }
}

/** Sums of gradient, hessian and count by column and bin: shape [columns asked][MAX_BINS][3]. */
function fillHistogram({ columns, rows, index, gradients, hessians }: TreeWork, start: number, end: number): Float64Array {
  const histogram = new Float64Array(columns.length * MAX_BINS * 3);
  for (const [place, column] of columns.entries()) {
    const bins = rows.bins[column] as Uint8Array;
    const offset = place * MAX_BINS * 3;
    for (let i = start; i < end; i += 1) {
      const row = index[i] as number;
      const at = offset + (bins[row] as number) * 3;
      histogram[at] = (histogram[at] as number) + (gradients[row] as number);
      histogram[at + 1] = (histogram[at + 1] as number) + (hessians[row] as number);
      histogram[at + 2] = (histogram[at + 2] as number) + 1;
    }
  }
  return histogram;
}

function findSplit({ columns, rows, settings }: TreeWork, leaf: Leaf): Split | null {
  const { ridge, minLeafRows } = settings;
  const { histogram, gradient, hessian } = leaf;
  const rowCount = leaf.end - leaf.start;
  if (rowCount < 2 * minLeafRows) return null;
  const own = gradient ** 2 / (hessian + ridge);
  let best: Split | null = null;
  for (const [place, column] of columns.entries()) {
    const offset = place * MAX_BINS * 3;
    const present: number[] = [];
    for (let bin = 0; bin < MAX_BINS; bin += 1) if ((histogram[offset + bin * 3 + 2] as number) > 0.5) present.push(bin);
    if (present.length < 2) continue;
    const isCategory = rows.isCategory[column] as boolean;
    if (isCategory) {
      const lean = (bin: number) =>
        (histogram[offset + bin * 3] as number) / ((histogram[offset + bin * 3 + 1] as number) + CATEGORY_SMOOTH);
      present.sort((a, b) => lean(a) - lean(b) || a - b);
    }
    const extra = isCategory ? CATEGORY_SMOOTH : 0;
    let g = 0;
    let h = 0;
    let n = 0;
    let low = 0;
    let high = 0;
    for (let i = 0; i + 1 < present.length; i += 1) {
      const bin = present[i] as number;
      g += histogram[offset + bin * 3] as number;
      h += histogram[offset + bin * 3 + 1] as number;
      n += histogram[offset + bin * 3 + 2] as number;
      if (bin < 32) low |= 1 << bin;
      else high |= 1 << (bin - 32);
      if (n < minLeafRows) continue;
      if (rowCount - n < minLeafRows) break;
      const gain = g ** 2 / (h + ridge + extra) + (gradient - g) ** 2 / (hessian - h + ridge + extra) - own;
      if (gain > 1e-9 && (best === null || gain > best.gain)) best = { gain, column, low, high };
    }
  }
  return best;
}

/** Moves the rows of the leaf that go left to its front, in order; answers where the right ones begin. */
function partition({ rows, index, spare }: TreeWork, { start, end }: Leaf, { column, low, high }: Split): number {
  const bins = rows.bins[column] as Uint8Array;
  let middle = start;
  let kept = 0;
  for (let i = start; i < end; i += 1) {
    const row = index[i] as number;
    const bin = bins[row] as number;
    if (((bin < 32 ? low : high) >>> (bin & 31)) & 1) index[middle++] = row;
    else spare[kept++] = row;
  }
  for (let i = 0; i < kept; i += 1) index[middle + i] = spare[i] as number;
  return middle;
}

/** Nodes while they grow; frozen into typed arrays at the end. */
class NodeList {
  readonly column: number[] = [];
  readonly low: number[] = [];
  readonly high: number[] = [];
  readonly child: number[] = [];
  readonly value: number[] = [];

  add(): number {
    this.column.push(-1);
    this.low.push(0);
    this.high.push(0);
    this.child.push(-1);
    this.value.push(0);
    return this.column.length - 1;
  }

  /** Turns a leaf into a node with two leaves; answers the left one, the right one follows. */
  split(node: number, { column, low, high }: Split): number {
    const left = this.add();
    this.add();
    this.column[node] = column;
    this.low[node] = low;
    this.high[node] = high;
    this.child[node] = left;
    return left;
  }

  valueAt(root: number, bins: readonly Uint8Array[], row: number): number {
    let node = root;
    for (let c = this.column[node] as number; c >= 0; c = this.column[node] as number) {
      const bin = (bins[c] as Uint8Array)[row] as number;
      const word = bin < 32 ? (this.low[node] as number) : (this.high[node] as number);
      node = (this.child[node] as number) + (1 - ((word >>> (bin & 31)) & 1));
    }
    return this.value[node] as number;
  }

  freeze(base: number, roots: readonly number[]): BoostedTrees {
    return {
      base,
      roots: Int32Array.from(roots),
      column: Int16Array.from(this.column),
      leftLow: Uint32Array.from(this.low),
      leftHigh: Uint32Array.from(this.high),
      child: Int32Array.from(this.child),
      value: Float32Array.from(this.value),
    };
  }
}
