// Finds a text that is equal or nearly equal to one seen before, in constant time: an exact map first, then MinHash over
// character shingles (Broder 1997) in bands (locality-sensitive hashing), the candidate confirmed by its signature.
import { mix } from './text-features.ts';

export type NearDuplicateOptions = {
  readonly bands: number;
  readonly rowsPerBand: number;
  readonly shingleChars: number;
  /** Estimated Jaccard similarity from which two texts are one. */
  readonly minSimilarity: number;
  /** Texts shorter than this are compared exactly only: in short texts one letter changes the meaning ("size s", "size m"). */
  readonly minChars: number;
};

export const DEFAULT_NEAR_DUPLICATES: NearDuplicateOptions = {
  bands: 5,
  rowsPerBand: 6,
  shingleChars: 4,
  minSimilarity: 0.9,
  minChars: 24,
};

/** Stands in a row of the signature that no shingle has reached. */
const EMPTY = 0xffffffff;

/** Texts compared in one bucket: those added last. */
const MAX_COMPARED = 8;

export class NearDuplicates {
  readonly options: NearDuplicateOptions;
  readonly #exact = new Map<string, number>();
  readonly #buckets = new Map<number, number[]>();
  readonly #signatures = new Map<number, { signature: Uint32Array; figures: string }>();

  constructor(options: NearDuplicateOptions = DEFAULT_NEAR_DUPLICATES) {
    this.options = options;
  }

  /**
   * Id of an equal or nearly equal text, or null; with the signature made on the way, which `add` takes back. Texts that
   * differ in a number or a lone letter are never taken for equal.
   */
  find(normalized: string): { id: number | null; signature: Uint32Array | null } {
    const exact = this.#exact.get(normalized);
    if (exact !== undefined) return { id: exact, signature: null };
    const signature = this.#signatureOf(normalized);
    if (signature === null) return { id: null, signature };
    let figures: string | null = null;
    for (let band = 0; band < this.options.bands; band += 1) {
      const bucket = this.#buckets.get(this.#bucketKey(signature, band)) ?? [];
      for (let at = bucket.length - 1; at >= Math.max(0, bucket.length - MAX_COMPARED); at -= 1) {
        const id = bucket[at] as number;
        const other = this.#signatures.get(id);
        if (other === undefined || agreement(signature, other.signature) < this.options.minSimilarity) continue;
        figures ??= figuresOf(normalized);
        if (other.figures === figures) return { id, signature };
      }
    }
    return { id: null, signature };
  }

  /** Keeps a text under an id of the caller's. `signature` = what `find` gave for the same text; left out, it is made. */
  add(normalized: string, id: number, signature: Uint32Array | null = this.#signatureOf(normalized)): void {
    this.#exact.set(normalized, id);
    if (signature === null) return;
    this.#signatures.set(id, { signature, figures: figuresOf(normalized) });
    for (let band = 0; band < this.options.bands; band += 1) {
      const key = this.#bucketKey(signature, band);
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) this.#buckets.set(key, [id]);
      else bucket.push(id);
    }
  }

  /** Forgets a text added as `id`. */
  remove(normalized: string, id: number): void {
    if (this.#exact.get(normalized) === id) this.#exact.delete(normalized);
    const known = this.#signatures.get(id);
    if (known === undefined) return;
    this.#signatures.delete(id);
    for (let band = 0; band < this.options.bands; band += 1) {
      const key = this.#bucketKey(known.signature, band);
      const bucket = this.#buckets.get(key)?.filter((other) => other !== id) ?? [];
      if (bucket.length === 0) this.#buckets.delete(key);
      else this.#buckets.set(key, bucket);
    }
  }

  #signatureOf(normalized: string): Uint32Array | null {
    return normalized.length < this.options.minChars ? null : this.#sign(normalized);
  }

  /**
   * One-permutation MinHash (Li, Owen & Zhang 2012): every shingle is hashed once, its top bits choose the row. Empty rows
   * borrow from the next row that has a value, counted on so that chains differ (Shrivastava & Li 2014).
   */
  #sign(text: string): Uint32Array {
    const { bands, rowsPerBand, shingleChars } = this.options;
    const rows = bands * rowsPerBand;
    const signature = new Uint32Array(rows).fill(EMPTY);
    for (let start = 0; start + shingleChars <= text.length; start += 1) {
      let hash = 0x811c9dc5;
      for (let i = start; i < start + shingleChars; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash = mix(hash);
      const row = hash % rows;
      if (hash < (signature[row] as number)) signature[row] = hash;
    }
    const own = Uint32Array.from(signature);
    for (let row = 0; row < rows; row += 1) {
      let steps = 0;
      while (own[(row + steps) % rows] === EMPTY && steps < rows) steps += 1;
      if (steps > 0) signature[row] = mix((own[(row + steps) % rows] as number) + steps);
    }
    return signature;
  }

  #bucketKey(signature: Uint32Array, band: number): number {
    let key = band + 1;
    for (let row = 0; row < this.options.rowsPerBand; row += 1) {
      key = mix(Math.imul(key, 0x01000193) ^ (signature[band * this.options.rowsPerBand + row] as number));
    }
    return key;
  }
}

function agreement(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let row = 0; row < a.length; row += 1) if (a[row] === b[row]) equal += 1;
  return equal / a.length;
}

/** What must match exactly: numbers and lone letters ("size m"). */
function figuresOf(text: string): string {
  return (text.match(/[\p{N}]+|(?<![\p{L}\p{N}'])\p{L}(?![\p{L}\p{N}'])/gu) ?? []).join(' ');
}
