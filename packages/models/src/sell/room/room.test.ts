import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseRoomOptions, ROOM_CANDIDATES } from './choose-room-options.ts';
import { loudestOrder, orderBy } from './counterfactual-orders.ts';
import { applyLotRules, type Lot } from './lot-rules.ts';
import { RecentCounts } from './recent-counts.ts';
import { RoomRanker } from './room-ranker.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const lotsOf = (ids: string): Lot[] => [...ids].map((lotId) => ({ lotId }));
const order = (ranked: readonly { lotId: string }[]) => ranked.map(({ lotId }) => lotId).join('');

describe('recent counts', () => {
  test('are what a recount of the windows gives, at every moment', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(40), fc.nat(3)), { maxLength: 80 }), (steps) => {
        const counts = new RecentCounts([50, 200]);
        const clicks: { itemId: string; atMs: number; weight: number }[] = [];
        let nowMs = 0;
        for (const [item, gapMs, weight] of steps) {
          nowMs += gapMs;
          counts.add({ itemId: `i${item}`, occurredAtMs: nowMs, weight });
          clicks.push({ itemId: `i${item}`, atMs: nowMs, weight });
          for (const [place, lengthMs] of [50, 200].entries()) {
            for (let i = 0; i < 5; i += 1) {
              const sum = clicks
                .filter(({ itemId, atMs }) => itemId === `i${i}` && atMs >= nowMs - lengthMs)
                .reduce((total, click) => total + click.weight, 0);
              expect(counts.sumOf(place, `i${i}`)).toBe(sum);
            }
          }
        }
      }),
    );
  });
  test('a full queue drops the oldest and counts it; a late click counts as of now', () => {
    const counts = new RecentCounts([100], 2);
    for (const [itemId, occurredAtMs] of [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ] as const)
      counts.add({ itemId, occurredAtMs, weight: 1 });
    expect([counts.sumOf(0, 'a'), counts.sumOf(0, 'b'), counts.droppedClickCount]).toEqual([0, 1, 1]);
    counts.add({ itemId: 'late', occurredAtMs: -500, weight: 1 });
    expect(counts.sumOf(0, 'late')).toBe(1);
    expect(() => counts.add({ itemId: 'x', occurredAtMs: 3, weight: -1 })).toThrow('column weight');
    expect(counts.ranked(0).map(({ itemId }) => itemId)).toEqual(['c', 'late']);
  });
});

describe('rules of the shop', () => {
  test('hold back with a reason: sold out, below the floor, shown lately', () => {
    const lots: Lot[] = [
      { lotId: 'gone', stockCount: 0 },
      { lotId: 'cheap', priceMinor: 99, floorMinor: 100 },
      { lotId: 'tired', lastShownAtMs: 1 },
      { lotId: 'rested', lastShownAtMs: 0 },
      { lotId: 'at-floor', priceMinor: 100, floorMinor: 100, stockCount: 1 },
    ];
    const { open, held } = applyLotRules(lots, 10 * MINUTE_MS, null);
    expect(held).toEqual([
      { lotId: 'gone', reason: 'sold_out' },
      { lotId: 'cheap', reason: 'below_price_floor' },
      { lotId: 'tired', reason: 'shown_lately' },
    ]);
    expect(open.map(({ lot }) => lot.lotId)).toEqual(['rested', 'at-floor']);
  });
  test('airtime owed by contract is due once another lot would no longer fit before it, and then does not rest', () => {
    const lots: Lot[] = [{ lotId: 'sponsor', minAirtimeMs: 5 * MINUTE_MS, shownMs: MINUTE_MS, lastShownAtMs: 0 }, { lotId: 'other' }];
    const dueAt = (timeLeftMs: number | null) =>
      applyLotRules(lots, MINUTE_MS, timeLeftMs).open.find(({ isDue }) => isDue)?.lot.lotId ?? null;
    expect([dueAt(7 * MINUTE_MS), dueAt(7 * MINUTE_MS - 1), dueAt(null)]).toEqual([null, 'sponsor', null]);
    // A lot that is sold out owes nothing any more.
    expect(applyLotRules([{ ...(lots[0] as Lot), stockCount: 0 }], 0, 0).open).toEqual([]);
  });
  test('refuses lots given twice, figures below 0, margins for some only', () => {
    expect(() => applyLotRules(lotsOf('aa'), 0, null)).toThrow('row 2: column lotId');
    expect(() => applyLotRules([{ lotId: 'a', stockCount: Number.NaN }], 0, null)).toThrow('row 1: column stockCount: NaN');
    expect(() => applyLotRules([{ lotId: 'a', marginMinor: 1 }, { lotId: 'b' }], 0, null)).toThrow('row 2: column marginMinor');
  });
});

