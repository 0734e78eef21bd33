import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { FEATURE_COUNT, FEATURES } from './candidate-pool.ts';
import type { Click } from './click-index.ts';
import { NextItemModel } from './next-item-model.ts';
import { groupSessions, learnSessions, tuneNextItem } from './tune-next-item.ts';

/** Sessions as strings of one-letter items: 'abc' clicks a, b, c. Each starts when the one before has ended. */
function clicksOf(sessions: readonly string[]): Click[] {
  let occurredAtMs = 0;
  return sessions.flatMap((items, s) =>
    [...items].map((itemId) => {
      occurredAtMs += 1;
      return { sessionId: `s${s}`, itemId, occurredAtMs };
    }),
  );
}
const learned = (sessions: readonly string[], options = {}) => {
  const model = new NextItemModel(options);
  for (const click of clicksOf(sessions)) model.add(click);
  return model;
};
const blendOnly = Array.from({ length: FEATURE_COUNT }, (_, j) => (j === 0 ? 1 : 0));
const ids = (ranked: readonly { itemId: string }[]) => ranked.map(({ itemId }) => itemId).join('');

describe('signals by hand', () => {
  const model = learned(['abc', 'abd', 'ba']);
  const { itemIds, features } = model.candidates(['a']);
  const share = (itemId: string, feature: (typeof FEATURES)[number]) =>
    Math.expm1(features[itemIds.indexOf(itemId) * FEATURE_COUNT + FEATURES.indexOf(feature)] as number) * 0.003;

  test('sequential rules: 1 / distance, scaled to sum 1', () => {
    // after a: b 1 + 1, c 1/2, d 1/2 = 3
    expect(share('b', 'after')).toBeCloseTo(2 / 3, 9);
    expect(share('c', 'after')).toBeCloseTo(0.5 / 3, 9);
    expect(share('b', 'before')).toBeCloseTo(1, 9);
    expect(share('b', 'next')).toBeCloseTo(1, 9);
  });
  test('neighbours: all three share a; idf ln(1 + 3 / support)', () => {
    const total = 3 * Math.log(2) + 2 * Math.log(4);
    expect(share('b', 'near')).toBeCloseTo((3 * Math.log(2)) / total, 9);
    expect(share('d', 'near')).toBeCloseTo(Math.log(4) / total, 9);
  });
  test('the item just seen is no candidate', () => expect(itemIds).not.toContain('a'));
});

test('revisits: the item before last stands out when nothing else speaks', () => {
  const model = learned(['ab', 'cd', 'xy'], { weights: blendOnly, pool: { nearShare: 0, afterShare: 0, beforeShare: 0, revisitShare: 1 } });
  expect(ids(model.predict(['a', 'c', 'x'], 2))).toBe('ca');
});

const sessionsArbitrary = fc.array(
  fc.array(fc.constantFrom(...'abcdefg'), { minLength: 1, maxLength: 8 }).map((items) => items.join('')),
  { minLength: 1, maxLength: 25 },
);

test('never the item just seen, no item twice, only allowed ones, at most as many as asked', () => {
  fc.assert(
    fc.property(
      sessionsArbitrary,
      fc.array(fc.constantFrom(...'abcdefgz'), { minLength: 1, maxLength: 6 }),
      fc.nat(9),
      (sessions, asked, count) => {
        const ranked = learned(sessions).predict(asked, count, { isAllowed: (itemId) => itemId !== 'b' });
        expect(ranked.length).toBeLessThanOrEqual(count);
        expect(new Set(ids(ranked)).size).toBe(ranked.length);
        expect(ids(ranked)).not.toMatch(new RegExp(`[b${asked.at(-1)}]`));
        for (let i = 1; i < ranked.length; i += 1) expect(ranked[i]?.score).toBeLessThanOrEqual(ranked[i - 1]?.score as number);
      },
    ),
  );
});

test('a snapshot goes on as if nothing had happened, also after sessions were evicted', () => {
  fc.assert(
    fc.property(sessionsArbitrary, sessionsArbitrary, (before, after) => {
      const model = learned(before, { index: { maxSessions: 6, recentSessions: 4 } });
      const restored = NextItemModel.restore(model.snapshot());
      let at = 1_000;
      for (const [s, items] of after.entries()) {
        for (const itemId of items) {
          at += 1;
          const click = { sessionId: `s${s}`, itemId, occurredAtMs: at };
          model.add(click);
          restored.add(click);
        }
      }
      for (const asked of ['a', 'ab', 'gfa']) expect(restored.predict([...asked], 7)).toEqual(model.predict([...asked], 7));
      expect(restored.index.evictedSessionCount).toBe(model.index.evictedSessionCount);
    }),
  );
});

