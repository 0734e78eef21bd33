// A space in which texts that ask the same lie close: TF-IDF of words and character n-grams, projected by a truncated
// SVD (latent semantic analysis, Deerwester et al. 1990), unit length.
import type { Uniform } from '../../math/seeded-random.ts';
import type { SparseVector } from '../text/sparse-vector.ts';
import { TfIdf, type TfIdfOptions } from '../text/tf-idf.ts';
import { DEFAULT_SVD, type SvdOptions, truncatedSvd } from '../text/truncated-svd.ts';
import type { PlacedTexts } from './neighbour-graph.ts';
import { scaleToUnit } from './spherical-k-means.ts';

export type TextSpaceOptions = { readonly features: TfIdfOptions; readonly svd: SvdOptions };

export const DEFAULT_TEXT_SPACE: TextSpaceOptions = {
  features: { maxWords: 1, chars: [2, 4], minTexts: 2, maxTextsRatio: 1, wordShare: 0.3 },
  svd: DEFAULT_SVD,
};

export class TextSpace {
  readonly dims: number;
  readonly #tfIdf: TfIdf;
  readonly #right: Float32Array;
  readonly #sums: Float64Array;

  private constructor(tfIdf: TfIdf, right: Float32Array, dims: number) {
    this.#tfIdf = tfIdf;
    this.#right = right;
    this.dims = dims;
    this.#sums = new Float64Array(dims);
  }

  /** Learns the space from unlabelled texts. Texts that share nothing give a space of one dimension in which all lie at 0. */
  static fit(texts: readonly string[], uniform: Uniform, options: TextSpaceOptions = DEFAULT_TEXT_SPACE): TextSpace {
    const tfIdf = TfIdf.fit(texts, options.features);
    const rows = texts.map((text) => tfIdf.transform(text));
    const { rank, right } = truncatedSvd(rows, tfIdf.featureCount, uniform, options.svd);
    return rank === 0 ? new TextSpace(tfIdf, new Float32Array(tfIdf.featureCount), 1) : new TextSpace(tfIdf, right, rank);
  }

  get featureCount(): number {
    return this.#tfIdf.featureCount;
  }

  /** Writes the place of a text at `start` of `into` and returns its length before scaling: 0 = nothing known in it. */
  place(text: string, into: Float32Array, start = 0): number {
    return this.project(this.#tfIdf.transform(text), into, start);
  }

  /** The same for a text in normal form, with its TF-IDF vector and the share of its words that the space knows, 0..1. */
  placeNormalized(normalized: string, into: Float32Array, start: number): { length: number; coverage: number; vector: SparseVector } {
    const { vector, coverage } = this.#tfIdf.transformNormalized(normalized);
    return { length: this.project(vector, into, start), coverage, vector };
  }

  /** Writes the unit-length place of a TF-IDF vector at `start` of `into`; returns its length before scaling. */
  project({ indices, values }: SparseVector, into: Float32Array, start: number): number {
    const { dims } = this;
    const right = this.#right;
    const sums = this.#sums.fill(0);
    const fours = indices.length - (indices.length % 4);
    // Four features at a time: each sum is then read and written once for four products. Most of a message's time is here.
    for (let k = 0; k < fours; k += 4) {
      const a = (indices[k] as number) * dims;
      const b = (indices[k + 1] as number) * dims;
      const c = (indices[k + 2] as number) * dims;
      const d = (indices[k + 3] as number) * dims;
      const va = values[k] as number;
      const vb = values[k + 1] as number;
      const vc = values[k + 2] as number;
      const vd = values[k + 3] as number;
      for (let x = 0; x < dims; x += 1) {
        sums[x] =
          (sums[x] as number) +
          va * (right[a + x] as number) +
          vb * (right[b + x] as number) +
          vc * (right[c + x] as number) +
          vd * (right[d + x] as number);
      }
    }
    for (let k = fours; k < indices.length; k += 1) {
      const from = (indices[k] as number) * dims;
      const value = values[k] as number;
      for (let x = 0; x < dims; x += 1) sums[x] = (sums[x] as number) + value * (right[from + x] as number);
    }
    into.set(sums, start);
    return scaleToUnit(into, start, dims);
  }

  /** Both views of many texts. */
  placeAll(texts: readonly string[]): PlacedTexts {
    const points = new Float32Array(texts.length * this.dims);
    const rows = texts.map((text) => this.#tfIdf.transform(text));
    for (const [i, row] of rows.entries()) this.project(row, points, i * this.dims);
    return { points, dims: this.dims, rows, featureCount: this.featureCount };
  }
}
