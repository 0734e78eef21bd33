import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopSelector } from './top-selector.ts';

test('keeps the best by score, second key, then turn, whatever the capacity', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 40 }), fc.nat(12), (offers, capacity) => {
      const selector = new TopSelector(capacity);
      for (const [id, [score, second]] of offers.entries()) selector.offer(id, score, second);
      const out = new Int32Array(capacity);
      const scores = new Float64Array(capacity);
      const count = selector.drain(out, scores);
      const expected = offers
        .map(([score, second], id) => ({ id, score, second }))
        .sort((a, b) => b.score - a.score || b.second - a.second || a.id - b.id)
        .slice(0, capacity);
      expect([...out.subarray(0, count)]).toEqual(expected.map(({ id }) => id));
      expect([...scores.subarray(0, count)]).toEqual(expected.map(({ score }) => score));
    }),
  );
});
