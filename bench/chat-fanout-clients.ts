// The audience: all sockets of a run, in one process. Reads frames as cheaply as it can, because it shares the
// machine with the server it measures: equal frames, which are the rule, are read once.
import { WebSocket } from 'ws';
import { createCpuMeter, createLatencyRecorder } from './chat-fanout-report.ts';

const CONNECT_BATCH = 50;
const WARM_UP_MS = 2_000;
/** After the last line: time for what is under way. */
const DRAIN_MS = 5_000;
const SAME_FRAME_MEMORY = 16;

const [url, loadText] = process.argv.slice(2) as [string, string];
const load: { socketCount: number; ratePerSec: number; measureSec: number } = JSON.parse(loadText);

/** Milliseconds of the machine, the same in every process of it. */
const machineMs = () => performance.timeOrigin + performance.now();

/** A line under measure carries when it was due: `@<ms>@`. Warm-up lines carry nothing. */
type Line = { offset: number; dueMs: number | null };
const LINE = /"offset":(\d+),"data":\{"id":"[^"]*","seq":\d+,"author":\{[^}]*\},"text":"([^"]*)"/g;

const recent: Array<{ bytes: Buffer; lines: Line[] }> = [];
function linesOf(bytes: Buffer): Line[] {
  for (const frame of recent) if (frame.bytes.length === bytes.length && frame.bytes.equals(bytes)) return frame.lines;
  const lines = [...bytes.toString().matchAll(LINE)].map(([, offset, text]) => {
    const due = /@([\d.]+)@/.exec(text ?? '');
    return { offset: Number(offset), dueMs: due ? Number(due[1]) : null };
  });
  recent.unshift({ bytes, lines });
  recent.length = Math.min(recent.length, SAME_FRAME_MEMORY);
  return lines;
}

const latency = createLatencyRecorder();
const cpu = createCpuMeter();
let receivedCount = 0;
let disorderCount = 0;
let refusedCount = 0;

function open(number: number): Promise<WebSocket> {
  const socket = new WebSocket(url, 'insp.v1', { perMessageDeflate: false, skipUTF8Validation: true });
  let lastOffset = 0;
  return new Promise((done, fail) => {
    socket.on('error', fail);
    socket.on('close', (code) => fail(new Error(`socket ${number} was closed: ${code}`)));
    socket.on('open', () => socket.send(JSON.stringify({ v: 1, type: 'hello', id: 'h', data: { token: `t${number}`, positions: [] } })));
    socket.on('message', (data: Buffer) => {
      if (data.length < 4_000 && data.includes('"re":')) {
        const text = data.toString();
        if (text.includes('"type":"welcome"')) done(socket);
        else if (text.includes('"type":"refused"')) refusedCount += 1;
        // An answer and pushes never share a frame, except the welcome, which comes before all lines.
        return;
      }
      const nowMs = machineMs();
      for (const { offset, dueMs } of linesOf(data)) {
        if (lastOffset !== 0 && offset !== lastOffset + 1) disorderCount += 1;
        lastOffset = offset;
        if (dueMs === null) continue;
        receivedCount += 1;
        latency.add(nowMs - dueMs);
      }
    });
  });
}

const connectStartedMs = performance.now();
const sockets: WebSocket[] = [];
for (let from = 1; from <= load.socketCount; from += CONNECT_BATCH) {
  const count = Math.min(CONNECT_BATCH, load.socketCount - from + 1);
  sockets.push(...(await Promise.all(Array.from({ length: count }, (_, index) => open(from + index)))));
}
/** Tells the bench how far we are and waits for its word. */
async function report(message: object): Promise<void> {
  const word = new Promise((done) => process.once('message', done));
  process.send?.(message);
  await word;
}
await report({ connectMs: Math.round(performance.now() - connectStartedMs) });

/** Sends lines by the clock for a while; speakers take turns. Returns how many. */
let lineNumber = 0;
async function speak(forMs: number, isMeasured: boolean): Promise<number> {
  const startMs = machineMs();
  const count = Math.round((forMs / 1_000) * load.ratePerSec);
  for (let n = 0; n < count; n += 1) {
    const dueMs = startMs + (n * 1_000) / load.ratePerSec;
    const waitMs = dueMs - machineMs();
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    lineNumber += 1;
    const text = `Does the scarf come in red? ${isMeasured ? `@${dueMs.toFixed(3)}@` : 'warm'} ${lineNumber}`;
    const data = { key: `bench-${lineNumber}`.padEnd(12, '-'), text };
    sockets[lineNumber % sockets.length]?.send(JSON.stringify({ v: 1, type: 'send_chat_message', id: `l${lineNumber}`, data }));
  }
  const restMs = startMs + forMs - machineMs();
  if (restMs > 0) await new Promise((done) => setTimeout(done, restMs));
  return count;
}

await speak(WARM_UP_MS, false);
await report({ kind: 'warm' });
cpu.begin();
refusedCount = 0;
const sentCount = await speak(load.measureSec * 1_000, true);
const clientCpuPct = cpu.read();
process.send?.({ kind: 'spoken' });
const drainUntilMs = machineMs() + DRAIN_MS;
const expectedOf = () => (sentCount - refusedCount) * load.socketCount;
while (machineMs() < drainUntilMs && receivedCount < expectedOf()) await new Promise((done) => setTimeout(done, 50));

process.send?.({
  sentCount,
  refusedCount,
  expectedCount: expectedOf(),
  receivedCount,
  missingCount: expectedOf() - receivedCount,
  disorderCount,
  latency: latency.read(),
  clientCpuPct,
});
setInterval(() => {}, 1_000);
