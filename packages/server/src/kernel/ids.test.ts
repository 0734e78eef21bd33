import { isId } from '@insp/protocol';
import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { createIds } from './ids.ts';
import { systemRandom } from './random.ts';

test('ids carry their kind, are well formed and sort by the clock', () => {
  let nowMs = 1_700_000_000_000;
  const ids = createIds({ ...systemClock, nowMs: () => nowMs++ }, systemRandom);
  const made = Array.from({ length: 200 }, () => ids.create('evt'));
  expect(made.every((id) => isId('evt', id))).toBe(true);
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});