test('renaming sessions and items changes nothing but the names; every session twice changes no order of the rules', () => {
  fc.assert(
    fc.property(sessionsArbitrary, (sessions) => {
      const plain = learned(sessions);
      const renamed = new NextItemModel();
      const name = (itemId: string) => `__proto__${itemId}\u0000`;
      for (const click of clicksOf(sessions)) renamed.add({ ...click, sessionId: `x${click.sessionId}`, itemId: name(click.itemId) });
      expect(renamed.predict([name('a')], 5).map(({ itemId }) => itemId)).toEqual(
        plain.predict(['a'], 5).map(({ itemId }) => name(itemId)),
      );
      const { features } = plain.candidates(['a']);
      const doubled = learned([...sessions, ...sessions]).candidates(['a']);
      const after = FEATURES.indexOf('after');
      const sharesOf = (from: { itemIds: readonly string[]; features: Float64Array }) =>
        new Map(from.itemIds.map((itemId, row) => [itemId, from.features[row * FEATURE_COUNT + after] as number]));
      const twice = sharesOf(doubled);
      for (const [itemId, share] of sharesOf({ itemIds: plain.candidates(['a']).itemIds, features }))
        expect(twice.get(itemId)).toBeCloseTo(share, 9);
    }),
  );
});

test("a viewer's own session is no evidence for itself", () => {
  const model = learned(['ab', 'ac', 'axyz']);
  // Without its own session nobody went from x to y.
  expect(model.predict(['a', 'x'], 9, { ownSessionId: 's2' }).filter(({ itemId }) => itemId === 'y' || itemId === 'z').length).toBe(0);
  expect(ids(model.predict(['a', 'x'], 9))).toContain('y');
  expect(model.predictFor('s0', 2)).toEqual(model.predict(['a', 'b'], 2, { ownSessionId: 's0' }));
  expect(model.predictFor('nobody', 2)).toEqual([]);
});

test('a stranger is shown what the most recent sessions looked at', () => {
  const model = learned(['ab', 'cb', 'cd']);
  expect(ids(model.predict(['never-seen'], 2))).toBe('cb'.slice(0, 2));
  expect(model.chances(['never-seen']).size).toBe(0);
});

test('chances of the candidates sum to 1', () => {
  const chances = learned(['abc', 'abd', 'cab']).chances(['a', 'b']);
  expect([...chances.values()].reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
});

test('refuses options and bytes that make no sense, by name', () => {
  expect(() => new NextItemModel({ weights: [1] })).toThrow('1 weights');
  expect(() => new NextItemModel({ pool: { neighbours: 0 } })).toThrow('column neighbours');
  expect(() => new NextItemModel({ pool: { nearShare: Number.NaN } })).toThrow('column nearShare');
  expect(() => NextItemModel.restore(new Uint8Array([1, 2, 3]))).toThrow('not a snapshot');
  expect(() => NextItemModel.restore(new TextEncoder().encode('{"version":9}'))).toThrow('version 9');
  expect(() => learned(['ab']).predict(['a'], -1)).toThrow('count');
});

describe('choosing settings', () => {
  /** A shop where nobody ever returns to an item: half of the time the next letter follows, else any new one. */
  const walks = (sessionCount: number, seed: number) => {
    const uniform = seededUniform(seed);
    const walk = () => {
      const items = [Math.floor(uniform() * 40)];
      while (items.length < 6) {
        const next = uniform() < 0.5 ? ((items.at(-1) as number) + 1) % 40 : Math.floor(uniform() * 40);
        if (!items.includes(next)) items.push(next);
      }
      return items.map((item) => String.fromCharCode(0x4e00 + item)).join('');
    };
    return groupSessions(clicksOf(Array.from({ length: sessionCount }, walk)));
  };
  const rightAtOnce = (model: NextItemModel) =>
    walks(300, 9).reduce((sum, session) => {
      const asked = session.map(({ itemId }) => itemId);
      return sum + Number(model.predict(asked.slice(0, 5), 1)[0]?.itemId === asked[5]);
    }, 0);

  test('too few sessions change nothing, and the reason is told', () => {
    const { reason, options } = tuneNextItem(walks(20, 1), []);
    expect(reason).toMatch(/fewer than 200/);
    expect(options.weights).toEqual(new NextItemModel().options.weights);
  });
  test('learned weights follow the shop', () => {
    const train = walks(600, 1);
    const tuned = tuneNextItem(train, []);
    expect(tuned.tailPredictions).toBeGreaterThan(200);
    const before = rightAtOnce(learnSessions(train, {}));
    expect(rightAtOnce(learnSessions(train, tuned.options))).toBeGreaterThan(before);
    expect(tuned.options.weights).not.toEqual(new NextItemModel().options.weights);
  });
  test('one session, one click, and no session at all are no error', () => {
    for (const sessions of [[], [''], ['a'], ['ab']]) expect(tuneNextItem(groupSessions(clicksOf(sessions)), []).tailPredictions).toBe(0);
  });
});

test('sessions come in order of their last click, clicks in order of time, equal times as given', () => {
  const rows = [
    { sessionId: 'b', itemId: 'late', occurredAtMs: 9 },
    { sessionId: 'a', itemId: 'second', occurredAtMs: 5 },
    { sessionId: 'a', itemId: 'first', occurredAtMs: 1 },
    { sessionId: 'a', itemId: 'third', occurredAtMs: 5 },
  ];
  expect(groupSessions(rows).map((session) => session.map(({ itemId }) => itemId))).toEqual([['first', 'second', 'third'], ['late']]);
});
