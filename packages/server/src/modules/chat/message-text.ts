// What people type, made fit to keep and show. Text stays text: markup is kept as typed and escaped by whoever draws
// it. Taken out is what cannot be seen but does harm: control characters, direction overrides that turn a line
// around, invisible fillers that make an empty message or two equal-looking ones, and piles of combining marks that
// spill over the neighbours. Joiners, variation selectors and flag tags stay where emoji and scripts need them.
//
// The result is NFC and a fixed point: normalizing it again changes nothing.
import { LIMITS } from '@insp/protocol';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';

/** Input longer than this (UTF-16 units) is refused unread: normalizing must not cost more than it is worth. */
const MAX_RAW_LENGTH = 16_384;

/** A flag of a region (Wales: black flag + 5 tags + end), or a tag character anywhere else. */
const TAGS = /(\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F})|[\u{E0000}-\u{E007F}]/gu;
/** White space, white control characters, and the blank of the braille block. */
const WHITE = /[\s\u0085\u2800]/u;
/** Zero-width (non-)joiner: joins two visible characters, elsewhere noise. */
const JOINER = /\u200C|\u200D/u;
/** Chooses the form of the character before it, elsewhere noise. */
const SELECTOR = /\uFE0E|\uFE0F/u;
const TAG = /[\u{E0020}-\u{E007F}]/u;
const HARMFUL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFD]/u;
/** More combining marks on one base than any living script needs. */
const MARK_PILES = /(\p{M}{4})\p{M}+/gu;

/** Makes text safe to keep: NFC, one line, single spaces, nothing invisible that harms. */
export function normalizeText(raw: string): string {
  const untagged = raw.toWellFormed().replace(TAGS, (_, flag: string | undefined) => flag ?? '');
  return keepVisible(untagged).normalize('NFC').replace(MARK_PILES, '$1');
}

/** One pass: a space or joiner waits until something visible follows it, so none is left at an edge or doubled. */
function keepVisible(text: string): string {
  let kept = '';
  let waiting = '';
  let isAfterSelector = false;
  for (const character of text) {
    if (WHITE.test(character)) {
      if (kept !== '') waiting = ' ';
    } else if (JOINER.test(character)) {
      if (kept !== '' && waiting === '') waiting = character;
    } else if (SELECTOR.test(character)) {
      if (kept !== '' && waiting === '' && !isAfterSelector) {
        kept += character;
        isAfterSelector = true;
      }
    } else if (TAG.test(character) || !HARMFUL.test(character)) {
      kept += waiting + character;
      waiting = '';
      isAfterSelector = false;
    }
  }
  return kept;
}

/** Length as people count: Unicode code points. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** The text as it will be kept, or why not: INSP_CHAT_EMPTY, INSP_CHAT_TOO_LONG. */
export function checkMessageText(raw: string): Outcome<string> {
  if (raw.length > MAX_RAW_LENGTH) return refused('INSP_CHAT_TOO_LONG');
  const text = normalizeText(raw);
  if (text === '') return refused('INSP_CHAT_EMPTY');
  const length = codePointLength(text);
  if (length > LIMITS.chatTextLength) return refused('INSP_CHAT_TOO_LONG', { detail: `${length} of ${LIMITS.chatTextLength} characters.` });
  return accepted(text);
}

/** A moderator's reason: one safe line within its limit, never cut inside a character. */
export function cleanReason(raw: string): string {
  return normalizeText(raw)
    .slice(0, LIMITS.reasonLength)
    .replace(/\p{Cs}$/u, '');
}
