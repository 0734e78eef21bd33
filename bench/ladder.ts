// What a ladder costs and how late it is: a synthetic 1080p30 clip of 6 Mbit/s goes through the transcoder of a
// broadcast at its own pace, once for each variant, beside what ffmpeg does when it is asked plainly.
//
//   npm run bench -- ladder
//   npm run bench -- ladder --play-sec=60 --clip=talk.flv --json=result.json
//
// `--clip` takes any FLV of H.264; real footage costs more than a test picture. CPU is that of the ffmpeg alone, as the
// kernel counts it, after the first two seconds. Delay is from a picture going in to the same picture of the slowest
// rung coming out, likewise. Figures of a machine that does other things too are pessimistic. Nothing here can fail a build.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import {
  createCpuBudget,
  createFlvDemuxer,
  createFlvReader,
  type DemuxEvent,
  type FlvTag,
  ffmpegArguments,
  PIPES,
  type TranscodePlan,
} from '@insp/media';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { createBroadcastTranscoder } from '../packages/server/src/modules/media/transcoder/broadcast-transcoder.ts';
import { createLocalLauncher } from '../packages/server/src/modules/media/transcoder/local-launcher.process.ts';
import { machineFacts } from './chat-fanout-report.ts';

const { values } = parseArgs({
  options: { 'play-sec': { type: 'string', default: '20' }, clip: { type: 'string' }, json: { type: 'string' } },
});
const playSec = Number(values['play-sec']);
if (!Number.isInteger(playSec) || playSec < 5 || playSec > 600) throw new Error('--play-sec must be a whole number from 5 to 600');

/** Linux counts CPU in hundredths of a second (sysconf(_SC_CLK_TCK), 100 on all we know). */
const TICK_MS = 10;
const WARM_UP_MS = 2_000;
const say = (line: string) => process.stderr.write(`${line}\n`);

/** What somebody writes who knows ffmpeg but not this use of it: the same sizes and bitrates, all else as it comes. */
function plainArguments(plan: TranscodePlan, encoder: readonly string[]): string[] {
  const split = `[0:v]split=${plan.rungs.length}${plan.rungs.map((_rung, index) => `[s${index}]`).join('')}`;
  const scaled = plan.rungs.map((rung, index) => `[s${index}]scale=${rung.widthPx}:${rung.heightPx}[v${index}]`);
  const outputs = plan.rungs.flatMap((rung, index) => {
    const rate = String(rung.bitrateBitsPerSec);
    return [
      '-map',
      `[v${index}]`,
      '-c:v',
      'libx264',
      ...encoder,
      '-b:v',
      rate,
      '-maxrate',
      rate,
      '-bufsize',
      rate,
      '-f',
      'flv',
      `pipe:${PIPES.firstRung + index}`,
    ];
  });
  return ['-loglevel', 'error', '-copyts', '-i', 'pipe:0', '-filter_complex', [split, ...scaled].join(';'), ...outputs];
}

type Variant = { readonly name: string; readonly sidesPx: readonly number[]; readonly argumentsOf?: typeof ffmpegArguments };
const FULL = [720, 480, 360];
const VARIANTS: readonly Variant[] = [
  { name: 'ours: 720 + 480 + 360, stills, signs', sidesPx: FULL },
  { name: 'ours, one shed: 720 + 360', sidesPx: [720, 360] },
  { name: 'ours, two shed: 360', sidesPx: [360] },
  { name: 'ours, no rung: key frames looked at', sidesPx: [] },
  { name: 'baseline: plain ffmpeg, veryfast', sidesPx: FULL, argumentsOf: (plan) => plainArguments(plan, ['-preset', 'veryfast']) },
  { name: 'baseline: plain ffmpeg, default preset', sidesPx: FULL, argumentsOf: (plan) => plainArguments(plan, []) },
];

async function makeClip(folder: string): Promise<string> {
  const file = join(folder, 'clip.flv');
  say(`making ${playSec} s of 1080p30, 6 Mbit/s`);
  // Motion, detail and noise: a flat test picture would be too cheap to decode.
  const picture = `testsrc2=size=1920x1080:rate=30,noise=alls=12:allf=t`;
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-pix_fmt',
    'yuv420p',
    '-b:v',
    '6M',
    '-maxrate',
    '6M',
    '-bufsize',
    '6M',
  ];
  const groups = ['-g', '60', '-keyint_min', '60', '-sc_threshold', '0'];
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    picture,
    '-t',
    String(playSec),
    ...coding,
    ...groups,
    '-f',
    'flv',
    '-flvflags',
    'no_duration_filesize',
    file,
  ]);
  return file;
}

async function eventsOf(file: string): Promise<DemuxEvent[]> {
  const tags: FlvTag[] = [];
  createFlvReader().push(await readFile(file), (tag) => tags.push(tag));
  const demuxer = createFlvDemuxer();
  return tags.flatMap((tag) => demuxer.push(tag));
}

async function cpuOf(pid: number | null): Promise<{ cpuMs: number; rssMb: number } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, rssMb: Math.round((Number(fields[21]) * 4_096) / 2 ** 20) };
}

