// What do reads cost when nobody may see less than what they just did? A primary and two standbys (the system's
// PostgreSQL) under write load; people who write a row, read it back at once, and then read others.
//
//   npm run bench -- reads
//   npm run bench -- reads --people=8 --sec=10 --json=result.json
//
// primary:  every read on the primary, to compare with
// careless: reads on standbys without a token: how many are stale
// token:    reads on standbys with the token of the write (platform/postgres/SPEC.md ST7)
//
// Closed loop: each person waits for an answer before the next request. All servers and the load share the machine, so
// standbys add no power here: the figures show the price of the promise, not the gain of more machines.
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '../packages/server/src/platform/postgres/database.ts';
import { parseReadAddresses } from '../packages/server/src/platform/postgres/read-address.ts';
import { findPostgresPrograms, startPostgresCluster } from '../packages/server/test-support/postgres-cluster.ts';
import { createLatencyRecorder, machineFacts } from './chat-fanout-report.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '8' }, sec: { type: 'string', default: '10' }, json: { type: 'string' } },
});
const intArgument = (name: 'people' | 'sec', min: number, max: number): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
};
const peopleCount = intArgument('people', 1, 100);
const measureSec = intArgument('sec', 2, 120);
const OTHER_READS = 4;
const WARM_UP_MS = 2_000;
const READ = 'SELECT n FROM pair WHERE id = $1';
const ROWS = 10_000;
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

const programs = await findPostgresPrograms();
if (programs === null) throw new Error('this bench needs pg_basebackup: install the package postgresql');
const cluster = await startPostgresCluster({ standbyCount: 2, programs });

async function measure(variant: string, database: Database, isCarrying: boolean) {
  const first = createLatencyRecorder();
  const others = createLatencyRecorder();
  let pairCount = 0;
  let staleCount = 0;
  const warmMs = performance.now() + WARM_UP_MS;
  while (performance.now() < warmMs) await Promise.all([database.read.query(READ, [1]), sleep(10)]);
  const before = database.routing?.stats();
  const beganMs = performance.now();
  const endMs = beganMs + measureSec * 1000;
  const person = async (id: number) => {
    for (let n = 1; performance.now() < endMs; n += 1) {
      const writing = database.consistency.open(undefined);
      await writing.run(() => database.query('UPDATE pair SET n = $2 WHERE id = $1', [id, n]));
      const reading = database.consistency.open(isCarrying ? (writing.token() ?? undefined) : undefined);
      await reading.run(async () => {
        for (let turn = 0; turn <= OTHER_READS; turn += 1) {
          const askedMs = performance.now();
          const [found] = await database.read.query<{ n: number }>(READ, [turn === 0 ? id : 1 + Math.floor(Math.random() * ROWS)]);
          (turn === 0 ? first : others).add(performance.now() - askedMs);
          if (turn === 0 && found?.n !== n) staleCount += 1;
        }
      });
      pairCount += 1;
    }
  };
  await cluster.primary.query('UPDATE pair SET n = 0');
  await Promise.all(Array.from({ length: peopleCount }, (_, index) => person(index + 1)));
  const tookSec = (performance.now() - beganMs) / 1000;
  const after = database.routing?.stats();
  const sum = (counts: Readonly<Record<string, number>> = {}) => Object.values(counts).reduce((total, count) => total + count, 0);
  const onReaders = sum(after?.byReader) - sum(before?.byReader);
  const onPrimary = sum(after?.byPrimary) - sum(before?.byPrimary);
  await database.close();
  return {
    variant,
    pairCount,
    staleCount,
    readsPerSec: Math.round((pairCount * (OTHER_READS + 1)) / tookSec),
    onReadersPct: onReaders + onPrimary === 0 ? 0 : Math.round((1000 * onReaders) / (onReaders + onPrimary)) / 10,
    waitedCount: (after?.waitedCount ?? 0) - (before?.waitedCount ?? 0),
    first: first.read(),
    others: others.read(),
  };
}

let isLoading = true;
const loader = openDatabase({ url: cluster.frontUrl, maxConnections: 1 });
try {
  await cluster.primary.query('CREATE TABLE pair (id int PRIMARY KEY, n int NOT NULL)');
  await cluster.primary.query(`INSERT INTO pair SELECT g, 0 FROM generate_series(1, ${ROWS}) g`);
  await cluster.primary.query('CREATE TABLE noise (id int, text text)');
  const loading = (async () => {
    while (isLoading) {
      await loader.query(`INSERT INTO noise SELECT g, repeat('x', 200) FROM generate_series(1, 500) g`);
      await sleep(50);
    }
  })();
  const url = cluster.frontUrl;
  const readers = parseReadAddresses(cluster.standbys.map((standby) => standby.url).join(','));
  const key = Buffer.alloc(32);
  const results = [
    await measure('primary', openDatabase({ url, maxConnections: 20 }), false),
    await measure('careless', openDatabase({ url, maxConnections: 20, shared: { key, readers } }), false),
    await measure('token', openDatabase({ url, maxConnections: 20, shared: { key, readers } }), true),
  ];
  isLoading = false;
  await loading;
  const report = { date: new Date().toISOString(), machine: machineFacts(), load1: loadavg()[0], peopleCount, measureSec, results };
  console.info(`${peopleCount} people, ${measureSec} s each; up to 10,000 rows/s are written beside`);
  console.info(report.machine);
  console.table(
    results.map(({ first, others, ...run }) => ({
      variant: run.variant,
      pairs: run.pairCount,
      stale: run.staleCount,
      'stale %': Math.round((1000 * run.staleCount) / run.pairCount) / 10,
      'reads/s': run.readsPerSec,
      'on standbys %': run.onReadersPct,
      waited: run.waitedCount,
      'own row p50 ms': first.p50Ms,
      'p99 ms': first.p99Ms,
      'max ms': first.maxMs,
      'others p50 ms': others.p50Ms,
      'others p99 ms': others.p99Ms,
    })),
  );
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  isLoading = false;
  await loader.close();
  await cluster.stop();
}
