// Tokens without a dictionary. Scripts that put spaces between words give words; Han, kana, Thai, Lao, Khmer and Burmese
// give overlapping pairs of characters, the usual stand-in for words there (Nie et al. 2000).

const TOKEN = /[\p{L}\p{M}\p{N}']+|\p{Extended_Pictographic}/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const UNSPACED_PARTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const ASCII_ONLY = /^[\x20-\x7e]*$/u;

/** Splits a normalized text into tokens, in order. A lone unspaced character is a token of its own. */
export function tokenize(normalized: string): string[] {
  const tokens: string[] = [];
  const ascii = ASCII_ONLY.test(normalized);
  for (const [found] of normalized.matchAll(TOKEN)) {
    const word = found.includes("'") ? found.replaceAll("'", '') : found;
    if (word === '') continue;
    if (ascii || !UNSPACED.test(word)) {
      tokens.push(word);
      continue;
    }
    for (const [part] of word.matchAll(UNSPACED_PARTS)) {
      if (!UNSPACED.test(part)) tokens.push(part);
      else pushPairs(tokens, [...part]);
    }
  }
  return tokens;
}

function pushPairs(tokens: string[], characters: readonly string[]): void {
  if (characters.length === 1) tokens.push(characters[0] as string);
  for (let i = 0; i + 1 < characters.length; i += 1) tokens.push(`${characters[i]}${characters[i + 1]}`);
}

/** True for tokens of a script without spaces; their pairs already overlap, so longer n-grams over them say little. */
export function isUnspaced(token: string): boolean {
  return UNSPACED.test(token);
}
