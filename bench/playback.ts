// What a viewer of a real encoder gets: from publishing to a picture that moves, a minute without a stall, the picture
// on the next page of the shop, and the way back after the encoder was away for 20 s. The whole system as `npm start`
// starts it, ffmpeg over RTMP, the plug-in in the demo shop in headless Chromium; the demo's own show is ended first.
//
//   npm run bench -- playback
//   npm run bench -- playback --play-sec=20 --runs=2 --json=result.json
//
// All of it shares one machine: figures are a floor. Nothing here can fail a build.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Show } from '@insp/protocol';
import { startBrowser } from '../e2e/support/browser.ts';
import { signInOwner } from '../e2e/support/owner-api.ts';
import { startSystem } from '../e2e/support/start-system.ts';
import { machineFacts } from './chat-fanout-report.ts';
import { clearNotes, readNotes, takeNotes, whenMoved } from './playback-page.ts';
import { PATIENCE_MS, until, wholeNumber } from './support/command-line.ts';

const AWAY_MS = 20_000;
const SHOP_PAGES = ['/products/linen-throw', '/products/stoneware-mug', '/products/candle', '/products/wool-socks', '/'];

const { values } = parseArgs({
  options: {
    'play-sec': { type: 'string', default: '60' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});
const playSec = wholeNumber('play-sec', values['play-sec'], 5, 600);
const runCount = wholeNumber('runs', values['runs'], 1, 50);

const cleanUps: (() => unknown)[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);

/** A vertical picture with 2 s groups and a tone, at the pace of a camera; answers when ffmpeg was started. */
function publish(url: string) {
  const video = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=540x960:rate=25'];
  const sound = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-b:v', '1000k', '-g', '50'];
  const child = spawn(
    'ffmpeg',
    ['-nostdin', '-loglevel', 'error', ...video, ...sound, ...coding, '-c:a', 'aac', '-b:a', '96k', '-f', 'flv', url],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  cleanUps.push(() => child.kill('SIGKILL'));
  const startedAtMs = Date.now();
  return { startedAtMs, kill: () => child.kill('SIGKILL') };
}

async function measure() {
  const system = await startSystem({ viewerCount: 0 });
  cleanUps.push(() => system.stop());
  const owner = await signInOwner(system, 'a bench of its own');
  const command = (showId: string, name: string) => owner.call<Show>('POST', `/v1/shows/${showId}/commands`, { command: name });
  const demo = await system.readShopConnection();
  await until('the demo show on air', async () => (await owner.call<Show>('GET', `/v1/shows/${demo.showId}`)).state === 'live');
  await command(demo.showId, 'end');

  const { lineUp } = await owner.call<Show>('GET', `/v1/shows/${demo.showId}`);
  const show = await owner.call<Show>('POST', '/v1/shows', { title: 'Playback', scheduledAt: Date.now() + 60_000 });
  await owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items: lineUp.map(({ productId }) => ({ productId, note: '' })) });
  await command(show.id, 'schedule');
  const key = await owner.call<{ serverUrl: string; streamKey: string }>('POST', `/v1/shows/${show.id}/stream-key`);
  const publishUrl = `${key.serverUrl}/${key.streamKey}`;
  const read = () => owner.call<Show>('GET', `/v1/shows/${show.id}`);
  // So near its time the room opens by itself.
  await until('the room to open', async () => (await read()).state === 'waiting');
  await system.writeShopConnection({ showId: show.id });

  const browser = await startBrowser({ viewport: { width: 390, height: 844 } });
  cleanUps.push(() => browser.close());
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  await takeNotes(page);
  await until('the shop to carry the show', async () => {
    await page.goto(`${system.shopUrl}/`);
    return (await page.locator(`insp-show[show="${show.id}"]`).count()) > 0;
  });
  await delay(1_500);
  const beforeOpening = await readNotes(page);
  await page.getByRole('button', { name: 'Watch' }).click();
  await page.locator('insp-show .scene').waitFor();

  say('publishing');
  const first = publish(publishUrl);
  const address = await until('a picture', async () => (await read()).previewPlaylistUrl);
  const pictureMs = Date.now() - first.startedAtMs;
  await command(show.id, 'go_live');
  const publishToMoveMs = (await whenMoved(page, PATIENCE_MS)) - first.startedAtMs;

  say(`the picture moves after ${publishToMoveMs} ms; playing ${playSec} s`);
  const startOf = await readNotes(page);
  const startedAtMs = Date.now();
  const latenciesSec: number[] = [];
  while (Date.now() - startedAtMs < playSec * 1_000) {
    await delay(1_000);
    const latencySec = await latencyOf(page);
    if (latencySec !== null) latenciesSec.push(latencySec);
  }
  const endOf = await readNotes(page);
  const watchedSec = (Date.now() - startedAtMs) / 1_000;

  say(`${endOf.stallCount - startOf.stallCount} stalls, ${round(endOf.stallMs - startOf.stallMs)} ms; ${runCount} page changes`);
  await page.locator('insp-show').getByRole('button', { name: 'Minimise' }).click();
  const pageChangesMs: number[] = [];
  let layoutShiftScore = beforeOpening.layoutShiftScore + endOf.layoutShiftScore - startOf.layoutShiftScore;
  for (let run = 0; run < runCount; run += 1) {
    // A moment on every page, or the last play head is still on its way into the tab's storage.
    await delay(2_000);
    const leftAtMs = Date.now();
    await page.goto(`${system.shopUrl}${SHOP_PAGES[run % SHOP_PAGES.length]}`, { waitUntil: 'commit' });
    pageChangesMs.push((await whenMoved(page, PATIENCE_MS)) - leftAtMs);
    await delay(500);
    layoutShiftScore += (await readNotes(page)).layoutShiftScore;
  }

  say(`next page ${pageChangesMs.join(', ')} ms; the publisher is killed, and back after ${AWAY_MS / 1_000} s`);
  first.kill();
  await until('the loss to be noticed', async () => (await read()).state === 'encoder_lost');
  await delay(AWAY_MS);
  await clearNotes(page);
  const second = publish(publishUrl);
  const backToMoveMs = (await whenMoved(page, PATIENCE_MS)) - second.startedAtMs;
  say(`the picture moves again after ${backToMoveMs} ms`);
  const after = await until('the show to be live again', async () => {
    const now = await read();
    return now.state === 'live' ? now : null;
  });
  await clearNotes(page);
  await delay(10_000);
  const afterwards = await readNotes(page);

  return {
    publishToPictureOnServerMs: pictureMs,
    publishToMoveMs,
    watchedSec: round(watchedSec),
    playedSec: round(endOf.currentSec - startOf.currentSec),
    stallCount: endOf.stallCount - startOf.stallCount,
    stallMs: Math.round(endOf.stallMs - startOf.stallMs),
    latencySec: round(median(latenciesSec)),
    latencyMaxSec: round(Math.max(...latenciesSec)),
    pageChangeMedianMs: Math.round(median(pageChangesMs)),
    pageChangeMaxMs: Math.max(...pageChangesMs),
    pageChangesMs,
    layoutShiftScore,
    backToMoveMs,
    isSameAddress: after.previewPlaylistUrl === address,
    stateAfter: after.state,
    stallCountAfter: afterwards.stallCount,
    stallMsAfter: Math.round(afterwards.stallMs),
  };
}

/** Wall time less the wall time of the frame on screen, from the playlist's own clock (the server's, on this machine). */
const latencyOf = (page: import('playwright-core').Page): Promise<number | null> =>
  page.evaluate(() => {
    const stored = sessionStorage.getItem('insp.resume');
    const record = stored === null ? null : (JSON.parse(stored) as { programMs: number | null; savedAtMs: number });
    return record?.programMs ? (record.savedAtMs - record.programMs) / 1_000 : null;
  });

const round = (value: number) => Math.round(value * 100) / 100;
const median = (list: readonly number[]) => (list.length === 0 ? 0 : (list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0));

function printFigures(figures: Awaited<ReturnType<typeof measure>>) {
  console.table([
    { figure: 'publish to moving picture', measured: `${figures.publishToMoveMs} ms`, bar: '6000 ms' },
    { figure: `stalls in ${playSec} s`, measured: `${figures.stallCount} (${figures.stallMs} ms)`, bar: '0' },
    { figure: 'played of watched', measured: `${figures.playedSec} of ${figures.watchedSec} s`, bar: 'all' },
    { figure: 'behind the encoder, median', measured: `${figures.latencySec} s`, bar: '' },
    {
      figure: `next page, median of ${runCount}`,
      measured: `${figures.pageChangeMedianMs} ms (max ${figures.pageChangeMaxMs})`,
      bar: '1500 ms',
    },
    { figure: 'publisher back to moving picture', measured: `${figures.backToMoveMs} ms`, bar: 'goes on' },
    {
      figure: 'same address, state',
      measured: `${figures.isSameAddress ? 'same' : 'OTHER'}, ${figures.stateAfter}`,
      bar: 'same, live',
    },
    { figure: 'stalls in 10 s after it', measured: `${figures.stallCountAfter} (${figures.stallMsAfter} ms)`, bar: '' },
    { figure: 'layout shift by the plug-in', measured: String(figures.layoutShiftScore), bar: '0' },
  ]);
}

try {
  const figures = await measure();
  const result = { machine: machineFacts(), playSec, runCount, awaySec: AWAY_MS / 1_000, figures };
  printFigures(figures);
  console.log(JSON.stringify(result, null, 2));
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}
