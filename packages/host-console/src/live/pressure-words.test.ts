import type { PressureStatus } from '@insp/protocol';
import { expect, test } from 'vitest';
import { isEstimated, samplingSentence } from '../ui/estimates.ts';
import { pressureWords } from './pressure-words.ts';

const at = new Date(2026, 2, 5, 20, 14).getTime();
const status = (more: Partial<PressureStatus> = {}): PressureStatus => ({
  ...{ level: 0, sinceMs: at, cause: null, isForced: false, disk: 'open' },
  ...more,
});

test('silence while all is well', () => {
  expect([pressureWords(null), pressureWords(status())]).toEqual([null, null]);
});

test.each([
  [1, 'Some counts are sampled, level 1 since 20:14', 'calm', 1],
  [2, 'Counts are sampled, level 2 since 20:14', 'calm', 2],
  [3, 'The chat is slowed down, level 3 since 20:14', 'calm', 3],
  [4, 'New viewers wait, level 4 since 20:14', 'act', 4],
] as const)('level %i says what is given up, in plain words', (level, sentence, tone, givenUpCount) => {
  const words = pressureWords(status({ level }));
  expect(words).toMatchObject({ sentence, tone });
  expect(words?.givenUp).toHaveLength(givenUpCount);
});

test('a forced level is shown as forced', () => {
  expect(pressureWords(status({ level: 2, isForced: true }))?.sentence).toBe('Counts are sampled, level 2 held by your operator');
});

test('a full disk is louder than any level, and names what to do', () => {
  const words = pressureWords(status({ level: 2, disk: 'no_engagement' }));
  expect(words).toMatchObject({ tone: 'act', sentence: expect.stringContaining('counts stand still') });
  expect(words?.whatToDo).toContain('free space');
});

test('figures of sampled facts are named, the others are not', () => {
  const note = { sinceMs: at, greatestLevel: 2, estimated: ['clickCount'] } as const;
  expect([isEstimated({ ...note, estimated: [...note.estimated] }, 'clickCount'), isEstimated(null, 'clickCount')]).toEqual([true, false]);
  expect(samplingSentence({ ...note, estimated: [...note.estimated] })).toContain('from 20:14 on');
  expect(samplingSentence(null)).toBe('');
});
