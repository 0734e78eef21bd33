// The statements of the engine: merge the next batch, where the log ends, start over.
import { renderPostgresBatch } from '@insp/dataflow';
import type { ShowId } from '@insp/protocol';
import { AppError } from '../../kernel/app-error.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { AGGREGATES } from './definitions.ts';

export const CURSOR_NAME = 'aggregates';
const BATCH = renderPostgresBatch(AGGREGATES);

/** A place in the log, ordered by xid (as a number: it is text on the wire), then seq. */
export type LogPlace = { readonly xid: string; readonly seq: number };
export type BatchResult = {
  readonly cursor: LogPlace;
  readonly mergedCount: number;
  readonly showIds: readonly ShowId[];
  readonly hasMore: boolean;
};

export function isAtOrPast(place: LogPlace, target: LogPlace): boolean {
  const xid = BigInt(place.xid);
  const targetXid = BigInt(target.xid);
  return xid > targetXid || (xid === targetXid && place.seq >= target.seq);
}

/** Merges at most `maxRows` events and moves the cursor, in one transaction. */
export async function mergeNextBatch(sql: Sql, maxRows: number): Promise<BatchResult> {
  const [row] = await sql.query<{ xid: string; seq: number; merged_count: number; show_ids: ShowId[] | null; has_more: boolean }>(BATCH, [
    CURSOR_NAME,
    maxRows,
  ]);
  if (!row) throw new AppError('INSP_STORE_UNAVAILABLE', { detail: 'The log has no cursor: a migration did not run.' });
  return {
    cursor: { xid: row.xid, seq: row.seq },
    mergedCount: row.merged_count,
    showIds: row.show_ids ?? [],
    hasMore: row.has_more,
  };
}

/** The last event written so far; null while the log is empty. */
export async function readLogEnd(sql: Sql): Promise<LogPlace | null> {
  const [row] = await sql.query<LogPlace>('SELECT xid, seq FROM ev ORDER BY xid DESC, seq DESC LIMIT 1');
  return row ?? null;
}

/**
 * After dump and restore the log carries transaction ids of another server. Ids below ours are just the past; an id
 * this server has not given out yet would hide events behind the horizon and let new ones in before them. Such a log
 * is stamped anew (seq keeps the order) and the aggregates start over. Answers whether that was needed.
 */
export async function adoptRestoredLog(database: Database): Promise<boolean> {
  const future = 'SELECT EXISTS (SELECT 1 FROM ev WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS is_restored';
  const [before] = await database.query<{ is_restored: boolean }>(future);
  if (!before?.is_restored) return false;
  await database.transaction(async (tx) => {
    await lockCursor(tx);
    await tx.query('LOCK TABLE ev IN SHARE ROW EXCLUSIVE MODE');
    await tx.query('UPDATE ev SET xid = pg_current_xact_id()');
    await startOver(tx);
  });
  return true;
}

/** Empties every aggregate and sends the cursor back to the start: the log is merged again from its first event. */
export async function resetAggregates(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await lockCursor(tx);
    await startOver(tx);
  });
}

const lockCursor = (tx: Sql) => tx.query('SELECT 1 FROM log_cursor WHERE name = $1 FOR UPDATE', [CURSOR_NAME]);

async function startOver(tx: Sql): Promise<void> {
  await tx.query(`TRUNCATE ${AGGREGATES.map(({ name }) => name).join(', ')}`);
  await tx.query(`UPDATE log_cursor SET xid = '0', seq = 0, epoch = epoch + 1 WHERE name = $1`, [CURSOR_NAME]);
}
