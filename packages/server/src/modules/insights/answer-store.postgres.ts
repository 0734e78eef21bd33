import type { ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

/** Answered questions of a show, by key. */
export async function loadAnswered(sql: Sql, showId: ShowId): Promise<{ key: string; answeredAt: number }[]> {
  return sql.query('SELECT question_key AS key, answered_at_ms AS "answeredAt" FROM insights_question_answered WHERE show_id = $1', [
    showId,
  ]);
}

export async function saveAnswered(
  sql: Sql,
  row: { orgId: string; showId: ShowId; key: string; answeredAt: number; by: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO insights_question_answered (org_id, show_id, question_key, answered_at_ms, answered_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (show_id, question_key) DO NOTHING`,
    [row.orgId, row.showId, row.key, row.answeredAt, row.by],
  );
}

export async function deleteAnswered(sql: Sql, showId: ShowId, key: string): Promise<void> {
  await sql.query('DELETE FROM insights_question_answered WHERE show_id = $1 AND question_key = $2', [showId, key]);
}
