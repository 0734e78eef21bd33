import { readFile } from 'node:fs/promises';
import {
  evaluate,
  hllEstimate,
  hllStamp,
  LOG_COLUMNS,
  type LogRecord,
  renderPostgresBatch,
  renderPostgresTable,
  renderSelect,
} from '@insp/dataflow';
import type { Fact, ShowId } from '@insp/protocol';
import { liveKpisSchema, minuteKpisSchema } from '@insp/protocol/schemas';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { type Database, openDatabase, type Sql } from '../../platform/postgres/database.ts';
import { type Capture, createCapture } from '../capture/capture.ts';
import { insertRows } from '../capture/event-log.postgres.ts';
import { factToLogRow } from '../capture/log-row.ts';
import { newFact } from '../capture/new-fact.ts';
import { type Aggregates, createAggregates } from './aggregates.ts';
import { AGGREGATES, type AggregatePart, PARTS } from './definitions.ts';
import { mergeNextBatch } from './micro-batch.postgres.ts';

let db: TestDatabase;
let database: Database;
beforeAll(async () => {
  db = await createTestDatabase();
  database = db.database;
});
afterAll(() => db.drop());

const clock = systemClock;
const ids = createIds(clock, systemRandom);
const make = newFact(ids, clock);
const MINUTE_MS = 60_000;
const NOON_MS = 1_760_000_040_000 - (1_760_000_040_000 % MINUTE_MS);
const system = { kind: 'system', id: null } as const;

let capture: Capture;
let aggregates: Aggregates;
const newAggregates = (more: { database?: Database; batchMaxRows?: number } = {}) =>
  createAggregates({ database, clock, logger: silentLogger, onAppended: capture.onAppended, ...more });

