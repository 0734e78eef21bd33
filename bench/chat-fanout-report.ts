// What a run measured, and how it is shown.
import { availableParallelism, cpus, release, totalmem } from 'node:os';

export type Latency = { p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number };

export type ClientsResult = {
  sentCount: number;
  /** Lines the server refused or never answered. */
  refusedCount: number;
  expectedCount: number;
  receivedCount: number;
  /** Deliveries that had not come when the drain was over: lost, or far too late. */
  missingCount: number;
  /** Lines that came out of order or twice. */
  disorderCount: number;
  latency: Latency;
  clientCpuPct: number;
};

type Memory = { rssMb: number; heapMb: number };
/** Memory after a collection: before any socket, with all of them, and at the end. `archivedCount`: lines in the database, warm-up included. */
export type ServerResult = { serverCpuPct: number; idle: Memory; connected: Memory; rssEndMb: number; archivedCount: number | null };

export type RunResult = {
  variant: string;
  socketCount: number;
  ratePerSec: number;
  measureSec: number;
  connectMs: number;
} & ClientsResult &
  ServerResult;

export function machineFacts() {
  const { node, v8 } = process.versions;
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    coreCount: availableParallelism(),
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    system: `${process.platform} ${release()}`,
    node,
    v8,
  };
}

/** Latencies in steps of 0.1 ms up to 20 s: exact enough, and 50 million of them take no more room than one. */
export function createLatencyRecorder() {
  const counts = new Uint32Array(200_001);
  let total = 0;
  let maxMs = 0;
  const at = (ratio: number) => {
    let left = Math.ceil(total * ratio);
    for (let step = 0; step < counts.length; step += 1) {
      left -= counts[step] as number;
      if (left <= 0) return step / 10;
    }
    return maxMs;
  };
  return {
    add(ms: number) {
      const step = Math.min(counts.length - 1, Math.max(0, Math.round(ms * 10)));
      counts[step] = (counts[step] as number) + 1;
      total += 1;
      if (ms > maxMs) maxMs = ms;
    },
    read: (): Latency => ({ p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: Math.round(maxMs * 10) / 10 }),
  };
}

/** Share of one core used since `begin`, in percent. */
export function createCpuMeter() {
  let usage = process.cpuUsage();
  let atMs = performance.now();
  return {
    begin() {
      usage = process.cpuUsage();
      atMs = performance.now();
    },
    read() {
      const { user, system } = process.cpuUsage(usage);
      return Math.round((user + system) / 10 / (performance.now() - atMs));
    },
  };
}

export function printTable(results: readonly RunResult[]): void {
  const rows = results.map((run) => ({
    variant: run.variant,
    sockets: run.socketCount,
    'lines/s': run.ratePerSec,
    'p50 ms': run.latency.p50Ms,
    'p95 ms': run.latency.p95Ms,
    'p99 ms': run.latency.p99Ms,
    'max ms': run.latency.maxMs,
    delivered: run.receivedCount,
    missing: run.missingCount,
    disorder: run.disorderCount,
    refused: run.refusedCount,
    archived: run.archivedCount,
    'server CPU %': run.serverCpuPct,
    'deliveries/CPU s': run.serverCpuPct === 0 ? 0 : Math.round(run.receivedCount / ((run.serverCpuPct / 100) * run.measureSec)),
    'RSS MB': run.rssEndMb,
    'RSS KB/socket': Math.round(((run.connected.rssMb - run.idle.rssMb) * 1024) / run.socketCount),
    'heap KB/socket': Math.round(((run.connected.heapMb - run.idle.heapMb) * 1024) / run.socketCount),
  }));
  console.table(rows);
}
