import { LIMITS } from '@insp/protocol';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { accepted, refused } from '../../kernel/outcome.ts';
import { systemRandom } from '../../kernel/random.ts';
import { answer, createHttpServer, type HttpServer, type HttpServerOptions } from './index.ts';

const thingSchema = z.strictObject({ name: z.string().max(5), count: z.int() });

function routes(http: HttpServer): void {
  http.post(
    '/v1/things',
    { config: { access: 'public' }, schema: { body: thingSchema, response: { 201: thingSchema } } },
    async (request, reply) =>
      answer(
        reply,
        request.body.name === 'no' ? refused('INSP_SHOWS_NOT_READY', { detail: 'why', retryAfterMs: 1500 }) : accepted(request.body),
        201,
      ),
  );
  http.get('/v1/bug', { config: { access: 'public' } }, async () => {
    throw new Error('password=secret in /srv/insp');
  });
  http.post('/v1/signed', { config: { access: 'signed', rawBody: true } }, async (request) => ({
    isBuffer: Buffer.isBuffer(request.body),
    text: String(request.body),
  }));
  http.post('/v1/open', { config: { access: 'viewer', cors: 'any-origin' } }, async () => ({ ok: true }));
  http.get('/v1/picky', { config: { access: 'viewer', cors: (origin) => origin === 'https://shop.example' } }, async () => ({ ok: true }));
  http.get('/v1/guarded', { config: { access: 'show.read' } }, async () => ({ ok: true }));
}

async function create(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const http = await createHttpServer({
    logger: silentLogger,
    ids: createIds(systemClock, systemRandom),
    publicUrl: 'http://localhost:4600',
    ...options,
  });
  routes(http);
  return http;
}

test('an unknown address answers a problem document with a request id', async () => {
  const http = await create();
  const response = await http.inject({ url: '/v1/nothing?token=abc' });
  expect(response.statusCode).toBe(404);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(response.json()).toEqual({
    type: 'urn:insp:error:INSP_HTTP_NOT_FOUND',
    status: 404,
    code: 'INSP_HTTP_NOT_FOUND',
    title: 'No such address',
    fix: expect.any(String),
    instance: '/v1/nothing',
    requestId: response.headers['x-request-id'],
  });
});

