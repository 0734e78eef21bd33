// How fast is the room of the whole system? The server as a process with its own Postgres, a real encoder on air, a
// show put live through the API; an audience of real clients in another process that chats; meanwhile a host switches
// products through the console's route, and one viewer is cut off for five seconds.
//
//   npm run bench -- room                                500 viewers, 20 lines/s, 60 s, 30 highlights
//   npm run bench -- room --viewers=200 --sec=20 --json=result.json
//
// Open loop: a line's latency counts from when it was due. Server, database, encoder and audience share the machine.
// The baseline is chat-fanout's plain server under the same load: no database, one send for each socket and line.
import { fork, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { processesOf } from '../e2e/faults/system/insp-process.ts';
import { type SellingSystem, startSellingSystem } from '../e2e/faults/system/selling-system.ts';
import { createLatencyRecorder, type Latency, machineFacts } from './chat-fanout-report.ts';
import { createProcessMeter, printRoomReport, type RoomReport, type ViewersResult } from './room-report.ts';

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '500' },
    rate: { type: 'string', default: '20' },
    sec: { type: 'string', default: '60' },
    highlights: { type: 'string', default: '30' },
    'no-baseline': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const intArgument = (name: 'viewers' | 'rate' | 'sec' | 'highlights', min: number, max: number): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
};
const load = {
  viewerCount: intArgument('viewers', 2, 5_000),
  ratePerSec: intArgument('rate', 1, 200),
  measureSec: intArgument('sec', 20, 600),
};
const switchCount = intArgument('highlights', 1, 500);
const BASELINE_SEC = 15;

const machineMs = () => performance.timeOrigin + performance.now();

function startViewers(system: SellingSystem) {
  const child = fork(new URL('./room-viewers.ts', import.meta.url), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const messages: { kind: string; result?: ViewersResult }[] = [];
  let arrived = () => {};
  child.on('message', (message) => {
    messages.push(message as (typeof messages)[number]);
    arrived();
  });
  const failed = new Promise<never>((_, fail) => child.once('exit', (code) => fail(new Error(`the viewers ended with ${code}`))));
  failed.catch(() => {});
  child.send([{ at: { url: system.at.url }, shop: { url: system.shop.url }, secrets: system.secrets, showId: system.showId }, load]);
  return {
    async next(kind: string) {
      for (;;) {
        const message = messages.shift();
        if (message?.kind === kind) return message;
        if (message !== undefined) throw new Error(`expected ${kind}, got ${message.kind}`);
        await Promise.race([
          failed,
          new Promise<void>((done) => {
            arrived = done;
          }),
        ]);
      }
    },
    tell: (word: string) => child.send(word),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Switches products at even times while the room chats, as the console does: the new one on, then the old one off. */
async function switchHighlights({ api, showId, products }: SellingSystem): Promise<Map<string, number>> {
  const startedMs = new Map<string, number>();
  let before: string | null = null;
  for (let turn = 0; turn < switchCount; turn += 1) {
    const product = products[turn % products.length]!;
    const requestedMs = machineMs();
    const highlight = await api.startHighlight(showId, product.id);
    startedMs.set(highlight.id, requestedMs);
    if (before !== null) await api.endHighlight(showId, before);
    before = highlight.id;
    const restMs = requestedMs + (load.measureSec * 900) / switchCount - machineMs();
    if (restMs > 0) await new Promise((done) => setTimeout(done, restMs));
  }
  return startedMs;
}

async function measureBaseline(): Promise<RoomReport['baseline']> {
  if (values['no-baseline']) return null;
  const folder = await mkdtemp(join(tmpdir(), 'insp-bench-'));
  const file = join(folder, 'plain.json');
  const args = ['--only=plain', `--sockets=${load.viewerCount}`, `--rate=${load.ratePerSec}`, `--sec=${BASELINE_SEC}`, `--json=${file}`];
  try {
    const child = spawn(process.execPath, [new URL('./chat-fanout.ts', import.meta.url).pathname, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await new Promise((done) => child.once('exit', done));
    const { results } = JSON.parse(await readFile(file, 'utf8')) as { results: NonNullable<RoomReport['baseline']>[] };
    const [plain] = results;
    return plain === undefined ? null : { variant: plain.variant, latency: plain.latency, serverCpuPct: plain.serverCpuPct };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function highlightLatency(startedMs: ReadonlyMap<string, number>, seen: ViewersResult['highlights']): Latency & { seenCount: number } {
  const recorder = createLatencyRecorder();
  let seenCount = 0;
  for (const [id, requestedMs] of startedMs) {
    for (const atMs of seen[id] ?? []) recorder.add(atMs - requestedMs);
    seenCount += seen[id]?.length ?? 0;
  }
  return { ...recorder.read(), seenCount };
}

async function measure(): Promise<Omit<RoomReport, 'baseline'>> {
  const system = await startSellingSystem();
  const viewers = startViewers(system);
  const giveUp = () => {
    viewers.kill();
    void system.remove().finally(() => process.exit(130));
  };
  process.once('SIGINT', giveUp);
  process.once('SIGTERM', giveUp);
  try {
    await viewers.next('ready');
    const postgresPids = async () =>
      (await processesOf(system.at.folder)).filter(({ command }) => /postgres( |:)/.test(command)).map(({ pid }) => pid);
    const meters = [createProcessMeter(async () => [system.insp.child.pid ?? 0]), createProcessMeter(postgresPids)] as const;
    for (const meter of meters) await meter.begin();
    viewers.tell('go');
    const [startedMs] = await Promise.all([switchHighlights(system), viewers.next('spoken')]);
    const [server, database] = await Promise.all([meters[0].read(), meters[1].read()]);
    const { result } = await viewers.next('result');
    if (result === undefined) throw new Error('the viewers told nothing');
    const { highlights, ...seen } = result;
    const highlight = { ...highlightLatency(startedMs, highlights), switchCount, expectedCount: switchCount * load.viewerCount };
    return { ...load, viewers: seen, highlight, server, database };
  } finally {
    process.off('SIGINT', giveUp);
    process.off('SIGTERM', giveUp);
    viewers.kill();
    await system.remove();
  }
}

// Before we add ours: a machine that was busy already tells little about the room.
const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10;
const report: RoomReport = { ...(await measure()), baseline: await measureBaseline() };
printRoomReport(report);
console.log(`load of the machine before the run: ${loadBefore}`);
const dated = { bench: 'room', at: new Date().toISOString(), machine: machineFacts(), loadBefore, ...report };
if (values.json) await writeFile(values.json, `${JSON.stringify(dated, null, 2)}\n`);
else process.stdout.write(`${JSON.stringify(dated)}\n`);
