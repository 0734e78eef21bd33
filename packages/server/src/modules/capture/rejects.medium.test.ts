// What is turned away, from the gate to the page: stored, counted, shown to its organization and to no other, and gone in time.
import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createTestServer, type TestPerson, type TestServer } from '../../../test-support/test-server.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { captureRoutes } from './capture.http.ts';
import { type Capture, createCapture } from './capture.ts';
import { DEAD_LETTERS_BURST, REJECT_KINDS } from './dead-letters.ts';
import { newFact } from './new-fact.ts';
import { createRejectKeeper } from './reject-keeper.ts';
import { createRejects, MAX_DEAD_LETTERS, purgeRejects, REJECTS_KEPT_DAYS } from './reject-store.postgres.ts';
import { createExportSource } from './show-export.postgres.ts';

const DAY_MS = 86_400_000;
let db: TestDatabase;
let server: TestServer;
let owner: TestPerson;
beforeAll(async () => {
  db = await createTestDatabase();
  const clock = createFakeClock(1_790_000_000_000);
  server = await createTestServer(db.database, {
    routes: captureRoutes({
      source: createExportSource(db.database),
      rejects: createRejects(db.database),
      clock,
      isShowOf: async () => false,
    }),
  });
  owner = await server.owner('Ours');
});
afterAll(async () => {
  await server.http.close();
  await db.drop();
});

const clock = createFakeClock(1_790_000_000_000);
const make = newFact(createIds(clock, systemRandom), clock);
const actor = { kind: 'system', id: null } as const;
let capture: Capture;
beforeEach(async () => {
  await db.database.query('TRUNCATE dead_letter, rejected_event_count');
  capture = createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
});

const bad = (orgId: string | null, more: object = {}) =>
  ({ ...make('player.joined', { orgId: orgId as string, actor, payload: { joinMs: 'soon' } as never }), ...more }) as never;
const counts = async (person = owner) => (await person.get('/v1/organization/rejected-events/counts')).json().data;
const newest = async (query = '', person = owner) => (await person.get(`/v1/organization/rejected-events${query}`)).json();

test('a reject is kept with its reason, counted, and shown to the organization it was sent for', async () => {
  capture.accept([bad(owner.orgId), bad(owner.orgId), bad(owner.orgId, { name: 'player.flown' })]);
  await capture.flush();
  expect(await counts()).toMatchObject([
    { eventName: 'player.joined', reason: expect.stringMatching(/^payload\.joinMs: /), rejectedCount: 2, lastAt: clock.nowMs() },
    { eventName: 'player.flown', reason: 'name: unknown event player.flown', rejectedCount: 1 },
  ]);
  const { data, nextCursor } = await newest();
  expect(nextCursor).toBeNull();
  expect(data).toHaveLength(3);
  expect(data[0]).toMatchObject({ eventName: 'player.flown', receivedAt: clock.nowMs(), body: expect.stringContaining('"joinMs":"soon"') });
});

test('others see nothing of it, and what names no organization is seen by none', async () => {
  const stranger = await server.owner('Strangers');
  capture.accept([bad(owner.orgId), bad(null), 'rubbish' as never]);
  await capture.flush();
  expect([await counts(stranger), (await newest('', stranger)).data]).toEqual([[], []]);
  expect([(await counts()).length, (await newest()).data.length]).toEqual([1, 1]);
  expect(await db.database.query("SELECT CAST(SUM(rejected_count) AS BIGINT) AS n FROM rejected_event_count WHERE org_id = ''")).toEqual([
    { n: 2 },
  ]);
});

test('pages follow one another without a gap, within their limits', async () => {
  capture.accept(Array.from({ length: 45 }, () => bad(owner.orgId)));
  await capture.flush();
  const seen: number[] = [];
  for (let query = '?limit=20'; query !== ''; ) {
    const { data, nextCursor } = await newest(query);
    seen.push(...data.map(({ id }: { id: number }) => id));
    query = nextCursor === null ? '' : `?limit=20&cursor=${nextCursor}`;
  }
  expect(seen).toHaveLength(45);
  expect(seen).toEqual([...new Set(seen)].sort((left, right) => right - left));
  for (const query of ['?limit=0', '?limit=101', '?cursor=x', '?other=1']) {
    expect((await owner.get(`/v1/organization/rejected-events${query}`)).statusCode).toBe(400);
  }
});

