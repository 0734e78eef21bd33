// Chat as people type it: full-width forms, letter runs, emoji rows, emotes, links, accents left out. The normal form
// is for comparing and for features only; the panel always shows the original.

export type NormalizedChat = {
  /** Lower case, NFKC, accents and vowel signs folded, runs shortened, links as `linkurl`. May be empty. */
  readonly text: string;
  readonly hasLink: boolean;
  /** True when the original was longer than the limit and the rest was ignored. */
  readonly truncated: boolean;
};

export const DEFAULT_MAX_CHAT_CHARS = 2_000;
export const LINK_TOKEN = 'linkurl';

const LINK = /(?:https?:\/\/|www\.)[^\s\u3000-\u303f\u4e00-\u9fff]+/gu;
// biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant.
const INVISIBLE = /[\p{Cc}\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u{e0000}-\u{e007f}\u{1f3fb}-\u{1f3ff}]/gu;
/** Accents of Latin, Greek and Cyrillic; vowel signs and the stretching line of Arabic, which few type. */
const COMBINING = /[\u0300-\u036f\u064b-\u0655\u0670\u0640]/gu;
/** Letters that are accented in spirit but have no decomposition. */
const FOLDED: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
  ['ى', 'ي'],
]);
const FOLDABLE = new RegExp(`[${[...FOLDED.keys()].join('')}]`, 'gu');
const LETTER_RUN = /(\p{L})\1{2,}/gu;
const SYMBOL_RUN = /([^\p{L}\p{N}\s])\1+/gu;
const SPACES = /\s+/gu;
const PLAIN_ASCII = /^[a-z0-9 ,.!?'-]*$/u;

/**
 * Normalizes one message. Letter runs of three or more become two ("sooooo" = "soo"), rows of one emoji or mark become
 * one, digits stay ("1000" is a price). Only the first `maxChars` UTF-16 units are read. Idempotent. Never throws.
 */
export function normalizeChat(raw: string, maxChars: number = DEFAULT_MAX_CHAT_CHARS): NormalizedChat {
  const truncated = raw.length > maxChars;
  // Cutting may halve a surrogate pair; toWellFormed turns lone halves into U+FFFD, which the next step drops as a symbol.
  let text = (truncated ? raw.slice(0, maxChars) : raw).toWellFormed().toLowerCase();
  if (!PLAIN_ASCII.test(text)) {
    text = text.normalize('NFKC').toLowerCase().normalize('NFD').replace(COMBINING, '').normalize('NFC');
    text = text.replace(FOLDABLE, (letter) => FOLDED.get(letter) as string);
    text = text
      .replaceAll('\ufffd', ' ')
      .replace(/[\t\n\r\v\f]/gu, ' ')
      .replace(INVISIBLE, '');
    // Curly apostrophes and the ideographic marks get one form each.
    text = text
      .replace(/[\u2018\u2019\u02bc\u0060\u00b4]/gu, "'")
      .replace(/[\u3002\uff61]/gu, '.')
      .replace(/[\u3001]/gu, ',');
  }
  const linked = text.replace(LINK, ` ${LINK_TOKEN} `);
  const hasLink = linked !== text;
  text = linked.replace(LETTER_RUN, '$1$1').replace(SYMBOL_RUN, '$1').replace(SPACES, ' ').trim();
  return { text, hasLink, truncated };
}
