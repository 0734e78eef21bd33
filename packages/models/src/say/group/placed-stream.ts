// Where the texts of a stream lie: the space learnt from them, a growing array of their places, and the graph of their
// neighbours. Everything here follows from texts and a seed, so a snapshot keeps those and computes this again.
import { seededUniform } from '../../math/seeded-random.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { mix } from '../text/text-features.ts';
import { extendNeighbours, type NeighbourGraph } from './neighbour-graph.ts';
import type { HeldText } from './stream-types.ts';
import { TextSpace, type TextSpaceOptions } from './text-space.ts';

export class PlacedStream {
  readonly #fitOn: readonly string[];
  readonly #options: TextSpaceOptions;
  #space: TextSpace | null = null;
  #fitCount = 0;
  #fitTexts: readonly string[] | null = null;
  #points: Float32Array = new Float32Array(0);
  #graph: NeighbourGraph | null = null;

  /** `fitOn` = texts every space is learnt on besides those of the stream. */
  constructor(fitOn: readonly string[], options: TextSpaceOptions) {
    this.#fitOn = fitOn;
    this.#options = options;
  }

  /** 0 = nothing is learnt yet. */
  get dims(): number {
    return this.#space?.dims ?? 0;
  }

  /** Row-major unit rows by position of the text; longer than needed. */
  get points(): Float32Array {
    return this.#points;
  }

  /** For a snapshot: how often a space was learnt, on which texts last (null = never), texts the graph covers. */
  get learnt(): { readonly fitCount: number; readonly fitTexts: readonly string[] | null; readonly graphCount: number } {
    return { fitCount: this.#fitCount, fitTexts: this.#fitTexts, graphCount: this.#graph?.nodeCount ?? 0 };
  }

  /** Learns the space anew and forgets the neighbours; `fitCount` counts on from the given one, so a seed is used once. */
  fit(texts: readonly string[], seed: number, fitCount = this.#fitCount + 1): void {
    this.#fitCount = fitCount;
    this.#fitTexts = texts;
    const uniform = seededUniform(mix(seed ^ mix(2 * fitCount)));
    this.#space = TextSpace.fit([...this.#fitOn, ...texts], uniform, this.#options);
    this.#graph = null;
  }

  /** Places every text of the buffer in the space. */
  placeAll(texts: readonly HeldText[]): void {
    const { points, rows } = this.#known().placeAll(texts.map(({ original }) => original));
    this.#points = points;
    for (const [i, text] of texts.entries()) text.vector = rows[i] as SparseVector;
  }

  /** Places one text at a position. `length` 0 = nothing known in it; `coverage` = share of its words that are known. */
  placeAt(text: HeldText, position: number): { length: number; coverage: number } {
    const { dims } = this;
    this.#reserve((position + 1) * dims);
    const { length, coverage, vector } = this.#known().placeNormalized(text.normalized, this.#points, position * dims);
    text.vector = vector;
    return { length, coverage };
  }

  /** Neighbours of the first `count` texts, at most `k` each; what is known already is not computed again. */
  neighbours(texts: readonly HeldText[], count: number, k: number): NeighbourGraph {
    const { dims, featureCount } = this.#known();
    const rows = texts.slice(0, count).map(({ vector }) => vector);
    this.#graph = extendNeighbours(this.#graph, { points: this.#points, dims, rows, featureCount }, k);
    return this.#graph;
  }

  /** Keeps only the rows at the given rising positions, in their order; the neighbours are forgotten. */
  keep(positions: readonly number[]): void {
    const { dims } = this;
    for (const [to, from] of positions.entries()) this.#points.copyWithin(to * dims, from * dims, (from + 1) * dims);
    this.#graph = null;
  }

  #known(): TextSpace {
    if (this.#space === null) throw new Error('no space is learnt yet');
    return this.#space;
  }

  #reserve(length: number): void {
    if (this.#points.length >= length) return;
    const larger = new Float32Array(Math.max(64 * this.dims, 2 * length));
    larger.set(this.#points);
    this.#points = larger;
  }
}
