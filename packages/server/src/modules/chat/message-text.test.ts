import { LIMITS } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessageText, codePointLength, normalizeText } from './message-text.ts';

/** Text biased towards what breaks normalizers. */
const ODD = [
  '\u0000',
  '\u0007',
  '\n',
  '\t',
  '\u0085',
  ' ',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\u200b',
  '\u200c',
  '\u200d',
  '\u200e',
  '\u202e',
  '\u2066',
  '\u2069',
  '\ufeff',
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u3164',
  '\u2800',
  '\ufe0e',
  '\ufe0f',
  '\ud800',
  '\udc00',
  '\ufffd',
  '\uffff',
  '\u0301',
  '\u0344',
  '\u0308',
  '\u0327',
  '\u0340',
  '\u1100',
  '\u1161',
  '\u11a8',
  '\u09c7',
  '\u09be',
  '\u{1f3f4}',
  '\u{e0067}',
  '\u{e007f}',
  '\u{1f469}',
  '\u{1f4bb}',
  '\u2126',
  '\u037e',
  '\u2000',
  'a',
  'e',
  'Z',
  '1',
  '<',
];
const arbText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...ODD), maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

describe('normalizing', () => {
  test('is a fixed point', () => {
    fc.assert(
      fc.property(arbText, (raw) => {
        const once = normalizeText(raw);
        expect(normalizeText(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test('leaves no control, direction, filler or broken character, no edge or double space, and NFC', () => {
    fc.assert(
      fc.property(arbText, (raw) => {
        const text = normalizeText(raw);
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u200B\u2060\uFEFF\u00AD\u3164\u2800]/u);
        expect(text).not.toMatch(/^\s|\s$|\s\s|[^\S ]/u);
        expect(text.isWellFormed()).toBe(true);
        expect(text).toBe(text.normalize('NFC'));
      }),
      { numRuns: 3_000 },
    );
  });

  test('what passes is never empty and never longer than the limit', () => {
    let passedCount = 0;
    fc.assert(
      fc.property(arbText, (raw) => {
        const verdict = checkMessageText(raw);
        if (!verdict.ok) return;
        passedCount += 1;
        expect(codePointLength(verdict.value)).toBeGreaterThan(0);
        expect(codePointLength(verdict.value)).toBeLessThanOrEqual(LIMITS.chatTextLength);
      }),
    );
    expect(passedCount).toBeGreaterThan(10);
  });

  test.each([
    ['markup is text', '<b>hi</b> & <script>', '<b>hi</b> & <script>'],
    ['white space is one space', '  does\tit \r\n come\u2003in red?\u00a0', 'does it come in red?'],
    ['a line turned around is turned back', 'user\u202Egnp.exe', 'usergnp.exe'],
    ['invisible letters go', 'fr\u200bee\u00ad \u2060gift\ufeff', 'free gift'],
    ['accents are composed', 'cafe\u0301', 'caf\u00e9'],
    ['a pile of marks is cut', `z${'\u0335'.repeat(50)}`, `z${'\u0335'.repeat(4)}`],
    ['a family stays one', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}'],
    ['a coloured heart keeps its colour', '\u2764\ufe0f!', '\u2764\ufe0f!'],
    ['Persian keeps its joiner', 'می\u200cخواهم', 'می\u200cخواهم'],
    [
      'Wales keeps its flag',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}',
    ],
    ['hidden tag writing goes', 'hi\u{E0073}\u{E0065}\u{E0063}', 'hi'],
    ['half a pair goes', 'a\ud83db', 'ab'],
    ['joiners at the edge go', '\u200dhi \u200d there\u200c\u200d', 'hi there'],
  ])('%s', (_, raw, expected) => {
    expect(normalizeText(raw)).toBe(expected);
  });
});

describe('the verdict', () => {
  test.each(['', '   ', '\u200b\u200d', '\u2800\u3164', '\ufe0f', '\u202e\u0000\n'])('nothing visible is empty (%j)', (raw) => {
    expect(checkMessageText(raw)).toMatchObject({ ok: false, code: 'INSP_CHAT_EMPTY' });
  });

  test('the limit counts code points after normalizing, and is exact', () => {
    const emoji = '\u{1f525}';
    expect(checkMessageText(emoji.repeat(LIMITS.chatTextLength))).toMatchObject({ ok: true });
    expect(checkMessageText(emoji.repeat(LIMITS.chatTextLength + 1))).toMatchObject({
      ok: false,
      code: 'INSP_CHAT_TOO_LONG',
      detail: '171 of 170 characters.',
    });
    expect(checkMessageText(`${' '.repeat(500)}${'e\u0301'.repeat(LIMITS.chatTextLength)}`)).toMatchObject({ ok: true });
    expect(checkMessageText('a'.repeat(16_385))).toMatchObject({ ok: false, code: 'INSP_CHAT_TOO_LONG' });
  });
});
