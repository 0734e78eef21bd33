import type { Fact, ShowId, StoredEvent } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createEventBus, type EventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { type Capture, createCapture } from './capture.ts';
import { MAX_LATE_MS } from './log-row.ts';
import { newFact } from './new-fact.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const clock = createFakeClock();
const ids = createIds(clock, systemRandom);
const make = newFact(ids, clock);
let showId: ShowId;
let bus: EventBus;
let capture: Capture;
beforeEach(() => {
  showId = ids.create('shw');
  bus = createEventBus(silentLogger);
  capture = createCapture({ database: db.database, bus, clock, logger: silentLogger });
});

const actor = { kind: 'system', id: null } as const;
const opened = (fields: Partial<Fact> = {}) => make('player.opened', { orgId: 'org', showId, actor, payload: {}, ...(fields as object) });
const removed = (reason = 'spam') =>
  make('chat.message_removed', { orgId: 'org', showId, actor, payload: { messageId: ids.create('msg'), reason } });

/** Reads a show once nothing of the log is above the horizon: transactions of other databases on the server hold it too. */
async function read(options?: Parameters<Capture['readShow']>[1]): Promise<StoredEvent[]> {
  await expect.poll(() => db.database.query('SELECT 1 FROM ev WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) LIMIT 1')).toEqual([]);
  const events = [];
  for await (const event of capture.readShow(showId, options)) events.push(event);
  return events;
}

test('a committed fact is in the log and on the bus; its row and it share one fate', async () => {
  const heard: Fact[] = [];
  let appendedCount = 0;
  bus.on('chat.message_removed', (fact) => void heard.push(fact));
  capture.onAppended(() => {
    appendedCount += 1;
  });
  const fact = removed();
  const answer = await capture.commit(async (_tx, record) => {
    record(fact);
    return 42;
  });
  expect(answer).toBe(42);
  expect(heard).toEqual([fact]);
  expect(appendedCount).toBe(1);
  expect(await read()).toMatchObject([{ ...fact, receivedAt: clock.nowMs() }]);

  const lost = capture.commit(async (_tx, record) => {
    record(removed());
    throw new Error('changed my mind');
  });
  await expect(lost).rejects.toThrow('changed my mind');
  expect(heard).toHaveLength(1);
  expect(await read()).toHaveLength(1);
});

test('an invalid fact fails its commit by code, and nothing of the transaction stays', async () => {
  await db.database.query('CREATE TABLE IF NOT EXISTS scratch (n int)');
  const attempt = capture.commit(async (tx, record) => {
    await tx.query('INSERT INTO scratch VALUES (1)');
    record({ ...removed(), weight: 0 });
  });
  await expect(attempt).rejects.toMatchObject({ code: 'INSP_CAPTURE_EVENT_INVALID' });
  expect(await db.database.query('SELECT n FROM scratch')).toEqual([]);
});

test('recording after the transaction is a bug and throws', async () => {
  let late: ((fact: Fact) => void) | undefined;
  await capture.commit(async (_tx, record) => {
    late = record;
  });
  expect(() => late?.(removed())).toThrow('after its transaction');
});

test('accepted facts are appended in order, once each, and published when they are stored', async () => {
  const heard: string[] = [];
  bus.on('player.opened', (fact) => void heard.push(fact.id));
  const facts = Array.from({ length: 2_500 }, () => opened());
  const twice = facts[7] as Fact;
  expect(capture.accept([...facts, twice])).toEqual({ acceptedCount: 2_501, rejected: [] });
  expect(heard).toEqual([]);
  await capture.flush();
  capture.accept([twice]);
  await capture.flush();
  expect(heard).toEqual(facts.map(({ id }) => id));
  expect((await read()).map(({ id }) => id)).toEqual(facts.map(({ id }) => id));
  expect(capture.stats()).toMatchObject({ appendedCount: 2_500, duplicateCount: 2, queuedCount: 0 });
});

test('any text a schema takes is stored as it came, by COPY and by insert alike', async () => {
  const texts = ['a\tb', 'a\\tb', 'line\nline\r\n', '\\N', '\\.', '\\', '"quoted"', "it's", '{}', '\u2028', '😀', ''];
  const facts = texts.map((text) =>
    make('cart.failed', { orgId: 'org', showId, actor, kind: text, payload: { sku: text, requestId: text } }),
  );
  capture.accept(facts);
  await capture.flush();
  // One known id among them sends the second batch the other way.
  const more = facts.map((fact) => ({ ...fact, id: ids.create('evt') }));
  capture.accept([facts[0] as Fact, ...more]);
  await capture.flush();
  expect(capture.stats()).toMatchObject({ appendedCount: 2 * texts.length, duplicateCount: 1 });
  expect((await read()).map(({ kind }) => kind)).toEqual([...texts, ...texts]);
  expect((await read()).map(({ payload }) => payload)).toEqual([...facts, ...more].map(({ payload }) => payload));
});

test('what does not fit becomes a dead letter with its reason, and is counted', async () => {
  const name = 'player.exploded' as 'player.opened';
  const { acceptedCount, rejected } = capture.accept([
    { ...opened(), name },
    { ...opened(), weight: 1_000_001 },
    { ...opened(), kind: 'a\u0000b' },
    null as unknown as Fact,
    opened(),
  ]);
  expect(acceptedCount).toBe(1);
  expect(rejected.map(({ refusal }) => refusal.code)).toEqual(Array(4).fill('INSP_CAPTURE_EVENT_INVALID'));
  expect(capture.stats().invalidCount).toBe(4);
  await expect
    .poll(() => db.database.query('SELECT reason FROM dead_letter ORDER BY id'))
    .toMatchObject([
      { reason: 'name: unknown event player.exploded' },
      { reason: expect.stringContaining('weight') },
      { reason: 'kind: text that cannot be stored' },
      {},
    ]);
});

