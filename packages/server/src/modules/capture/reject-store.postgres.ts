// Rejects in Postgres: the counts of all, the newest letters, and their end.
import type { RejectedEvent, RejectedEventCount } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { RejectCount } from './dead-letters.ts';
import type { Rejects } from './ports.ts';

/** Rejects are kept this long, and never more letters than this. */
export const REJECTS_KEPT_DAYS = 30;
export const MAX_DEAD_LETTERS = 100_000;
const DAY_MS = 86_400_000;
const PURGE_ROWS = 10_000;
const MAX_KINDS_SHOWN = 200;

export async function addRejectCounts(sql: Sql, counts: readonly RejectCount[]): Promise<void> {
  // In the order of the key, so that two processes never wait for each other in a circle.
  await sql.query(
    `INSERT INTO rejected_event_count AS t (org_id, b1d, event_name, reason, rejected_count, last_at_ms)
     SELECT org_id, b1d, event_name, reason, rejected_count, last_at_ms FROM json_to_recordset($1::json)
       AS r (org_id text, b1d integer, event_name text, reason text, rejected_count bigint, last_at_ms bigint)
     ORDER BY org_id, b1d, event_name, reason
     ON CONFLICT (org_id, b1d, event_name, reason) DO UPDATE SET
       rejected_count = t.rejected_count + excluded.rejected_count, last_at_ms = GREATEST(t.last_at_ms, excluded.last_at_ms)`,
    [JSON.stringify(counts)],
  );
}

/** Counts of an organization by event and reason over the days that are kept, most first. */
export async function readRejectCounts(sql: Sql, orgId: string, nowMs: number): Promise<RejectedEventCount[]> {
  return sql.query<RejectedEventCount>(
    `SELECT NULLIF(event_name, '') AS "eventName", reason, CAST(SUM(rejected_count) AS BIGINT) AS "rejectedCount", MAX(last_at_ms) AS "lastAt"
       FROM rejected_event_count WHERE org_id = $1 AND b1d > $2 GROUP BY event_name, reason
      ORDER BY 3 DESC, event_name, reason LIMIT ${MAX_KINDS_SHOWN}`,
    [orgId, Math.floor(nowMs / DAY_MS) - REJECTS_KEPT_DAYS],
  );
}

/** Letters of an organization, newest first; `before` is the last of the page before. */
export async function readRejects(sql: Sql, orgId: string, page: { before: number | null; limit: number }): Promise<RejectedEvent[]> {
  return sql.query<RejectedEvent>(
    `SELECT id, received_at_ms AS "receivedAt", event_id AS "eventId", event_name AS "eventName", reason, body
       FROM dead_letter WHERE org_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [orgId, page.before, page.limit],
  );
}

/** Deletes what is too old or too much, a bounded number of rows at a time. */
export async function purgeRejects(sql: Sql, nowMs: number, maxLetters = MAX_DEAD_LETTERS): Promise<{ letterCount: number }> {
  const oldestMs = nowMs - REJECTS_KEPT_DAYS * DAY_MS;
  await sql.query('DELETE FROM rejected_event_count WHERE b1d <= $1', [Math.floor(nowMs / DAY_MS) - REJECTS_KEPT_DAYS]);
  for (let letterCount = 0; ; ) {
    const gone = await sql.query(
      `DELETE FROM dead_letter WHERE id IN (
         SELECT id FROM dead_letter
          WHERE received_at_ms < $1 OR id <= (SELECT id FROM dead_letter ORDER BY id DESC OFFSET $2 LIMIT 1)
          LIMIT ${PURGE_ROWS}) RETURNING id`,
      [oldestMs, maxLetters],
    );
    letterCount += gone.length;
    if (gone.length < PURGE_ROWS) return { letterCount };
  }
}

export function createRejects(sql: Sql): Rejects {
  return {
    newest: (orgId, page) => readRejects(sql, orgId, page),
    counts: (orgId, nowMs) => readRejectCounts(sql, orgId, nowMs),
  };
}
