// An export of a real log, over a real socket: whole, in order, at one position, and never faster than its reader.
import { type AddressInfo, connect } from 'node:net';
import type { Fact, ShowId } from '@insp/protocol';
import { exportHeaderSchema, exportTrailerSchema } from '@insp/protocol/schemas';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createTestServer, type TestPerson, type TestServer } from '../../../test-support/test-server.ts';
import { createEventBus } from '../../kernel/event-bus.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import { captureRoutes, EXPORTS_AT_ONCE } from './capture.http.ts';
import { createCapture } from './capture.ts';
import { newFact } from './new-fact.ts';
import { createRejects } from './reject-store.postgres.ts';
import { createExportSource, EXPORT_PAGE_ROWS } from './show-export.postgres.ts';

const clock = createFakeClock(1_790_000_000_000);
const ids = createIds(clock, systemRandom);
const make = newFact(ids, clock);
const actor = { kind: 'system', id: null } as const;

let db: TestDatabase;
let server: TestServer;
let owner: TestPerson;
let port: number;
let pageCount = 0;
const shows = new Map<string, string>();
const sockets: { destroy(): void }[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const real = createExportSource(db.database);
  const source: typeof real = {
    ...real,
    page: (...args) => {
      pageCount += 1;
      return real.page(...args);
    },
  };
  const isShowOf = async (orgId: string, showId: string) => shows.get(showId) === orgId;
  server = await createTestServer(db.database, { routes: captureRoutes({ source, rejects: createRejects(db.database), clock, isShowOf }) });
  owner = await server.owner('Exports');
  await server.http.listen({ port: 0, host: '127.0.0.1' });
  port = (server.http.server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await server.http.close();
  await db.drop();
});

const capture = () => createCapture({ database: db.database, bus: createEventBus(silentLogger), clock, logger: silentLogger });
const opened = (showId: ShowId) => make('player.opened', { orgId: owner.orgId, showId, actor, payload: {} });
function newShow(): ShowId {
  const showId = ids.create('shw');
  shows.set(showId, owner.orgId);
  return showId;
}
async function append(showId: ShowId, count: number): Promise<Fact[]> {
  const log = capture();
  const facts = Array.from({ length: count }, () => opened(showId));
  for (let at = 0; at < count; at += 5_000) log.accept(facts.slice(at, at + 5_000));
  await log.flush();
  return facts;
}
const parse = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const read = async (showId: ShowId) => parse((await owner.get(`/v1/shows/${showId}/events.ndjson`)).body);

test('every event of the show comes once, in the order of the log, between a header and a trailer that counts them', async () => {
  const showId = newShow();
  await append(newShow(), 10);
  const facts = await append(showId, EXPORT_PAGE_ROWS * 2 + 3);
  const [header, ...rest] = await read(showId);
  const trailer = rest.pop();
  expect(exportHeaderSchema.parse(header)).toMatchObject({ showId, orgId: owner.orgId, formatVersion: 1, hasTurnover: true });
  expect(rest.map(({ id }) => id)).toEqual(facts.map(({ id }) => id));
  expect(rest[0]).toMatchObject({ line: 'event', code: 40, stream: 'engage', ...facts[0], receivedAt: clock.nowMs() });
  expect(exportTrailerSchema.parse(trailer)).toEqual({ line: 'trailer', eventCount: facts.length, skippedCount: 0 });
});

test('a show nothing happened in is a header and a trailer', async () => {
  expect(await read(newShow())).toMatchObject([{ line: 'header' }, { line: 'trailer', eventCount: 0 }]);
});

test('what an open transaction has written is not in it, nor what came after that; both are in the next one', async () => {
  const showId = newShow();
  await append(showId, 2);
  const [before] = await read(showId);
  let header: { belowXid: string } = { belowXid: '' };
  await capture().commit(async (_tx, record) => {
    record(make('chat.message_removed', { orgId: owner.orgId, showId, actor, payload: { messageId: ids.create('msg'), reason: 'spam' } }));
    await _tx.query('SELECT pg_current_xact_id()');
    await append(showId, 3);
    const lines = await read(showId);
    header = lines[0];
    expect(lines.at(-1)).toMatchObject({ eventCount: 2 });
  });
  expect(BigInt(header.belowXid)).toBeGreaterThanOrEqual(BigInt(before.belowXid));
  const lines = await read(showId);
  expect(lines.at(-1)).toMatchObject({ eventCount: 6 });
});

test('rows a newer version wrote are counted as skipped, and their unknown fields are kept', async () => {
  const showId = newShow();
  const [fact] = await append(showId, 2);
  await db.database.query('UPDATE ev SET type = 32000 WHERE show_id = $1 AND id <> $2', [showId, fact?.id]);
  await db.database.query(`UPDATE ev SET v = 9, props = '{"novelty": [1]}' WHERE id = $1`, [fact?.id]);
  const lines = await read(showId);
  expect(lines.slice(1)).toMatchObject([
    { v: 9, payload: { novelty: [1] } },
    { eventCount: 1, skippedCount: 1 },
  ]);
});

test('a reader that stops reading stops the export; nothing piles up but what sockets hold', async () => {
  const showId = newShow();
  const EVENTS = 40_000;
  await append(showId, EVENTS);
  pageCount = 0;
  const socket = await openExport(showId);
  socket.pause();
  await untilStill(() => pageCount);
  const heldBack = pageCount;
  expect(heldBack).toBeGreaterThan(0);
  expect(heldBack).toBeLessThan(EVENTS / EXPORT_PAGE_ROWS / 2);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.resume();
  await untilStill(() => text.length);
  expect(text.slice(-200)).toContain(`"eventCount":${EVENTS}`);
  expect(pageCount).toBe(EVENTS / EXPORT_PAGE_ROWS + 1);
});

test('more than a few at once are asked to wait, and a reader that stands still loses its place', async () => {
  const showId = newShow();
  await append(showId, 30_000);
  for (let count = 0; count < EXPORTS_AT_ONCE; count += 1) (await openExport(showId)).pause();
  const ask = () => owner.get(`/v1/shows/${newShow()}/events.ndjson`);
  const late = await ask();
  expect([late.statusCode, late.json().code, late.headers['retry-after']]).toEqual([503, 'INSP_CAPTURE_EXPORT_BUSY', '5']);
  await untilStill(() => pageCount);
  clock.advance(60_000);
  await expect.poll(async () => (await ask()).statusCode).toBe(200);
});

test('a show of others is not there', async () => {
  const stranger = await server.owner('Strangers');
  const response = await stranger.get(`/v1/shows/${newShow()}/events.ndjson`);
  expect([response.statusCode, response.json().code]).toEqual([404, 'INSP_SHOWS_NOT_FOUND']);
});

/** A plain socket that has asked for an export, with its first bytes seen. */
async function openExport(showId: ShowId) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.write(`GET /v1/shows/${showId}/events.ndjson HTTP/1.1\r\nhost: localhost\r\ncookie: ${owner.cookie}\r\n\r\n`);
  await new Promise((seen) => socket.once('data', seen));
  return socket;
}

/** Waits until a figure no longer grows. */
async function untilStill(read: () => number): Promise<void> {
  for (let before = -1; before !== read(); ) {
    before = read();
    await new Promise((done) => setTimeout(done, 300));
  }
}
