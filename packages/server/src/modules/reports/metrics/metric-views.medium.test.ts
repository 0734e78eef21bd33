// The views behind the metrics on a small evening whose figures are worked out by hand.
import type { EventName, Fact, ShowId, ViewerId } from '@insp/protocol';
import { createFakeClock, createSeededRandom } from '@insp/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test-support/test-database.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { createEventBus } from '../../../kernel/event-bus.ts';
import { createIds } from '../../../kernel/ids.ts';
import { silentLogger } from '../../../kernel/logger.ts';
import { createAggregates } from '../../aggregates/aggregates.ts';
import { createCapture } from '../../capture/capture.ts';
import { insertRows } from '../../capture/event-log.postgres.ts';
import { factToLogRow } from '../../capture/log-row.ts';
import { newFact } from '../../capture/new-fact.ts';
import { readMetricFigures } from './metric-store.postgres.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const MIN = 60_000;
const LIVE_MS = 29_000_000 * MIN;
const clock = createFakeClock(LIVE_MS);
const ids = createIds(clock, createSeededRandom(3));
const make = newFact(ids, clock);
const actor = { kind: 'system', id: null } as const;
const hex = (n: number) => n.toString(16).padStart(32, '0');
const viewer = (n: number): ViewerId => `vwr_${hex(n)}`;

/** Facts of one show, by minutes after it went live. */
function evening() {
  const showId: ShowId = ids.create('shw');
  const facts: Fact[] = [];
  const add = (name: EventName, atMin: number, more: object = {}) =>
    facts.push(make(name, { orgId: 'org', showId, actor, occurredAt: LIVE_MS + atMin * MIN, payload: {}, ...more } as never));
  let sessionCount = 0;
  return {
    showId,
    facts,
    add,
    state: (to: string, atMin: number) =>
      add('shows.state_changed', atMin, { kind: to, payload: { from: 'draft', to, cause: '', reason: '' } }),
    /** A session, and what was watched in it; without an end the viewer is still there. */
    session(viewerId: ViewerId | null, fromMin: number, toMin: number | null, watchedMs = 0) {
      sessionCount += 1;
      const sessionId = `ses_${hex(sessionCount)}`;
      add('realtime.viewer_joined', fromMin, { viewerId, kind: 'direct', payload: { sessionId, device: 'phone', isReturning: false } });
      if (toMin !== null) add('realtime.viewer_left', toMin, { viewerId, amountMinor: watchedMs, payload: { sessionId, watchedMs } });
    },
  };
}

async function figuresOf({ showId, facts }: ReturnType<typeof evening>) {
  await insertRows(
    db.database,
    facts.map((fact) => factToLogRow(fact, fact.occurredAt)),
  );
  const capture = createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  const aggregates = createAggregates({ database: db.database, clock: systemClock, logger: silentLogger, onAppended: capture.onAppended });
  await aggregates.settle();
  return readMetricFigures(db.database, showId);
}

test('visits end after 30 minutes away; effective ones watched more than 10 s; nobody watches longer than the show', async () => {
  const show = evening();
  show.state('live', 0);
  show.state('paused', 20);
  show.state('live', 25);
  show.state('ended', 60);
  // Away for exactly 30 minutes: one visit. A minute more: two.
  show.session(viewer(1), 0, 10, 10 * MIN);
  show.session(viewer(1), 40, 50, 10 * MIN);
  show.session(viewer(2), 0, 9, 10_000);
  show.session(viewer(2), 40, 50, 10_001);
  // In two windows at once, and longer than the show is: 70 of 60 minutes.
  show.session(viewer(3), 5, 45, 40 * MIN);
  show.session(viewer(3), 10, 40, 30 * MIN);
  // Still there; and one who cannot be told apart.
  show.session(viewer(4), 55, null);
  show.session(null, 5, 10, 5 * MIN);
  const { figures, phases } = await figuresOf(show);
  expect(figures).toMatchObject({ viewerCount: 4, visitCount: 5, effectiveViewCount: 3, watchTimeMs: (20 + 60) * MIN + 20_001 });
  expect(phases).toEqual([{ phase: 'live', viewerCount: 4, visitCount: 5, watchedMs: (20 + 70) * MIN + 20_001 }]);
});

test('[AN11] before, during and after the show are apart, by when a visit began', async () => {
  const show = evening();
  show.state('live', 0);
  show.state('ended', 30);
  show.session(viewer(1), -20, -5, 15 * MIN);
  show.session(viewer(1), 26, 30, 4 * MIN); // 31 min away
  show.session(viewer(2), 0, 5, 5 * MIN);
  show.session(viewer(3), 30, 40, 10 * MIN);
  show.session(viewer(3), 90, 95, 5 * MIN);
  const { phases } = await figuresOf(show);
  expect(phases).toEqual([
    { phase: 'pre_live', viewerCount: 1, visitCount: 1, watchedMs: 15 * MIN },
    { phase: 'live', viewerCount: 2, visitCount: 2, watchedMs: 9 * MIN },
    { phase: 'replay', viewerCount: 1, visitCount: 2, watchedMs: 15 * MIN },
  ]);
});

