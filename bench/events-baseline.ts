// What people write first, on the same database and machine: a row and its counters at a time, and counting the raw
// log at every look.

import { appendRows, insertRows } from '../packages/server/src/modules/capture/event-log.postgres.ts';
import { factToLogRow } from '../packages/server/src/modules/capture/log-row.ts';
import { createCpuMeter, createLatencyRecorder } from './chat-fanout-report.ts';
import { createLoad } from './events-load.ts';
import type { BaselineResult } from './events-report.ts';
import type { EventsSystem } from './events-system.ts';

const WRITERS = 8;
const RUN_MS = 15_000;
const RAW_LOG_ROWS = 500_000;
const RAW_BATCH = 5_000;

/** Each event in a transaction of its own: insert it, then add one to the three counters it touches. As fast as it goes. */
export async function runRowByRowBaseline({ database, clock }: EventsSystem): Promise<BaselineResult> {
  await database.query('CREATE TABLE plain_show (show_id text PRIMARY KEY, n bigint NOT NULL, gmv_minor bigint NOT NULL)');
  await database.query(
    'CREATE TABLE plain_minute (show_id text, b1m integer, n bigint NOT NULL, gmv_minor bigint NOT NULL, PRIMARY KEY (show_id, b1m))',
  );
  await database.query(
    'CREATE TABLE plain_product (show_id text, product_id text, n bigint NOT NULL, gmv_minor bigint NOT NULL, PRIMARY KEY (show_id, product_id))',
  );
  const load = createLoad({ clock, seed: 2 });
  const latency = createLatencyRecorder();
  const cpu = createCpuMeter();
  const endMs = performance.now() + RUN_MS;
  let eventCount = 0;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (performance.now() < endMs) {
        const row = factToLogRow(load.next(), clock.nowMs());
        const beganMs = performance.now();
        await database.transaction(async (tx) => {
          await insertRows(tx, [row]);
          const add = 'DO UPDATE SET n = t.n + 1, gmv_minor = t.gmv_minor + excluded.gmv_minor';
          await tx.query(`INSERT INTO plain_show AS t VALUES ($1, 1, $2) ON CONFLICT (show_id) ${add}`, [row.show_id, row.amount_minor]);
          await tx.query(`INSERT INTO plain_minute AS t VALUES ($1, $2, 1, $3) ON CONFLICT (show_id, b1m) ${add}`, [
            row.show_id,
            row.b1m,
            row.amount_minor,
          ]);
          if (row.product_id !== null)
            await tx.query(`INSERT INTO plain_product AS t VALUES ($1, $2, 1, $3) ON CONFLICT (show_id, product_id) ${add}`, [
              row.show_id,
              row.product_id,
              row.amount_minor,
            ]);
        });
        latency.add(performance.now() - beganMs);
        eventCount += 1;
      }
    }),
  );
  const { p50Ms, p95Ms, p99Ms } = latency.read();
  return {
    name: 'row at a time',
    doc: `three counters instead of sixteen tables, ${WRITERS} writers flat out`,
    figures: {
      'events/s at most': Math.round((eventCount * 1_000) / RUN_MS),
      'p50 ms': p50Ms,
      'p95 ms': p95Ms,
      'p99 ms': p99Ms,
      'Node CPU %': cpu.read(),
    },
  };
}

/** The figures of the hot show by GROUP BY over the raw log, as often as one can ask. */
export async function runGroupByBaseline({ database, clock }: EventsSystem): Promise<BaselineResult> {
  const load = createLoad({ clock, seed: 3 });
  for (let done = 0; done < RAW_LOG_ROWS; done += RAW_BATCH) {
    await appendRows(
      database,
      Array.from({ length: RAW_BATCH }, () => factToLogRow(load.next(), clock.nowMs())),
    );
  }
  await database.query('ANALYZE ev');
  const latency = createLatencyRecorder();
  const endMs = performance.now() + RUN_MS;
  while (performance.now() < endMs) {
    const beganMs = performance.now();
    await database.query(
      `SELECT type, SUM(weight), SUM(amount_minor), COUNT(DISTINCT viewer_id) FROM ev WHERE show_id = $1 GROUP BY type`,
      [load.hotShowId],
    );
    await database.query('SELECT b1m, type, SUM(weight), COUNT(DISTINCT viewer_id) FROM ev WHERE show_id = $1 GROUP BY b1m, type', [
      load.hotShowId,
    ]);
    await database.query('SELECT product_id, type, SUM(weight) FROM ev WHERE show_id = $1 GROUP BY product_id, type', [load.hotShowId]);
    latency.add(performance.now() - beganMs);
  }
  const { p50Ms, p95Ms, p99Ms } = latency.read();
  return {
    name: 'GROUP BY over the raw log',
    doc: `${RAW_LOG_ROWS.toLocaleString('en')} events in the log, one reader, one show; grows with the log`,
    figures: { 'p50 ms': p50Ms, 'p95 ms': p95Ms, 'p99 ms': p99Ms },
  };
}
