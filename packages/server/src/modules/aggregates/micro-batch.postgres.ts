// The statements of the engine: take a part's lease, merge its next batch, give the lease back, where things stand.
import { renderPostgresBatch } from '@insp/dataflow';
import type { HighlightId, ProductId, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import { type AggregatePart, aggregateDefinitions, PARTS } from './definitions.ts';

const { showProduct, showHighlight, showProductOrder, showHighlightOrder } = aggregateDefinitions;
/** Tables whose touched rows are named, so that the live screen reads again only what changed. */
const BY_PRODUCT: readonly object[] = [showProduct, showProductOrder];
const BY_HIGHLIGHT: readonly object[] = [showHighlight, showHighlightOrder];

/** A place in the log, ordered by xid (as a number: it is text on the wire), then seq. */
export type LogPlace = { readonly xid: string; readonly seq: number };

/** What of a show a batch changed. */
export type ShowChange = {
  readonly minutes: readonly number[];
  readonly productIds: readonly ProductId[];
  readonly highlightIds: readonly HighlightId[];
};

export type BatchResult = {
  readonly cursor: LogPlace;
  readonly mergedCount: number;
  readonly hasMore: boolean;
  readonly changes: ReadonlyMap<ShowId, ShowChange>;
};

export function isAtOrPast(place: LogPlace, target: LogPlace): boolean {
  const xid = BigInt(place.xid);
  const targetXid = BigInt(target.xid);
  return xid > targetXid || (xid === targetXid && place.seq >= target.seq);
}

const touchedOf = (part: AggregatePart) =>
  part.definitions.filter((definition) => BY_PRODUCT.includes(definition) || BY_HIGHLIGHT.includes(definition));
const BATCHES = new Map(
  PARTS.map((part) => [part, renderPostgresBatch({ definitions: part.definitions, touched: touchedOf(part) })] as const),
);

/**
 * Takes the lease of a part that nobody holds. Answers its new fence, or null while another process works on it. The
 * database's clock decides; a process that holds the cursor row this very moment is alive, whatever its lease says.
 */
export async function takeLease(sql: Sql, cursorName: string, leaseMs: number): Promise<number | null> {
  const [row] = await sql.query<{ fence: number }>(
    `UPDATE log_cursor SET fence = fence + 1, held_until = clock_timestamp() + $2 * interval '1 ms'
      WHERE name = (SELECT name FROM log_cursor WHERE name = $1 AND held_until < clock_timestamp() FOR UPDATE SKIP LOCKED)
      RETURNING fence`,
    [cursorName, leaseMs],
  );
  return row?.fence ?? null;
}

/** Gives the lease back, so that another process need not wait for its end. */
export async function releaseLease(sql: Sql, cursorName: string, fence: number): Promise<void> {
  await sql.query(`UPDATE log_cursor SET held_until = '-infinity' WHERE name = $1 AND fence = $2`, [cursorName, fence]);
}

type BatchRow = {
  xid: string;
  seq: number;
  merged_count: number;
  has_more: boolean;
  minutes: [ShowId, number][] | null;
  [touched: `touched_${number}`]: [ShowId, string][] | null;
};

/** Merges at most `maxRows` events and moves the cursor, in one transaction. Null when the fence is no longer ours. */
export async function mergeNextBatch(
  sql: Sql,
  part: AggregatePart,
  options: { fence: number; maxRows: number; leaseMs: number },
): Promise<BatchResult | null> {
  const [row] = await sql.query<BatchRow>(BATCHES.get(part) as string, [part.cursorName, options.maxRows, options.fence, options.leaseMs]);
  if (!row) return null;
  return {
    cursor: { xid: row.xid, seq: row.seq },
    mergedCount: row.merged_count,
    hasMore: row.has_more,
    changes: changesOf(part, row),
  };
}

function changesOf(part: AggregatePart, row: BatchRow): Map<ShowId, ShowChange> {
  const changes = new Map<ShowId, { minutes: number[]; productIds: ProductId[]; highlightIds: HighlightId[] }>();
  for (const [showId, minute] of row.minutes ?? []) {
    const change = changes.get(showId);
    if (change) change.minutes.push(minute);
    else changes.set(showId, { minutes: [minute], productIds: [], highlightIds: [] });
  }
  for (const [at, definition] of touchedOf(part).entries()) {
    for (const [showId, id] of row[`touched_${at}`] ?? []) {
      if (BY_PRODUCT.includes(definition)) changes.get(showId)?.productIds.push(id as ProductId);
      else changes.get(showId)?.highlightIds.push(id as HighlightId);
    }
  }
  return changes;
}

/** The last event written so far; null while the log is empty. */
export async function readLogEnd(sql: Sql): Promise<LogPlace | null> {
  const [row] = await sql.query<LogPlace>('SELECT xid, seq FROM ev ORDER BY xid DESC, seq DESC LIMIT 1');
  return row ?? null;
}

/** How far a part has come. */
export async function readCursor(sql: Sql, cursorName: string): Promise<LogPlace | null> {
  const [row] = await sql.query<LogPlace>('SELECT xid, seq FROM log_cursor WHERE name = $1', [cursorName]);
  return row ?? null;
}

/** Who holds the horizon: the session whose open transaction is the oldest that writes. */
export async function readOldestTransaction(
  sql: Sql,
): Promise<{ pid: number; application: string; state: string; openForSec: number } | null> {
  const [row] = await sql.query<{ pid: number; application: string; state: string; openForSec: number }>(
    `SELECT pid, application_name AS application, state, round(extract(epoch FROM clock_timestamp() - xact_start))::int AS "openForSec"
      FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start LIMIT 1`,
  );
  return row ?? null;
}
