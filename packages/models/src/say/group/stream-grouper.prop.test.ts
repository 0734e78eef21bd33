import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../math/seeded-random.ts';
import { StreamGrouper } from './stream-grouper.ts';
import type { StreamOptions } from './stream-types.ts';

const ASKS = [
  'how much is the %',
  'do you ship the % to norway',
  'is the % still in stock',
  '这个 % 多少钱',
  'which size is the % please and why so small',
];
const THINGS = ['dress', 'lamp', 'red bag', 'vase', '包', 'winter coat', 'golden ring', 'mug'];

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      ask: fc.nat(ASKS.length - 1),
      thing: fc.nat(THINGS.length - 1),
      tail: fc.nat(12),
      author: fc.nat(9),
      valueMinor: fc.nat(500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repair' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('odd' as const), text: fc.string({ unit: 'binary', maxLength: 40 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const options: Partial<StreamOptions> = { bufferSize: 24, maxGroups: 6, repairEveryMs: 1_000 };

function take(grouper: StreamGrouper, what: Step, nowMs: number) {
  if (what.kind === 'repair') return grouper.repair(nowMs);
  if (what.kind === 'odd') return grouper.add({ text: what.text, author: 'odd', occurredAtMs: nowMs });
  const text = `${(ASKS[what.ask] as string).replace('%', THINGS[what.thing] as string)}${what.tail > 8 ? ` ${what.tail}` : ''}`;
  return grouper.add({ text, author: `a${what.author}`, occurredAtMs: nowMs, valueMinor: what.valueMinor });
}

describe('snapshots of streaming groups', () => {
  test('taken up again at any moment, it goes on exactly like one that never stopped', () => {
    let evictions = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 30, maxLength: 60 }),
        fc.nat(59),
        fc.integer(),
        fc.constantFrom<readonly string[]>([], ['do you ship to norway', 'how much is it', 'is it in stock', 'what size is it']),
        (steps, cut, seed, fitOn) => {
          const never = new StreamGrouper({ uniform: seededUniform(seed), options, fitOn });
          let restored = new StreamGrouper({ uniform: seededUniform(seed), options, fitOn });
          for (const [i, what] of steps.entries()) {
            // Another seed at restoring changes nothing: the snapshot carries its own.
            if (i === cut % steps.length)
              restored = StreamGrouper.restore(restored.snapshot(), { uniform: seededUniform(seed + 1), options, fitOn });
            const expected = take(never, what, i * 400);
            expect(take(restored, what, i * 400)).toEqual(expected);
            if (expected !== undefined && expected.left.length > 0) evictions += 1;
            expect(restored.isRepairDue(i * 400)).toBe(never.isRepairDue(i * 400));
          }
          expect(restored.groups()).toEqual(never.groups());
          expect(restored.snapshot()).toEqual(never.snapshot());
        },
      ),
      { numRuns: 25 },
    );
    expect(evictions).toBeGreaterThan(5);
  });
  test('bytes of another kind or version, and other texts to learn from, are refused', () => {
    const given = { uniform: seededUniform(1) };
    expect(() => StreamGrouper.restore(new Uint8Array([1, 2]), given)).toThrow('not a snapshot');
    const bytes = new StreamGrouper(given).snapshot();
    expect(() => StreamGrouper.restore(bytes, { ...given, fitOn: ['a b', 'c d'] })).toThrow('learnt on 0 given texts, not 2');
  });
});

describe('invariants of streaming groups', () => {
  test('every asker counts once a group, whatever the order; nothing is lost but by leaving', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const grouper = new StreamGrouper({ uniform: seededUniform(3), options });
        const authorsOf = new Map<number, Set<string>>();
        const gone = new Set<number>();
        for (const [i, what] of steps.entries()) {
          const taken = take(grouper, what, i * 400);
          if (taken === undefined) continue;
          const author = what.kind === 'odd' ? 'odd' : `a${(what as { author: number }).author}`;
          for (const { textId } of taken.left) gone.add(textId);
          authorsOf.set(taken.textId, (authorsOf.get(taken.textId) ?? new Set()).add(author));
        }
        const groups = grouper.groups();
        expect(groups.length).toBeLessThanOrEqual(grouper.textCount);
        const held = groups.flatMap(({ textIds }) => textIds);
        expect(new Set(held).size).toBe(held.length);
        expect(new Set([...held, ...gone])).toEqual(new Set(authorsOf.keys()));
        for (const { textIds, askerCount, id } of groups) {
          expect(new Set(textIds.flatMap((textId) => [...(authorsOf.get(textId) as Set<string>)])).size).toBe(askerCount);
          expect(grouper.currentGroupId(id)).toBe(id);
        }
        const order = groups.map(({ askerCount }) => askerCount);
        expect(order).toEqual([...order].sort((a, b) => b - a));
      }),
      { numRuns: 25 },
    );
  });
  test('a text that left keeps a group one can follow through merges', () => {
    const grouper = new StreamGrouper({ uniform: seededUniform(1), options: { bufferSize: 32, maxGroups: 4 } });
    const lastGroups = new Map<number, number>();
    for (let i = 0; i < 200; i += 1) {
      const text = `${(ASKS[i % 3] as string).replace('%', THINGS[(i * 7) % THINGS.length] as string)} ${i}`;
      for (const { textId, groupId } of grouper.add({ text, author: `a${i}`, occurredAtMs: i }).left) lastGroups.set(textId, groupId);
      if (i % 10 === 9) grouper.repair(i);
    }
    expect(lastGroups.size + grouper.textCount).toBe(200);
    const alive = new Set(grouper.groups().map(({ id }) => id));
    const today = [...lastGroups.values()].map((id) => grouper.currentGroupId(id));
    expect(today.filter((id) => alive.has(id)).length).toBeGreaterThan(today.length / 2);
  });
  test('a time or value that is no number is refused by name', () => {
    const grouper = new StreamGrouper({ uniform: seededUniform(1) });
    expect(() => grouper.add({ text: 'a', author: 'b', occurredAtMs: Number.NaN })).toThrow('column occurredAtMs');
    expect(() => grouper.add({ text: 'a', author: 'b', occurredAtMs: 0, valueMinor: -1 })).toThrow('column valueMinor');
    expect(grouper.textCount).toBe(0);
  });
});
