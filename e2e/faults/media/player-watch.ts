// A shopper's browser on the show: hls.js with the plug-in's step after a stall and its way of starting afresh, and a note
// whenever playback stood still. Told by the playback time, not by callbacks of frames: those are late on a busy machine
// while the picture goes on.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startBrowser } from '../../support/browser.ts';

const FRESH_START = fileURLToPath(new URL('../../../packages/player/src/video/fresh-start.ts', import.meta.url));

/** A module of the plug-in as a classic script; what it exports is `afresh`. */
async function bundleOf(entry: string): Promise<string> {
  const made = await build({
    ...{ configFile: false, logLevel: 'warn' },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'afresh' } },
  });
  const [bundle] = [made].flat();
  if (bundle === undefined || !('output' in bundle)) throw new Error(`${entry} was not built`);
  return bundle.output[0].code;
}

/** Playback stands when it is this much behind the wall since it last moved. */
const STILL_MS = 400;

export type Still = { readonly fromMs: number; readonly toMs: number };

export type PlayerWatch = {
  /** Every time the picture stood still, in wall time; one that lasts reaches to now. */
  stills(): Promise<Still[]>;
  fatalErrors(): Promise<string[]>;
  close(): Promise<void>;
};

export async function watchPlayer(playlistUrl: string): Promise<PlayerWatch> {
  const browser = await startBrowser();
  // A page of another origin than the playlist's, as a shop is.
  const shop = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>'),
  );
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'), 'utf8') });
  await page.addScriptTag({ content: await bundleOf(FRESH_START) });
  await page.evaluate(
    ({ url, stillMs }) => {
      type Player = {
        loadSource(url: string): void;
        attachMedia(video: HTMLVideoElement): void;
        on(name: string, listen: (...args: never[]) => void): void;
      };
      type Afresh = { startAfreshWhenDry(video: HTMLVideoElement, every: (ms: number, work: () => void) => () => void): void };
      const { Hls } = globalThis as unknown as { Hls: new (config: object) => Player };
      const { startAfreshWhenDry } = (globalThis as unknown as { afresh: Afresh }).afresh;
      const video = document.createElement('video');
      video.muted = true;
      video.autoplay = true;
      document.body.append(video);
      const seen = { stills: [] as { fromMs: number; toMs: number }[], fatal: [] as string[], movedAtMs: 0 };
      Object.assign(globalThis, { seen });
      const hls = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.1, liveSyncOnStallIncrease: 0.3 });
      hls.on('hlsError', ((_name: string, error: { details: string; fatal: boolean }) => {
        if (error.fatal) seen.fatal.push(error.details);
      }) as never);
      startAfreshWhenDry(video, (intervalMs, work) => {
        const timer = setInterval(work, intervalMs);
        return () => clearInterval(timer);
      });
      let playedSec = 0;
      setInterval(() => {
        const nowMs = Date.now();
        const movedMs = (video.currentTime - playedSec) * 1000;
        if (movedMs < 1) return;
        // It has moved for at most as long as it has played since.
        const sinceMs = Math.max(seen.movedAtMs, nowMs - movedMs);
        if (seen.movedAtMs > 0 && sinceMs - seen.movedAtMs >= stillMs) seen.stills.push({ fromMs: seen.movedAtMs, toMs: sinceMs });
        seen.movedAtMs = nowMs;
        playedSec = video.currentTime;
      }, 50);
      hls.loadSource(url);
      hls.attachMedia(video);
    },
    { url: playlistUrl, stillMs: STILL_MS },
  );
  type Seen = { stills: Still[]; fatal: string[]; movedAtMs: number };
  return {
    stills: () =>
      page.evaluate((stillMs) => {
        const { seen } = globalThis as unknown as { seen: Seen };
        const nowMs = Date.now();
        const isStill = seen.movedAtMs > 0 && nowMs - seen.movedAtMs >= stillMs;
        return isStill ? [...seen.stills, { fromMs: seen.movedAtMs, toMs: nowMs }] : seen.stills;
      }, STILL_MS),
    fatalErrors: () => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.fatal),
    async close() {
      await browser.close();
      shop.close();
    },
  };
}
