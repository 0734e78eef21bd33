import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from './api-error.ts';
import { allPages, call } from './http.ts';

const answer = (status: number, body: unknown) => new Response(body === undefined ? null : JSON.stringify(body), { status });
afterEach(() => vi.unstubAllGlobals());

test('a list is followed to its end', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return answer(200, path.includes('cursor') ? { data: [3], nextCursor: null } : { data: [1, 2], nextCursor: 'a/b' });
  });
  expect(await allPages('/v1/things?x=1')).toEqual([1, 2, 3]);
  expect(asked).toEqual(['/v1/things?x=1', '/v1/things?x=1&cursor=a%2Fb']);
});
test('a list that never ends is left after 60 pages', async () => {
  const fetch = vi.fn(async () => answer(200, { data: [1], nextCursor: 'more' }));
  vi.stubGlobal('fetch', fetch);
  expect(await allPages('/v1/things')).toHaveLength(60);
});
test('an empty answer is no fault', async () => {
  vi.stubGlobal('fetch', async () => answer(204, undefined));
  expect(await call('DELETE', '/v1/thing')).toBeUndefined();
});
test('a refusal is thrown with its parts', async () => {
  vi.stubGlobal('fetch', async () => answer(404, { code: 'INSP_SHOWS_NOT_FOUND' }));
  await expect(call('GET', '/v1/shows/x')).rejects.toMatchObject({ code: 'INSP_SHOWS_NOT_FOUND' });
});
test('no network is said as such', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  const error = await call('GET', '/v1/me').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).parts).toMatchObject({ status: 0, title: 'Insp cannot be reached' });
});
