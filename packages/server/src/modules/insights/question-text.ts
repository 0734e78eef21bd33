// Reading one chat line: is it a question, and which words carry its meaning. The rule is plain on purpose and
// says what it does: two lines are the same question when the same content words remain after normalizing.
// (`packages/models` will bring measured grouping; this file is what it has to beat.)

const QUESTION_STARTS = new Set(
  (
    'who what when where which why how can could do does did is are was will would has have any may should ' +
    'wer was wann wo welche welcher welches warum wie kann könnt gibt gibts ist sind habt hat geht ' +
    'qui que quoi quand où quel quelle combien comment est-ce cuánto cómo cuándo dónde qué hay'
  ).split(' '),
);
const CHINESE_MARKS = /[吗呢么嘛]|什么|多少|怎么|哪|几|有没有|可以/u;

/** Words that say nothing about what is asked; many are ways to say "is there". */
const STOP_WORDS = new Set(
  (
    "a an the this that these those it its it's is are was were be been am do does did has have had can could will would shall should may might " +
    'i you u we they he she me my your our their there here of in on at to for from with by and or as so if any some all also just really ' +
    'please pls plz hi hello hey guys team thanks thank ty ok oh wow love omg lol got get come comes coming available exist exists offer sell ' +
    'what which who when where why how one ones item product thing about question know tell wondering wonder anyone ' +
    'der die das ein eine einen ist sind gibt gibts es den dem auch noch in auf mit von und oder ich ihr sie hat habt kann man bitte hallo was wie welche'
  ).split(' '),
);

/** Folds case, width and accents of Latin letters, cuts letter runs ("sooo" -> "soo"), drops emoji and punctuation. */
export function normalizeQuestion(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Tells whether a chat line asks something: a question mark, a question word in front, or a Chinese particle. */
export function isQuestion(text: string): boolean {
  if (/[?？¿]/u.test(text)) return /[\p{L}\p{N}]/u.test(text);
  const normalized = normalizeQuestion(text);
  const words = normalized.split(' ').filter((word) => !['hi', 'hey', 'hello', 'hallo', 'so', 'and', 'but', 'also', 'ok'].includes(word));
  if (words.length >= 2 && QUESTION_STARTS.has(words[0] ?? '')) return true;
  return CHINESE_MARKS.test(normalized) && normalized.length >= 3;
}

/** The words that carry the meaning, singular, sorted, each once. Falls back to the whole line if none remain. */
export function contentWords(text: string): string[] {
  const normalized = normalizeQuestion(text);
  const words = normalized
    .split(' ')
    .filter((word) => word !== '' && !STOP_WORDS.has(word))
    .map(singular);
  const unique = [...new Set(words)].sort();
  return unique.length > 0 ? unique : [normalized];
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}
