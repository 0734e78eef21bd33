import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Click, ClickIndex } from './click-index.ts';

const click = (sessionId: string, itemId: string, occurredAtMs: number): Click => ({ sessionId, itemId, occurredAtMs });

/** What the index should hold, worked out from all clicks at once. */
function rebuild(clicks: readonly Click[], recentSessions: number) {
  const sessions = new Map<string, { itemIds: string[]; lastAtMs: number; turn: number }>();
  for (const [turn, { sessionId, itemId, occurredAtMs }] of clicks.entries()) {
    const session = sessions.get(sessionId) ?? { itemIds: [], lastAtMs: Number.NEGATIVE_INFINITY, turn: 0 };
    session.itemIds.push(itemId);
    session.lastAtMs = Math.max(session.lastAtMs, occurredAtMs);
    session.turn = turn;
    sessions.set(sessionId, session);
  }
  const order = [...sessions].sort(([, a], [, b]) => a.lastAtMs - b.lastAtMs || a.turn - b.turn);
  const postings = new Map<string, string[]>();
  for (const [sessionId, { itemIds }] of order)
    for (const itemId of new Set(itemIds)) postings.set(itemId, [...(postings.get(itemId) ?? []), sessionId].slice(-recentSessions));
  return { order: order.map(([sessionId]) => sessionId), sessions, postings };
}

function contentsOf(index: ClickIndex) {
  const sessions = index.dump();
  const slots = new Map(sessions.map(({ sessionId }) => [index.slotOf(sessionId), sessionId]));
  const items = new Set(sessions.flatMap(({ itemIds }) => itemIds));
  const postings = [...items].map(
    (itemId) => [itemId, Array.from(index.sessionsOf(index.itemNumberOf(itemId)), (slot) => slots.get(slot))] as const,
  );
  return { sessions, postings: new Map(postings) };
}

const clicksArbitrary = fc
  .array(fc.tuple(fc.nat(7), fc.nat(5), fc.nat(30)), { maxLength: 60 })
  .map((rows) => rows.map(([s, i, t]) => click(`s${s}`, `i${i}`, t)));

test('clicks learned one by one leave what a rebuild from all of them gives, in any order of time', () => {
  let capped = 0;
  fc.assert(
    fc.property(clicksArbitrary, (clicks) => {
      const index = new ClickIndex({ recentSessions: 3 });
      for (const each of clicks) index.add(each);
      const expected = rebuild(clicks, 3);
      const { sessions, postings } = contentsOf(index);
      expect(sessions.map(({ sessionId }) => sessionId)).toEqual(expected.order);
      for (const { sessionId, itemIds, lastAtMs } of sessions)
        expect({ itemIds, lastAtMs }).toEqual({
          itemIds: expected.sessions.get(sessionId)?.itemIds,
          lastAtMs: expected.sessions.get(sessionId)?.lastAtMs,
        });
      expect(postings).toEqual(expected.postings);
      capped += [...postings.values()].filter(({ length }) => length === 3).length;
    }),
  );
  expect(capped).toBeGreaterThan(0);
});

test('when full, the session silent longest leaves, with all traces of it', () => {
  fc.assert(
    fc.property(clicksArbitrary, (clicks) => {
      const ordered = [...clicks].sort((a, b) => a.occurredAtMs - b.occurredAtMs);
      const index = new ClickIndex({ maxSessions: 3 });
      const held: Click[] = [];
      for (const each of ordered) {
        index.add(each);
        if (!held.some(({ sessionId }) => sessionId === each.sessionId)) {
          const { order } = rebuild(held, 99);
          if (order.length === 3) for (let i = held.length - 1; i >= 0; i -= 1) if (held[i]?.sessionId === order[0]) held.splice(i, 1);
        }
        held.push(each);
      }
      const expected = rebuild(held, 99);
      expect(contentsOf(index).postings).toEqual(expected.postings);
      expect(index.itemCount).toBe(expected.postings.size);
      for (const [itemId, sessions] of expected.postings) expect(index.supportOf(index.itemNumberOf(itemId))).toBe(sessions.length);
    }),
  );
});

test('clicks beyond the limit of a session are dropped and counted, at the edge exactly', () => {
  const index = new ClickIndex({ maxSessionClicks: 9 });
  for (let n = 0; n < 9; n += 1) index.add(click('robot', `i${n}`, n));
  expect(index.droppedClickCount).toBe(0);
  index.add(click('robot', 'one-too-many', 10));
  expect(index.droppedClickCount).toBe(1);
  expect(index.itemNumberOf('one-too-many')).toBe(-1);
});

test('refuses times that are not finite and limits below 1', () => {
  expect(() => new ClickIndex().add(click('s', 'i', Number.NaN))).toThrow('column occurredAtMs: NaN is not a time');
  expect(() => new ClickIndex({ maxSessions: 0 })).toThrow('maxSessions 0');
});
