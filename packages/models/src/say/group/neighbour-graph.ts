// The graph of nearest neighbours that grouping works on: each text points at the `k` texts of greatest cosine.
import type { Uniform } from '../../math/seeded-random.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
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
  const { points, dims, rows } = texts;
  const n = rows.length;
  const neighbours = new Int32Array(n * k).fill(-1);
  const cosines = new Float32Array(n * k).fill(Number.NEGATIVE_INFINITY);
  if (known !== null) {
    neighbours.set(known.neighbours);
    cosines.set(known.cosines);
  }
  const from = known?.nodeCount ?? 0;
  const shared = sharedWeights(texts, from);
  for (let i = from; i < n; i += 1) {
    const lexical = shared(i);
    for (let j = 0; j < i; j += 1) {
      const cosine = (rowDot(points, i * dims, points, j * dims, dims) + (lexical[j] as number)) / 2;
      if (cosine > (cosines[i * k + k - 1] as number)) insert(neighbours, cosines, i * k, k, j, cosine);
      if (cosine > (cosines[j * k + k - 1] as number)) insert(neighbours, cosines, j * k, k, i, cosine);
    }
  }
  return { nodeCount: n, k, neighbours, cosines };
}

/**
 * Lexical cosines of row i with all rows before it, for i = from, from + 1, ... in this order. By an inverted index: only
 * features two texts share cost anything, which is a fraction of what merging their vectors does.
 */
function sharedWeights({ rows, featureCount }: PlacedTexts, from: number): (i: number) => Float32Array {
  const starts = new Int32Array(featureCount + 1);
  for (const { indices } of rows) for (const index of indices) starts[index + 1] = (starts[index + 1] as number) + 1;
  for (let f = 0; f < featureCount; f += 1) starts[f + 1] = (starts[f + 1] as number) + (starts[f] as number);
  const ends = starts.slice(0, featureCount);
  const holders = new Int32Array(starts[featureCount] as number);
  const weights = new Float32Array(holders.length);
  const sums = new Float32Array(rows.length);
  const post = (row: number) => {
    const { indices, values } = rows[row] as SparseVector;
    for (let p = 0; p < indices.length; p += 1) {
      const f = indices[p] as number;
      const end = ends[f] as number;
      holders[end] = row;
      weights[end] = values[p] as number;
      ends[f] = end + 1;
    }
  };
  for (let row = 0; row < from; row += 1) post(row);
  return (i) => {
    const { indices, values } = rows[i] as SparseVector;
    sums.fill(0, 0, i);
    for (let p = 0; p < indices.length; p += 1) {
      const f = indices[p] as number;
      const value = values[p] as number;
      const end = ends[f] as number;
      for (let at = starts[f] as number; at < end; at += 1) {
        const holder = holders[at] as number;
        sums[holder] = (sums[holder] as number) + value * (weights[at] as number);
      }
    }
    post(i);
    return sums;
  };
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
  const width = Math.min(k, graph.k);
  const counts = new Int32Array(n + 1);
  const eachListing = (take: (i: number, j: number, weight: number) => void) => {
    for (let i = 0; i < n; i += 1) {
      for (let t = i * graph.k; t < i * graph.k + width; t += 1) {
        const j = graph.neighbours[t] as number;
        const cosine = graph.cosines[t] as number;
        if (j >= 0 && cosine > 0) take(i, j, cosine ** power);
      }
    }
  };
  eachListing((i, j) => {
    counts[i + 1] = (counts[i + 1] as number) + 1;
    counts[j + 1] = (counts[j + 1] as number) + 1;
  });
  for (let i = 0; i < n; i += 1) counts[i + 1] = (counts[i + 1] as number) + (counts[i] as number);
  const places = counts.slice(0, n);
  const ends = new Int32Array(counts[n] as number);
  const weights = new Float64Array(ends.length);
  const add = (at: number, end: number, weight: number) => {
    const place = places[at] as number;
    ends[place] = end;
    weights[place] = weight;
    places[at] = place + 1;
  };
  eachListing((i, j, weight) => {
    add(i, j, weight);
    add(j, i, weight);
  });
  return mergeParallelEdges({ starts: counts, ends, weights });
}

/** Sums edges that join the same two nodes, in place of them. */
function mergeParallelEdges({ starts, ends, weights }: WeightedGraph): WeightedGraph {
  const n = starts.length - 1;
  const merged = new Int32Array(n + 1);
  const placeOf = new Int32Array(n).fill(-1);
  let place = 0;
  for (let i = 0; i < n; i += 1) {
    const from = place;
    for (let p = starts[i] as number; p < (starts[i + 1] as number); p += 1) {
      const end = ends[p] as number;
      const known = placeOf[end] as number;
      if (known >= from) weights[known] = (weights[known] as number) + (weights[p] as number);
      else {
        placeOf[end] = place;
        ends[place] = end;
        weights[place] = weights[p] as number;
        place += 1;
      }
    }
    merged[i + 1] = place;
  }
  return { starts: merged, ends: ends.slice(0, place), weights: weights.slice(0, place) };
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
