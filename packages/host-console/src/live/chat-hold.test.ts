import { expect, test } from 'vitest';
import { drawnLines, holdLines, isQuestion } from './chat-hold.ts';
import { message } from './test-room.ts';

const three = [message(1), message(2), message(3)];

test('without a hold all lines are drawn', () =>
  expect(drawnLines(null, three)).toEqual({ lines: three.map((message) => ({ message, isGone: false })), newCount: 0 }));

test('while held, new lines wait and are counted', () => {
  const hold = holdLines(null, three);
  expect(drawnLines(hold, [...three, message(4), message(5)])).toMatchObject({ lines: { length: 3 }, newCount: 2 });
});

test('while held, a removed line keeps its place', () => {
  const { lines } = drawnLines(holdLines(null, three), [message(1), message(3)]);
  expect(lines.map(({ isGone }) => isGone)).toEqual([false, true, false]);
});

test('a line that only left the kept window is not struck out', () => {
  const { lines } = drawnLines(holdLines(null, three), [message(2), message(3), message(4)]);
  expect(lines.map(({ isGone }) => isGone)).toEqual([false, false, false]);
});

test('holding again keeps what was held first', () => {
  const first = holdLines(null, three);
  expect(holdLines(first, [...three, message(4)])).toBe(first);
});

test('a question is a shopper line that asks', () => {
  expect(isQuestion(message(1, 'in red?'))).toBe(true);
  expect(isQuestion(message(1, '有红色的吗？'))).toBe(true);
  expect(isQuestion(message(1, 'lovely'))).toBe(false);
  expect(isQuestion({ ...message(1, 'shall we?'), author: { ...message(1).author, kind: 'staff' } })).toBe(false);
});
