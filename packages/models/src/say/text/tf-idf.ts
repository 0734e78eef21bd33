// TF-IDF over two blocks, words and character n-grams, each scaled to unit length and then joined, so that neither
// drowns the other. weight = (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), the smoothed form of scikit-learn.
import { InputError } from '../../input-error.ts';
import { FeaturePlaces } from './feature-places.ts';
import { normalizeChat } from './normalize-chat.ts';
import type { SparseVector } from './sparse-vector.ts';
import { type FeatureOptions, textFeatures } from './text-features.ts';

export type TfIdfOptions = FeatureOptions & {
  /** Features in fewer texts than this are dropped. */
  readonly minTexts: number;
  /** Features in a larger share of texts than this are dropped. */
  readonly maxTextsRatio: number;
  /** Square weights of the two blocks; only their ratio matters. */
  readonly wordShare: number;
};

export const DEFAULT_TF_IDF: TfIdfOptions = { maxWords: 1, chars: [3, 5], minTexts: 2, maxTextsRatio: 1, wordShare: 0.5 };

export class TfIdf {
  readonly options: TfIdfOptions;
  /** The kept features as hashes, in order of their places. */
  readonly features: Int32Array;
  readonly idf: Float32Array;
  readonly #places: FeaturePlaces;
  /** Scratch: counts of the text at hand, all 0 in between. */
  readonly #counts: Uint16Array;

  private constructor(options: TfIdfOptions, features: Int32Array, idf: Float32Array) {
    this.options = options;
    this.features = features;
    this.#places = new FeaturePlaces(features);
    this.idf = idf;
    this.#counts = new Uint16Array(idf.length);
  }

  /** From parts kept elsewhere; refuses features and idf of unequal length. */
  static of(options: TfIdfOptions, features: Int32Array, idf: Float32Array): TfIdf {
    if (features.length !== idf.length) throw new InputError(`${features.length} features, ${idf.length} idf weights`);
    return new TfIdf(options, features, idf);
  }

  /** Learns features and their idf from texts in the original form. Refuses an empty list. */
  static fit(texts: readonly string[], options: TfIdfOptions = DEFAULT_TF_IDF): TfIdf {
    if (texts.length === 0) throw new InputError('there are no texts');
    const textCounts = new Map<number, number>();
    for (const text of texts) {
      const { words, chars } = textFeatures(normalizeChat(text).text, options);
      for (const feature of new Set([...words, ...chars])) textCounts.set(feature, (textCounts.get(feature) ?? 0) + 1);
    }
    const kept = [...textCounts].filter(([, count]) => count >= options.minTexts && count <= options.maxTextsRatio * texts.length);
    return new TfIdf(
      options,
      Int32Array.from(kept, ([feature]) => feature),
      Float32Array.from(kept, ([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1),
    );
  }

  get featureCount(): number {
    return this.idf.length;
  }

  /** Vector of unit length, or all empty when the text holds no known feature. */
  transform(text: string): SparseVector {
    return this.transformNormalized(normalizeChat(text).text).vector;
  }

  /** The same for a text in normal form, with the share of its words that were seen when learning, 0..1. */
  transformNormalized(normalized: string): { vector: SparseVector; coverage: number } {
    const { words, chars } = textFeatures(normalized, this.options);
    const { wordShare } = this.options;
    const both = words.length > 0 && chars.length > 0;
    const places: number[] = [];
    const weights: number[] = [];
    this.#addBlock(places, weights, words, both ? Math.sqrt(wordShare) : 1);
    const knownWords = places.length;
    this.#addBlock(places, weights, chars, both ? Math.sqrt(1 - wordShare) : 1);
    let square = 0;
    for (const weight of weights) square += weight * weight;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    const values = new Float32Array(weights.length);
    for (let k = 0; k < values.length; k += 1) values[k] = (weights[k] as number) * scale;
    const coverage = words.length > 0 ? Math.min(1, knownWords / words.length) : Math.min(1, places.length / Math.max(1, chars.length));
    return { vector: { indices: Int32Array.from(places), values }, coverage };
  }

  /** Words and characters have places of their own, so a place is added by one block only. */
  #addBlock(places: number[], weights: number[], features: readonly number[], blockLength: number): void {
    const from = places.length;
    for (const feature of features) {
      const place = this.#places.placeOf(feature);
      if (place < 0) continue;
      if (this.#counts[place] === 0) places.push(place);
      this.#counts[place] = (this.#counts[place] as number) + 1;
    }
    let square = 0;
    for (let k = from; k < places.length; k += 1) {
      const place = places[k] as number;
      const count = this.#counts[place] as number;
      const weight = (count === 1 ? 1 : 1 + Math.log(count)) * (this.idf[place] as number);
      this.#counts[place] = 0;
      weights.push(weight);
      square += weight * weight;
    }
    const scale = square > 0 ? blockLength / Math.sqrt(square) : 0;
    for (let k = from; k < weights.length; k += 1) weights[k] = (weights[k] as number) * scale;
  }
}
