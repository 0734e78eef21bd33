// The graph of nearest neighbours that grouping works on: each text points at the `k` texts of greatest cosine.
import type { Uniform } from '../../math/seeded-random.ts';
import { type SparseVector, sparseDenseDot } from '../text/sparse-vector.ts';
import { rowDot } from './spherical-k-means.ts';

export type NeighbourGraph = {
  readonly nodeCount: number;
  readonly k: number;
  /** nodeCount x k, by falling cosine; -1 where a node has fewer neighbours. */
  readonly neighbours: Int32Array;
  readonly cosines: Float32Array;
};

/** Texts in both views: `points` = unit rows of the latent space, `rows` = their TF-IDF vectors of unit length. */
export type PlacedTexts = {
  readonly points: Float32Array;
  readonly dims: number;
  readonly rows: readonly SparseVector[];
  readonly featureCount: number;
};

/**
 * Exact nearest neighbours by the mean of latent and lexical cosine: the latent view knows that "arrived" and "delivery"
 * go together, the lexical one tells apart what the projection has merged. n^2 / 2 comparisons; meant for a few thousand.
 */
export function nearestNeighbours(texts: PlacedTexts, k: number): NeighbourGraph {
  return extendNeighbours(null, texts, k);
}

/** Adds the rows after those `known` covers: new rows are compared with all, known rows only with new ones. */
export function extendNeighbours(known: NeighbourGraph | null, texts: PlacedTexts, k: number): NeighbourGraph {
  const { points, dims, rows, featureCount } = texts;
  const n = rows.length;
  const neighbours = new Int32Array(n * k).fill(-1);
  const cosines = new Float32Array(n * k).fill(Number.NEGATIVE_INFINITY);
  if (known !== null) {
    neighbours.set(known.neighbours);
    cosines.set(known.cosines);
  }
  const dense = new Float32Array(featureCount);
  for (let i = known?.nodeCount ?? 0; i < n; i += 1) {
    const { indices, values } = rows[i] as SparseVector;
    for (let p = 0; p < indices.length; p += 1) dense[indices[p] as number] = values[p] as number;
    for (let j = 0; j < i; j += 1) {
      const cosine = (rowDot(points, i * dims, points, j * dims, dims) + sparseDenseDot(rows[j] as SparseVector, dense)) / 2;
      if (cosine > (cosines[i * k + k - 1] as number)) insert(neighbours, cosines, i * k, k, j, cosine);
      if (cosine > (cosines[j * k + k - 1] as number)) insert(neighbours, cosines, j * k, k, i, cosine);
    }
    for (const index of indices) dense[index] = 0;
  }
  return { nodeCount: n, k, neighbours, cosines };
}

function insert(neighbours: Int32Array, cosines: Float32Array, start: number, k: number, node: number, cosine: number): void {
  let place = start + k - 1;
  while (place > start && (cosines[place - 1] as number) < cosine) {
    cosines[place] = cosines[place - 1] as number;
    neighbours[place] = neighbours[place - 1] as number;
    place -= 1;
  }
  cosines[place] = cosine;
  neighbours[place] = node;
}

/** An undirected weighted graph in compressed rows; every edge is stored at both ends. */
export type WeightedGraph = { readonly starts: Int32Array; readonly ends: Int32Array; readonly weights: Float64Array };

/** Joins i and j when either lists the other among its first `k`; weight = sum over the listings of max(0, cosine)^power. */
export function symmetricGraph(graph: NeighbourGraph, k: number = graph.k, power = 2): WeightedGraph {
  const n = graph.nodeCount;
  const rows: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  for (let i = 0; i < n; i += 1) {
    for (let t = 0; t < Math.min(k, graph.k); t += 1) {
      const j = graph.neighbours[i * graph.k + t] as number;
      const weight = Math.max(0, graph.cosines[i * graph.k + t] as number) ** power;
      if (j < 0 || weight === 0) continue;
      rows[i]?.set(j, (rows[i]?.get(j) ?? 0) + weight);
      rows[j]?.set(i, (rows[j]?.get(i) ?? 0) + weight);
    }
  }
  return compress(rows);
}

export function compress(rows: readonly ReadonlyMap<number, number>[]): WeightedGraph {
  const starts = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) starts[i + 1] = (starts[i] as number) + row.size;
  const total = starts[rows.length] as number;
  const ends = new Int32Array(total);
  const weights = new Float64Array(total);
  let place = 0;
  for (const row of rows) {
    for (const [end, weight] of row) {
      ends[place] = end;
      weights[place] = weight;
      place += 1;
    }
  }
  return { starts, ends, weights };
}

/** Fisher-Yates over 0..n-1. */
export function shuffled(n: number, uniform: Uniform): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = n - 1; k > 0; k -= 1) {
    const other = Math.floor(uniform() * (k + 1));
    const held = order[k] as number;
    order[k] = order[other] as number;
    order[other] = held;
  }
  return order;
}
