// Does one show that takes most of the traffic cost more than the same traffic spread over many? Facts at a steady rate
// through the real capture and aggregates into an embedded Postgres; the share of the hot show is all that changes.
//
//   npm run bench -- hot-show                            2,000 facts/s, 12 s a run, 200 shows, 60, 75 and 90 % beside spread
//   npm run bench -- hot-show --rate=5000 --sec=20 --rounds=3 --json=result.json
//
// Open loop: facts are due by the clock, and one is visible when the batch that merged it was committed; latency counts
// from when it was due. Rounds take turns, each time in the other order, so that a busy machine is fair to all. CPU is
// of this process (bench, capture, engine) and of all Postgres processes.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { processesOf } from '../e2e/faults/system/insp-process.ts';
import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { createEventBus } from '../packages/server/src/kernel/event-bus.ts';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { createAggregates } from '../packages/server/src/modules/aggregates/index.ts';
import { createCapture } from '../packages/server/src/modules/capture/index.ts';
import { openStorage } from '../packages/server/src/storage.ts';
import { createCpuMeter, createLatencyRecorder, type Latency, machineFacts } from './chat-fanout-report.ts';
import { createHotShowLoad } from './hot-show-load.ts';
import { createProcessMeter } from './room-report.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '2000' },
    sec: { type: 'string', default: '12' },
    shows: { type: 'string', default: '200' },
    viewers: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '2' },
    hot: { type: 'string', default: '0,60,75,90' },
    json: { type: 'string' },
  },
});
function intArgument(name: 'rate' | 'sec' | 'shows' | 'viewers' | 'rounds', min: number, max: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
}
const load = {
  ratePerSec: intArgument('rate', 100, 40_000),
  measureSec: intArgument('sec', 2, 120),
  showCount: intArgument('shows', 2, 5_000),
  viewerCount: intArgument('viewers', 10, 1_000_000),
};
const roundCount = intArgument('rounds', 1, 10);
const hotSharesPct = values.hot.split(',').map(Number);

const WARM_UP_SEC = 2;
const TICK_MS = 10;
/** After the last fact nothing more may take this long; what is not visible then is lost. */
const DRAIN_MS = 30_000;

type Run = {
  hotPct: number;
  factCount: number;
  visibleCount: number;
  refusedCount: number;
  latency: Latency;
  appCpuPct: number;
  postgresCpuPct: number;
  rowsInAggregates: number;
};

async function run(hotPct: number): Promise<Run> {
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-bench-'));
  // Run as root, the database runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const storage = await openStorage(
    { databaseUrl: null, databaseMaxConnections: 10, dataDir },
    { logger: silentLogger, onLost: () => process.exit(1) },
  );
  const { database } = storage;
  const capture = createCapture({ database, bus: createEventBus(silentLogger), clock: systemClock, logger: silentLogger });
  const aggregates = createAggregates({ database, clock: systemClock, logger: silentLogger, onAppended: capture.onAppended });
  await capture.start();
  await aggregates.start();
  try {
    const next = createHotShowLoad({ seed: 1, hotRatio: hotPct / 100, ...load });
    const latencies = createLatencyRecorder();
    const dueMs: number[] = [];
    let visibleCount = 0;
    let measureFrom = Number.POSITIVE_INFINITY;
    // One appender, one engine: facts are merged in the order they were taken.
    const stopListening = aggregates.onChanged(() => {
      const nowMs = performance.now();
      const mergedCount = Math.min(...Object.values(aggregates.stats()).map((part) => part.mergedCount));
      for (; visibleCount < mergedCount && visibleCount < dueMs.length; visibleCount += 1)
        if (visibleCount >= measureFrom) latencies.add(nowMs - (dueMs[visibleCount] as number));
    });
    const postgres = createProcessMeter(async () => (await processesOf(dataDir)).map(({ pid }) => pid));
    const app = createCpuMeter();

    let refusedCount = 0;
    const send = async (sec: number) => {
      const fromMs = performance.now();
      const total = Math.round(load.ratePerSec * sec);
      for (let sent = 0; sent < total; ) {
        const due = Math.min(total, Math.floor(((performance.now() - fromMs) / 1_000) * load.ratePerSec));
        for (; sent < due; sent += 1) {
          const { acceptedCount } = capture.accept([next(systemClock.nowMs())]);
          if (acceptedCount === 1) dueMs.push(fromMs + (sent * 1_000) / load.ratePerSec);
          else refusedCount += 1;
        }
        await new Promise((done) => setTimeout(done, TICK_MS));
      }
    };
    await send(WARM_UP_SEC);
    measureFrom = dueMs.length;
    await postgres.begin();
    app.begin();
    await send(load.measureSec);
    const appCpuPct = app.read();
    const { cpuPct: postgresCpuPct } = await postgres.read();
    const giveUpMs = performance.now() + DRAIN_MS;
    while (visibleCount < dueMs.length && performance.now() < giveUpMs) await new Promise((done) => setTimeout(done, 50));
    stopListening();
    const [rows] = await database.query<{ count: number }>('SELECT count(*) AS count FROM agg_show_viewer');
    return {
      ...{ hotPct, factCount: dueMs.length - measureFrom, visibleCount: visibleCount - measureFrom, refusedCount },
      ...{ latency: latencies.read(), appCpuPct, postgresCpuPct, rowsInAggregates: rows?.count ?? 0 },
    };
  } finally {
    await aggregates.stop();
    await capture.stop();
    await storage.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const mean = (numbers: readonly number[]) => Math.round((numbers.reduce((sum, one) => sum + one, 0) / numbers.length) * 10) / 10;

const runs: Run[] = [];
for (let round = 0; round < roundCount; round += 1)
  for (const hotPct of round % 2 === 0 ? hotSharesPct : hotSharesPct.toReversed()) runs.push(await run(hotPct));

console.table(
  hotSharesPct.map((hotPct) => {
    const own = runs.filter((one) => one.hotPct === hotPct);
    return {
      'hot show': hotPct === 0 ? 'spread evenly' : `${hotPct} % on one`,
      'facts/s': load.ratePerSec,
      'p50 ms': mean(own.map(({ latency }) => latency.p50Ms)),
      'p95 ms': mean(own.map(({ latency }) => latency.p95Ms)),
      'p99 ms': mean(own.map(({ latency }) => latency.p99Ms)),
      'app CPU %': mean(own.map(({ appCpuPct }) => appCpuPct)),
      'Postgres CPU %': mean(own.map(({ postgresCpuPct }) => postgresCpuPct)),
      missing: own.reduce((sum, { factCount, visibleCount }) => sum + factCount - visibleCount, 0),
      refused: own.reduce((sum, { refusedCount }) => sum + refusedCount, 0),
      'viewer rows': mean(own.map(({ rowsInAggregates }) => rowsInAggregates)),
    };
  }),
);
const report = { bench: 'hot-show', at: new Date().toISOString(), machine: { ...machineFacts(), loadAverage: loadavg() }, load, runs };
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
else process.stdout.write(`${JSON.stringify(report)}\n`);
