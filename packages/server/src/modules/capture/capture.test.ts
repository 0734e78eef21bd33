import { isId, type PlayerEvent } from '@insp/protocol';
import { eventDefinitions, PLAYER_REMEDIES, playerEventSchema } from '@insp/protocol/schemas';
import { createFakeClock, settlePromises } from '@insp/test-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accepted, refused } from '../../kernel/outcome.ts';
import { APPEND_QUEUE_LIMITS, createAppendQueue } from './append-queue.ts';
import { captureSocketHandlers } from './capture.socket.ts';
import { clampOccurredAt, factToLogRow, logRowToEvent, MAX_LATE_MS } from './log-row.ts';
import { BLIND_LAG_MS, playerEventsToFacts } from './player-event-facts.ts';
import { createPlayerReports, PLAYER_EVENTS_BURST, type PlayerReportsDeps } from './player-reports.ts';
import type { CaptureSession } from './ports.ts';
import { createPublishOrder } from './publish-order.ts';
import { isEventName, validateFact } from './validate-fact.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const session: CaptureSession = {
  sessionId: `ses_${hex(1)}`,
  showId: `shw_${hex(2)}`,
  orgId: 'org',
  viewerId: `vwr_${hex(3)}`,
  role: 'viewer',
  isSimulated: true,
};

const arbText = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.slice(0, 100));
const arbId = <P extends string>(prefix: P) => fc.nat().map((n) => `${prefix}_${hex(n)}`);
const arbPlayerEvent: fc.Arbitrary<PlayerEvent> = fc
  .record({
    id: arbId('evt'),
    occurredAt: fc.integer({ min: 0, max: 2e12 }),
    name: fc.constantFrom(...playerEventSchema.options.map((option) => option.shape.name.value)),
    productId: arbId('prd'),
    highlightId: fc.option(arbId('hlt')),
    joinMs: fc.integer({ min: 0, max: 600_000 }),
    firstFrameMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: undefined }),
    stallMs: fc.integer({ min: 0, max: 600_000 }),
    latencyMs: fc.integer({ min: 0, max: 600_000 }),
    targetMs: fc.integer({ min: 0, max: 600_000 }),
    behindHostMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
    heightPx: fc.integer({ min: 0, max: 20_000 }),
    bitrateBitsPerSec: fc.integer({ min: 0, max: 1_000_000_000 }),
    remedy: fc.constantFrom(...PLAYER_REMEDIES),
    detail: arbText,
    code: arbText,
    sku: arbText,
    quantity: fc.integer({ min: 1, max: 1_000 }),
    requestId: arbText,
    reason: arbText,
    channel: arbText,
  })
  .map((all) => {
    const option = playerEventSchema.options.find(({ shape }) => shape.name.value === all.name);
    return playerEventSchema.parse(Object.fromEntries(Object.keys(option?.shape ?? {}).map((key) => [key, all[key as 'name']])));
  });

describe('reports of a player', () => {
  test('every report a plug-in may send becomes a fact the log takes, whatever text is in it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(arbPlayerEvent, { minLength: 1, maxLength: 50 }), fc.integer({ min: 0, max: 2e12 }), (events, nowMs) => {
        const facts = playerEventsToFacts(events, session, nowMs);
        for (const [at, fact] of facts.entries()) {
          seen.add(fact.name);
          expect(validateFact(fact)).toMatchObject({ ok: true });
          expect(fact).toMatchObject({ id: events[at]?.id, viewerId: session.viewerId, isSimulated: true, weight: 1 });
          expect(fact.occurredAt).toBeLessThanOrEqual(Math.max(nowMs, 0));
        }
      }),
    );
    expect(seen.size).toBe(playerEventSchema.options.length);
  });

  test('a batch from the future moves back as a whole and keeps its spacing', () => {
    const at = (id: number, occurredAt: number): PlayerEvent => ({ id: `evt_${hex(id)}`, name: 'player.opened', occurredAt });
    const facts = playerEventsToFacts([at(1, 100_600_000), at(2, 100_601_500)], session, 100_000_000);
    expect(facts.map(({ occurredAt }) => occurredAt)).toEqual([99_998_500, 100_000_000]);
  });

  test('a batch of an unknown clock is believed for a minute; one that says its clock, for as long as it was away', () => {
    const at = (occurredAt: number): PlayerEvent => ({ id: `evt_${hex(1)}`, name: 'player.opened', occurredAt });
    const nowMs = 100_000_000;
    const fiveHoursMs = 5 * 3_600_000;
    const one = (occurredAt: number, sentAtMs?: number) => playerEventsToFacts([at(occurredAt)], session, nowMs, sentAtMs)[0]?.occurredAt;
    expect(one(nowMs - fiveHoursMs)).toBe(nowMs - BLIND_LAG_MS);
    expect(one(nowMs - fiveHoursMs, nowMs)).toBe(nowMs - fiveHoursMs);
    // A clock ten minutes fast, and one a year slow.
    expect(one(nowMs - fiveHoursMs + 600_000, nowMs + 600_000)).toBe(nowMs - fiveHoursMs);
    expect(one(1_000, 61_000)).toBe(nowMs - 60_000);
    expect(one(nowMs + 5_000, nowMs)).toBe(nowMs);
  });
});