test('a body that does not fit names the place of each fault', async () => {
  const http = await create();
  const response = await http.inject({ method: 'POST', url: '/v1/things', payload: { name: 'too long', count: 1.5, extra: true } });
  expect(response.statusCode).toBe(400);
  expect(response.json().code).toBe('INSP_HTTP_INVALID_BODY');
  expect(response.json().errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(['/name', '/count', '']);
});

test('malformed JSON, poisoned prototypes and foreign media types are refused as such', async () => {
  const http = await create();
  const post = (payload: string, type = 'application/json') =>
    http.inject({ method: 'POST', url: '/v1/things', payload, headers: { 'content-type': type } });
  expect((await post('{"name":')).json().code).toBe('INSP_HTTP_INVALID_BODY');
  expect((await post('{"__proto__":{"a":1},"name":"a","count":1}')).json().code).toBe('INSP_HTTP_INVALID_BODY');
  expect((await post('<a/>', 'application/xml')).json().code).toBe('INSP_HTTP_UNSUPPORTED_MEDIA_TYPE');
  expect((await post('')).json().code).toBe('INSP_HTTP_INVALID_BODY');
});

test('a body of exactly the limit is read, one byte more is refused', async () => {
  const http = await create();
  const post = (bytes: number) =>
    http.inject({
      method: 'POST',
      url: '/v1/open',
      payload: `"${'x'.repeat(bytes - 2)}"`,
      headers: { 'content-type': 'application/json' },
    });
  expect((await post(LIMITS.httpBodyBytes)).statusCode).toBe(200);
  const tooLarge = await post(LIMITS.httpBodyBytes + 1);
  expect([tooLarge.statusCode, tooLarge.json().code]).toEqual([413, 'INSP_HTTP_TOO_LARGE']);
});

test('a refusal carries its detail and Retry-After in whole seconds', async () => {
  const http = await create();
  const good = await http.inject({ method: 'POST', url: '/v1/things', payload: { name: 'yes', count: 1 } });
  expect([good.statusCode, good.json()]).toEqual([201, { name: 'yes', count: 1 }]);
  const bad = await http.inject({ method: 'POST', url: '/v1/things', payload: { name: 'no', count: 1 } });
  expect(bad.statusCode).toBe(409);
  expect(bad.headers['retry-after']).toBe('2');
  expect(bad.json()).toMatchObject({ code: 'INSP_SHOWS_NOT_READY', detail: 'why', retryAfterMs: 1500 });
});

test('a bug answers without a word of the inside', async () => {
  const http = await create();
  const response = await http.inject({ url: '/v1/bug' });
  expect([response.statusCode, response.json().code]).toEqual([500, 'INSP_HTTP_INTERNAL']);
  expect(response.body).not.toMatch(/secret|srv/);
});

test('the raw body reaches a signed route byte for byte', async () => {
  const http = await create();
  const payload = '{ "a" : 1.0 }';
  const response = await http.inject({ method: 'POST', url: '/v1/signed', payload, headers: { 'content-type': 'application/json' } });
  expect(response.json()).toEqual({ isBuffer: true, text: payload });
});

test('too many requests are refused with the time to wait', async () => {
  const http = await create({ requestsPerMin: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await http.inject({ url: '/v1/guarded' })).statusCode);
  expect(statuses).toEqual([200, 200, 429]);
  const refusedOne = await http.inject({ url: '/v1/guarded' });
  expect(refusedOne.json().code).toBe('INSP_HTTP_TOO_MANY_REQUESTS');
  expect(Number(refusedOne.headers['retry-after'])).toBeGreaterThan(0);
  expect(refusedOne.json().retryAfterMs).toBeGreaterThan(0);
});

test('an origin is echoed exactly, without credentials, only where a route allows it', async () => {
  const http = await create();
  const ask = (url: string, origin: string, method: 'GET' | 'POST' | 'OPTIONS' = 'GET') =>
    http.inject({ method, url, headers: { origin } });
  const open = await ask('/v1/open', 'https://any.example', 'POST');
  expect(open.headers['access-control-allow-origin']).toBe('https://any.example');
  expect(open.headers['access-control-allow-credentials']).toBeUndefined();
  expect(open.headers.vary).toContain('Origin');
  expect((await ask('/v1/picky', 'https://shop.example')).headers['access-control-allow-origin']).toBe('https://shop.example');
  expect((await ask('/v1/picky', 'https://other.example')).headers['access-control-allow-origin']).toBeUndefined();
  expect((await ask('/v1/guarded', 'https://shop.example')).headers['access-control-allow-origin']).toBeUndefined();
  const preflight = await ask('/v1/open', 'https://any.example', 'OPTIONS');
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-methods']).toBe('POST');
  expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
});

test('a write with a cookie from another site is refused; the console, tools and API keys go on', async () => {
  const http = await create();
  const write = async (headers: Record<string, string>) =>
    (
      await http.inject({
        method: 'POST',
        url: '/v1/things',
        payload: { name: 'a', count: 1 },
        headers: { cookie: 'insp.session=1', ...headers },
      })
    ).json().code ?? 'ok';
  expect(await write({ 'sec-fetch-site': 'cross-site' })).toBe('INSP_HTTP_CROSS_SITE_WRITE');
  expect(await write({ 'sec-fetch-site': 'same-site', origin: 'http://localhost:4700' })).toBe('INSP_HTTP_CROSS_SITE_WRITE');
  expect(await write({ origin: 'http://localhost:4700' })).toBe('INSP_HTTP_CROSS_SITE_WRITE');
  expect(await write({ origin: 'null' })).toBe('INSP_HTTP_CROSS_SITE_WRITE');
  expect(await write({ 'sec-fetch-site': 'same-origin' })).toBe('ok');
  expect(await write({ origin: 'http://localhost:4600' })).toBe('ok');
  expect(await write({})).toBe('ok');
  expect(await write({ 'sec-fetch-site': 'cross-site', authorization: 'Bearer k' })).toBe('ok');
});

test('the guard is asked before the body is read, with what the route declares', async () => {
  const asked: string[] = [];
  const http = await create({
    guard: async (_request, access) => {
      asked.push(access);
      return access === 'show.read' ? refused('INSP_ACCOUNTS_SIGN_IN_REQUIRED') : accepted(null);
    },
  });
  expect((await http.inject({ url: '/v1/guarded' })).statusCode).toBe(401);
  expect((await http.inject({ method: 'POST', url: '/v1/things', payload: {} })).statusCode).toBe(400);
  expect(asked).toEqual(['show.read', 'public']);
});

test('answers carry the security headers', async () => {
  const http = await create();
  const { headers } = await http.inject({ url: '/v1/guarded' });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['strict-transport-security']).toBeUndefined();
});
