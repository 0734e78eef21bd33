// When somebody last said to keep a show, and until when. Read at every look, so every process and a restart know.
import type { ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type Kept = { readonly keptAtMs: number; readonly untilMs: number };

export async function saveKept(tx: Sql, showId: ShowId, kept: Kept): Promise<void> {
  await tx.query(
    `INSERT INTO show_keep_live (show_id, kept_at_ms, until_ms) VALUES ($1, $2, $3)
     ON CONFLICT (show_id) DO UPDATE SET kept_at_ms = excluded.kept_at_ms, until_ms = greatest(show_keep_live.until_ms, excluded.until_ms)`,
    [showId, kept.keptAtMs, kept.untilMs],
  );
}

export async function readKept(sql: Sql, showIds: readonly string[]): Promise<ReadonlyMap<string, Kept>> {
  if (showIds.length === 0) return new Map();
  const rows = await sql.query<Kept & { showId: string }>(
    'SELECT show_id AS "showId", kept_at_ms AS "keptAtMs", until_ms AS "untilMs" FROM show_keep_live WHERE show_id = ANY($1)',
    [showIds],
  );
  return new Map(rows.map(({ showId, ...kept }) => [showId, kept]));
}