describe('the socket handler', () => {
  const clock = createFakeClock();
  const event = (n: number): PlayerEvent => ({
    id: `evt_${hex(n)}`,
    occurredAt: 1,
    name: 'product.clicked',
    productId: `prd_${hex(n)}`,
    highlightId: null,
  });
  const isInLineUp: PlayerReportsDeps['isInLineUp'] = (_showId, productId) => productId === `prd_${hex(1)}`;
  const handlerWith = (accept: PlayerReportsDeps['capture']['accept']) =>
    captureSocketHandlers({ playerReports: createPlayerReports({ capture: { accept }, clock, isInLineUp }) }).report_player_events;

  test('hands on what belongs to the show, and leaves products of elsewhere', async () => {
    const got: string[] = [];
    const handler = handlerWith((facts) => {
      got.push(...facts.map(({ id }) => id));
      return { acceptedCount: facts.length, rejected: [] };
    });
    expect(await handler.handle(session, { events: [event(1), event(2)] })).toEqual(accepted({}));
    expect(got).toEqual([`evt_${hex(1)}`]);
  });

  test('staff watching their own player count for nothing', async () => {
    const handler = handlerWith(() => {
      throw new Error('must not be called');
    });
    expect(await handler.handle({ ...session, role: 'host' }, { events: [event(1)] })).toEqual(accepted({}));
  });

  test('overload goes back to the sender', async () => {
    const refusal = refused('INSP_CAPTURE_OVERLOADED', { retryAfterMs: 1_000 });
    const handler = handlerWith(() => ({ acceptedCount: 0, rejected: [{ eventId: null, refusal }] }));
    expect(await handler.handle(session, { events: [event(1)] })).toEqual(refusal);
  });

  test('one shopper may report a burst and not one more', async () => {
    const handler = handlerWith((facts) => ({ acceptedCount: facts.length, rejected: [] }));
    const fifty = { events: Array.from({ length: 50 }, () => event(1)) };
    for (let sent = 0; sent < PLAYER_EVENTS_BURST; sent += 50) expect((await handler.handle(session, fifty)).ok).toBe(true);
    expect(await handler.handle(session, { events: [event(1)] })).toMatchObject({ ok: false, code: 'INSP_REALTIME_TOO_FAST' });
  });
});