beforeEach(async () => {
  await database.query('TRUNCATE ev');
  capture = createCapture({ database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  aggregates = newAggregates();
  await aggregates.rebuild();
});

const hex = (n: number) => n.toString(16).padStart(32, '0');

/** Any fact of a show, from a few viewers, products and minutes, so that keys collide. */
function randomFact(random: SeededRandom, showIds: readonly ShowId[]): Fact {
  const base = {
    orgId: 'org',
    showId: random.pick(showIds),
    actor: system,
    occurredAt: NOON_MS + random.int(5) * MINUTE_MS + random.int(MINUTE_MS),
    isSimulated: random.int(4) === 0,
    viewerId: random.int(6) === 0 ? null : (`vwr_${hex(random.int(5))}` as const),
    productId: random.int(6) === 0 ? null : (`prd_${hex(random.int(3))}` as const),
    highlightId: random.int(3) === 0 ? null : (`hlt_${hex(random.int(2))}` as const),
  };
  const orderId = `ord_${hex(random.int(4))}` as const;
  const amountMinor = random.int(100_000);
  const weight = 1 + random.int(8);
  const makers: (() => Fact)[] = [
    () =>
      make('realtime.viewer_joined', {
        ...base,
        kind: random.pick(['direct', 'newsletter']),
        payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false },
      }),
    () => make('realtime.concurrency_sampled', { ...base, viewerId: null, amountMinor: random.int(500), payload: {} }),
    () => make('chat.message_posted', { ...base, payload: { messageId: ids.create('msg'), seq: 1, authorKind: 'viewer', length: 3 } }),
    () => make('chat.reactions_sent', { ...base, weight, kind: random.pick(['heart', 'fire']), payload: { reaction: 'heart' } }),
    () => make('product.impression', { ...base, weight, payload: {} }),
    () => make('product.clicked', { ...base, payload: {} }),
    () => make('cart.added', { ...base, payload: { sku: 'S', quantity: 2, requestId: 'r' } }),
    () => make('shows.highlight_started', { ...base, payload: {} }),
    () => make('shows.highlight_ended', { ...base, payload: { reason: '' } }),
    () => make('orders.order_placed', { ...base, amountMinor, payload: { orderId, orderRef: 'A', currency: 'EUR', lineCount: 1 } }),
    () => make('orders.line_sold', { ...base, amountMinor, weight, payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' } }),
    () =>
      make('orders.line_refunded', {
        ...base,
        amountMinor,
        payload: { orderId, lineId: '1', refundRef: 'R', quantity: 1, currency: 'EUR' },
      }),
    () => make('catalog.products_imported', { ...base, showId: null, payload: { createdCount: 1, updatedCount: 0, errorCount: 0 } }),
  ];
  return random.pick(makers)();
}

async function append(sql: Sql, facts: readonly Fact[]): Promise<void> {
  if (facts.length > 0)
    await insertRows(
      sql,
      facts.map((fact) => factToLogRow(fact, fact.occurredAt)),
    );
}

/** Every table equals its definition run over the whole log. */
async function expectTablesEqualRecompute(): Promise<void> {
  for (const definition of AGGREGATES) {
    const fresh = renderSelect(definition, 'ev');
    const difference = await database.query(
      `(SELECT 'too much' AS what, x.* FROM (SELECT * FROM ${definition.name} EXCEPT ${fresh}) x)
       UNION ALL (SELECT 'missing' AS what, y.* FROM (${fresh} EXCEPT SELECT * FROM ${definition.name}) y)`,
    );
    expect(difference, definition.name).toEqual([]);
  }
}

/** The first part, with a fence of its own, for a batch by hand. */
async function holding(sql: Sql, maxRows: number) {
  const [part] = PARTS as [AggregatePart];
  const [row] = await sql.query<{ fence: number }>('UPDATE log_cursor SET fence = fence + 1 WHERE name = $1 RETURNING fence', [
    part.cursorName,
  ]);
  return [part, { fence: row?.fence ?? 0, maxRows, leaseMs: 0 }] as const;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('the migration creates exactly the tables of the definitions', async () => {
  const files = ['000041_aggregates.sql', '000071_metrics.sql'].map((name) => new URL(`../../../migrations/${name}`, import.meta.url));
  const migration = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  for (const definition of AGGREGATES) expect(migration).toContain(renderPostgresTable(definition));
});

describe('the engine', () => {
  test('many writers, commits in any order, engines working meanwhile: nothing lost, nothing twice', async () => {
    const random = createSeededRandom(7);
    const showIds = [ids.create('shw'), ids.create('shw')];
    const writers = openDatabase({ url: db.url, maxConnections: 8 });
    const engines = [newAggregates({ batchMaxRows: 13 }), newAggregates({ batchMaxRows: 40 })];
    await Promise.all(engines.map((engine) => engine.start()));
    const soldMinor = { told: 0 };
    let appendedCount = 0;
    // Each writer takes its place in the sequence, then waits before it commits: seq order and commit order differ.
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 12; round += 1) {
          const facts = Array.from({ length: 1 + random.int(6) }, () => randomFact(random, showIds));
          const isRolledBack = random.int(8) === 0;
          await writers
            .transaction(async (tx) => {
              await append(tx, facts.slice(0, 1));
              await pause(random.int(15));
              await append(tx, facts.slice(1));
              if (isRolledBack) throw new Error('rolled back');
            })
            .catch(() => {});
          if (isRolledBack) continue;
          appendedCount += facts.length;
          for (const fact of facts) if (fact.name === 'orders.line_sold') soldMinor.told += fact.amountMinor;
        }
      }),
    );
    await aggregates.settle();
    await Promise.all(engines.map((engine) => engine.stop()));
    await writers.close();

    const [{ inverted }] = (await database.query(
      'SELECT COUNT(*) AS inverted FROM (SELECT seq, LAG(seq) OVER (ORDER BY xid, seq) AS before FROM ev) x WHERE seq < before',
    )) as [{ inverted: number }];
    expect(inverted).toBeGreaterThan(0);
    expect(await database.query('SELECT COUNT(*) AS n FROM ev')).toEqual([{ n: appendedCount }]);
    await expectTablesEqualRecompute();
    const totals = await Promise.all(showIds.map((showId) => aggregates.liveKpis(showId)));
    expect(totals.reduce((sum, { totals: { gmvMinor } }) => sum + (gmvMinor ?? 0), 0)).toBe(soldMinor.told);
    expect(soldMinor.told).toBeGreaterThan(0);
  });

  test('killed at any point, by rollback or with its connection, it goes on as if nothing had been', async () => {
    const random = createSeededRandom(11);
    const showIds = [ids.create('shw')];
    const doomed = openDatabase({ url: `${db.url}?application_name=doomed`, maxConnections: 2 });
    let killedCount = 0;
    for (let round = 0; round < 15; round += 1) {
      await append(
        database,
        Array.from({ length: 30 }, () => randomFact(random, showIds)),
      );
      await database
        .transaction(async (tx) => {
          await mergeNextBatch(tx, ...(await holding(tx, 7)));
          throw new Error('killed after the merge, before COMMIT');
        })
        .catch(() => {});
      const engine = newAggregates({ database: doomed, batchMaxRows: 1 + random.int(9) });
      const settled = engine.settle().catch(() => {
        killedCount += 1;
      });
      await pause(random.int(8));
      await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'`);
      await settled;
    }
    await doomed.close().catch(() => {});
    await aggregates.settle();
    expect(killedCount).toBeGreaterThan(0);
    await expectTablesEqualRecompute();
  });

  test('a transaction still open holds back what is younger; nothing is skipped when it commits', async () => {
    const showId = ids.create('shw');
    const clicked = () => make('product.clicked', { orgId: 'org', showId, actor: system, payload: {} });
    const slow = openDatabase({ url: db.url, maxConnections: 1 });
    let commit: () => void = () => {};
    const open = slow.transaction(async (tx) => {
      await append(tx, [clicked()]);
      await new Promise<void>((done) => {
        commit = done;
      });
    });
    await expect
      .poll(() => database.query('SELECT 1 FROM pg_stat_activity WHERE state = $1 AND backend_xid IS NOT NULL', ['idle in transaction']))
      .toHaveLength(1);
    await append(database, [clicked()]);
    expect(await mergeNextBatch(database, ...(await holding(database, 100)))).toMatchObject({ mergedCount: 0, hasMore: true });
    commit();
    await open;
    await slow.close();
    await aggregates.settle();
    expect((await aggregates.liveKpis(showId)).totals.productClickCount).toBe(2);
  });

  test('for any facts in any batches each table equals the definition run in memory', async () => {
    let rowCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 9 }), fc.nat(40), async (seed, batchMaxRows, factCount) => {
        await database.query('TRUNCATE ev');
        await newAggregates().rebuild();
        const random = createSeededRandom(seed);
        const showIds = [`shw_${hex(1)}`, `shw_${hex(2)}`] as const;
        const engine = newAggregates({ batchMaxRows });
        for (let sent = 0; sent < factCount; sent += 10) {
          await append(
            database,
            Array.from({ length: Math.min(10, factCount - sent) }, () => randomFact(random, showIds)),
          );
          await engine.settle();
        }
        const log = await database.query<LogRecord>(`SELECT ${Object.keys(LOG_COLUMNS).join(', ')} FROM ev`);
        for (const definition of AGGREGATES) {
          const stored = await database.query(`SELECT * FROM ${definition.name}`);
          const expected = [...evaluate(definition, log).values()];
          rowCount += stored.length;
          const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
          expect(sorted(stored)).toEqual(sorted(expected));
        }
      }),
      { numRuns: 25 },
    );
    expect(rowCount).toBeGreaterThan(100);
  });

  test('duplicates count once', async () => {
    const showId = ids.create('shw');
    const clicked = make('product.clicked', { orgId: 'org', showId, actor: system, payload: {} });
    for (let time = 0; time < 3; time += 1) {
      capture.accept([clicked, clicked]);
      await capture.flush();
    }
    await aggregates.settle();
    expect((await aggregates.liveKpis(showId)).totals.productClickCount).toBe(1);
  });

  test('running, it wakes on an append and each part tells which show changed', async () => {
    const showId = ids.create('shw');
    const changed: ShowId[] = [];
    const off = aggregates.onChanged((id) => void changed.push(id));
    await aggregates.start();
    await capture.commit(async (_tx, record) =>
      record(make('chat.message_removed', { orgId: 'org', showId, actor: system, payload: { messageId: ids.create('msg'), reason: '' } })),
    );
    await expect.poll(() => changed).toEqual([showId, showId]);
    off();
    await aggregates.stop();
    await aggregates.stop();
  });

  test('a log restored from another server is stamped anew and counted from the start', async () => {
    const showId = ids.create('shw');
    const clicked = () => make('product.clicked', { orgId: 'org', showId, actor: system, payload: {} });
    await append(database, [clicked(), clicked()]);
    await aggregates.settle();
    await database.query(`UPDATE ev SET xid = '900000000000'`);
    await database.query(`UPDATE log_cursor SET xid = '900000000000', seq = 9000000`);
    await append(database, [clicked()]);
    const engine = newAggregates();
    await engine.start();
    await engine.settle();
    await engine.stop();
    expect((await engine.liveKpis(showId)).totals.productClickCount).toBe(3);
    await expectTablesEqualRecompute();
  });

  test('the read of the next batch follows the index, not the table', async () => {
    const random = createSeededRandom(3);
    const showIds = [ids.create('shw')];
    await append(
      database,
      Array.from({ length: 5_000 }, () => randomFact(random, showIds)),
    );
    await aggregates.settle();
    await database.query('ANALYZE ev');
    for (const { definitions } of PARTS) {
      const batch = renderPostgresBatch({ definitions });
      const plan = await database.log.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN ${batch.replaceAll('$1', "'x'").replaceAll('$2', '20000').replaceAll('$3', '1').replaceAll('$4', '1')}`,
      );
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toMatch(/Merge Append[\s\S]*Index Scan using ev_engage_\w+_xid_seq_idx[\s\S]*Index Cond: \(\(ROW\(xid, seq\) >/);
      expect(text).not.toContain('Seq Scan on ev');
    }
  });
});

describe('the figures', () => {
  test('a show without events is all zeros and fits the contract', async () => {
    const showId = ids.create('shw');
    const kpis = await aggregates.liveKpis(showId);
    expect(kpis.totals).toMatchObject({ showId, uniqueViewerCount: 0, gmvMinor: 0, currency: null, hasSimulated: false });
    expect(liveKpisSchema.parse({ ...kpis, sampling: null, totals: { ...kpis.totals, watchingCount: 0 } })).toMatchObject({
      minutes: [],
      products: [],
      highlights: [],
    });
  });

  test('a small show, counted by hand', async () => {
    const showId = ids.create('shw');
    const [anna, ben, cleo] = [ids.create('vwr'), ids.create('vwr'), ids.create('vwr')];
    const [scarf, hat] = [ids.create('prd'), ids.create('prd')];
    const scarfOnDisplay = ids.create('hlt');
    const [orderA, orderB] = [ids.create('ord'), ids.create('ord')];
    const at = (minute: number) => NOON_MS + minute * MINUTE_MS;
    const of = { orgId: 'org', showId, actor: system };
    const join = (viewerId: typeof anna, minute: number, kind: string) =>
      make('realtime.viewer_joined', {
        ...of,
        viewerId,
        kind,
        occurredAt: at(minute),
        payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false },
      });
    const sample = (minute: number, amountMinor: number) =>
      make('realtime.concurrency_sampled', { ...of, occurredAt: at(minute), amountMinor, payload: {} });
    const sold = (
      orderId: typeof orderA,
      productId: typeof scarf,
      weight: number,
      amountMinor: number,
      viewerId: typeof anna,
      highlightId: typeof scarfOnDisplay | null,
    ) =>
      make('orders.line_sold', {
        ...of,
        occurredAt: at(1),
        viewerId,
        productId,
        highlightId,
        weight,
        amountMinor,
        payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' },
      });
    const placed = (orderId: typeof orderA, viewerId: typeof anna, amountMinor: number) =>
      make('orders.order_placed', {
        ...of,
        occurredAt: at(1),
        viewerId,
        amountMinor,
        payload: { orderId, orderRef: orderId, currency: 'EUR', lineCount: 1 },
      });
    const said = (viewerId: typeof anna | null, minute: number) =>
      make('chat.message_posted', {
        ...of,
        viewerId,
        occurredAt: at(minute),
        payload: { messageId: ids.create('msg'), seq: 1, authorKind: 'viewer', length: 2 },
      });

    await append(database, [
      join(anna, 0, 'newsletter'),
      join(ben, 0, 'direct'),
      join(anna, 1, 'direct'),
      { ...join(cleo, 2, 'direct'), isSimulated: true },
      sample(0, 2),
      sample(0, 3),
      sample(1, 2),
      said(anna, 0),
      said(anna, 1),
      said(null, 1),
      make('chat.reactions_sent', { ...of, viewerId: ben, occurredAt: at(1), weight: 7, kind: 'heart', payload: { reaction: 'heart' } }),
      make('shows.highlight_started', { ...of, occurredAt: at(0), productId: scarf, highlightId: scarfOnDisplay, payload: {} }),
      make('shows.highlight_ended', {
        ...of,
        occurredAt: at(2),
        productId: scarf,
        highlightId: scarfOnDisplay,
        payload: { reason: 'done' },
      }),
      make('product.impression', { ...of, viewerId: ben, occurredAt: at(0), productId: scarf, highlightId: scarfOnDisplay, payload: {} }),
      make('product.clicked', { ...of, viewerId: ben, occurredAt: at(0), productId: scarf, highlightId: scarfOnDisplay, payload: {} }),
      make('cart.added', {
        ...of,
        viewerId: ben,
        occurredAt: at(0),
        productId: scarf,
        highlightId: scarfOnDisplay,
        payload: { sku: 'S', quantity: 2, requestId: 'r' },
      }),
      // Ben: two sizes of the scarf and a hat in one order. Anna: one scarf, not through the highlight.
      placed(orderA, ben, 7_499),
      sold(orderA, scarf, 1, 2_499, ben, scarfOnDisplay),
      sold(orderA, scarf, 2, 4_000, ben, scarfOnDisplay),
      sold(orderA, hat, 1, 1_000, ben, null),
      placed(orderB, anna, 2_499),
      sold(orderB, scarf, 1, 2_499, anna, null),
      make('orders.line_refunded', {
        ...of,
        occurredAt: at(3),
        productId: hat,
        amountMinor: 1_000,
        payload: { orderId: orderA, lineId: '3', refundRef: 'R', quantity: 1, currency: 'EUR' },
      }),
    ]);
    await aggregates.settle();
    const kpis = await aggregates.liveKpis(showId);
    expect(kpis.totals).toMatchObject({
      peakWatchingCount: 3,
      uniqueViewerCount: 3,
      visitCount: 4,
      messageCount: 3,
      chatterCount: 1,
      reactionCount: 7,
      productClickCount: 1,
      cartAddCount: 1,
      orderCount: 2,
      unitCount: 5,
      gmvMinor: 9_998,
      refundedMinor: 1_000,
      currency: 'EUR',
      hasSimulated: true,
    });
    expect(kpis.minutes.map((minute) => minuteKpisSchema.parse(minute))).toMatchObject([
      {
        minute: NOON_MS / MINUTE_MS,
        watchingMean: 2.5,
        watchingMax: 3,
        uniqueViewerCount: 2,
        messageCount: 1,
        cartAddCount: 1,
        gmvMinor: 0,
      },
      {
        watchingMean: 2,
        watchingMax: 2,
        uniqueViewerCount: 2,
        messageCount: 2,
        reactionCount: 7,
        orderCount: 2,
        unitCount: 5,
        gmvMinor: 9_998,
      },
      { watchingMean: 0, uniqueViewerCount: 1 },
      { gmvMinor: 0 },
    ]);
    expect(kpis.products).toEqual([
      { productId: scarf, impressionCount: 1, clickCount: 1, cartAddCount: 1, orderCount: 2, unitCount: 4, gmvMinor: 8_998 },
      { productId: hat, impressionCount: 0, clickCount: 0, cartAddCount: 0, orderCount: 1, unitCount: 1, gmvMinor: 1_000 },
    ]);
    expect(kpis.highlights).toEqual([
      {
        highlightId: scarfOnDisplay,
        productId: scarf,
        startedAt: at(0),
        endedAt: at(2),
        clickCount: 1,
        cartAddCount: 1,
        orderCount: 1,
        unitCount: 3,
        gmvMinor: 6_499,
      },
    ]);
    expect(liveKpisSchema.parse({ ...kpis, sampling: null, totals: { ...kpis.totals, watchingCount: 1 } })).toBeTruthy();
    expect(await aggregates.sources(showId)).toEqual([
      { source: 'direct', visitCount: 3 },
      { source: 'newsletter', visitCount: 1 },
    ]);
    expect(await aggregates.reactionTotals(showId)).toEqual({ heart: 7 });
    expect(await aggregates.showsAttended('org', [anna, ids.create('vwr')])).toEqual(new Map([[anna, 1]]));
    expect(await aggregates.showsAttended('other', [anna])).toEqual(new Map());
  });

  test('a viewer over all shows: orders, spend, first and last, and the days they came back to buy', async () => {
    const [anna, ben] = [ids.create('vwr'), ids.create('vwr')];
    const orgId = ids.create('org');
    const order = (viewerId: typeof anna, day: number, amountMinor: number) => {
      const orderId = ids.create('ord');
      const of = { orgId, showId: ids.create('shw'), actor: system, viewerId, occurredAt: NOON_MS + day * 86_400_000, amountMinor };
      return [
        make('orders.order_placed', { ...of, payload: { orderId, orderRef: orderId, currency: 'EUR', lineCount: 1 } }),
        make('orders.line_sold', { ...of, weight: 2, payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' } }),
      ];
    };
    await append(database, [...order(anna, 0, 1_000), ...order(anna, 0, 500), ...order(anna, 3, 700), ...order(ben, 1, 250)]);
    await aggregates.settle();
    const rows = await database.query('SELECT * FROM metric_org_viewer WHERE org_id = $1 ORDER BY spend_minor DESC', [orgId]);
    expect(rows).toMatchObject([
      {
        viewer_id: anna,
        order_count: 3,
        unit_count: 6,
        spend_minor: 2_200,
        currency: 'EUR',
        first_order_at_ms: NOON_MS,
        last_order_at_ms: NOON_MS + 3 * 86_400_000,
        purchase_day_count: 2,
        repeat_day_count: 1,
      },
      { viewer_id: ben, order_count: 1, purchase_day_count: 1, repeat_day_count: 0 },
    ]);
  });

  test('distinct viewers of a show, a minute, a product and all shows are estimated alike in SQL and in memory', async () => {
    const orgId = ids.create('org');
    const showIds = [ids.create('shw'), ids.create('shw')];
    const productId = ids.create('prd');
    const viewerIds = Array.from({ length: 3_000 }, () => ids.create('vwr'));
    // Each show has two thirds of the viewers, a third comes to both.
    const entered = showIds.flatMap((showId, at) =>
      viewerIds.slice(at * 1_000, at * 1_000 + 2_000).flatMap((viewerId) => {
        const of = { orgId, showId, actor: system, viewerId, occurredAt: NOON_MS };
        return [
          make('realtime.viewer_joined', {
            ...of,
            kind: 'direct',
            payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false },
          }),
          make('product.clicked', { ...of, productId, payload: {} }),
        ];
      }),
    );
    for (let at = 0; at < entered.length; at += 1_000) await append(database, entered.slice(at, at + 1_000));
    await aggregates.settle();
    const inMemory = (of: readonly string[]) => hllEstimate(of.map(hllStamp).map(({ bucket, rank }) => [bucket, rank] as const));
    const one = async (view: string, column: string, key: string) =>
      (await database.query<{ viewer_count: number }>(`SELECT viewer_count FROM ${view} WHERE ${column} = $1`, [key]))[0]?.viewer_count;
    for (const [at, showId] of showIds.entries()) {
      const own = inMemory(viewerIds.slice(at * 1_000, at * 1_000 + 2_000));
      expect(await one('metric_show_unique', 'show_id', showId)).toBe(own);
      expect(await one('metric_show_minute_unique', 'show_id', showId)).toBe(own);
      expect(await one('metric_show_product_unique', 'show_id', showId)).toBe(own);
    }
    const all = await one('metric_org_unique', 'org_id', orgId);
    expect(all).toBe(inMemory(viewerIds));
    expect(Math.abs((all ?? 0) - 3_000) / 3_000).toBeLessThan(3 * 0.023);
  });

  test('two currencies are never shown as one sum of money', async () => {
    const showId = ids.create('shw');
    const sold = (currency: string) =>
      make('orders.line_sold', {
        orgId: 'org',
        showId,
        actor: system,
        amountMinor: 100,
        payload: { orderId: ids.create('ord'), lineId: '1', sku: 'S', currency },
      });
    await append(database, [sold('EUR'), sold('USD')]);
    await aggregates.settle();
    expect((await aggregates.liveKpis(showId)).totals.currency).toBeNull();
  });
});