test('a show that was reopened has not ended', async () => {
  const show = evening();
  show.state('live', 0);
  show.state('ended', 30);
  show.state('live', 40);
  show.session(viewer(1), 45, 80, 35 * MIN);
  const { figures, phases } = await figuresOf(show);
  expect([figures.watchTimeMs, phases.map(({ phase }) => phase)]).toEqual([35 * MIN, ['live']]);
});

test('people are counted once, whatever they do', async () => {
  const show = evening();
  for (const n of [1, 2, 3, 4]) show.session(viewer(n), 0, 1, MIN);
  for (const n of [1, 1, 2])
    show.add('chat.message_posted', 1, {
      viewerId: viewer(n),
      payload: { messageId: ids.create('msg'), seq: 1, authorKind: 'viewer', length: 1 },
    });
  for (const n of [1, 3, 3]) show.add('chat.reactions_sent', 1, { viewerId: viewer(n), weight: 5, payload: { reaction: 'heart' } });
  for (const n of [2, 2]) show.add('cart.added', 1, { viewerId: viewer(n), payload: { sku: 'S', quantity: 1, requestId: 'r' } });
  for (const [n, order] of [
    [2, 1],
    [2, 2],
    [4, 3],
  ] as const) {
    const orderId = `ord_${hex(order)}`;
    show.add('orders.order_placed', 2, {
      viewerId: viewer(n),
      amountMinor: 500,
      payload: { orderId, orderRef: 'A', currency: 'EUR', lineCount: 1 },
    });
    show.add('orders.line_sold', 2, {
      viewerId: viewer(n),
      amountMinor: 500,
      weight: 2,
      payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' },
    });
  }
  show.add('orders.order_placed', 3, {
    amountMinor: 90,
    payload: { orderId: `ord_${hex(9)}`, orderRef: 'G', currency: 'EUR', lineCount: 1 },
  });
  show.add('orders.line_sold', 3, {
    amountMinor: 90,
    weight: 7,
    payload: { orderId: `ord_${hex(9)}`, lineId: '1', sku: 'S', currency: 'EUR' },
  });
  const { figures } = await figuresOf(show);
  expect(figures).toMatchObject({ viewerCount: 4, chatterCount: 2, reactorCount: 2, adderCount: 1, buyerCount: 2, buyerUnitCount: 6 });
  expect(figures).toMatchObject({ messageCount: 3, cartAddCount: 2, orderCount: 4, gmvMinor: 1_590, refundedMinor: 0, currency: 'EUR' });
});

test('concurrency is the mean of all samples, its peak and the first minute of the peak', async () => {
  const show = evening();
  for (const [atMin, count] of [
    [0, 4],
    [1, 9],
    [1.5, 2],
    [3, 9],
  ] as const)
    show.add('realtime.concurrency_sampled', atMin, { amountMinor: count });
  const { figures } = await figuresOf(show);
  expect(figures).toMatchObject({ watchingSum: 24, watchingSampleCount: 4, watchingMax: 9, peakMinute: LIVE_MS / MIN + 1 });
});

test('times to answer are of groups, by nearest rank', async () => {
  const show = evening();
  const times = Array.from({ length: 20 }, (_, at) => (at + 1) * 1_000);
  for (const [at, openMs] of times.entries()) {
    const payload = { questionClusterId: `qst_${hex(at)}`, openMs };
    show.add('insights.question_closed', at, { amountMinor: openMs, weight: 3, payload });
    // Marked again: the same group.
    if (at === 0) show.add('insights.question_closed', at, { amountMinor: openMs, payload });
  }
  const { figures } = await figuresOf(show);
  expect(figures).toMatchObject({ closedQuestionCount: 20, answerP50Ms: 10_000, answerP95Ms: 19_000 });
});

test('a show without events has zeros and no times', async () => {
  const { figures, phases } = await readMetricFigures(db.database, `shw_${'e'.repeat(32)}`);
  expect(phases).toEqual([]);
  for (const [name, value] of Object.entries(figures)) {
    expect([name, value]).toEqual([name, ['peakMinute', 'answerP50Ms', 'answerP95Ms', 'currency'].includes(name) ? null : 0]);
  }
  expect(Object.keys(figures)).toHaveLength(24);
});