test('counterfactual orders by hand', () => {
  expect(orderBy(['a', 'b', 'c'], (lotId) => ({ b: 2, c: 2 })[lotId] ?? 0)).toEqual(['b', 'c', 'a']);
  // the busiest session clicked c twice, then a, then d last; x is no lot
  expect(
    loudestOrder(
      ['a', 'b', 'c', 'd'],
      [
        ['b', 'b'],
        ['c', 'c', 'a', 'x', 'd'],
      ],
    ),
  ).toEqual(['c', 'd', 'a', 'b']);
  expect(loudestOrder(['a', 'b'], [])).toEqual(['a', 'b']);
});

/** Yesterday people went from a to b and from c to d; e is clicked most in the last hour. */
function trainedRanker(): { ranker: RoomRanker; nowMs: number } {
  const ranker = new RoomRanker();
  let atMs = 0;
  const add = (sessionId: string, items: string) => {
    for (const itemId of items) {
      atMs += 1_000;
      ranker.add({ sessionId, itemId, occurredAtMs: atMs });
    }
  };
  for (let n = 0; n < 20; n += 1) add(`y${n}`, n % 2 === 0 ? 'ab' : 'cd');
  atMs += 30 * HOUR_MS;
  for (let n = 0; n < 9; n += 1) add(`e${n}`, 'e');
  add('anna', 'za');
  add('ben', 'c');
  return { ranker, nowMs: atMs + 1 };
}
const lots = lotsOf('bdeafz');

