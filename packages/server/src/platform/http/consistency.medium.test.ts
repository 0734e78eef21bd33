// What the HTTP edge carries, over real requests with bodies and a store that counts as shared.
import { LIMITS } from '@insp/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { systemRandom } from '../../kernel/random.ts';
import type { ConsistencyScopes } from '../postgres/consistency-scope.ts';
import { TOKEN_MAX_LENGTH } from '../postgres/consistency-token.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { createHttpServer, type HttpServer } from './index.ts';

let db: TestDatabase;
let database: Database;
let http: HttpServer;
beforeAll(async () => {
  db = await createTestDatabase();
  database = openDatabase({ url: db.url, maxConnections: 2, shared: { key: Buffer.alloc(32, 1), readers: null } });
  await database.query('CREATE TABLE note (text text)');
  const options = { logger: silentLogger, ids: createIds(systemClock, systemRandom), publicUrl: 'https://live.shop.example' };
  http = await createHttpServer({ ...options, consistency: database.consistency });
  const demand = () => String((database.consistency as ConsistencyScopes).demand()?.lsn ?? null);
  http.get('/demand', async () => ({ demand: demand() }));
  http.post('/notes', { config: { cors: 'any-origin' } }, async (request) => {
    await database.transaction((tx) => tx.query('INSERT INTO note VALUES ($1)', [JSON.stringify(request.body)]));
    return { demand: demand() };
  });
  await http.ready();
});
afterAll(async () => {
  await http.close();
  await database.close();
  await db.drop();
});

const post = (headers: Record<string, string> = {}) =>
  http.inject({ method: 'POST', url: '/notes', headers: { origin: 'https://live.shop.example', ...headers }, payload: { text: 'x' } });
const get = async (headers: Record<string, string>) => (await http.inject({ url: '/demand', headers })).json().demand as string;

test('[ST4] an answer carries the position of what its request committed; the next request honours it, by header or cookie', async () => {
  const written = await post({ cookie: 'other=1' });
  const token = String(written.headers['insp-consistency']);
  expect(token.length).toBeLessThanOrEqual(TOKEN_MAX_LENGTH);
  const cookie = String(written.headers['set-cookie']);
  expect(cookie).toBe(`insp_consistency=${token}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure`);
  const { demand } = written.json();
  expect(demand).toMatch(/^\d+$/);
  expect(await get({ 'insp-consistency': token })).toBe(demand);
  expect(await get({ cookie: `a=b; ${cookie.split(';')[0]}` })).toBe(demand);
  expect(written.headers['access-control-expose-headers']).toContain('insp-consistency');
});

test('[ST4] a request that only reads carries nothing on; what is forged or huge is as good as none; no cookie without cookies', async () => {
  const read = await http.inject({ url: '/demand' });
  expect(read.json()).toEqual({ demand: 'null' });
  expect([read.headers['insp-consistency'], read.headers['set-cookie']]).toEqual([undefined, undefined]);
  expect(await get({ 'insp-consistency': '1.ffffffffffffffff.0.AAAAAAAAAAAAAAAAAAAAAA' })).toBe('null');
  expect(await get({ 'insp-consistency': 'x'.repeat(LIMITS.httpBodyBytes > 8_000 ? 8_000 : 1) })).toBe('null');
  expect((await post()).headers['set-cookie']).toBeUndefined();
});
