// Names in the chat. Two people may have the same name, but nobody may look like the brand's people: a name is
// compared by its skeleton (what the eye reads), so that "Аnna ·host·" in Cyrillic is caught as well.
import { LIMITS } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { codePointLength, normalizeText } from './message-text.ts';

/** Words that claim to speak for the shop, wherever they stand in a name. */
const STAFF_WORDS = ['admin', 'administrator', 'host', 'mod', 'moderator', 'official', 'staff', 'support', 'insp'];

/** Letters of other scripts, digits and signs that read like a Latin letter. Not complete; a person sees the rest. */
const LOOK_ALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['a', 'аαɑ4@'],
      ['b', 'Ьвβ8'],
      ['c', 'сϲ'],
      ['d', 'ԁ'],
      ['e', 'еεє3'],
      ['g', 'ɡ'],
      ['h', 'һнη'],
      ['i', 'іιlӏ1|!ı'],
      ['j', 'ј'],
      ['k', 'кκ'],
      ['m', 'мμ'],
      ['n', 'п'],
      ['o', 'оοσ0'],
      ['p', 'рρ'],
      ['q', 'ԛ'],
      ['s', 'ѕ5$'],
      ['t', 'тτ7'],
      ['u', 'υ'],
      ['v', 'ν'],
      ['w', 'ԝω'],
      ['x', 'хχ'],
      ['y', 'уγ'],
    ] as const
  ).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/** What the eye reads, word by word: lower case, without marks, look-alikes as Latin letters. */
export function skeletonWords(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return [...plain]
    .map((character) => LOOK_ALIKES[character] ?? character)
    .join('')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const STAFF_SKELETONS = new Set(STAFF_WORDS.map((word) => skeletonWords(word).join('')));

/** Tells whether a name claims to be staff: a staff word in it, or it reads like one of `staffNames`. */
export function isImitation(name: string, staffNames: readonly string[]): boolean {
  const words = skeletonWords(name);
  const whole = words.join('');
  if (STAFF_SKELETONS.has(whole) || words.some((word) => STAFF_SKELETONS.has(word))) return true;
  return whole !== '' && staffNames.some((staffName) => skeletonWords(staffName).join('') === whole);
}

/** The name as it will be shown, or INSP_CHAT_NAME_INVALID with what is wrong. */
export function checkDisplayName(raw: string, staffNames: readonly string[]): Outcome<string> {
  const name = normalizeText(raw);
  if (!/[\p{L}\p{N}\p{S}]/u.test(name)) return refused('INSP_CHAT_NAME_INVALID', { detail: 'It has no visible letter.' });
  const length = codePointLength(name);
  if (length > LIMITS.displayNameLength) {
    return refused('INSP_CHAT_NAME_INVALID', { detail: `${length} of ${LIMITS.displayNameLength} characters.` });
  }
  if (isImitation(name, staffNames)) return refused('INSP_CHAT_NAME_INVALID', { detail: 'It reads like a name of the team.' });
  return accepted(name);
}
