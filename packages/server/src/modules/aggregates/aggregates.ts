// The running figures: followers of the log that keep them (part-follower.ts), and the reads of what they keep.
// Merging a batch and moving the cursor is one statement, so a crash at any point repeats nothing and loses nothing.
// Any number of processes may run this; the parts are shared among them.
import type { OrgId, ShowId, ViewerId } from '@insp/protocol';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { PARTS } from './definitions.ts';
import { type KpiRows, readKpis, readReactionTotals, readShowsAttended, readSources, type StoredKpis } from './kpi-store.postgres.ts';
import { readLogEnd, type ShowChange } from './micro-batch.postgres.ts';
import { catchUp, createPartFollower, type FollowerStats } from './part-follower.ts';
import { type RebuildResult, rebuildAggregates } from './rebuild.postgres.ts';
import { adoptRestoredLog } from './restored-log.postgres.ts';
import { type TableVerdict, type VerifyRange, verifyAggregates } from './verify.postgres.ts';

/** A batch of this size takes about half a second; more would hold up the cursor, less would only cost round trips. */
const BATCH_MAX_ROWS = 20_000;
const SETTLE_FOR_MS = 30_000;

export type AggregatesStats = Readonly<Record<string, FollowerStats>>;

export type Aggregates = Service & {
  /** The figures of a show, or the totals and those rows of it; totals, minutes, products and highlights are all from one snapshot. */
  liveKpis(showId: ShowId, rows?: KpiRows): Promise<StoredKpis>;
  sources(showId: ShowId): Promise<{ source: string; visitCount: number }[]>;
  reactionTotals(showId: ShowId): Promise<Record<string, number>>;
  showsAttended(orgId: OrgId, viewerIds: readonly ViewerId[]): Promise<Map<ViewerId, number>>;
  /** Calls `listen` for each show a batch touched, with what of it changed. Returns how to stop that. */
  onChanged(listen: (showId: ShowId, change: ShowChange) => void): () => void;
  /** Says that another process appended to the log. */
  wake(): void;
  /** Resolves when all events appended before the call are merged. Works on a stopped engine too. */
  settle(): Promise<void>;
  /** Makes every figure anew from the log and swaps it in; the present ones stay in use meanwhile. */
  rebuild(): Promise<RebuildResult[]>;
  /** Compares every table with the log, for all or a range. */
  verify(range?: VerifyRange): Promise<TableVerdict[]>;
  /** By name of the part's cursor. */
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
  const listeners = new Set<(showId: ShowId, change: ShowChange) => void>();
  const followers = PARTS.map((part) =>
    createPartFollower({
      ...{ part, database, clock, logger, maxRows: deps.batchMaxRows ?? BATCH_MAX_ROWS },
      onMerged(changes) {
        for (const [showId, change] of changes) tellChanged(showId, change);
      },
    }),
  );
  let stopListening: (() => void) | null = null;

  function tellChanged(showId: ShowId, change: ShowChange): void {
    for (const listen of listeners) {
      try {
        listen(showId, change);
      } catch (err) {
        logger.error({ err }, 'a listener of the figures failed');
      }
    }
  }

  const wake = () => {
    for (const follower of followers) follower.wake();
  };

  return {
    liveKpis: (showId, rows) => readKpis(database.read, showId, clock.nowMs(), rows),
    sources: (showId) => readSources(database.read, showId),
    reactionTotals: (showId) => readReactionTotals(database.read, showId),
    showsAttended: (orgId, viewerIds) => readShowsAttended(database.read, orgId, viewerIds),

    onChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },

    wake,

    async settle() {
      const end = await readLogEnd(database);
      if (end === null || (await catchUp(followers, end, clock, SETTLE_FOR_MS))) return;
      throw new AppError('INSP_STORE_UNAVAILABLE', {
        detail: 'The figures do not catch up with the log: a transaction stays open, or the process that merges is stuck.',
      });
    },

    rebuild: () => rebuildAggregates(database, clock),
    verify: (range) => verifyAggregates(database, range),

    stats: () => Object.fromEntries(followers.map(({ part, stats }) => [part.cursorName, stats()])),

    async start() {
      if (stopListening !== null) return;
      if (await adoptRestoredLog(database)) logger.warn({}, 'the log comes from another server; the figures are built anew');
      stopListening = deps.onAppended(wake);
      await Promise.all(followers.map((follower) => follower.start()));
    },

    async stop() {
      stopListening?.();
      stopListening = null;
      await Promise.all(followers.map((follower) => follower.stop()));
    },
  };
}
