// Targets and the changes of their states in Postgres.
import type { RestreamChange } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { TargetRecord } from './target-record.ts';

const COLUMNS = `id, org_id AS "orgId", show_id AS "showId", name, platform, url, sealed_key AS "sealedKey",
  stream_key_last_four AS "streamKeyLastFour", position, is_enabled AS "isEnabled", mode`;

export async function listTargets(sql: Sql, showId: string): Promise<TargetRecord[]> {
  return sql.query<TargetRecord>(`SELECT ${COLUMNS} FROM restream_target WHERE show_id = $1 ORDER BY position, id`, [showId]);
}

/** The targets of a show, and nobody else adds or moves one until the end of the transaction. */
export async function lockTargets(tx: Sql, showId: string): Promise<TargetRecord[]> {
  await tx.query('SELECT pg_advisory_xact_lock(727080, hashtext($1))', [showId]);
  return listTargets(tx, showId);
}

export async function saveTarget(tx: Sql, record: TargetRecord, nowMs: number): Promise<void> {
  const { id, orgId, showId, name, platform, url, sealedKey, streamKeyLastFour, position, isEnabled, mode } = record;
  await tx.query(
    `INSERT INTO restream_target (id, org_id, show_id, name, platform, url, sealed_key, stream_key_last_four, position, is_enabled, mode, created_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET name = $4, platform = $5, url = $6, sealed_key = $7, stream_key_last_four = $8, position = $9,
       is_enabled = $10, mode = $11`,
    [id, orgId, showId, name, platform, url, sealedKey, streamKeyLastFour, position, isEnabled, mode, nowMs],
  );
}

export async function deleteTarget(tx: Sql, targetId: string): Promise<void> {
  await tx.query('DELETE FROM restream_target WHERE id = $1', [targetId]);
}

/** A show is over: what a person asked for during it does not reach the next. */
export async function forgetModes(sql: Sql, showId: string): Promise<void> {
  await sql.query("UPDATE restream_target SET mode = 'auto' WHERE show_id = $1 AND mode <> 'auto'", [showId]);
}

export type ChangeRow = Omit<RestreamChange, 'seq'> & { targetId: string; orgId: string; showId: string };

/** Appends, and lets go of what is beyond the newest `keptCount` of each target. */
export async function saveChanges(tx: Sql, changes: readonly ChangeRow[], keptCount: number): Promise<void> {
  await tx.query(
    `INSERT INTO restream_change (target_id, org_id, show_id, at_ms, from_state, to_state, reason, detail, attempt_count)
     SELECT r."targetId", r."orgId", r."showId", r.at, r."from", r."to", r.reason, r.detail, r."attemptCount"
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS ("targetId" text, "orgId" text, "showId" text, at bigint, "from" text, "to" text,
       reason text, detail text, "attemptCount" int)) WITH ORDINALITY
       AS r("targetId", "orgId", "showId", at, "from", "to", reason, detail, "attemptCount", n) ORDER BY r.n`,
    [JSON.stringify(changes)],
  );
  await tx.query(
    `DELETE FROM restream_change c USING unnest($1::text[]) AS t(id)
     WHERE c.target_id = t.id AND c.seq <= (SELECT seq FROM restream_change WHERE target_id = t.id ORDER BY seq DESC OFFSET $2 LIMIT 1)`,
    [[...new Set(changes.map(({ targetId }) => targetId))], keptCount],
  );
}

/** Newest first, those before `before`. */
export async function listChanges(sql: Sql, targetId: string, page: { before: number | null; limit: number }): Promise<RestreamChange[]> {
  return sql.query<RestreamChange>(
    `SELECT seq, at_ms AS at, from_state AS "from", to_state AS "to", reason, detail, attempt_count AS "attemptCount"
     FROM restream_change WHERE target_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3`,
    [targetId, page.before, page.limit],
  );
}
