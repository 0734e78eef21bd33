// How fast does one chat line reach everybody? N real sockets in a process of their own, M lines a second, T
// seconds, against the room hub and against the plain way (one `send` per socket and line) under the same load.
//
//   node bench/chat-fanout.ts                                   500 sockets, 20 lines/s, 10 s
//   node bench/chat-fanout.ts --sockets=5000 --rate=50 --sec=10 --only=hub
//   node bench/chat-fanout.ts --store=postgres                  each line committed by the chat module first
//   node bench/chat-fanout.ts --json=result.json
//
// Open loop: lines are due by the clock, not by the answer to the one before, and their latency counts from when they
// were due, so that a server that stalls cannot hide it. Clients and server share the machine: figures are a floor.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ClientsResult, machineFacts, printTable, type RunResult, type ServerResult } from './chat-fanout-report.ts';

const SOCKETS_MAX = 10_000;
/** Beyond connecting, measuring and draining nothing may take long; then the run is given up. */
const PATIENCE_MS = 90_000;
const STOP_PATIENCE_MS = 15_000;

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '500' },
    rate: { type: 'string', default: '20' },
    sec: { type: 'string', default: '10' },
    only: { type: 'string' },
    store: { type: 'string', default: 'none' },
    json: { type: 'string' },
  },
});
const load = {
  socketCount: intArgument('sockets', 1, SOCKETS_MAX),
  ratePerSec: intArgument('rate', 1, 1_000),
  measureSec: intArgument('sec', 1, 120),
};
const variants = (values.only ?? 'hub,plain').split(',');

function intArgument(name: 'sockets' | 'rate' | 'sec', min: number, max: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
}

/** Starts a part of the bench and waits for its messages in turn. */
function startPart(file: string, args: string[]) {
  const child = fork(new URL(file, import.meta.url), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--expose-gc'] });
  const inbox: unknown[] = [];
  const waiting: Array<(message: unknown) => void> = [];
  child.on('message', (message) => {
    const take = waiting.shift();
    if (take) take(message);
    else inbox.push(message);
  });
  const failed = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`${file} ended with code ${code}`))));
  failed.catch(() => {});
  return {
    next: <T>() =>
      Promise.race([
        failed,
        inbox.length > 0 ? Promise.resolve(inbox.shift() as T) : new Promise<T>((done) => waiting.push(done as never)),
      ]),
    tell: (message: object) => child.send(message),
    kill: () => child.kill('SIGKILL'),
    /** Asks it to stop and waits; a database must not be left running. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child.once('exit', done));
      if (child.connected) child.send({ kind: 'stop' });
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

async function run(variant: string): Promise<RunResult> {
  const store = variant === 'hub' ? values.store : 'none';
  const server = startPart('./chat-fanout-server.ts', [variant, store]);
  let clients: ReturnType<typeof startPart> | null = null;
  const patience = setTimeout(
    () => {
      clients?.kill();
      void server.stop();
    },
    PATIENCE_MS + load.measureSec * 1_000,
  );
  try {
    const { url } = await server.next<{ url: string }>();
    clients = startPart('./chat-fanout-clients.ts', [url, JSON.stringify(load)]);
    const { connectMs } = await clients.next<{ connectMs: number }>();
    server.tell({ kind: 'connected' });
    clients.tell({ kind: 'warm_up' });
    await clients.next();
    server.tell({ kind: 'begin' });
    clients.tell({ kind: 'begin' });
    await clients.next();
    server.tell({ kind: 'end' });
    const spent = await server.next<ServerResult>();
    const seen = await clients.next<ClientsResult>();
    return { variant: store === 'none' ? variant : `${variant}+${store}`, ...load, connectMs, ...seen, ...spent };
  } finally {
    clearTimeout(patience);
    clients?.kill();
    await server.stop();
  }
}

const results: RunResult[] = [];
for (const variant of variants) results.push(await run(variant));
const report = { bench: 'chat-fanout', at: new Date().toISOString(), machine: machineFacts(), results };
printTable(results);
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
else process.stdout.write(`${JSON.stringify(report)}\n`);
