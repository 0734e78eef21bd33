// What does a new column cost those who use the table? A million rows, open-loop reads and updates by key, and in the
// middle of them a column with a default is added, while another transaction has the table open for a few seconds.
//
//   npm run bench -- add-column
//   npm run bench -- add-column --rows=1000000 --rate=200 --sec=8 --hold=4 --json=result.json
//
// quiet:    no change, to compare with
// free:     our migration with nobody in the way
// migrate:  our migration behind the long transaction: steps back from its lock and tries again (platform/postgres/SPEC.md ST16)
// plain:    ALTER TABLE as it is usually written: everybody queues behind it, as it queues behind the long transaction
// rewrite:  our migration with a default that changes by the row: the table is written anew under its lock
//
// A request's time counts from when it was due. Database and load share the machine.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { type Database, openDatabase } from '../packages/server/src/platform/postgres/database.ts';
import { createEmbeddedPostgres } from '../packages/server/src/platform/postgres/embedded-postgres.ts';
import { migrate } from '../packages/server/src/platform/postgres/migrate.ts';
import { createLatencyRecorder, type Latency, machineFacts } from './chat-fanout-report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '200' },
    sec: { type: 'string', default: '8' },
    hold: { type: 'string', default: '4' },
    json: { type: 'string' },
  },
});
const intArgument = (name: 'rows' | 'rate' | 'sec' | 'hold', min: number, max: number): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
};
const rowCount = intArgument('rows', 1_000, 20_000_000);
const ratePerSec = intArgument('rate', 10, 5_000);
const measureSec = intArgument('sec', 4, 120);
const holdSec = intArgument('hold', 0, 60);
const BAR_MS = 1_000;
const CHANGE_AFTER_MS = 1_500;
const STEP_MS = 5;

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
type Result = { variant: string; changeMs: number | null; tryCount: number; requestCount: number; failedCount: number; latency: Latency };

/** Requests at a fixed rate whatever the answers do, until `isOver`. */
async function loadUntil(database: Database, isOver: () => boolean) {
  const recorder = createLatencyRecorder();
  const underWay = new Set<Promise<unknown>>();
  const beganMs = performance.now();
  let requestCount = 0;
  let failedCount = 0;
  while (!isOver()) {
    while (requestCount < ((performance.now() - beganMs) / 1000) * ratePerSec) {
      const dueMs = beganMs + (requestCount / ratePerSec) * 1000;
      const id = 1 + Math.floor(Math.random() * rowCount);
      const text = requestCount % 2 === 0 ? 'SELECT * FROM product WHERE id = $1' : 'UPDATE product SET stock = stock - 1 WHERE id = $1';
      requestCount += 1;
      const request: Promise<unknown> = database
        .query(text, [id])
        .catch(() => {
          failedCount += 1;
        })
        .then(() => {
          recorder.add(performance.now() - dueMs);
          underWay.delete(request);
        });
      underWay.add(request);
    }
    await sleep(STEP_MS);
  }
  await Promise.all(underWay);
  return { requestCount, failedCount, latency: recorder.read() };
}

async function measure(
  { database, admin }: { database: Database; admin: Database },
  variant: string,
  change: (() => Promise<number>) | null,
  heldSec = holdSec,
): Promise<Result> {
  await admin.query('VACUUM ANALYZE product');
  let changed: Promise<{ changeMs: number; tryCount: number }> | null = null;
  let isChanged = change === null;
  const holding =
    change === null || heldSec === 0
      ? null
      : admin.transaction(async (tx) => {
          await tx.query('SELECT count(*) FROM product WHERE id < 10');
          await sleep(CHANGE_AFTER_MS + heldSec * 1000);
        });
  if (change !== null) {
    changed = sleep(CHANGE_AFTER_MS).then(async () => {
      const beganMs = performance.now();
      const tryCount = await change();
      isChanged = true;
      return { changeMs: Math.round(performance.now() - beganMs), tryCount };
    });
  }
  const endMs = performance.now() + measureSec * 1000;
  const load = await loadUntil(database, () => performance.now() > endMs && isChanged);
  await holding;
  const done = await changed;
  return { variant, changeMs: done?.changeMs ?? null, tryCount: done?.tryCount ?? 0, ...load };
}

const folder = await mkdtemp(join(tmpdir(), 'insp-bench-'));
await chmod(folder, 0o755);
const postgres = createEmbeddedPostgres({ folder: join(folder, 'postgres'), logger: silentLogger });
await postgres.start();
const url = await postgres.databaseUrl('bench');
const database = openDatabase({ url, maxConnections: 20 });
const admin = openDatabase({ url, maxConnections: 2 });
try {
  await admin.query('CREATE TABLE product (id bigint PRIMARY KEY, title text NOT NULL, stock int NOT NULL)');
  await admin.query(`INSERT INTO product SELECT g, 'product ' || g || repeat(' x', 20), 1000 FROM generate_series(1, ${rowCount}) g`);
  const migrationsDir = await mkdtemp(join(folder, 'migrations-'));
  let number = 0;
  const migrateBy = (text: string) => async () => {
    number += 1;
    await writeFile(join(migrationsDir, `${String(number).padStart(6, '0')}_column.sql`), text);
    let tryCount = 1;
    await migrate(admin, migrationsDir, {
      logger: {
        ...silentLogger,
        info() {
          tryCount += 1;
        },
      },
    });
    return tryCount;
  };
  const stores = { database, admin };
  const results = [
    await measure(stores, 'quiet', null),
    await measure(stores, 'free', migrateBy('ALTER TABLE product ADD COLUMN width_mm int NOT NULL DEFAULT 0;'), 0),
    await measure(stores, 'migrate', migrateBy('ALTER TABLE product ADD COLUMN weight_grams int NOT NULL DEFAULT 0;')),
    await measure(stores, 'plain', async () => {
      await admin.query('ALTER TABLE product ADD COLUMN height_mm int NOT NULL DEFAULT 0');
      return 1;
    }),
    await measure(stores, 'rewrite', migrateBy('ALTER TABLE product ADD COLUMN seen_at timestamptz NOT NULL DEFAULT clock_timestamp();')),
  ];
  const report = {
    date: new Date().toISOString(),
    machine: machineFacts(),
    load1: loadavg()[0],
    rowCount,
    ratePerSec,
    measureSec,
    holdSec,
    results,
  };
  console.info(`${rowCount} rows, ${ratePerSec} requests/s (half reads, half updates), a transaction of ${holdSec} s in the way`);
  console.info(report.machine);
  console.table(
    results.map(({ variant, changeMs, tryCount, requestCount, failedCount, latency }) => ({
      variant,
      'change ms': changeMs,
      tries: tryCount,
      requests: requestCount,
      failed: failedCount,
      'p50 ms': latency.p50Ms,
      'p99 ms': latency.p99Ms,
      'max ms': latency.maxMs,
    })),
  );
  const slowest = (...variants: string[]) =>
    Math.max(...results.filter(({ variant }) => variants.includes(variant)).map(({ latency }) => latency.maxMs));
  const ours = slowest('free', 'migrate');
  console.info(
    `no request above ${BAR_MS} ms while a column is added: ${ours <= BAR_MS ? 'holds' : 'MISSED'} (${ours} ms; without any change ${slowest('quiet')} ms)`,
  );
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await database.close();
  await admin.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
