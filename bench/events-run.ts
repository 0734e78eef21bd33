// One rate of the events bench: send for the time told, then wait until everything is counted.

import { silentLogger } from '../packages/server/src/kernel/logger.ts';
import { createLiveFigures } from '../packages/server/src/modules/aggregates/index.ts';
import { createCpuMeter, createLatencyRecorder } from './chat-fanout-report.ts';
import { createLoad } from './events-load.ts';
import type { RateResult } from './events-report.ts';
import type { EventsSystem } from './events-system.ts';

const WARM_UP_SEC = 5;
const TICK_MS = 5;
const ORDER_EVERY_MS = 50;
const DRAIN_MAX_MS = 180_000;
const ORDER_MINOR = 1_999;
const FACTS_PER_ORDER = 2;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export async function runRate(system: EventsSystem, options: { ratePerSec: number; measureSec: number }): Promise<RateResult> {
  const { capture, aggregates, clock, database } = system;
  const { ratePerSec, measureSec } = options;
  const load = createLoad({ clock, seed: 1 });
  await capture.start();
  await aggregates.start();

  // When each event was due, in the order of the log: this process is the only writer of engagement.
  const dueMs = new Float64Array((measureSec + WARM_UP_SEC) * ratePerSec);
  let sentCount = 0;
  let refusedCount = 0;
  let countedCount = 0;
  let startMs = Number.POSITIVE_INFINITY;
  const inTables = createLatencyRecorder();
  const onConsole = createLatencyRecorder();
  const orderDueMs: number[] = [];
  /** Engagement events in the log before each order. */
  const orderPlaces: number[] = [];
  let ordersMerged = 0;
  let orderCount = 0;
  let ordersShown = 0;
  let orderErrorCount = 0;

  const isMeasured = (due: number) => due >= startMs + WARM_UP_SEC * 1_000;
  const figures = createLiveFigures({
    clock,
    logger: silentLogger,
    // A console is open on a tenth of the shows, the hot one among them.
    isWatched: (showId) => load.showIds.indexOf(showId) < load.showIds.length / 10,
    read: aggregates.liveKpis,
    tell(showId, { totals }) {
      if (showId !== load.hotShowId) return;
      const nowMs = performance.now();
      for (; ordersShown < totals.orderCount; ordersShown += 1) {
        const due = orderDueMs[ordersShown] as number;
        if (isMeasured(due)) onConsole.add(nowMs - due);
      }
    },
  });
  aggregates.onChanged(figures.changed);

  const backlog: { atSec: number; waitingCount: number }[] = [];
  const look = () => {
    const mergedCount = Math.min(...Object.values(aggregates.stats()).map((part) => part.mergedCount));
    const nowMs = performance.now();
    // Orders lie between the engagement events in the log; where is known to the batch.
    while (
      ordersMerged < orderPlaces.length &&
      (orderPlaces[ordersMerged] as number) + FACTS_PER_ORDER * (ordersMerged + 1) <= mergedCount
    ) {
      ordersMerged += 1;
    }
    const engageCount = Math.min(mergedCount - FACTS_PER_ORDER * ordersMerged, sentCount - refusedCount);
    for (; countedCount < engageCount; countedCount += 1) {
      const due = dueMs[countedCount] as number;
      if (isMeasured(due)) inTables.add(nowMs - due);
    }
  };
  aggregates.onChanged(look);

  const cpu = createCpuMeter();
  startMs = performance.now();
  const endMs = startMs + (measureSec + WARM_UP_SEC) * 1_000;
  let nextOrderMs = startMs;
  let nextLookMs = startMs;
  let isCpuBegun = false;
  const orders: Promise<void>[] = [];
  for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) {
    if (!isCpuBegun && isMeasured(nowMs)) {
      isCpuBegun = true;
      cpu.begin();
      await system.databaseMeter.begin();
    }
    const shouldHaveSent = Math.min(dueMs.length, Math.floor(((nowMs - startMs) * ratePerSec) / 1_000));
    const batch = [];
    while (sentCount + batch.length < shouldHaveSent) batch.push(load.next());
    if (batch.length > 0) {
      const { rejected } = capture.accept(batch);
      refusedCount += rejected.length;
      // Refused are the last of a batch: the queue was full.
      for (let at = 0; at < batch.length - rejected.length; at += 1) {
        dueMs[sentCount - refusedCount + rejected.length + at] = startMs + ((sentCount + at) * 1_000) / ratePerSec;
      }
      sentCount += batch.length;
    }
    if (nowMs >= nextOrderMs) {
      const due = nextOrderMs;
      nextOrderMs += ORDER_EVERY_MS;
      const [placed, sold] = load.order(ORDER_MINOR);
      orders.push(
        capture
          .commit(async (_tx, record) => {
            record(placed);
            record(sold);
          })
          .then(
            () => {
              orderDueMs.push(due);
              orderPlaces.push(capture.stats().appendedCount);
              orderCount += 1;
            },
            () => {
              orderErrorCount += 1;
            },
          ),
      );
    }
    if (nowMs >= nextLookMs) {
      nextLookMs += 1_000;
      backlog.push({ atSec: Math.round((nowMs - startMs) / 1_000), waitingCount: sentCount - refusedCount - countedCount });
    }
    await pause(TICK_MS);
  }
  const server = { cpuPct: cpu.read(), rssMb: Math.round(process.memoryUsage.rss() / 1024 ** 2) };
  const spent = await system.databaseMeter.read();
  await Promise.all(orders);

  const drainFromMs = performance.now();
  while (countedCount < sentCount - refusedCount && performance.now() - drainFromMs < DRAIN_MAX_MS) await pause(20);
  const drainMs = performance.now() - drainFromMs;
  await aggregates.settle();
  const [truth] = await database.query<{ n: number; gmv: number }>(
    'SELECT (SELECT COUNT(*) FROM ev) AS n, (SELECT SUM(gmv_minor) FROM agg_show)::bigint AS gmv',
  );
  const half = backlog.length >> 1;
  const mean = (rows: typeof backlog) =>
    Math.round(rows.reduce((sum, { waitingCount }) => sum + waitingCount, 0) / Math.max(1, rows.length));
  return {
    ratePerSec,
    sentCount,
    refusedCount,
    countedCount,
    isExact: truth?.n === sentCount - refusedCount + FACTS_PER_ORDER * orderCount && truth.gmv === orderCount * ORDER_MINOR,
    inTables: inTables.read(),
    onConsole: onConsole.read(),
    orderCount,
    orderErrorCount,
    backlogMean: { firstHalf: mean(backlog.slice(WARM_UP_SEC, half)), secondHalf: mean(backlog.slice(half)) },
    drainMs: Math.round(drainMs),
    server,
    database: { cpuPct: spent.cpuPct, rssMb: spent.rssMb },
    batches: aggregates.stats(),
  };
}
