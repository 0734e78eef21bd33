// The bar of sampling: 10^5 facts at every level with seeds that replay, a million at level 2, and the same traffic
// through real Postgres: what the aggregates say against the truth.
import { hllEstimate, hllStamp } from '@insp/dataflow';
import { type Fact, SHED_LEVELS, type ShedLevel } from '@insp/protocol';
import { createSeededRandom } from '@insp/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { createAggregates } from '../aggregates/aggregates.ts';
import { createCapture } from '../capture/capture.ts';
import { newFact } from '../capture/new-fact.ts';
import { createPressure } from './pressure.ts';
import { createSampler } from './sampler.ts';
import { keptOneIn } from './sampling-rules.ts';
import { expectFairSample } from './test-support/sampled-run.ts';
import { SHOW, TRAFFIC_START_MS, traffic } from './test-support/traffic.ts';

const LEVEL: ShedLevel = 2;

test.each(SHED_LEVELS.flatMap((level) => [1, 2, 3].map((seed) => [level, seed] as const)))(
  '[P5] [P6] 10^5 facts at level %i, seed %i: every total within 3 sigma, money to the cent, distinct counts to the unit',
  (level, seed) => expectFairSample(seed, level, 100_000),
);

test('[P5] a million facts: the totals of the show within 3 sigma, money to the cent', () => {
  const sampler = createSampler({ salt: 77 });
  const truth = new Map<string, { sum: number; squares: number }>();
  const kept = new Map<string, number>();
  let moneyMinor = 0;
  let keptMoneyMinor = 0;
  let factCount = 0;
  for (const fact of traffic(createSeededRandom(11), { count: 1_000_000, viewers: 8_000, minutes: 10 })) {
    factCount += 1;
    const one = truth.get(fact.name) ?? { sum: 0, squares: 0 };
    truth.set(fact.name, one);
    one.sum += fact.weight;
    one.squares += fact.weight ** 2;
    moneyMinor += fact.amountMinor;
    const sampled = sampler.sample(fact, LEVEL, fact.occurredAt);
    if (sampled === null) continue;
    kept.set(fact.name, (kept.get(fact.name) ?? 0) + sampled.weight);
    keptMoneyMinor += sampled.amountMinor;
  }
  for (const [name, { sum, squares }] of truth) {
    const sigma = Math.sqrt((keptOneIn(name as Fact['name'], LEVEL) - 1) * squares);
    expect(Math.abs((kept.get(name) ?? 0) - sum), name).toBeLessThanOrEqual(3 * sigma);
  }
  expect(keptMoneyMinor).toBe(moneyMinor);
  expect(factCount).toBeGreaterThan(1_000_000);
  expect(sampler.stats().unguardedCount).toBe(0);
  expect(sampler.stats().leftOutCount).toBeGreaterThan(300_000);
});

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const sketchOf = (seen: ReadonlySet<string>) => hllEstimate([...seen].map(hllStamp).map(({ bucket, rank }) => [bucket, rank] as const));

