// The audience of the room bench in a process of its own: every viewer is the client that shoppers have
// (@insp/client) over a real socket, with a session of the HTTP API. One of them is cut off for a while.
import { createRoomClient, type RoomClient, type SocketConstructor } from '@insp/client';
import type { ViewerSession } from '@insp/protocol';
import { WebSocket } from 'ws';
import { type Door, joinShow } from '../e2e/faults/system/shoppers.ts';
import { createCpuMeter, createLatencyRecorder } from './chat-fanout-report.ts';
import type { ViewersResult } from './room-report.ts';

const JOINS_AT_ONCE = 12;
const WARM_UP_MS = 3_000;
const CUT_AFTER_MS = 10_000;
const CUT_FOR_MS = 5_000;
/** After the last line: time for what is under way. */
const DRAIN_MS = 15_000;

type Load = { viewerCount: number; ratePerSec: number; measureSec: number };
const [door, load] = await new Promise<[Door, Load]>((done) => process.once('message', (message) => done(message as [Door, Load])));
process.once('disconnect', () => process.exit());

/** Milliseconds of the machine, the same in every process of it. */
const machineMs = () => performance.timeOrigin + performance.now();
const lineCount = load.ratePerSec * load.measureSec;
const dueMs = new Float64Array(lineCount);
const wasRefused = new Uint8Array(lineCount);
const latency = createLatencyRecorder();
const highlights: Record<string, number[]> = {};
const figures = { receivedCount: 0, gapCount: 0, disorderCount: 0, reconnectCount: 0 };
const cut = { fromMs: 0, toMs: 0, backAtMs: 0, lastRecoveredMs: 0, wasGapTold: false };

