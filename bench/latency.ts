// From the host's picture to the viewer's eye, measured on the picture itself: every frame carries the time it was
// painted at, and the viewer's page reads it back from what it shows (media.md 10). The real server, RTMP in, the real
// plug-in in headless Chromium behind a line that can be made bad; then bare hls.js without low latency on the same
// address, so that each figure stands beside a peer.
//
//   npm run bench -- latency                                   40 s, open line
//   npm run bench -- latency --rtt 100 --jitter 40 --profile obs
//   npm run bench -- latency --sec 60 --outage 3               the viewer's line is cut for 3 s
//   npm run bench -- latency --cut 5                           the host's encoder dies and is back after 5 s
//   npm run bench -- latency --cards                           cards against their frames: live, rewound, replay
//   npm run bench -- latency --soak                            30 min; memory and stalls
//   npm run bench -- latency --track v480                      that rendition only
//   npm run bench -- latency --bitrate 6000000 --json out.json
//
// Host, server, browser and proxy share one machine: figures are a floor. Nothing here can fail a build.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startBrowser } from '../e2e/support/browser.ts';
import { machineFacts } from './chat-fanout-report.ts';
import { measureCards, measureReplayCards } from './latency-cards.ts';
import {
  comeBackOf,
  freezesOf,
  glassToGlassMs,
  growthPerHour,
  programErrorsMs,
  type RequestKind,
  requestKindOf,
  SETTLED_AFTER_MS,
  spreadOf,
} from './latency-figures.ts';
import { type Seen, takeSeen, watchPages } from './latency-page.ts';
import { machineTimes, type ProcessSample, sampleProcess } from './latency-process.ts';
import { type LatencyResult, printLatency } from './latency-report.ts';
import { PROFILES, startSource } from './latency-source.ts';
import { startLatencySystem } from './latency-system.ts';
import { until } from './support/command-line.ts';

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    rtt: { type: 'string', default: '0' },
    jitter: { type: 'string', default: '0' },
    rate: { type: 'string', default: '0' },
    outage: { type: 'string', default: '0' },
    profile: { type: 'string', default: 'clean' },
    track: { type: 'string' },
    sec: { type: 'string', default: '40' },
    joins: { type: 'string', default: '5' },
    bitrate: { type: 'string', default: '1000000' },
    'gop-sec': { type: 'string', default: '2' },
    'peer-sec': { type: 'string', default: '20' },
    soak: { type: 'boolean', default: false },
    cards: { type: 'boolean', default: false },
    cut: { type: 'string', default: '0' },
    height: { type: 'string' },
    json: { type: 'string' },
  },
});
const settings = {
  partMs: values.part === undefined ? null : numberOf('part', 100, 2_000),
  rttMs: numberOf('rtt', 0, 2_000),
  jitterMs: numberOf('jitter', 0, 2_000),
  rateBitsPerSec: numberOf('rate', 0, 1e9),
  outageSec: numberOf('outage', 0, 60),
  profile: PROFILES.find((profile) => profile === values.profile) ?? fail(`--profile is one of ${PROFILES.join(', ')}`),
  track: values.track ?? null,
  sec: values.soak ? 1_800 : numberOf('sec', 5, 36_000),
  joinCount: numberOf('joins', 0, 100),
  bitrateBitsPerSec: numberOf('bitrate', 100_000, 50_000_000),
  gopSec: numberOf('gop-sec', 0.5, 10),
  peerSec: numberOf('peer-sec', 0, 600),
  hasCards: values.cards,
  hostCutSec: numberOf('cut', 0, 100),
  // A rung needs a source above it.
  heightPx:
    values.height !== undefined ? numberOf('height', 360, 2_160) : values.track?.startsWith('v') && values.track !== 'video' ? 720 : 360,
};

function numberOf(name: Exclude<keyof typeof values, 'soak' | 'cards'>, min: number, max: number): number {
  const value = Number(values[name]);
  return Number.isFinite(value) && value >= min && value <= max ? value : fail(`--${name} is a number from ${min} to ${max}`);
}
function fail(why: string): never {
  throw new Error(why);
}

const cleanUps: (() => unknown)[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Ctrl-C ends the watching, not the report. */
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    isStopping = true;
  });

/** Collects what a page sees, second by second: it must not pile up in the page. */
async function follow(page: Page, durationMs: number, everySec: (second: number) => unknown = () => {}): Promise<Seen> {
  const all = await takeSeen(page);
  const startedAtMs = Date.now();
  for (let second = 1; !isStopping && Date.now() - startedAtMs < durationMs; second += 1) {
    await delay(Math.max(0, startedAtMs + second * 1_000 - Date.now()));
    await everySec(second);
    const { frames, cards, stalls, ...now } = await takeSeen(page);
    Object.assign(all, now);
    all.frames.push(...frames);
    all.cards.push(...cards);
    all.stalls.push(...stalls);
  }
  return all;
}

