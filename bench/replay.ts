// From the end of a show to its replay: the whole system as `npm start` starts it, ffmpeg over RTMP at a camera's pace,
// the replay's playlists and last segment read over HTTP, then played in headless Chromium. Measures the bar "replay ready
// <= 5 s after the end", and how long pictures and the MP4 take after that.
//
//   npm run bench -- replay
//   npm run bench -- replay --show-sec=60 --runs=3 --json=result.json
//
// All of it shares one machine: figures are a floor. Nothing here can fail a build.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Replay, Show } from '@insp/protocol';
import { startBrowser } from '../e2e/support/browser.ts';
import { type OwnerApi, signInOwner } from '../e2e/support/owner-api.ts';
import { startSystem } from '../e2e/support/start-system.ts';
import { machineFacts } from './chat-fanout-report.ts';
import { PATIENCE_MS, until, wholeNumber } from './support/command-line.ts';

const { values } = parseArgs({
  options: { 'show-sec': { type: 'string', default: '60' }, runs: { type: 'string', default: '3' }, json: { type: 'string' } },
});
const showSec = wholeNumber('show-sec', values['show-sec'], 5, 3_600);
const runCount = wholeNumber('runs', values['runs'], 1, 20);

const cleanUps: (() => unknown)[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);

/** 720p at 2.5 Mbit/s with 2 s groups and a tone. */
function publish(url: string) {
  const source = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=1280x720:rate=30',
    '-re',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=330:sample_rate=48000',
  ];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-b:v', '2500k', '-g', '60'];
  const child = spawn('ffmpeg', ['-nostdin', '-loglevel', 'error', ...source, ...coding, '-c:a', 'aac', '-f', 'flv', url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  return () => child.kill('SIGKILL');
}

async function measureOne(owner: OwnerApi, page: import('playwright-core').Page) {
  const show = await owner.call<Show>('POST', '/v1/shows', { title: 'Replay', scheduledAt: Date.now() + 60_000 });
  const at = (rest = '') => `/v1/shows/${show.id}${rest}`;
  const command = (name: string) => owner.call<Show>('POST', at('/commands'), { command: name });
  await command('schedule');
  const key = await owner.call<{ serverUrl: string; streamKey: string }>('POST', at('/stream-key'));
  const read = () => owner.call<Show>('GET', at());
  await until('the room to open', async () => (await read()).state === 'waiting');
  const stop = publish(`${key.serverUrl}/${key.streamKey}`);
  await until('a picture', async () => (await read()).previewPlaylistUrl);
  await command('go_live');
  await delay(showSec * 1_000);
  const replay = () => owner.call<Replay>('GET', at('/replay'));
  const beforeEnd = await replay();

  const endedAtMs = Date.now();
  await command('end');
  const commandMs = Date.now() - endedAtMs;
  stop();
  // The address is known from before: what counts is when it plays.
  const base = (beforeEnd.playlistUrl ?? '') && `/replay/${/live\/([^/]+)\//.exec((await read()).previewPlaylistUrl ?? '')?.[1] ?? ''}`;
  const publicUrl = await until('the replay', async () => (await replay()).publicReplay?.playlistUrl);
  const list = await until('its playlist', async () => {
    const answer = await fetch(publicUrl.replace('index.m3u8', 'video.m3u8'));
    return answer.ok && (await answer.text());
  });
  const last = list.match(/video-\d+\.m4s/g)?.at(-1) ?? '';
  await (await fetch(publicUrl.replace('index.m3u8', last))).bytes();
  const playableMs = Date.now() - endedAtMs;
  await play(page, publicUrl);
  const movingMs = Date.now() - endedAtMs;
  const pictures = await until('pictures', async () => {
    const now = await replay();
    return now.pictures === 'ready' ? now : null;
  });
  const picturesMs = Date.now() - endedAtMs;
  const fileAskedAtMs = Date.now();
  await owner.call('POST', at('/replay/file'));
  const file = await until('the file', async () => {
    const now = await replay();
    return now.file.state === 'ready' ? now.file : null;
  });
  const fileMs = Date.now() - fileAskedAtMs;
  await owner.call('DELETE', at('/replay')).catch(() => {});
  return {
    ...{ commandMs, playableMs, movingMs, picturesMs, fileMs },
    ...{ replaySec: pictures.durationMs / 1_000, gapCount: pictures.gaps.count, fileMb: Math.round((file.byteCount ?? 0) / 1e5) / 10 },
    hadStartOver: base !== '',
  };
}

/** Plays an address in the page with hls.js and waits for frames. */
async function play(page: import('playwright-core').Page, url: string): Promise<void> {
  await page.evaluate((address) => {
    const { Hls } = globalThis as unknown as {
      Hls: new () => { loadSource(url: string): void; attachMedia(video: HTMLVideoElement): void };
    };
    document.querySelector('video')?.remove();
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    document.body.append(video);
    const hls = new Hls();
    hls.loadSource(address);
    hls.attachMedia(video);
  }, url);
  await page.waitForFunction(() => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 2, undefined, {
    timeout: PATIENCE_MS,
    polling: 20,
  });
}

try {
  const system = await startSystem({ viewerCount: 0 });
  cleanUps.push(() => system.stop());
  const owner = await signInOwner(system, 'a bench of its own');
  const demo = await system.readShopConnection();
  await until('the demo show on air', async () => (await owner.call<Show>('GET', `/v1/shows/${demo.showId}`)).state === 'live');
  await owner.call('POST', `/v1/shows/${demo.showId}/commands`, { command: 'end' });
  const site = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Replay</title>'),
  );
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => site.close());
  const browser = await startBrowser();
  cleanUps.push(() => browser.close());
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'), 'utf8') });

  const runs: Awaited<ReturnType<typeof measureOne>>[] = [];
  for (let run = 0; run < runCount; run += 1) {
    runs.push(await measureOne(owner, page));
    say(JSON.stringify(runs.at(-1)));
  }
  const middle = (pick: (run: (typeof runs)[number]) => number) =>
    runs.map(pick).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0;
  const worst = (pick: (run: (typeof runs)[number]) => number) => Math.max(...runs.map(pick));
  const row = (figure: string, pick: (run: (typeof runs)[number]) => number, bar: string) => ({
    ...{ figure, median: `${middle(pick)} ms`, worst: `${worst(pick)} ms`, bar },
  });
  console.table([
    row('end to playable replay', (run) => run.playableMs, '5000 ms'),
    row('end to moving picture in Chromium', (run) => run.movingMs, ''),
    row('the end command itself', (run) => run.commandMs, ''),
    row('end to pictures and storyboard', (run) => run.picturesMs, ''),
    row('MP4, asked to ready', (run) => run.fileMs, ''),
  ]);
  const result = { date: new Date().toISOString(), machine: machineFacts(), load1: loadavg()[0], showSec, runs };
  console.log(JSON.stringify(result, null, 2));
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}