type Viewer = { client: RoomClient; seen: Uint8Array; isCut: boolean; hadGap: boolean; sever(): void };
const clock = {
  nowMs: () => Date.now(),
  after(delayMs: number, work: () => void) {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

function createViewer(session: ViewerSession, isCut: boolean): Promise<Viewer> {
  let socket: WebSocket | null = null;
  /** As the shop's page would open it: with its Origin; not at all while the line is cut. */
  class ShopSocket extends WebSocket {
    constructor(url: string, protocol?: string) {
      if (isCut && machineMs() < cut.toMs) throw new Error('the line is cut');
      super(url, protocol, { origin: door.shop.url, perMessageDeflate: false });
      socket = this;
    }
  }
  const client = createRoomClient({
    session: async () => session,
    WebSocket: ShopSocket as unknown as SocketConstructor,
    clock,
    random: { float: Math.random },
  });
  const viewer: Viewer = { client, seen: new Uint8Array(lineCount), isCut, hadGap: false, sever: () => socket?.terminate() };
  let lastSeq = 0;
  let welcomeCount = 0;
  client.on('chat_message_posted', ({ seq, text }) => {
    const nowMs = machineMs();
    if (seq <= lastSeq) figures.disorderCount += 1;
    lastSeq = seq;
    const line = Number(/@(\d+)@/.exec(text)?.[1] ?? -1);
    if (line < 0) return;
    viewer.seen[line] = 1;
    figures.receivedCount += 1;
    const due = dueMs[line] as number;
    // What was on its way at the cut, or came meanwhile, is caught up with; that measures the cut, not the room.
    const isCaughtUp = isCut && cut.fromMs > 0 && nowMs >= cut.fromMs && due < (cut.backAtMs || Number.POSITIVE_INFINITY);
    if (isCaughtUp) cut.lastRecoveredMs = nowMs;
    else latency.add(nowMs - due);
  });
  client.on('highlight_started', ({ id }) => {
    highlights[id] ??= [];
    highlights[id].push(machineMs());
  });
  client.on('gap', () => {
    figures.gapCount += 1;
    viewer.hadGap = true;
    if (isCut) cut.wasGapTold = true;
  });
  return new Promise((done, fail) => {
    client.on('state', (state) => {
      if (state.kind === 'ended') fail(new Error(`a viewer was sent away: ${state.error?.code}`));
      if (state.kind !== 'open') return;
      welcomeCount += 1;
      if (welcomeCount > 1) figures.reconnectCount += 1;
      if (isCut && welcomeCount > 1) cut.backAtMs ||= machineMs();
      done(viewer);
    });
    client.start();
  });
}

async function inTurns<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
  return results;
}

const sleepUntil = async (atMs: number) => {
  const waitMs = atMs - machineMs();
  if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
};

/** Sends lines by the clock, speakers in turn, whatever became of the ones before. */
async function speak(count: number, isMeasured: boolean): Promise<void> {
  const startMs = machineMs() + 50;
  const answers: Promise<void>[] = [];
  for (let line = 0; line < count; line += 1) {
    const due = startMs + (line * 1_000) / load.ratePerSec;
    if (isMeasured) dueMs[line] = due;
    await sleepUntil(due);
    // The viewer who is cut off does not speak: what cannot be sent is not lost on the way to others.
    const speaker = viewers[1 + (line % (viewers.length - 1))] as Viewer;
    const text = `Does the scarf come in red? ${isMeasured ? `@${line}@` : `warm ${line}`}`;
    const request = speaker.client.request('send_chat_message', { key: `bench-${isMeasured}-${line}`, text });
    answers.push(
      request.then((answer) => {
        if (isMeasured && !answer.ok) wasRefused[line] = 1;
      }),
    );
  }
  await Promise.all(answers);
}

async function cutOne(): Promise<void> {
  const [viewer] = viewers as [Viewer, ...Viewer[]];
  await sleepUntil(machineMs() + Math.min(CUT_AFTER_MS, load.measureSec * 250));
  cut.fromMs = machineMs();
  cut.toMs = cut.fromMs + CUT_FOR_MS;
  viewer.sever();
  await sleepUntil(cut.toMs + 1);
  viewer.client.retryNow();
}

/** Tells the bench how far we are and waits for its word. */
async function report(message: object): Promise<void> {
  const word = new Promise((done) => process.once('message', done));
  process.send?.(message);
  await word;
}

const viewers = await inTurns(load.viewerCount, async (index) => {
  const session = await joinShow(door, `Viewer ${index}`);
  return createViewer(session, index === 0);
});
await speak(Math.round((load.ratePerSec * WARM_UP_MS) / 1_000), false);
await report({ kind: 'ready' });

const cpu = createCpuMeter();
cpu.begin();
await Promise.all([speak(lineCount, true), cutOne()]);
const viewersCpuPct = cpu.read();
process.send?.({ kind: 'spoken' });

const isPosted = (line: number) => wasRefused[line] === 0;
const missingOf = ({ seen }: Viewer) => [...seen.keys()].filter((line) => isPosted(line) && seen[line] === 0);
const untilMs = machineMs() + DRAIN_MS;
while (machineMs() < untilMs && viewers.some((viewer) => missingOf(viewer).length > 0)) await sleepUntil(machineMs() + 100);

const refusedCount = wasRefused.reduce((sum, each) => sum + each, 0);
const missed = [...dueMs.keys()].filter(
  (line) => isPosted(line) && (dueMs[line] as number) >= cut.fromMs && (dueMs[line] as number) < cut.backAtMs,
);
const result: ViewersResult = {
  ...figures,
  sentCount: lineCount,
  refusedCount,
  expectedCount: (lineCount - refusedCount) * viewers.length,
  lostCount: viewers.filter(({ hadGap }) => !hadGap).reduce((sum, viewer) => sum + missingOf(viewer).length, 0),
  latency: latency.read(),
  viewersCpuPct,
  cut: {
    awayMs: Math.round(cut.backAtMs - cut.fromMs),
    missedCount: missed.length,
    recoveredCount: missed.filter((line) => viewers[0]?.seen[line] === 1).length,
    wasGapTold: cut.wasGapTold,
    caughtUpAfterMs: cut.lastRecoveredMs === 0 ? null : Math.round(cut.lastRecoveredMs - cut.toMs),
  },
  highlights,
};
await report({ kind: 'result', result });
for (const { client } of viewers) client.stop();
process.exit();
