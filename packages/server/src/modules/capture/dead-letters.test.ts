import { expect, test } from 'vitest';
import { toDeadLetter } from './dead-letters.ts';

const circle: Record<string, unknown> = { name: 'player.opened' };
circle.payload = circle;

test.each<[string, unknown]>([
  ['nested too deep to print', { name: 'player.opened', payload: JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) }],
  ['a BigInt in it', { name: 'player.opened', amountMinor: 10n }],
  ['a circle', circle],
])('what cannot be printed is buried with what can be told of it: %s', (_, candidate) => {
  expect(toDeadLetter(candidate, 'invalid', 1)).toMatchObject({
    event_name: 'player.opened',
    reason: 'invalid',
    body: expect.stringContaining('not printable'),
  });
});

test.each([undefined, null, 'text', 7, Symbol('s')])('whatever it is, it becomes text: %s', (candidate) => {
  expect(typeof toDeadLetter(candidate, 'invalid', 1).body).toBe('string');
});
