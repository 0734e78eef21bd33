// Keeping the figures true over the life of the log: rebuilt, verified, and with days of the log dropped.
import { renderCombine, renderSelect } from '@insp/dataflow';
import type { Fact, ShowId } from '@insp/protocol';
import { createFakeClock, createSeededRandom } from '@insp/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { type Database, openDatabase } from '../../platform/postgres/database.ts';
import { type Capture, createCapture } from '../capture/capture.ts';
import { listDays } from '../capture/log-days.postgres.ts';
import { createLogKeeper } from '../capture/log-keeper.ts';
import { newFact } from '../capture/new-fact.ts';
import { type Aggregates, createAggregates } from './aggregates.ts';
import { AGGREGATES } from './definitions.ts';
import { setAside } from './set-aside.postgres.ts';

const DAY_MS = 86_400_000;
const NOON_MS = Date.parse('2026-03-10T12:00:00Z');

let db: TestDatabase;
let database: Database;
beforeAll(async () => {
  db = await createTestDatabase();
  database = db.database;
});
afterAll(() => db.drop());

const clock = createFakeClock(NOON_MS);
const ids = createIds(clock, systemRandom);
const make = newFact(ids, clock);
const random = createSeededRandom(5);
const system = { kind: 'system', id: null } as const;
const viewerIds = Array.from({ length: 9 }, () => ids.create('vwr'));
const productIds = Array.from({ length: 3 }, () => ids.create('prd'));
let showId: ShowId;
let capture: Capture;
let aggregates: Aggregates;