test('[P5] [P6] through capture, log and aggregates at level 2: the figures of the show against the truth', async () => {
  const { database } = db;
  const ids = createIds(systemClock, systemRandom);
  // Engagement is clamped to the time of receipt, so the clock stands where the traffic is.
  let nowMs = TRAFFIC_START_MS;
  const clock = { ...systemClock, nowMs: () => nowMs };
  const make = newFact(ids, clock);
  const bus = createEventBus(silentLogger);
  const pressure = createPressure({
    ...{ sql: database, newFact: make, clock, logger: silentLogger, salt: 4_242, forcedLevel: LEVEL },
    ports: {
      recorder: { commit: (work) => capture.commit(work) },
      queue: () => capture.stats(),
      socketBufferedBytes: () => 0,
      machine: () => ({ loopLagMs: 0, memoryUsedRatio: 0, disk: null }),
      liveShows: async () => [{ showId: SHOW, orgId: 'org' }],
    },
  });
  const capture: ReturnType<typeof createCapture> = createCapture({ database, bus, clock, logger: silentLogger, admit: pressure.admit });
  const aggregates = createAggregates({ database, clock, logger: silentLogger, onAppended: capture.onAppended });
  await pressure.start();
  await pressure.stop();

  const truth = {
    impressions: 0,
    clicks: 0,
    adds: 0,
    reactions: 0,
    visits: 0,
    messages: 0,
    gmvMinor: 0,
    refundedMinor: 0,
    units: 0,
    orders: 0,
  };
  const squares = { impressions: 0, clicks: 0 };
  const viewers = new Set<string>();
  const viewersOfMinute = new Map<number, Set<string>>();
  let committed: Fact[] = [];
  const commit = async () => {
    const facts = committed;
    committed = [];
    await capture.commit(async (_tx, record) => {
      for (const fact of facts) record(fact);
    });
  };
  for (const fact of traffic(createSeededRandom(21), { count: 60_000, viewers: 600, minutes: 6 })) {
    nowMs = fact.occurredAt;
    const minute = Math.floor(fact.occurredAt / 60_000);
    if (fact.viewerId) viewersOfMinute.set(minute, (viewersOfMinute.get(minute) ?? new Set()).add(fact.viewerId));
    switch (fact.name) {
      case 'product.impression':
        truth.impressions += fact.weight;
        squares.impressions += fact.weight ** 2;
        break;
      case 'product.clicked':
        truth.clicks += fact.weight;
        squares.clicks += fact.weight ** 2;
        break;
      case 'cart.added':
        truth.adds += 1;
        break;
      case 'chat.reactions_sent':
        truth.reactions += fact.weight;
        break;
      case 'realtime.viewer_joined':
        truth.visits += 1;
        viewers.add(fact.viewerId as string);
        break;
      case 'chat.message_posted':
        truth.messages += 1;
        break;
      case 'orders.order_placed':
        truth.orders += 1;
        break;
      case 'orders.line_sold':
        truth.gmvMinor += fact.amountMinor;
        truth.units += fact.weight;
        break;
      case 'orders.line_refunded':
        truth.refundedMinor += fact.amountMinor;
        break;
    }
    const isMoney = fact.name.startsWith('orders.') || fact.name.startsWith('chat.message');
    if (isMoney) committed.push(fact);
    else expect(capture.accept([fact])).toMatchObject({ rejected: [] });
    if (committed.length >= 500) await commit();
    if (capture.stats().queuedCount > 5_000) await capture.flush();
  }
  await commit();
  await capture.flush();
  await aggregates.settle();

  const { totals, minutes, products } = await aggregates.liveKpis(SHOW);
  const near = (estimate: number, sum: number, squaresSum: number) =>
    expect(Math.abs(estimate - sum)).toBeLessThanOrEqual(3 * Math.sqrt((keptOneIn('product.clicked', LEVEL) - 1) * squaresSum));
  near(totals.productClickCount, truth.clicks, squares.clicks);
  near(
    products.reduce((sum, { impressionCount }) => sum + impressionCount, 0),
    truth.impressions,
    squares.impressions,
  );
  expect(totals).toMatchObject({
    ...{ visitCount: truth.visits, uniqueViewerCount: viewers.size, messageCount: truth.messages, reactionCount: truth.reactions },
    ...{ cartAddCount: truth.adds, orderCount: truth.orders, unitCount: truth.units, gmvMinor: truth.gmvMinor },
    refundedMinor: truth.refundedMinor,
  });
  expect(minutes.map(({ minute, uniqueViewerCount }) => [minute, uniqueViewerCount])).toEqual(
    // An estimate by its nature; that it is the one of all who were there shows that nobody was left out.
    [...viewersOfMinute].sort(([a], [b]) => a - b).map(([minute, seen]) => [minute, sketchOf(seen)]),
  );
  // Half the log and more was saved, and the figures say what they are.
  expect(pressure.stats().leftOutCount).toBeGreaterThan(15_000);
  expect(await pressure.samplingOf(SHOW)).toMatchObject({
    greatestLevel: LEVEL,
    estimated: expect.arrayContaining(['productClickCount', 'impressionCount', 'clickCount']),
  });
  const shed = [];
  for await (const event of capture.readShow(SHOW, { names: ['pressure.level_changed'] })) shed.push(event);
  expect(shed).toMatchObject([{ kind: 'forced', payload: { from: 0, to: LEVEL, isForced: true } }]);
  await capture.stop();
});
