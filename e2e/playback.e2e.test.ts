// A viewer's promise: the picture of a real encoder moves in a real browser within seconds of publishing, and goes on
// by itself after the encoder was away. ffmpeg -> RTMP -> HLS -> hls.js in Chromium; only accounts and shows are
// left out.
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEncoder } from '../packages/server/src/modules/media/test-support/ffmpeg.ts';
import { createMediaRig, GOOD_KEY, type MediaRig, SHOW_ID, until } from '../packages/server/src/modules/media/test-support/media-rig.ts';
import { type OwnBrowser, startBrowser } from './support/browser.ts';

/** Promises of time belong to the bench; here a busy machine only has to get there. */
const PATIENCE_MS = 90_000;

let rig: MediaRig;
let browser: OwnBrowser;
let page: Page;
let shop: Server;
const encoders: ChildProcess[] = [];

beforeAll(async () => {
  rig = await createMediaRig();
  browser = await startBrowser();
  page = await browser.context.newPage();
  // A page of another origin than the playlist's, as a shop is. (Not about:blank: browsers keep it off loopback.)
  shop = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'), 'utf8') });
});

afterAll(async () => {
  for (const encoder of encoders) encoder.kill('SIGKILL');
  await browser?.close();
  shop?.close();
  await rig?.stop();
});

function encode(size: string) {
  const { child } = startEncoder(rig.rtmpUrl(GOOD_KEY), { gopFrames: 60, size });
  encoders.push(child);
  return child;
}

/** Starts hls.js on the playlist; it waits for the show to begin, as the plug-in does. */
async function play(playlistUrl: string): Promise<void> {
  await page.evaluate((url) => {
    type Player = {
      loadSource(url: string): void;
      attachMedia(video: HTMLVideoElement): void;
      on(name: string, listen: (...args: never[]) => void): void;
    };
    const { Hls } = globalThis as unknown as { Hls: new (config: object) => Player };
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    document.body.append(video);
    const seen = { errors: [] as string[], fatal: [] as string[] };
    Object.assign(globalThis, { video, seen });
    const hls = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.1 });
    hls.on('hlsError', ((_name: string, error: { details: string; fatal: boolean }) => {
      seen.errors.push(error.details);
      if (error.fatal) seen.fatal.push(error.details);
    }) as never);
    hls.loadSource(url);
    hls.attachMedia(video);
  }, playlistUrl);
}

const look = () =>
  page.evaluate(() => {
    const { video, seen } = globalThis as unknown as { video: HTMLVideoElement; seen: { fatal: string[]; errors: string[] } };
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    return { ...seen, currentSec: video.currentTime, frameCount: totalVideoFrames, widthPx: video.videoWidth, heightPx: video.videoHeight };
  });

test(
  'the picture moves soon after publishing, with sound, and goes on after the encoder came back with another size',
  async () => {
    const publishedAtMs = Date.now();
    const first = encode('320x180');
    await until('the playlist is there', async () => (await fetch(rig.playlistUrl('play-one'))).ok, PATIENCE_MS);
    await play(rig.playlistUrl('play-one'));
    await until(
      'the picture moves',
      async () => {
        const { frameCount, currentSec } = await look();
        return frameCount > 5 && currentSec > 0.1;
      },
      PATIENCE_MS,
    );
    console.info(`publish to moving picture: ${Date.now() - publishedAtMs} ms (2 s picture groups)`);
    await until('four seconds were played', async () => (await look()).currentSec > 4, PATIENCE_MS);
    const playing = await look();
    expect(playing).toMatchObject({ widthPx: 320, heightPx: 180, fatal: [] });
    expect(playing.frameCount).toBeGreaterThan(60);
    const soundBytes = await page.evaluate(
      () => (document.querySelector('video') as unknown as { webkitAudioDecodedByteCount: number }).webkitAudioDecodedByteCount,
    );
    expect(soundBytes).toBeGreaterThan(1_000);

    first.kill('SIGKILL');
    await until('the loss is noticed', () => !rig.media.isPublishing(SHOW_ID));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    encode('426x240');
    await until('the new picture is on screen', async () => (await look()).widthPx === 426, PATIENCE_MS);
    const before = (await look()).frameCount;
    await until('and it moves', async () => (await look()).frameCount > before + 30, PATIENCE_MS);
    expect((await look()).fatal).toEqual([]);
  },
  4 * PATIENCE_MS,
);
