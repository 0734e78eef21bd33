// TF-IDF over two blocks, words and character n-grams, each scaled to unit length and then joined, so that neither
// drowns the other. weight = (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), the smoothed form of scikit-learn.
import { InputError } from '../../input-error.ts';
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
  readonly idf: Float32Array;
  readonly #places: ReadonlyMap<number, number>;

  private constructor(options: TfIdfOptions, places: ReadonlyMap<number, number>, idf: Float32Array) {
    this.options = options;
    this.#places = places;
    this.idf = idf;
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
    const places = new Map(kept.map(([feature], place) => [feature, place]));
    return new TfIdf(
      options,
      places,
      Float32Array.from(kept, ([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1),
    );
  }

  get featureCount(): number {
    return this.idf.length;
  }

  /** Share of a text's distinct features that were seen when learning, 0..1; 0 for a text without features. */
  coverage(text: string): number {
    const { words, chars } = textFeatures(normalizeChat(text).text, this.options);
    const features = new Set(words.length > 0 ? words : chars);
    let known = 0;
    for (const feature of features) if (this.#places.has(feature)) known += 1;
    return features.size === 0 ? 0 : known / features.size;
  }

  /** Vector of unit length, or all empty when the text holds no known feature. */
  transform(text: string): SparseVector {
    const { words, chars } = textFeatures(normalizeChat(text).text, this.options);
    const { wordShare } = this.options;
    const weights = new Map<number, number>();
    const both = words.length > 0 && chars.length > 0;
    this.#addBlock(weights, words, both ? Math.sqrt(wordShare) : 1);
    this.#addBlock(weights, chars, both ? Math.sqrt(1 - wordShare) : 1);
    const indices = Int32Array.from(weights.keys()).sort();
    const values = new Float32Array(indices.length);
    let sum = 0;
    for (const value of weights.values()) sum += value * value;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let k = 0; k < indices.length; k += 1) values[k] = (weights.get(indices[k] as number) as number) * scale;
    return { indices, values };
  }

  #addBlock(into: Map<number, number>, features: readonly number[], blockLength: number): void {
    const counts = new Map<number, number>();
    for (const feature of features) {
      const place = this.#places.get(feature);
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    let sum = 0;
    for (const [place, count] of counts) {
      const weight = (1 + Math.log(count)) * (this.idf[place] as number);
      counts.set(place, weight);
      sum += weight * weight;
    }
    const scale = sum > 0 ? blockLength / Math.sqrt(sum) : 0;
    for (const [place, weight] of counts) into.set(place, (into.get(place) ?? 0) + weight * scale);
  }
}