describe('rows', () => {
  test('engagement is clamped at both ends, money only at the future', () => {
    expect(clampOccurredAt('engage', 100_000_001, 100_000_000)).toBe(100_000_000);
    expect(clampOccurredAt('engage', 100_000_000 - MAX_LATE_MS, 100_000_000)).toBe(100_000_000 - MAX_LATE_MS);
    expect(clampOccurredAt('engage', 100_000_000 - MAX_LATE_MS - 1, 100_000_000)).toBe(100_000_000 - MAX_LATE_MS);
    expect(clampOccurredAt('money', 5, 100_000_000)).toBe(5);
    expect(clampOccurredAt('chat', 100_000_001, 100_000_000)).toBe(100_000_000);
  });

  test('a fact comes back from its row unchanged', () => {
    fc.assert(
      fc.property(arbPlayerEvent, (event) => {
        const [fact] = playerEventsToFacts([event], session, event.occurredAt);
        if (!fact) throw new Error('no fact');
        expect(logRowToEvent({ ...factToLogRow(fact, event.occurredAt), seq: 9 })).toEqual({
          ...fact,
          receivedAt: event.occurredAt,
          seq: 9,
        });
      }),
    );
  });

  test('what an event is about and its currency are lifted out of the payload', () => {
    const orderId = `ord_${hex(4)}` as const;
    const base = playerEventsToFacts([{ id: `evt_${hex(1)}`, occurredAt: 1, name: 'player.opened' }], session, 1)[0];
    const row = factToLogRow(
      { ...base, name: 'orders.order_placed', payload: { orderId, orderRef: 'A1', currency: 'EUR', lineCount: 1 } } as never,
      1,
    );
    expect(row).toMatchObject({ subject_id: orderId, currency: 'EUR', stream: 'money', type: 60 });
  });

  test('codes are unique, so that a row names one event', () => {
    const codes = Object.values(eventDefinitions).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('names are looked up in the registry only', () => {
    expect(['__proto__', 'constructor', 'toString', 7, null].map(isEventName)).toEqual(Array(5).fill(false));
    expect(isEventName('player.opened')).toBe(true);
    expect(isId('evt', `evt_${hex(1)}`)).toBe(true);
  });
});

describe('the append queue', () => {
  const limits = { ...APPEND_QUEUE_LIMITS, maxQueuedCount: 5, batchMaxCount: 3, batchEveryMs: 50, retryForMs: 1_000 };

  function setUp() {
    const clock = createFakeClock();
    const written: number[][] = [];
    const dropped: number[] = [];
    let failing = false;
    const queue = createAppendQueue<number>({
      clock,
      limits,
      async write(rows) {
        if (failing) throw new Error('away');
        written.push([...rows]);
      },
      onDropped: (rows) => void dropped.push(...rows),
    });
    return { clock, written, dropped, queue, setFailing: (to: boolean) => (failing = to) };
  }

  test('waits at most a tick, and not at all for a full batch', async () => {
    const { clock, queue, written } = setUp();
    queue.offer(1);
    await clock.advanceAsync(49);
    expect(written).toEqual([]);
    await clock.advanceAsync(1);
    expect(written).toEqual([[1]]);
    for (const row of [2, 3, 4, 5]) queue.offer(row);
    await settlePromises();
    expect(written).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('holds what is on its way against its limit and refuses the next', async () => {
    const { queue, setFailing } = setUp();
    setFailing(true);
    expect([1, 2, 3, 4, 5, 6].map((row) => queue.offer(row))).toEqual([true, true, true, true, true, false]);
    await settlePromises();
    expect(queue.queuedCount).toBe(5);
    expect(queue.offer(7)).toBe(false);
  });

  test('keeps order over failures and drops, counted, when its patience ends', async () => {
    const { clock, queue, written, dropped, setFailing } = setUp();
    setFailing(true);
    for (const row of [1, 2, 3, 4]) queue.offer(row);
    await clock.advanceAsync(700);
    setFailing(false);
    await clock.advanceAsync(1_000);
    expect(written).toEqual([[1, 2, 3], [4]]);
    setFailing(true);
    queue.offer(5);
    await clock.advanceAsync(10_000);
    expect(dropped).toEqual([5]);
    expect(clock.timerCount).toBe(0);
  });

  test('stop does not wait for a database that stays away', async () => {
    const { clock, queue, dropped, setFailing } = setUp();
    setFailing(true);
    queue.offer(1);
    await clock.advanceAsync(60);
    const stopped = queue.stop(500);
    await clock.advanceAsync(600);
    await stopped;
    expect(dropped).toEqual([1]);
  });
});

test('facts are published in ticket order however the answers come in', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.boolean(), { minLength: 1, maxLength: 20 })
        .chain((fates) => fc.tuple(fc.constant(fates), fc.shuffledSubarray([...fates.keys()], { minLength: fates.length }))),
      ([fates, settleOrder]) => {
        const published: number[] = [];
        const order = createPublishOrder<number>((facts) => published.push(...facts));
        const tickets = fates.map((_, at) => order.take([at]));
        for (const at of settleOrder) tickets[at]?.settle(fates[at] as boolean);
        expect(published).toEqual([...fates.keys()].filter((at) => fates[at]));
      },
    ),
  );
});

test('[L7] a commit that never answers is passed by once enough wait behind it, and told late', () => {
  const published: number[] = [];
  let passedByCount = 0;
  const order = createPublishOrder<number>((facts) => published.push(...facts), {
    waitingMax: 3,
    onPassedBy: () => {
      passedByCount += 1;
    },
  });
  const hanging = order.take([0]);
  for (const n of [1, 2]) order.take([n]).settle(true);
  expect([published, passedByCount]).toEqual([[], 0]);
  order.take([3]).settle(true);
  expect([published, passedByCount]).toEqual([[1, 2, 3], 1]);
  hanging.settle(true);
  expect(published).toEqual([1, 2, 3, 0]);
  order.take([4]).settle(true);
  expect(published).toEqual([1, 2, 3, 0, 4]);
});
