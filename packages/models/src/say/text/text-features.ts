// A text as 32-bit hashes of what it contains: words, word pairs, character n-grams inside padded words. Hashes instead
// of strings keep the hot path free of garbage; at 10^5 features some 1 pair in 10^5 collides, which is harmless.
import { isUnspaced, tokenize } from './tokenize.ts';

export type FeatureOptions = {
  /** Longest run of words taken as one feature; 0 = no words. */
  readonly maxWords: number;
  /** Shortest and longest character n-gram; [0, 0] = none. */
  readonly chars: readonly [number, number];
};

/** Longest word read into character n-grams; the rest of a longer one is ignored (a bound on work per message). */
const MAX_WORD_CHARS = 40;
/** Tokens read per message. */
const MAX_TOKENS = 400;

export type TextFeatures = { readonly words: readonly number[]; readonly chars: readonly number[] };

/** Hashes the features of a normalized text, repeats included, in order of appearance; signed 32-bit, which V8 keeps unboxed. */
export function textFeatures(normalized: string, options: FeatureOptions): TextFeatures {
  const tokens = tokenize(normalized);
  if (tokens.length > MAX_TOKENS) tokens.length = MAX_TOKENS;
  const words: number[] = [];
  const chars: number[] = [];
  const { maxWords, chars: range } = options;
  const hashes = maxWords > 0 ? tokens.map((token) => hashText(0x811c9dc5, token)) : [];
  for (let i = 0; i < hashes.length; i += 1) {
    let hash = hashes[i] as number;
    words.push(hash);
    for (let n = 1; n < maxWords && i + n < hashes.length; n += 1) {
      hash = mix(Math.imul(hash, 0x01000193) ^ (hashes[i + n] as number)) | 0;
      words.push(hash);
    }
  }
  if (range[1] > 0) {
    for (const token of tokens) {
      if (isUnspaced(token)) pushUnspaced(chars, token);
      else pushCharacters(chars, ` ${token.slice(0, MAX_WORD_CHARS)} `, range[0], range[1]);
    }
  }
  return { words, chars };
}

/** A pair of characters and each of the two: in scripts without spaces single characters carry meaning too. */
function pushUnspaced(into: number[], token: string): void {
  into.push(hashText(0x2c1b3c6d, token));
  const characters = [...token];
  if (characters.length > 1) for (const character of characters) into.push(hashText(0x2c1b3c6d, character));
}

function pushCharacters(into: number[], padded: string, shortest: number, longest: number): void {
  const last = padded.length;
  for (let start = 0; start < last; start += 1) {
    let hash = 0x2c1b3c6d;
    const end = Math.min(last, start + longest);
    for (let i = start; i < end; i += 1) {
      hash = Math.imul(hash ^ padded.charCodeAt(i), 0x01000193);
      if (i - start + 1 >= shortest) into.push(mix(hash ^ (i - start)) | 0);
    }
    if (start === 0 && last < shortest) into.push(mix(hash) | 0);
  }
}

/** FNV-1a over UTF-16 units with a final mix; `seed` separates families of features. */
export function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash) | 0;
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. Unsigned result. */
export function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