beforeEach(async () => {
  clock.jump(Math.max(0, NOON_MS - clock.nowMs()));
  showId = ids.create('shw');
  capture = createCapture({ database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  aggregates = createAggregates({ database, clock: systemClock, logger: silentLogger, onAppended: capture.onAppended });
});

const engagement = (count: number): Fact[] =>
  Array.from({ length: count }, () => {
    const of = { orgId: 'org', showId, actor: system, viewerId: random.pick(viewerIds), productId: random.pick(productIds) };
    return random.int(2) === 0
      ? make('product.clicked', { ...of, payload: {} })
      : make('realtime.viewer_joined', {
          ...of,
          kind: 'direct',
          payload: { sessionId: ids.create('ses'), device: 'phone', isReturning: false },
        });
  });

async function happen(count: number): Promise<void> {
  capture.accept(engagement(count));
  await capture.flush();
  await capture.commit(async (_tx, record) => {
    const orderId = ids.create('ord');
    const of = { orgId: 'org', showId, actor: system, viewerId: random.pick(viewerIds), amountMinor: 1_000 + random.int(999) };
    record(make('orders.order_placed', { ...of, payload: { orderId, orderRef: orderId, currency: 'EUR', lineCount: 1 } }));
    record(
      make('orders.line_sold', { ...of, productId: random.pick(productIds), payload: { orderId, lineId: '1', sku: 'S', currency: 'EUR' } }),
    );
  });
}

const allTables = async () =>
  Object.fromEntries(
    await Promise.all(
      AGGREGATES.map(async ({ name }) => {
        const rows = await database.query<{ line: string }>(`SELECT to_jsonb(t)::text AS line FROM ${name} t`);
        return [name, rows.map(({ line }) => line).sort()] as const;
      }),
    ),
  );

const differencesOf = async () => (await aggregates.verify()).flatMap(({ differences }) => differences);

describe('verify', () => {
  test('says equal when it is, and shows both sides when it is not', async () => {
    await happen(50);
    await aggregates.settle();
    expect(await differencesOf()).toEqual([]);
    await database.query('UPDATE agg_show SET click_count = click_count + 1 WHERE show_id = $1', [showId]);
    const wrong = await aggregates.verify();
    expect(wrong.filter(({ differences }) => differences.length > 0)).toMatchObject([
      { table: 'agg_show', differences: [expect.stringMatching(/^table has: \{/), expect.stringMatching(/^log says: \{/)] },
    ]);
    await aggregates.rebuild();
    expect(await differencesOf()).toEqual([]);
  });

  test('what is not merged yet is no difference', async () => {
    await happen(20);
    expect(await differencesOf()).toEqual([]);
    await aggregates.settle();
  });

  test('a range cuts by show and by whole buckets; tables without such a key say so', async () => {
    await happen(30);
    clock.advance(600_000);
    await happen(30);
    await aggregates.settle();
    await database.query('UPDATE agg_show_minute SET click_count = click_count + 1 WHERE show_id = $1 AND b1m = $2', [
      showId,
      Math.floor(NOON_MS / 60_000),
    ]);
    const late = await aggregates.verify({ showId, fromMs: NOON_MS + 60_000 });
    expect(late.find(({ table }) => table === 'agg_show_minute')).toMatchObject({ rowCount: 1, differences: [] });
    expect(late.find(({ table }) => table === 'agg_show')).toMatchObject({ rowCount: null });
    const early = await aggregates.verify({ showId, fromMs: NOON_MS + 59_999, toMs: NOON_MS + 60_000 });
    expect(early.find(({ table }) => table === 'agg_show_minute')?.differences).toHaveLength(2);
    const whole = await aggregates.verify({ showId });
    expect(whole.find(({ table }) => table === 'agg_org_viewer')).toMatchObject({ rowCount: null });
    await aggregates.rebuild();
  });
});

describe('rebuild', () => {
  test('comes to the same tables, also while the log grows and the present ones are merged and read', async () => {
    await happen(300);
    await aggregates.settle();
    const other = openDatabase({ url: db.url });
    const working = createAggregates({ database: other, clock: systemClock, logger: silentLogger, onAppended: capture.onAppended });
    await working.start();
    let isDone = false;
    let readCount = 0;
    const traffic = (async () => {
      while (!isDone) {
        await happen(40);
        await working.liveKpis(showId);
        readCount += 1;
      }
    })();
    try {
      for (let time = 0; time < 3; time += 1) await aggregates.rebuild();
    } finally {
      isDone = true;
      await traffic;
    }
    await working.settle();
    expect(readCount).toBeGreaterThan(2);
    expect(await differencesOf()).toEqual([]);
    const before = await allTables();
    await working.stop();
    await aggregates.rebuild();
    expect(await allTables()).toEqual(before);
    await other.close();
  });

  test('views over the tables survive the swap and see the new ones', async () => {
    await happen(10);
    await aggregates.settle();
    await database.query('CREATE VIEW clicks_of_shows AS SELECT show_id, click_count FROM agg_show');
    await database.query('UPDATE agg_show SET click_count = 999 WHERE show_id = $1', [showId]);
    await aggregates.rebuild();
    const [row] = await database.query<{ click_count: number }>('SELECT click_count FROM clicks_of_shows WHERE show_id = $1', [showId]);
    expect(row?.click_count).toBeLessThan(999);
    await database.query('DROP VIEW clicks_of_shows');
  });

  test('keeps the names of keys and indexes', async () => {
    const names = () =>
      database.query(`SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE 'agg_%' ORDER BY 1`);
    const before = await names();
    await aggregates.rebuild();
    expect(await names()).toEqual(before);
  });

  test('is refused while another one runs, and goes on after one that died', async () => {
    await database.query(`INSERT INTO log_cursor (name, fence, held_until) VALUES ('aggregates_live_rebuild', 3, now() + interval '1 h')`);
    await expect(aggregates.rebuild()).rejects.toMatchObject({ code: 'INSP_AGGREGATES_REBUILD_RUNNING' });
    await database.query(`UPDATE log_cursor SET held_until = now() - interval '1 s' WHERE name = 'aggregates_live_rebuild'`);
    await happen(5);
    await aggregates.rebuild();
    expect(await differencesOf()).toEqual([]);
  });
});

describe('days of the log', () => {
  const keeperOf = (keepDays: { engage: number | null; chat: number | null; money: number | null }) =>
    createLogKeeper({ database, clock, logger: silentLogger, keepDays, setAside });
  const forEver = { engage: null, chat: null, money: null };
  const daysOf = async (stream: string) =>
    (await listDays(database))
      .filter((day) => day.stream === stream)
      .map(({ logDay }) => logDay)
      .sort();

  test('are made ahead of time, once, by however many processes', async () => {
    const today = Math.floor(clock.nowMs() / DAY_MS);
    await happen(20);
    await Promise.all([keeperOf(forEver).look(), keeperOf(forEver).look(), keeperOf(forEver).look()]);
    expect(await daysOf('engage')).toEqual([today - 1, today, today + 1, today + 2]);
    // What had come before its day was there is in it now, in its place in the log.
    const [row] = await database.query<{ stray: number; kept: number }>(
      `SELECT (SELECT COUNT(*) FROM ev_engage_default WHERE log_day = $1) AS stray, (SELECT COUNT(*) FROM ev_engage WHERE log_day = $1) AS kept`,
      [today],
    );
    expect(row).toMatchObject({ stray: 0 });
    expect(row?.kept).toBeGreaterThan(19);
    await aggregates.settle();
    expect(await differencesOf()).toEqual([]);
  });

  test('a repeat after midnight is a repeat', async () => {
    const [fact] = engagement(1) as [Fact];
    capture.accept([fact]);
    await capture.flush();
    clock.advance(DAY_MS);
    await keeperOf(forEver).look();
    capture.accept([fact]);
    await capture.flush();
    expect(capture.stats()).toMatchObject({ appendedCount: 1, duplicateCount: 1 });
  });

  test('dropped days leave every figure as it was, also after a rebuild; their repeats are refused', async () => {
    const old = engagement(40);
    capture.accept(old);
    await capture.flush();
    await happen(60);
    await keeperOf(forEver).look();
    clock.advance(40 * DAY_MS);
    await happen(30);
    const keeper = keeperOf({ ...forEver, engage: 30 });

    // Not merged yet: too early, nothing is dropped but days without events.
    const eventCount = () => database.query('SELECT COUNT(*) AS n FROM ev');
    const all = await eventCount();
    await keeper.look();
    expect(await eventCount()).toEqual(all);
    await aggregates.settle();

    const before = await allTables();
    await keeper.look();
    expect(await eventCount()).not.toEqual(all);
    expect(await allTables()).toEqual(before);
    expect(await differencesOf()).toEqual([]);
    await aggregates.rebuild();
    expect(await allTables()).toEqual(before);

    const refusing = createCapture({
      database,
      bus: createEventBus(silentLogger),
      clock,
      logger: silentLogger,
      isRetired: keeper.isRetired,
    });
    expect(refusing.accept([old[0] as Fact]).rejected).toMatchObject([{ refusal: { code: 'INSP_CAPTURE_EVENT_TOO_OLD' } }]);
    // Money is kept for ever here.
    expect(await database.query(`SELECT COUNT(*) AS n FROM log_retired WHERE stream = 'money'`)).toEqual([{ n: 0 }]);
  });

  test('a day is not dropped while a rebuild that started before reads on', async () => {
    await happen(10);
    await keeperOf(forEver).look();
    await aggregates.settle();
    clock.advance(40 * DAY_MS);
    await database.query(`INSERT INTO log_cursor (name, fence, held_until) VALUES ('aggregates_who_rebuild', 1, now() + interval '1 h')`);
    const before = await daysOf('engage');
    await keeperOf({ ...forEver, engage: 1 }).look();
    expect(await daysOf('engage')).toEqual(expect.arrayContaining(before));
    await database.query(`DELETE FROM log_cursor WHERE name = 'aggregates_who_rebuild'`);
    await keeperOf({ ...forEver, engage: 1 }).look();
    expect(await daysOf('engage')).not.toEqual(expect.arrayContaining(before));
    expect(await differencesOf()).toEqual([]);
  });
});

test('tables set aside and the log add up by the rule of the definition', () => {
  for (const definition of AGGREGATES) {
    expect(renderCombine(definition, 'u')).toContain(`GROUP BY ${definition.keys.join(', ')}`);
    expect(renderSelect(definition, 'ev')).toContain('FROM ev WHERE');
  }
});
