// What only a real socket shows of requests that wait.
import { expect, test } from 'vitest';
import { createLiveShow, serveLiveShow } from './test-support/live-show.ts';
import { until } from './test-support/media-rig.ts';

test('a client that goes is forgotten; a server that stops sends the others away', async () => {
  const show = createLiveShow();
  show.play(6_560);
  const { http } = await serveLiveShow(show);
  const origin = await http.listen({ port: 0, host: '127.0.0.1' });
  const leaving = new AbortController();
  const gone = fetch(`${origin}/live/show/video-103.1.m4s`, { signal: leaving.signal }).catch(() => 'gone');
  const staying = fetch(`${origin}/live/show/video.m3u8?_HLS_msn=103&_HLS_part=1`);
  await until('both wait', () => show.requests.waitingCount === 2);
  leaving.abort();
  expect(await gone).toBe('gone');
  await until('one is gone', () => show.requests.waitingCount === 1);
  await http.close();
  expect((await staying).status).toBe(503);
});