const firstFrameOf = (page: Page) =>
  until('a first frame', async () => {
    const seen = await takeSeen(page);
    return seen.firstFrameAtMs === null ? null : { ...seen, firstFrameAtMs: seen.firstFrameAtMs };
  });

function figuresOf(seen: Seen, fromMs: number) {
  const settled = seen.frames.filter(({ atMs }) => atMs >= fromMs + SETTLED_AFTER_MS);
  const readable = settled.filter(({ stampMs }) => stampMs !== null);
  const stalls = seen.stalls.filter(({ atMs }) => atMs >= fromMs);
  return {
    glassToGlass: spreadOf(glassToGlassMs(settled)),
    playerLatency: spreadOf(settled.flatMap(({ latencySec }) => (latencySec === null ? [] : [latencySec * 1_000]))),
    playerTarget: spreadOf(settled.flatMap(({ targetSec }) => (targetSec === null ? [] : [targetSec * 1_000]))),
    fasterRatio: round(settled.filter(({ rate }) => rate > 1).length / Math.max(1, settled.length)),
    slowerRatio: round(settled.filter(({ rate }) => rate < 1).length / Math.max(1, settled.length)),
    programError: spreadOf(programErrorsMs(settled)),
    frameCount: settled.length,
    unreadableCount: settled.length - readable.length,
    stallCount: stalls.length,
    stallMs: Math.round(stalls.reduce((sum, { stallMs }) => sum + stallMs, 0)),
    freezes: freezesOf(settled).map(({ stallMs }) => Math.round(stallMs)),
    droppedCount: seen.droppedCount,
    totalCount: seen.totalCount,
  };
}

