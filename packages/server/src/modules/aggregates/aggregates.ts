// The engine that keeps the figures: it follows the log in micro-batches. Each batch merges events into the tables
// and moves the cursor in one transaction, so a crash at any point repeats nothing and loses nothing, and several
// processes may run it at once (they queue on the cursor).
//
//   appended -> wake -> merge until nothing is left -> tell who listens for the changed shows
//
// At most one batch is under way, and batches start at least `BATCH_EVERY_MS` apart unless the log is behind by a
// whole batch. Events of a transaction that is still open hold back all younger ones (the horizon); the engine then
// looks again each tick. A slow look each `IDLE_LOOK_MS` finds what other processes appended.
import type { OrgId, ShowId, ViewerId } from '@insp/protocol';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { readKpis, readReactionTotals, readShowsAttended, readSources, type StoredKpis } from './kpi-store.postgres.ts';
import { adoptRestoredLog, type BatchResult, isAtOrPast, mergeNextBatch, readLogEnd, resetAggregates } from './micro-batch.postgres.ts';

export const BATCH_EVERY_MS = 100;
const IDLE_LOOK_MS = 1_000;
const BATCH_MAX_ROWS = 50_000;
const RETRY_AFTER_MS = 1_000;
const SETTLE_LOOK_MS = 20;
const SETTLE_FOR_MS = 30_000;

export type AggregatesStats = { readonly batchCount: number; readonly mergedCount: number; readonly failedCount: number };

export type Aggregates = Service & {
  /** The figures of a show, all from one snapshot. */
  liveKpis(showId: ShowId): Promise<StoredKpis>;
  sources(showId: ShowId): Promise<{ source: string; visitCount: number }[]>;
  reactionTotals(showId: ShowId): Promise<Record<string, number>>;
  showsAttended(orgId: OrgId, viewerIds: readonly ViewerId[]): Promise<Map<ViewerId, number>>;
  /** Calls `listen` for each show a batch touched. Returns how to stop that. */
  onChanged(listen: (showId: ShowId) => void): () => void;
  /** Resolves when all events appended before the call are merged. Works on a stopped engine too. */
  settle(): Promise<void>;
  /** Forgets every figure and merges the whole log again. */
  rebuild(): Promise<void>;
  stats(): AggregatesStats;
};

export function createAggregates(deps: {
  database: Database;
  clock: Clock;
  logger: Logger;
  onAppended: (listen: () => void) => () => void;
  batchMaxRows?: number;
}): Aggregates {
  const { database, clock, logger } = deps;
  const maxRows = deps.batchMaxRows ?? BATCH_MAX_ROWS;
  const counters = { batchCount: 0, mergedCount: 0, failedCount: 0 };
  const listeners = new Set<(showId: ShowId) => void>();
  let isRunning = false;
  let stopListening: (() => void) | null = null;
  let cancelTimer: (() => void) | null = null;
  let timerDueMs = 0;
  let lastBatchMs = 0;
  let wasWoken = false;
  /** Batches of this process, one behind the other. */
  let tail: Promise<unknown> = Promise.resolve();

  function runBatch(): Promise<BatchResult> {
    const batch = tail.then(async () => {
      lastBatchMs = clock.nowMs();
      const result = await mergeNextBatch(database, maxRows);
      counters.batchCount += 1;
      counters.mergedCount += result.mergedCount;
      for (const showId of result.showIds) tellChanged(showId);
      return result;
    });
    tail = batch.catch(() => {});
    return batch;
  }

  function tellChanged(showId: ShowId): void {
    for (const listen of listeners) {
      try {
        listen(showId);
      } catch (err) {
        logger.error({ err }, 'a listener of the figures failed');
      }
    }
  }

  /** Sees to it that a batch starts within `delayMs`. */
  function scheduleIn(delayMs: number): void {
    if (!isRunning) return;
    const dueMs = clock.nowMs() + delayMs;
    if (cancelTimer && timerDueMs <= dueMs) return;
    cancelTimer?.();
    timerDueMs = dueMs;
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      void tick();
    });
  }

  async function tick(): Promise<void> {
    wasWoken = false;
    try {
      const { mergedCount, hasMore } = await runBatch();
      if (hasMore && mergedCount >= maxRows) scheduleIn(0);
      else scheduleIn(hasMore || wasWoken ? BATCH_EVERY_MS : IDLE_LOOK_MS);
    } catch (err) {
      counters.failedCount += 1;
      logger.warn({ err }, 'a batch of figures failed; it is tried again');
      scheduleIn(RETRY_AFTER_MS);
    }
  }

  async function settle(): Promise<void> {
    const end = await readLogEnd(database);
    if (end === null) return;
    const giveUpAtMs = clock.nowMs() + SETTLE_FOR_MS;
    for (;;) {
      const { cursor, mergedCount } = await runBatch();
      if (isAtOrPast(cursor, end)) return;
      if (clock.nowMs() >= giveUpAtMs) {
        throw new AppError('INSP_STORE_UNAVAILABLE', { detail: 'A long write transaction holds the figures back.' });
      }
      if (mergedCount < maxRows) await new Promise<void>((done) => clock.after(SETTLE_LOOK_MS, done));
    }
  }

  return {
    liveKpis: (showId) => readKpis(database.read, showId, clock.nowMs()),
    sources: (showId) => readSources(database.read, showId),
    reactionTotals: (showId) => readReactionTotals(database.read, showId),
    showsAttended: (orgId, viewerIds) => readShowsAttended(database.read, orgId, viewerIds),

    onChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },

    settle,

    async rebuild() {
      await tail;
      await resetAggregates(database);
      await settle();
    },

    stats: () => ({ ...counters }),

    async start() {
      if (isRunning) return;
      if (await adoptRestoredLog(database)) logger.warn({}, 'the log comes from another server; the figures are built anew');
      isRunning = true;
      stopListening = deps.onAppended(() => {
        wasWoken = true;
        scheduleIn(Math.max(0, lastBatchMs + BATCH_EVERY_MS - clock.nowMs()));
      });
      scheduleIn(0);
    },

    async stop() {
      isRunning = false;
      stopListening?.();
      cancelTimer?.();
      cancelTimer = null;
      await tail;
    },
  };
}