test('dead letters are kept within a limit and counted beyond it', async () => {
  await db.database.query('TRUNCATE dead_letter');
  capture.accept(Array.from({ length: 500 }, () => ({ ...opened(), weight: 0 })));
  expect(capture.stats().invalidCount).toBe(500);
  await expect.poll(() => db.database.query('SELECT count(*) AS n FROM dead_letter')).toEqual([{ n: 200 }]);
});

test('a full queue refuses engagement and says when to try again', () => {
  const small = createCapture({ database: db.database, bus, clock, logger: silentLogger, queueLimits: { maxQueuedCount: 3 } });
  const { acceptedCount, rejected } = small.accept([opened(), opened(), opened(), opened()]);
  expect(acceptedCount).toBe(3);
  expect(rejected).toMatchObject([{ refusal: { code: 'INSP_CAPTURE_OVERLOADED', retryAfterMs: 1_000 } }]);
});

test('money never goes through the queue that may forget', () => {
  expect(capture.accept([removed()]).rejected).toMatchObject([{ refusal: { code: 'INSP_CAPTURE_EVENT_INVALID' } }]);
});

test('a full or broken queue never holds up money', async () => {
  const small = createCapture({ database: db.database, bus, clock, logger: silentLogger, queueLimits: { maxQueuedCount: 0 } });
  expect(small.accept([opened()]).acceptedCount).toBe(0);
  await small.commit(async (_tx, record) => record(removed()));
  expect(await read()).toHaveLength(1);
});

test('a client clock is clamped: never in the future, at most six hours behind; orders keep their time', async () => {
  const nowMs = clock.nowMs();
  capture.accept([
    opened({ occurredAt: nowMs + 600_000 }),
    opened({ occurredAt: nowMs - MAX_LATE_MS - 1 }),
    opened({ occurredAt: nowMs - MAX_LATE_MS }),
  ]);
  await capture.flush();
  await capture.commit(async (_tx, record) => {
    record({ ...removed(), occurredAt: nowMs - 600_000 });
    record({ ...removed(), occurredAt: nowMs + 600_000 });
  });
  expect((await read()).map(({ occurredAt }) => occurredAt - nowMs)).toEqual([0, -MAX_LATE_MS, -MAX_LATE_MS, -600_000, 0]);
});

test('one row the database refuses is buried alone; its batch goes in', async () => {
  await db.database.query(`ALTER TABLE ev ADD CONSTRAINT no_poison CHECK (kind IS DISTINCT FROM 'poison') NOT VALID`);
  await db.database.query('TRUNCATE dead_letter');
  const good = [opened(), opened(), opened(), opened()];
  capture.accept([good[0] as Fact, good[1] as Fact, opened({ kind: 'poison' }), good[2] as Fact, good[3] as Fact]);
  await capture.flush();
  expect((await read()).map(({ id }) => id)).toEqual(good.map(({ id }) => id));
  await expect
    .poll(() => db.database.query('SELECT reason FROM dead_letter'))
    .toMatchObject([{ reason: expect.stringContaining('no_poison') }]);
  await db.database.query('ALTER TABLE ev DROP CONSTRAINT no_poison');
});

test('while the database is away events wait; when it comes back they are stored once', async () => {
  let isAway = true;
  const flaky: Database = {
    ...db.database,
    query: (text, params) =>
      isAway ? Promise.reject(Object.assign(new Error('gone'), { code: '57P01' })) : db.database.query(text, params),
  };
  const waiting = createCapture({ database: flaky, bus, clock, logger: silentLogger });
  const fact = opened();
  waiting.accept([fact]);
  await clock.advanceAsync(5_000);
  expect(waiting.stats()).toMatchObject({ queuedCount: 1, droppedCount: 0 });
  isAway = false;
  clock.advance(2_000);
  await expect.poll(() => waiting.stats().appendedCount).toBe(1);
  expect((await read()).map(({ id }) => id)).toEqual([fact.id]);
});

test('stop writes what is queued and takes nothing more', async () => {
  const fact = opened();
  capture.accept([fact]);
  await capture.stop();
  expect((await read()).map(({ id }) => id)).toEqual([fact.id]);
  expect(capture.accept([opened()]).rejected).toMatchObject([{ refusal: { code: 'INSP_CAPTURE_OVERLOADED' } }]);
});

test('a show is read across pages, by name and by time', async () => {
  const facts = Array.from({ length: 4_100 }, (_, at) => opened({ kind: `k${at}` }));
  capture.accept(facts);
  await capture.flush();
  await clock.advanceAsync(10_000);
  await capture.commit(async (_tx, record) => record(removed()));
  expect(await read()).toHaveLength(4_101);
  expect(await read({ names: ['chat.message_removed'] })).toHaveLength(1);
  expect(await read({ sinceMs: clock.nowMs() })).toHaveLength(1);
});

test('facts of many writers reach the bus in the order of the log', async () => {
  const heard: string[] = [];
  bus.on('chat.message_removed', (fact) => void heard.push(fact.payload.reason));
  await db.database.query('CREATE TABLE IF NOT EXISTS tally (n int)');
  await db.database.query('INSERT INTO tally VALUES (0)');
  const one = () =>
    capture.commit(async (tx, record) => {
      const [row] = await tx.query<{ n: number }>('UPDATE tally SET n = n + 1 RETURNING n');
      record(removed(String(row?.n)));
    });
  await Promise.all(Array.from({ length: 60 }, one));
  expect(heard).toEqual(Array.from({ length: 60 }, (_, at) => String(at + 1)));
});
