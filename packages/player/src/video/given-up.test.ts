import { expect, test } from 'vitest';
import { isGivenUp } from './given-up.ts';

const GAP = { gap: true };
const FULL = { gap: false };

test('a quality is given up when a whole segment and what follows it are gaps', () => {
  expect(isGivenUp({ fragments: [FULL, GAP], partList: [GAP, GAP] })).toBe(true);
  expect(isGivenUp({ fragments: [FULL, GAP, GAP], partList: null })).toBe(true);
});

test('one that lost a segment or a part goes on', () => {
  expect(isGivenUp({ fragments: [FULL, GAP], partList: [GAP, FULL] })).toBe(false);
  expect(isGivenUp({ fragments: [FULL, FULL], partList: [FULL, GAP] })).toBe(false);
  expect(isGivenUp({ fragments: [FULL, GAP], partList: null })).toBe(false);
  expect(isGivenUp({ fragments: [GAP, FULL], partList: [] })).toBe(false);
  expect(isGivenUp({ fragments: [], partList: null })).toBe(false);
});
