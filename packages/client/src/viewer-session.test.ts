import type { ViewerSession } from '@insp/protocol';
import { expect, test } from 'vitest';
import { createViewerSessionSource, type FetchLike } from './viewer-session.ts';

type Call = { url: string; body: Record<string, unknown>; authorization: string | undefined };

function fakeFetch(answer: (call: Call, index: number) => { status: number; body: unknown } | 'unreachable') {
  const calls: Call[] = [];
  const fetch: FetchLike = async (url, init) => {
    const call = { url, body: JSON.parse(init.body), authorization: init.headers.authorization };
    calls.push(call);
    const answered = answer(call, calls.length - 1);
    if (answered === 'unreachable') throw new TypeError('fetch failed');
    return { ok: answered.status < 400, status: answered.status, json: async () => answered.body };
  };
  return { fetch, calls };
}

const session = (token: string) => ({ token, socketUrl: 'ws://x', expiresAt: 1 }) as ViewerSession;
const problem = (status: number, code: string) => ({ status, body: { status, code, detail: 'why', retryAfterMs: 9 } });
const source = (fetch: FetchLike) => createViewerSessionSource({ fetch, baseUrl: 'http://insp', showId: 'shw_1', source: 'mail' });

test('a session is started once, kept, and renewed with the token before it', async () => {
  const { fetch, calls } = fakeFetch((_, index) => ({ status: 201, body: session(`t${index}`) }));
  const viewer = source(fetch);
  expect(viewer.current()).toBeNull();
  expect((await viewer.provider('start')).token).toBe('t0');
  expect((await viewer.provider('start')).token).toBe('t0');
  viewer.setViewerToken('jwt');
  expect((await viewer.provider('expired')).token).toBe('t1');
  expect(calls.map(({ body }) => body)).toEqual([
    { showId: 'shw_1', source: 'mail' },
    { showId: 'shw_1', source: 'mail', viewerToken: 'jwt', previousToken: 't0' },
  ]);
});

test('a refusal keeps its code, detail and time to wait', async () => {
  const { fetch } = fakeFetch(() => problem(403, 'INSP_EMBED_ORIGIN_BLOCKED'));
  expect(await source(fetch).start()).toMatchObject({
    ok: false,
    status: 403,
    error: { code: 'INSP_EMBED_ORIGIN_BLOCKED', detail: 'why', retryAfterMs: 9 },
  });
  await expect(source(fetch).provider('start')).rejects.toThrow('INSP_EMBED_ORIGIN_BLOCKED');
});

test.each([
  ['no answer at all', 'unreachable' as const, 'INSP_EMBED_UNREACHABLE'],
  ['a code this build does not know', problem(500, 'INSP_NEW_THING'), 'INSP_HTTP_INTERNAL'],
  ['a code named like a method of objects', problem(500, 'constructor'), 'INSP_HTTP_INTERNAL'],
  ['an error without a code', { status: 502, body: {} }, 'INSP_HTTP_INTERNAL'],
])('%s becomes a known code', async (_, answer, code) => {
  const { fetch } = fakeFetch(() => answer);
  expect(await source(fetch).start()).toMatchObject({ ok: false, error: { code } });
});

test('a show token is minted with the session, which is renewed once when it has expired', async () => {
  const { fetch, calls } = fakeFetch(({ url, authorization }) => {
    if (url.endsWith('/v1/viewer-sessions')) return { status: 201, body: session(`t${calls.length}`) };
    return authorization === 'Bearer t1' ? problem(401, 'INSP_EMBED_SESSION_EXPIRED') : { status: 201, body: { showToken: 'signed' } };
  });
  const viewer = source(fetch);
  await viewer.start();
  expect(await viewer.mintShowToken({ productId: 'prd_1', highlightId: null })).toEqual({ ok: true, data: { showToken: 'signed' } });
  expect(calls.map(({ url }) => url.replace('http://insp/v1/', ''))).toEqual([
    'viewer-sessions',
    'show-tokens',
    'viewer-sessions',
    'show-tokens',
  ]);
});
