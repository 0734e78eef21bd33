// The signals against a plain recount of all sessions, straight from the formulas.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FEATURE_COUNT, FEATURES } from './candidate-pool.ts';
import { NextItemModel } from './next-item-model.ts';

type Shares = Map<string, number>;

/** Adds up `parts`, leaves out the item just seen, scales to sum 1. */
function shares(parts: readonly (readonly [string, number])[], last: string): Shares {
  const sums: Shares = new Map();
  for (const [item, value] of parts) if (item !== last) sums.set(item, (sums.get(item) ?? 0) + value);
  const total = [...sums.values()].reduce((sum, value) => sum + value, 0);
  return new Map([...sums].map(([item, value]) => [item, value / total]));
}

/** Items at distance 1..10 of every place of `from`, weighted 1 / distance; direction 1 = after, -1 = before. */
function rules(sessions: readonly string[], from: string, direction: 1 | -1, steps = 10): [string, number][] {
  return sessions.flatMap((items) =>
    [...items].flatMap((item, i) =>
      item !== from
        ? []
        : Array.from({ length: steps }, (_, d): [string, number] => [items[i + direction * (d + 1)] ?? '', 1 / (d + 1)]).filter(
            ([b]) => b !== '',
          ),
    ),
  );
}

function neighbours(sessions: readonly string[], asked: string, lastItems: number): [string, number][] {
  const support = (item: string) => sessions.filter((items) => items.includes(item)).length;
  const recent = [...new Set([...asked].slice(-lastItems).reverse())];
  const window = Math.min(lastItems, asked.length);
  const stepsAgo = (item: string) => asked.length - asked.lastIndexOf(item);
  return sessions.flatMap((items) => {
    const similarity = recent.filter((item) => items.includes(item)).reduce((sum, item) => sum + (window - stepsAgo(item) + 1) / window, 0);
    if (similarity === 0) return [];
    const nearest = Math.min(...[...items].filter((item) => asked.includes(item)).map(stepsAgo));
    const weight = similarity * Math.max(0, 1 - 0.1 * nearest);
    return [...new Set(items)].map((item): [string, number] => [item, weight * Math.log(1 + sessions.length / support(item))]);
  });
}

test('neighbours, rules and direct successors are what the formulas give', () => {
  let compared = 0;
  const items = fc.array(fc.constantFrom(...'abcdefgh'), { minLength: 1, maxLength: 7 }).map((list) => list.join(''));
  fc.assert(
    fc.property(fc.array(items, { minLength: 1, maxLength: 20 }), items, (sessions, asked) => {
      const model = new NextItemModel();
      for (const [s, session] of sessions.entries())
        for (const itemId of session) model.add({ sessionId: `s${s}`, itemId, occurredAtMs: s });
      const last = asked.at(-1) as string;
      const other = [...asked].reverse().find((item) => item !== last && sessions.some((session) => session.includes(item)));
      const expected: Partial<Record<(typeof FEATURES)[number], Shares>> = {
        near: shares(neighbours(sessions, asked, 4), last),
        after: shares(rules(sessions, last, 1), last),
        before: shares(rules(sessions, last, -1), last),
        next: shares(rules(sessions, last, 1, 1), last),
        ...(other === undefined ? {} : { afterOther: shares(rules(sessions, other, 1), last) }),
      };
      const { itemIds, features } = model.candidates([...asked]);
      for (const [row, itemId] of itemIds.entries()) {
        for (const [name, of] of Object.entries(expected)) {
          const feature = features[row * FEATURE_COUNT + FEATURES.indexOf(name as (typeof FEATURES)[number])] as number;
          expect(0.003 * Math.expm1(feature)).toBeCloseTo(of.get(itemId) ?? 0, 9);
          compared += 1;
        }
      }
    }),
  );
  expect(compared).toBeGreaterThan(1_000);
});