async function measure(): Promise<LatencyResult> {
  const system = await startLatencySystem(settings.partMs === null ? {} : { INSP_MEDIA_PART_MS: String(settings.partMs) });
  cleanUps.push(() => system.stop());
  const { proxy, serverPid } = system;
  const { rttMs, jitterMs, rateBitsPerSec } = settings;
  proxy.setLine({ rttMs, jitterMs, rateBitsPerSec });

  const browser = await startBrowser({ viewport: { width: 660, height: 380 } });
  cleanUps.push(() => browser.close());
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  await watchPages(page, settings.track);
  const requests = new Map<RequestKind, number>();
  browser.context.on('request', (request) => {
    const kind = requestKindOf(request.url());
    requests.set(kind, (requests.get(kind) ?? 0) + 1);
  });
  const beacons: { name: string }[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      for (const { type, data } of [JSON.parse(String(payload))].flat()) if (type === 'report_player_events') beacons.push(...data.events);
    }),
  );
  const shopUrl = `${system.pagesUrl}/?show=${system.showId}`;
  await page.goto(shopUrl);
  await delay(2_000);

  say('publishing');
  const { profile, bitrateBitsPerSec, gopSec } = settings;
  const publish = () => {
    const made = startSource({ url: system.publishUrl, profile, bitrateBitsPerSec, gopSec, heightPx: settings.heightPx });
    cleanUps.push(() => made.kill());
    return made;
  };
  const source = publish();
  const address = await until('a picture', async () => (await system.readShow()).previewPlaylistUrl);
  const playable = until('a playlist', async () => {
    const answer = await fetch(new URL(new URL(address).pathname, system.localUrl));
    await answer.body?.cancel();
    return answer.ok ? Date.now() : null;
  });
  await system.command('go_live');
  const publishToPlayableMs = (await playable) - source.startedAtMs;
  const first = await firstFrameOf(page);
  const publishToViewerMs = Math.round(first.firstFrameAtMs - source.startedAtMs);

  say(`the first frame comes ${publishToViewerMs} ms after publishing; watching ${settings.sec} s`);
  requests.clear();
  const samples: ProcessSample[] = [];
  const takeSample = () => {
    const sample = sampleProcess(serverPid);
    if (sample !== null) samples.push(sample);
  };
  const timesBefore = machineTimes();
  const cutAtSec = settings.outageSec > 0 ? Math.max(15, Math.floor(settings.sec / 4)) : -1;
  let cutAtMs = 0;
  takeSample();
  const watchedFromMs = Date.now();
  const seen = await follow(page, settings.sec * 1_000, (second) => {
    if (second % 5 === 0) takeSample();
    if (second % 60 === 0) say(`  ${second} s, rss ${Math.round(samples.at(-1)?.rssMb ?? 0)} MB`);
    if (second === cutAtSec) {
      cutAtMs = Date.now();
      proxy.cut(settings.outageSec * 1_000);
    }
  });
  takeSample();
  const watchedSec = (Date.now() - watchedFromMs) / 1_000;
  const timesAfter = machineTimes();
  const requestsPerSec = Object.fromEntries([...requests].map(([kind, count]) => [kind, round(count / watchedSec)]));
  seen.frames.unshift(...first.frames);
  const player = figuresOf(seen, first.firstFrameAtMs);

  const measured = settings.hasCards ? await measureCards({ system, page, follow, say }) : null;
  const cards = measured?.figures ?? null;

  let hostCut: LatencyResult['hostCut'] = null;
  if (settings.hostCutSec > 0) {
    say(`the encoder dies, and is back after ${settings.hostCutSec} s`);
    source.kill();
    const from = await follow(page, settings.hostCutSec * 1_000);
    const second = publish();
    const after = await follow(page, 15_000);
    const firstNew = after.frames.find(({ stampMs }) => stampMs !== null && stampMs >= second.startedAtMs);
    const settled = after.frames.filter(({ atMs }) => firstNew !== undefined && atMs > firstNew.atMs + 5_000);
    hostCut = {
      backAfterMs: firstNew === undefined ? null : Math.round(firstNew.atMs - second.startedAtMs),
      stallCount: from.stalls.length + after.stalls.length,
      freezesAfter: freezesOf(settled).length,
      lateP50Ms: spreadOf(glassToGlassMs(settled))?.p50Ms ?? null,
    };
  }

  const joins: LatencyResult['joins'] = [];
  for (let join = 0; join < settings.joinCount && !isStopping; join += 1) {
    // Anywhere in a picture group.
    await delay(500 + ((join * 619) % 2_000));
    await page.goto(shopUrl);
    const { firstFrameAtMs, askedAtMs, navigatedAtMs, frames } = await firstFrameOf(page);
    joins.push({
      joinMs: Math.round(firstFrameAtMs - navigatedAtMs),
      firstFrameMs: Math.round(firstFrameAtMs - (askedAtMs ?? navigatedAtMs)),
      behindMs: Math.round(glassToGlassMs(frames.slice(0, 1))[0] ?? 0),
    });
    say(`join ${join + 1}: ${JSON.stringify(joins.at(-1))}`);
  }

  let peer: LatencyResult['peer'] = null;
  if (settings.peerSec > 0 && !isStopping) {
    say(`the peer: hls.js without low latency, ${settings.peerSec} s`);
    await page.goto(`${system.pagesUrl}/plain?url=${encodeURIComponent(address)}`);
    const start = await firstFrameOf(page);
    const peerSeen = await follow(page, SETTLED_AFTER_MS + settings.peerSec * 1_000);
    peer = {
      ...figuresOf(peerSeen, start.firstFrameAtMs),
      firstFrameMs: Math.round(start.firstFrameAtMs - (start.askedAtMs ?? start.navigatedAtMs)),
    };
  }

  if (measured !== null && !isStopping) {
    const { moments } = measured;
    const replay = await measureReplayCards({ system, page, follow, say, shopUrl, moments, beganAtMs: source.startedAtMs });
    if (replay !== null) measured.figures.push(replay);
  }

  const [from] = samples;
  const to = samples.at(-1);
  const spanSec = from && to ? (to.atMs - from.atMs) / 1_000 : 0;
  return {
    ...{ settings, machine: machineFacts(), commit: commitOf(), date: new Date().toISOString(), player, peer, joins, cards, hostCut },
    ...{ publishToPlayableMs, publishToViewerMs, watchedSec: round(watchedSec), requestsPerSec },
    outage: cutAtMs === 0 ? null : comeBackOf(seen.frames, cutAtMs, settings.outageSec * 1_000),
    beacons: beacons.filter(({ name }) => name.startsWith('player.')),
    sourceWaitedCount: source.waitedCount,
    process:
      from && to && spanSec > 0
        ? {
            nodeCpuPct: round(((to.nodeCpuSec - from.nodeCpuSec) / spanSec) * 100),
            ffmpegCpuPct: round(((to.ffmpegCpuSec - from.ffmpegCpuSec) / spanSec) * 100),
            rssFirstMb: Math.round(from.rssMb),
            rssLastMb: Math.round(to.rssMb),
            rssMaxMb: Math.round(Math.max(...samples.map(({ rssMb }) => rssMb))),
            // The first third is warming up.
            rssGrowthMbPerHour: round(
              growthPerHour(samples.slice(Math.floor(samples.length / 3)).map(({ atMs, rssMb }) => ({ atMs, value: rssMb }))),
            ),
            rssMb: samples.filter((_, index) => index % 12 === 0).map(({ rssMb }) => Math.round(rssMb)),
          }
        : null,
    machineBusyPct: round(
      ((timesAfter.busySec - timesBefore.busySec) /
        Math.max(1, timesAfter.busySec - timesBefore.busySec + timesAfter.idleSec - timesBefore.idleSec)) *
        100,
    ),
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  } catch {
    return 'unknown';
  }
}

try {
  const result = await measure();
  printLatency(result);
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}