describe('room order', () => {
  test('follows those present, with reasons', () => {
    const { ranker, nowMs } = trainedRanker();
    const forAnna = ranker.rank({ nowMs, viewers: [{ sessionId: 'anna' }], lots });
    expect(order(forAnna.ranked).startsWith('ab')).toBe(true);
    expect(forAnna.ranked[0]?.reasons).toContainEqual({ kind: 'looked_at_by_viewers', viewerCount: 1 });
    expect(forAnna.ranked[1]?.reasons).toContainEqual({ kind: 'likely_next_for_viewers', viewerCount: 1 });
    expect(forAnna.ranked.find(({ lotId }) => lotId === 'e')?.reasons).toEqual([
      { kind: 'clicked_lately', clickCount: 9, withinMs: HOUR_MS },
    ]);
    expect(forAnna.ranked.find(({ lotId }) => lotId === 'f')?.reasons).toEqual([{ kind: 'in_the_run_sheet' }]);
    expect(order(ranker.rank({ nowMs, viewers: [{ sessionId: 'ben' }], lots }).ranked)[0]).toBe('d');
  });
  test('strangers get the recency order, and an empty room too', () => {
    const { ranker, nowMs } = trainedRanker();
    for (const viewers of [[], [{ sessionId: 'stranger' }]]) {
      const { ranked, orders, knownViewerCount } = ranker.rank({ nowMs, viewers, lots });
      expect(order(ranked)).toBe(orders.recency.join(''));
      expect(knownViewerCount).toBe(0);
    }
  });
  test('only the proportions of value weights count, and more of one viewer moves the room to him', () => {
    const { ranker, nowMs } = trainedRanker();
    const withWeights = (anna: number, ben: number) =>
      ranker.rank({
        nowMs,
        viewers: [
          { sessionId: 'anna', valueWeight: anna },
          { sessionId: 'ben', valueWeight: ben },
        ],
        lots,
      }).ranked;
    const scores = (ranked: ReturnType<typeof withWeights>) => new Map(ranked.map(({ lotId, score }) => [lotId, score]));
    const [plain, scaled] = [scores(withWeights(1, 3)), scores(withWeights(10, 30))];
    for (const [lotId, score] of plain) expect(scaled.get(lotId)).toBeCloseTo(score, 9);
    expect(order(withWeights(100, 1))[0]).toBe('a');
    expect(order(withWeights(1, 100))[0]).toBe('d');
    expect(() => withWeights(-1, 1)).toThrow('row 1: column valueWeight');
  });
  test('the order of viewers does not matter', () => {
    const { ranker, nowMs } = trainedRanker();
    const viewers = ['anna', 'ben', 'e1', 'stranger'].map((sessionId) => ({ sessionId }));
    const scoresOf = (given: typeof viewers) =>
      ranker.rank({ nowMs, viewers: given, lots }).ranked.map(({ lotId, score }) => [lotId, score.toFixed(9)]);
    fc.assert(
      fc.property(fc.shuffledSubarray(viewers, { minLength: 4 }), (mixed) => {
        expect(scoresOf(mixed)).toEqual(scoresOf(viewers));
      }),
    );
  });
  test('margin multiplies; a lot due by contract stands first', () => {
    const { ranker, nowMs } = trainedRanker();
    const rich = lots.map((lot) => ({ ...lot, marginMinor: lot.lotId === 'e' ? 100_000 : 1 }));
    expect(order(ranker.rank({ nowMs, viewers: [{ sessionId: 'anna' }], lots: rich }).ranked)[0]).toBe('e');
    const owed = [...lots, { lotId: 's', minAirtimeMs: 60_000 }];
    const { ranked } = ranker.rank({ nowMs, viewers: [{ sessionId: 'anna' }], lots: owed, timeLeftMs: 120_000 });
    expect(ranked[0]).toMatchObject({ lotId: 's', reasons: [{ kind: 'owed_by_contract', owedMs: 60_000 }] });
  });
  test('a snapshot goes on as before; other bytes are refused', () => {
    const { ranker, nowMs } = trainedRanker();
    const restored = RoomRanker.restore(ranker.snapshot());
    const moment = { nowMs, viewers: [{ sessionId: 'anna' }, { sessionId: 'ben' }], lots };
    expect(restored.rank(moment)).toEqual(ranker.rank(moment));
    expect(() => RoomRanker.restore(new Uint8Array([0, 0, 0, 1, 9]))).toThrow('not a snapshot');
    expect(() => RoomRanker.restore(new Uint8Array())).toThrow('not a snapshot');
  });
  test('a click learned between two orders is seen by the second', () => {
    const { ranker, nowMs } = trainedRanker();
    const first = () => order(ranker.rank({ nowMs: nowMs + 10, viewers: [{ sessionId: 'anna' }], lots }).ranked)[0];
    expect(first()).toBe('a');
    ranker.add({ sessionId: 'anna', itemId: 'd', occurredAtMs: nowMs });
    expect(first()).toBe('d');
  });
  test('other windows count the same clicks anew', () => {
    const { ranker, nowMs } = trainedRanker();
    const wide = ranker.withOptions({ recentMs: 40 * HOUR_MS, dayMs: 80 * HOUR_MS });
    // The day window of the first ranker had already forgotten yesterday's clicks.
    expect(wide.rank({ nowMs, viewers: [], lots }).orders.recency[0]).toBe('e');
  });
});

describe('choosing the weights', () => {
  test('a handful of rooms chooses nothing, a clear winner is taken, noise is not', () => {
    const rooms = (gain: (r: number) => number) =>
      ROOM_CANDIDATES.map((_, c) => Array.from({ length: 40 }, (_unused, r) => 0.3 + (c === 3 ? gain(r) : 0)));
    expect(chooseRoomOptions(ROOM_CANDIDATES.map(() => [0.1])).reason).toMatch(/fewer than 20/);
    expect(chooseRoomOptions(rooms((r) => 0.1 + 0.01 * (r % 3))).options.audienceWeight).toBe(3);
    expect(chooseRoomOptions(rooms((r) => (r % 2 === 0 ? 0.2 : -0.19))).chosen).toBe(0);
    expect(chooseRoomOptions([]).chosen).toBe(0);
  });
});