test('beyond the rate no more letters are kept, and every reject is still counted', async () => {
  capture.accept(Array.from({ length: DEAD_LETTERS_BURST + 300 }, () => bad(owner.orgId)));
  await capture.flush();
  expect(await counts()).toMatchObject([{ rejectedCount: DEAD_LETTERS_BURST + 300 }]);
  expect(await db.database.query('SELECT COUNT(*) AS n FROM dead_letter')).toEqual([{ n: DEAD_LETTERS_BURST }]);
});

test('counts add up over time and processes without being asked to', async () => {
  capture.accept([bad(owner.orgId)]);
  clock.advance(1_000);
  await expect.poll(counts.bind(null, owner)).toMatchObject([{ rejectedCount: 1 }]);
  const other = createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
  other.accept([bad(owner.orgId)]);
  capture.accept([bad(owner.orgId)]);
  await Promise.all([other.flush(), capture.flush()]);
  expect(await counts()).toMatchObject([{ rejectedCount: 3 }]);
});

test('a flood of different reasons is counted as one kind beyond a limit', async () => {
  capture.accept(Array.from({ length: REJECT_KINDS + 50 }, (_, n) => bad(owner.orgId, { name: `player.x${n}` })));
  await capture.flush();
  const rows = await db.database.query<{ org_id: string; n: number }>('SELECT org_id, rejected_count AS n FROM rejected_event_count');
  expect(rows.filter(({ org_id }) => org_id === owner.orgId)).toHaveLength(REJECT_KINDS);
  expect(rows.filter(({ org_id }) => org_id === '')).toEqual([{ org_id: '', n: 50 }]);
});

test('rejects end after their days, and the newest stay when there are too many', async () => {
  const letter = (id: number, atMs: number) =>
    db.database.query("INSERT INTO dead_letter (id, received_at_ms, org_id, reason, body) VALUES ($1, $2, 'org', 'r', '{}')", [id, atMs]);
  const nowMs = 1_790_000_000_000;
  await letter(1, nowMs - REJECTS_KEPT_DAYS * DAY_MS - 1);
  await letter(2, nowMs - REJECTS_KEPT_DAYS * DAY_MS);
  for (const id of [3, 4, 5]) await letter(id, nowMs);
  await db.database.query("INSERT INTO rejected_event_count VALUES ('org', $1, '', 'old', 1, 0), ('org', $2, '', 'new', 1, 0)", [
    Math.floor(nowMs / DAY_MS) - REJECTS_KEPT_DAYS,
    Math.floor(nowMs / DAY_MS) - REJECTS_KEPT_DAYS + 1,
  ]);
  const left = () => db.database.query('SELECT id FROM dead_letter ORDER BY id');
  expect(await purgeRejects(db.database, nowMs)).toEqual({ letterCount: 1 });
  expect(await left()).toEqual([{ id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]);
  expect(await db.database.query('SELECT reason FROM rejected_event_count')).toEqual([{ reason: 'new' }]);
  expect(await purgeRejects(db.database, nowMs, 3)).toEqual({ letterCount: 1 });
  expect(await left()).toEqual([{ id: 3 }, { id: 4 }, { id: 5 }]);
  expect(MAX_DEAD_LETTERS).toBe(100_000);
});

test('the keeper looks at the start and every hour, and outlives a database that is away', async () => {
  const calls: number[] = [];
  const keeper = createRejectKeeper({
    clock,
    logger: silentLogger,
    async purge(nowMs) {
      calls.push(nowMs);
      if (calls.length === 2) throw new Error('away');
      return { letterCount: 0 };
    },
  });
  const startMs = clock.nowMs();
  await keeper.start();
  await clock.advanceAsync(2 * 3_600_000);
  await keeper.stop();
  await clock.advanceAsync(2 * 3_600_000);
  expect(calls).toEqual([startMs, startMs + 3_600_000, startMs + 7_200_000]);
});
