import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LIVE_REQUEST_LIMITS } from './live-requests.ts';
import { createCollapsingCache } from './test-support/collapsing-cache.ts';
import { createLiveShow, serveLiveShow } from './test-support/live-show.ts';

async function setUp(playedMs = 6_600) {
  const show = createLiveShow();
  show.play(playedMs);
  return { show, ...(await serveLiveShow(show)) };
}

/** Lets everything that can happen now happen. */
async function settled(rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

const codeOf = (response: { json(): { code?: string } }) => response.json().code;

describe('answers', () => {
  test.each([
    ['index.m3u8', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
    ['video.m3u8', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
    ['video.m3u8?_HLS_skip=YES', 'application/vnd.apple.mpegurl', 'max-age=0, s-maxage=1'],
    ['video.m3u8?_HLS_msn=103&_HLS_part=0', 'application/vnd.apple.mpegurl', 'public, max-age=6'],
    ['video.m3u8?_HLS_msn=1', 'application/vnd.apple.mpegurl', 'public, max-age=6'],
    ['video-init-7.mp4', 'video/mp4', 'public, max-age=31536000, immutable'],
    ['video-101.m4s', 'video/mp4', 'public, max-age=31536000, immutable'],
    ['video-103.0.m4s', 'video/mp4', 'public, max-age=31536000, immutable'],
    ['audio-103.0.m4s', 'audio/mp4', 'public, max-age=31536000, immutable'],
  ])('%s: type, caching, open to all pages, no cookie; HEAD has no body', async (name, type, caching) => {
    const { get } = await setUp();
    for (const method of ['GET', 'HEAD'] as const) {
      const { statusCode, headers, rawPayload } = await get(name, { origin: 'https://shop.example' }, method);
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': caching,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(headers['set-cookie']).toBeUndefined();
      expect(Number(headers['content-length'])).toBeGreaterThan(50);
      expect(rawPayload.length).toBe(method === 'GET' ? Number(headers['content-length']) : 0);
    }
  });

  test('the newest still has an address of its own, kept for as long as it is new; none is "not yet"', async () => {
    const { show, http, get } = await setUp();
    const none = await get('still.jpg');
    expect([none.statusCode, codeOf(none), none.headers['cache-control']]).toEqual([404, 'INSP_MEDIA_NOT_ON_AIR', 'max-age=0, s-maxage=1']);
    show.still = Uint8Array.of(9, 0xff, 0xd8, 0xff, 0xd9).subarray(1);
    const { statusCode, headers, rawPayload } = await get('still.jpg', { origin: 'https://shop.example' });
    expect([statusCode, ...rawPayload]).toEqual([200, 0xff, 0xd8, 0xff, 0xd9]);
    expect(headers).toMatchObject({
      ...{ 'content-type': 'image/jpeg', 'cache-control': 'public, max-age=5' },
      ...{ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' },
    });
    const other = await http.inject({ method: 'GET', url: '/live/other/still.jpg' });
    expect([other.statusCode, codeOf(other)]).toEqual([404, 'INSP_MEDIA_NOT_ON_AIR']);
    const long = await http.inject({ method: 'GET', url: `/live/${'x'.repeat(101)}/still.jpg` });
    expect(long.statusCode).toBe(400);
  });

  test('the multivariant playlist is kept for half a segment once the show has settled', async () => {
    const { get } = await setUp(14_000);
    expect((await get('index.m3u8')).headers['cache-control']).toBe('max-age=0, s-maxage=1');
    const longer = createLiveShow();
    longer.play(14_000);
    expect(longer.window.request('index.m3u8')).toMatchObject({ file: { isSettled: true, targetDurationSec: 2 } });
  });

  test('[6.2.1-S4] playlists go compressed to who takes that, media never', async () => {
    const { get } = await setUp();
    const plain = await get('video.m3u8');
    const gzip = await get('video.m3u8', { 'accept-encoding': 'gzip, deflate' });
    const br = await get('video.m3u8', { 'accept-encoding': 'gzip, deflate, br' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect([gzip.headers['content-encoding'], br.headers['content-encoding']]).toEqual(['gzip', 'br']);
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(plain.body);
    for (const { headers } of [plain, gzip, br]) expect(headers.vary).toMatch(/accept-encoding/i);
    expect((await get('video-101.m4s', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  test('unknown parameters are ignored', async () => {
    const { get } = await setUp();
    expect((await get('video.m3u8?token=a&_HLS_other=1&_HLS_skip=maybe')).body).toBe((await get('video.m3u8')).body);
  });

  test.each([
    ['video.m3u8?_HLS_part=0', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video.m3u8?_HLS_msn=-1', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video.m3u8?_HLS_msn=1e3', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video.m3u8?_HLS_msn=1&_HLS_msn=2', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video.m3u8?_HLS_msn=103&_HLS_part=x', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video.m3u8?_HLS_msn=106', 400, 'INSP_MEDIA_RELOAD_INVALID'],
    [`video.m3u8?_HLS_msn=${'9'.repeat(15)}`, 400, 'INSP_MEDIA_RELOAD_INVALID'],
    [`video.m3u8?_HLS_msn=${'9'.repeat(16)}`, 400, 'INSP_MEDIA_RELOAD_INVALID'],
    ['video-103.7.m4s', 404, 'INSP_MEDIA_NOT_ON_AIR'],
    ['v720.m3u8', 404, 'INSP_MEDIA_NOT_ON_AIR'],
    ['../show/video.txt', 404, 'INSP_MEDIA_NOT_ON_AIR'],
  ])('[6.2.5.2-M6] [6.2.5.2-S1] [6.2.6-S2] %s is %i %s, kept for a second at most', async (name, status, code) => {
    const { get } = await setUp();
    const response = await get(name);
    expect([response.statusCode, codeOf(response)]).toEqual([status, code]);
    expect(response.headers).toMatchObject({ 'cache-control': 'max-age=0, s-maxage=1', 'access-control-allow-origin': '*' });
  });
});

describe('requests that wait', () => {
  test('[6.2.5.2-M2] [6.2.6-M2] come back with the part, and not a byte before', async () => {
    const { show, get } = await setUp(6_560);
    let isDone = false;
    const playlist = get('video.m3u8?_HLS_msn=103&_HLS_part=1').finally(() => {
      isDone = true;
    });
    const part = get('video-103.1.m4s');
    const head = get('video-103.1.m4s', {}, 'HEAD');
    await settled();
    show.play(480);
    await settled();
    expect(isDone).toBe(false);
    show.play(80);
    expect((await playlist).body).toContain('video-103.1.m4s"\n');
    const whole = show.window.request('video-103.1.m4s');
    expect(whole.kind === 'file' && 'bytes' in whole.file && [...whole.file.bytes]).toEqual([...(await part).rawPayload]);
    expect((await head).statusCode).toBe(200);
    expect(show.requests.waitingCount).toBe(0);
  });

  test('[6.2.5.2-S2] end with 503 after three target durations when nothing comes', async () => {
    const { show, get } = await setUp(6_560);
    const response = get('video.m3u8?_HLS_msn=103&_HLS_part=1');
    await settled();
    show.clock.advance(6_000);
    const { statusCode, headers, ...rest } = await response;
    expect([statusCode, codeOf(rest as never)]).toEqual([503, 'INSP_MEDIA_RELOAD_TOO_LATE']);
    expect(headers['cache-control']).toBe('max-age=0, s-maxage=1');
  });

  test('[6.2.5.2-M5] [6.2.6-S3] the end of the show answers them all, and numbers count no longer', async () => {
    const { show, get } = await setUp(6_560);
    const playlist = get('video.m3u8?_HLS_msn=104');
    const part = get('audio-103.1.m4s');
    await settled();
    show.end();
    expect((await playlist).body).toMatch(/#EXT-X-ENDLIST\n$/);
    expect((await part).statusCode).toBe(404);
    for (const query of ['_HLS_part=3', '_HLS_msn=900', '_HLS_msn=104&_HLS_part=0&_HLS_skip=YES'])
      expect((await get(`video.m3u8?${query}`)).body).toBe((await playlist).body);
  });

  test('more than the limit are refused, and told to come again', async () => {
    const { show, get } = await setUp(6_560);
    for (let index = 0; index < LIVE_REQUEST_LIMITS.waitingCount; index += 1)
      show.requests.ask('video-103.1.m4s', { mediaSequence: null, partIndex: null, skip: null }, () => {});
    const response = await get('video-103.1.m4s');
    expect([response.statusCode, codeOf(response), response.headers['retry-after']]).toEqual([503, 'INSP_MEDIA_TOO_MANY_WAITING', '1']);
    expect((await get('video.m3u8')).statusCode).toBe(200);
  });
});

/** A player of low-latency HLS, as far as an origin sees it: one blocked request a rendition, each part once. */
async function watch(get: (url: string) => Promise<{ status: number; text: string }>, isOver: () => boolean): Promise<number> {
  let partCount = 0;
  await get('/live/show/index.m3u8');
  const follow = async (track: 'video' | 'audio') => {
    const seen = new Set<string>();
    let { text } = await get(`/live/show/${track}.m3u8`);
    while (!isOver()) {
      for (const [, name = ''] of text.matchAll(/EXT-X-PART:[^\n]*URI="([^"]+)"/g)) {
        if (seen.size > 0 && !seen.has(name)) {
          await get(`/live/show/${name}`);
          partCount += 1;
        }
        seen.add(name);
      }
      const [, sequence, part] = /PRELOAD-HINT:TYPE=PART,URI="\w+-(\d+)\.(\d+)\.m4s"/.exec(text) ?? [];
      const answer = await get(`/live/show/${track}.m3u8?_HLS_msn=${sequence}&_HLS_part=${part}&_HLS_skip=YES&viewer=${Math.random()}`);
      if (answer.status === 200) text = answer.text;
    }
  };
  await Promise.all([follow('video'), follow('audio')]);
  return partCount;
}

test('behind a cache that joins equal requests, the origin is asked as often for one viewer as for a thousand', async () => {
  const originRequests: number[] = [];
  for (const viewerCount of [1, 1_000]) {
    const { show, http } = await setUp(6_600);
    const cache = createCollapsingCache({
      clock: show.clock,
      async fetchFromOrigin(url) {
        const { statusCode, headers, body } = await http.inject(url);
        return { status: statusCode, cacheControl: String(headers['cache-control']), text: body };
      },
    });
    let isOver = false;
    const viewers = Array.from({ length: viewerCount }, () => watch(cache.get, () => isOver));
    await settled(40);
    const before = cache.originRequestCount;
    for (let stepCount = 0; stepCount < 100; stepCount += 1) {
      show.play(80);
      await settled(8);
    }
    originRequests.push(cache.originRequestCount - before);
    isOver = true;
    show.play(2_000);
    await settled(40);
    show.end();
    const partCounts = await Promise.all(viewers);
    // Eight seconds of four parts in two: picture and sound, to everybody.
    for (const count of partCounts) expect(count).toBeGreaterThanOrEqual(30);
  }
  const [one = 0, thousand = 0] = originRequests;
  console.info(`requests to the origin in 8 s: ${one} for one viewer, ${thousand} for a thousand`);
  expect(one).toBeGreaterThan(50);
  expect(Math.abs(thousand - one)).toBeLessThanOrEqual(one * 0.1);
});