async function measure(variant: Variant, events: readonly DemuxEvent[]) {
  say(variant.name);
  const sentAtMs = new Map<number, number>();
  const sourceKeysMs = new Set<number>();
  const rungKeysMs = new Map<string, Set<number>>();
  const shownAtMs = new Map<string, Map<number, number>>();
  let runCount = 0;
  const local = createLocalLauncher({ ffmpeg: 'ffmpeg', clock: systemClock, argumentsOf: variant.argumentsOf ?? ffmpegArguments });
  const transcoder = createBroadcastTranscoder({
    broadcastId: 'bench',
    launcher: {
      ...local,
      start(...given) {
        runCount += 1;
        return local.start(...given);
      },
    },
    budget: createCpuBudget(Number.POSITIVE_INFINITY),
    sidesPx: variant.sidesPx,
    threadCount: null,
    openRung: (rung) => ({
      push(event) {
        if (event.kind !== 'video') return;
        const ptsMs = event.dtsMs + event.compositionMs;
        const shown = shownAtMs.get(rung) ?? new Map<number, number>();
        shownAtMs.set(rung, shown.set(ptsMs, performance.now()));
        if (event.isKey) rungKeysMs.set(rung, (rungKeysMs.get(rung) ?? new Set()).add(ptsMs));
      },
      close() {},
    }),
    listeners: [],
    clock: systemClock,
    logger: { ...silentLogger, warn: (fields, message) => say(`  ${message} ${JSON.stringify(fields)}`) },
  });
  transcoder.onConnected?.(Date.now());
  const first = events.find((event) => event.kind === 'video');
  const originMs = first?.kind === 'video' ? first.dtsMs : 0;
  const startedAtMs = performance.now();
  let before: { cpuMs: number; atMs: number } | null = null;
  let lastTickMs = 0;
  for (const event of events) {
    const inMs = event.kind === 'video' ? event.dtsMs - originMs : 0;
    if (inMs > playSec * 1_000) break;
    const waitMs = inMs - (performance.now() - startedAtMs);
    if (waitMs > 0) await delay(waitMs);
    if (event.kind === 'video') {
      sentAtMs.set(event.dtsMs + event.compositionMs, performance.now());
      if (event.isKey) sourceKeysMs.add(event.dtsMs + event.compositionMs);
    }
    transcoder.onSample?.(event, Date.now());
    // Nobody watches over a baseline: it may be as late as it is.
    if (inMs - lastTickMs >= 1_000 && !variant.argumentsOf) {
      lastTickMs = inMs;
      transcoder.tick();
    }
    if (before === null && inMs >= WARM_UP_MS) {
      const now = await cpuOf(transcoder.pid);
      before = now && { cpuMs: now.cpuMs, atMs: performance.now() };
    }
  }
  const after = await cpuOf(transcoder.pid);
  const measuredMs = performance.now() - (before?.atMs ?? 0);
  const { droppedFrameCount } = transcoder.status;
  transcoder.onEnded?.(Date.now());
  await delay(1_500);

  const rungs = [...shownAtMs.values()];
  const delaysMs: number[] = [];
  for (const [ptsMs, atMs] of sentAtMs) {
    // What was kept until the source was known comes late once; that is `firstOutMs`.
    if (atMs - startedAtMs < WARM_UP_MS) continue;
    if (rungs.length > 0 && rungs.every((shown) => shown.has(ptsMs)))
      delaysMs.push(Math.max(...rungs.map((shown) => shown.get(ptsMs) ?? 0)) - atMs);
  }
  const keys = [...rungKeysMs.values()];
  const mismatchCount = keys.reduce(
    (sum, own) => sum + [...sourceKeysMs].filter((ms) => !own.has(ms)).length + [...own].filter((ms) => !sourceKeysMs.has(ms)).length,
    0,
  );
  const firstOutMs = rungs.length === 0 ? null : Math.max(...rungs.map((shown) => Math.min(...shown.values()))) - startedAtMs;
  delaysMs.sort((a, b) => a - b);
  const at = (share: number) =>
    delaysMs.length === 0 ? null : Math.round(delaysMs[Math.min(delaysMs.length - 1, Math.floor(delaysMs.length * share))] ?? 0);
  return {
    variant: variant.name,
    cores: before && after ? Math.round(((after.cpuMs - before.cpuMs) / measuredMs) * 1_000) / 1_000 : null,
    rssMb: after?.rssMb ?? null,
    delayP50Ms: at(0.5),
    delayP95Ms: at(0.95),
    firstOutMs: firstOutMs === null ? null : Math.round(firstOutMs),
    picturesIn: sentAtMs.size,
    picturesOut: rungs.length === 0 ? null : Math.min(...rungs.map((shown) => shown.size)),
    keyFrames: sourceKeysMs.size,
    keyMismatches: rungs.length === 0 ? null : mismatchCount,
    dropped: droppedFrameCount,
    runs: runCount,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'insp-bench-ladder-'));
try {
  const events = await eventsOf(values.clip ?? (await makeClip(folder)));
  const results = [];
  for (const variant of VARIANTS) results.push(await measure(variant, events));
  console.table(results);
  const result = {
    machine: machineFacts(),
    playSec,
    clip: values.clip ?? 'synthetic 1080p30, 6 Mbit/s',
    bars: { cores: 0.8, keyMismatches: 0 },
    results,
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
