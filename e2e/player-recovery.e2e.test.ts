// The plug-in's own video code in a real browser, without the rest of the plug-in: after the encoder was cut and came back,
// with another picture size, the viewer's picture goes on across the discontinuity without anybody touching anything;
// cards wait for their frame; and the policy of a careful shop has nothing to complain about. How fast belongs to `npm run bench -- latency --cut`.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../examples/demo-shop/src/http/security.ts';
import { startEncoder } from '../packages/server/src/modules/media/test-support/ffmpeg.ts';
import { createMediaRig, GOOD_KEY, type MediaRig, SHOW_ID, until } from '../packages/server/src/modules/media/test-support/media-rig.ts';
import { type OwnBrowser, startBrowser } from './support/browser.ts';

/** Promises of time belong to the bench; here a busy machine only has to get there. */
const PATIENCE_MS = 90_000;
const MEDIATOR = fileURLToPath(new URL('../packages/player/src/store/media-mediator.ts', import.meta.url));

const PAGE = `<!doctype html><title>Shop</title><video muted playsinline></video>
<script nonce="n">window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI))</script>
<script type="module" nonce="n">import { createMediaMediator } from '/mediator.js'; Object.assign(window, { createMediaMediator })</script>`;

let rig: MediaRig;
let browser: OwnBrowser;
let page: Page;
let shop: Server;
let folder: string;
const encoders: ChildProcess[] = [];

beforeAll(async () => {
  rig = await createMediaRig();
  folder = await mkdtemp(join(tmpdir(), 'insp-mediator-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      lib: { entry: MEDIATOR, formats: ['es'], fileName: 'mediator' },
      rollupOptions: { output: { entryFileNames: 'mediator.js' } },
    },
  });
  const files = new Set(await readdir(folder));
  shop = createServer(async (request, response) => {
    const name = (request.url ?? '/').slice(1);
    if (files.has(name)) return response.setHeader('content-type', 'text/javascript').end(await readFile(join(folder, name)));
    response.setHeader('content-security-policy', contentSecurityPolicy(rig.origin, 'n'));
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser();
  page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
}, 2 * PATIENCE_MS);

afterAll(async () => {
  for (const encoder of encoders) encoder.kill('SIGKILL');
  await browser?.close();
  shop?.close();
  await rig?.stop();
  await rm(folder, { recursive: true, force: true });
});

function encode(size: string) {
  const { child } = startEncoder(rig.rtmpUrl(GOOD_KEY), { gopFrames: 60, size });
  encoders.push(child);
  return child;
}

type Seen = {
  joined: number[];
  failed: string[];
  remedies: string[];
  latencies: { latencyMs: number; targetMs: number; behindHostMs: number | null }[];
  /** Picture times at which the player looked at its cards. */
  looks: { programMs: number | null; momentMs: number | null }[];
  productIds: string[];
};
type Mediator = { setSpeed(rate: number): void; load(url: string, resumeAt: null): void; playback(): { programMs: number | null } | null };
type PageGlobals = {
  seen: Seen;
  violations: string[];
  momentMs: number | null;
  mediator: Mediator;
  createMediaMediator(deps: object): Mediator;
};

const play = (url: string) =>
  page.evaluate((address) => {
    const seen: Seen = { joined: [], failed: [], remedies: [], latencies: [], looks: [], productIds: [] };
    const own = globalThis as unknown as PageGlobals;
    Object.assign(globalThis, { seen, momentMs: null });
    const timer = (made: ReturnType<typeof setTimeout>) => () => clearTimeout(made);
    const mediator = own.createMediaMediator({
      video: document.querySelector('video'),
      document,
      nowMs: Date.now,
      after: (delayMs: number, work: () => void) => timer(setTimeout(work, delayMs)),
      every: (intervalMs: number, work: () => void) => timer(setInterval(work, intervalMs)),
      onChange(change: { programMs?: number | null }) {
        if (change.programMs !== undefined) seen.looks.push({ programMs: change.programMs, momentMs: own.momentMs });
      },
      onJoined: (firstFrameMs: number) => seen.joined.push(firstFrameMs),
      onStalled() {},
      onFailed: (detail: string) => seen.failed.push(detail),
      onRemedy: (remedy: string) => seen.remedies.push(remedy),
      onLatency: (latency: Seen['latencies'][number]) => seen.latencies.push(latency),
      onQuality() {},
      onMoments(moments: readonly { productId: string }[]) {
        seen.productIds = moments.map(({ productId }) => productId);
      },
      nextMomentMs: (programMs: number) => (own.momentMs !== null && own.momentMs > programMs ? own.momentMs : null),
      firstBitsPerSec: null,
    });
    Object.assign(globalThis, { mediator });
    mediator.load(address, null);
  }, url);

const look = () =>
  page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const { seen, mediator, violations } = globalThis as unknown as PageGlobals;
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    return {
      ...seen,
      violations,
      frameCount: totalVideoFrames,
      widthPx: video.videoWidth,
      rate: video.playbackRate,
      programMs: mediator.playback()?.programMs ?? null,
    };
  });

test(
  'the picture goes on by itself after the encoder came back; cards wait for their frame; latency is told',
  async () => {
    const first = encode('320x180');
    await until('the playlist is there', async () => (await fetch(rig.playlistUrl('play-one'))).ok, PATIENCE_MS);
    await play(rig.playlistUrl('play-one'));
    await until('the picture moves', async () => (await look()).frameCount > 60, PATIENCE_MS);
    const playing = await look();
    expect(playing.joined).toHaveLength(1);
    expect(playing.programMs).toBeLessThan(Date.now());
    expect(playing.programMs).toBeGreaterThan(Date.now() - PATIENCE_MS);

    const product = { productId: 'prd_1', highlightId: 'hlt_1', showId: SHOW_ID };
    rig.media.markMoment({ ...product, startMs: Date.now(), endMs: null });
    await until('the playlist tells the product', async () => (await look()).productIds.includes('prd_1'), PATIENCE_MS);

    // Between two regular looks, so that only the moment itself can be the reason for one.
    await page.evaluate(() => {
      const own = globalThis as unknown as PageGlobals;
      own.momentMs = (own.mediator.playback()?.programMs ?? 0) + 1_730;
    });
    const atMoment = await until(
      'the picture gets to the moment',
      async () =>
        (await look()).looks.find(({ programMs, momentMs }) => momentMs !== null && programMs !== null && programMs >= momentMs - 20),
      PATIENCE_MS,
    );
    // Two frames at most: a look every half second would often be later than that.
    expect((atMoment.programMs ?? 0) - (atMoment.momentMs ?? 0)).toBeLessThan(250);
    // A speed is for replays: live has its own pace, a little around 1.
    await page.evaluate(() => (globalThis as unknown as PageGlobals).mediator.setSpeed(2));
    const askedAt = (await look()).frameCount;
    await until('the picture goes on', async () => (await look()).frameCount > askedAt + 30, PATIENCE_MS);
    expect((await look()).rate).toBeLessThanOrEqual(1.1);
    await until('latency is told', async () => (await look()).latencies.length > 0, PATIENCE_MS);

    first.kill('SIGKILL');
    await until('the loss is noticed', () => !rig.media.isPublishing(SHOW_ID));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    encode('426x240');
    await until('the new picture is on screen', async () => (await look()).widthPx === 426, PATIENCE_MS);
    const before = (await look()).frameCount;
    await until('and it moves', async () => (await look()).frameCount > before + 60, PATIENCE_MS);
    expect(await look()).toMatchObject({ failed: [], joined: playing.joined, productIds: ['prd_1'], violations: [] });
  },
  6 * PATIENCE_MS,
);
