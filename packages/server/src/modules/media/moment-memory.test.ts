import { expect, test } from 'vitest';
import { createMomentMemory, MOMENT_MEMORY_LIMITS } from './moment-memory.ts';

const news = (highlightId: string, more: object = {}) => ({
  showId: 'shw_1',
  productId: 'prd_1',
  highlightId,
  startMs: 1_000,
  endMs: null,
  ...more,
});

test('an end finds its start; without one it says nothing', () => {
  const memory = createMomentMemory();
  expect(memory.learn(news('a', { startMs: null, endMs: 2_000 }))).toBeNull();
  memory.learn(news('a'));
  expect(memory.learn(news('a', { startMs: null, endMs: 2_000 }))).toMatchObject({ highlightId: 'a', startMs: 1_000, endMs: 2_000 });
  expect(memory.open('shw_1')).toEqual([]);
});

test('what is on display is known until it ends or the show does', () => {
  const memory = createMomentMemory();
  for (const id of ['a', 'b', 'c']) memory.learn(news(id, id === 'c' ? { showId: 'shw_2' } : {}));
  memory.learn(news('a', { endMs: 3_000 }));
  expect(memory.open('shw_1').map(({ highlightId }) => highlightId)).toEqual(['b']);
  memory.forgetShow('shw_1');
  expect(memory.open('shw_1')).toEqual([]);
  expect(memory.open('shw_2')).toHaveLength(1);
});

test('the oldest is forgotten beyond the limit', () => {
  const memory = createMomentMemory();
  for (let index = 0; index <= MOMENT_MEMORY_LIMITS.momentCount; index += 1) memory.learn(news(`h${index}`));
  const open = memory.open('shw_1');
  expect(open).toHaveLength(MOMENT_MEMORY_LIMITS.momentCount);
  expect(open[0]?.highlightId).toBe('h1');
});
