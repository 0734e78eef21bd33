// Jobs on replays. One process works them; what it left running when it died is queued again at the next start.
import type { ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type JobKind = 'pictures' | 'mp4' | 'purge';
export type JobState = 'queued' | 'running' | 'done' | 'failed';
export type JobRow = {
  readonly id: number;
  readonly orgId: string;
  readonly showId: ShowId;
  readonly kind: JobKind;
  readonly cut: string;
  readonly state: JobState;
  readonly progress: number;
  readonly attemptCount: number;
  readonly failure: string | null;
  readonly result: unknown;
};

const COLUMNS = `id, org_id AS "orgId", show_id AS "showId", kind, cut, state, progress, attempt_count AS "attemptCount", failure, result`;

/** Asks for a job; the one that is there already is kept, a failed one is tried again. */
export async function queueJob(sql: Sql, job: { orgId: string; showId: ShowId; kind: JobKind; cut: string }, nowMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO recording_job (org_id, show_id, kind, cut, state, created_at_ms, updated_at_ms) VALUES ($1, $2, $3, $4, 'queued', $5, $5)
     ON CONFLICT (show_id, kind, cut) DO UPDATE SET state = 'queued', attempt_count = 0, failure = NULL, progress = 0, updated_at_ms = $5
     WHERE recording_job.state = 'failed'`,
    [job.orgId, job.showId, job.kind, job.cut, nowMs],
  );
}

export async function requeueLeftJobs(sql: Sql, nowMs: number): Promise<void> {
  await sql.query(`UPDATE recording_job SET state = 'queued', progress = 0, updated_at_ms = $1 WHERE state = 'running'`, [nowMs]);
}

/** The oldest that waits becomes the running one; small jobs are not held up by large ones asked for later. */
export async function claimJob(sql: Sql, nowMs: number): Promise<JobRow | null> {
  const [row] = await sql.query<JobRow>(
    `UPDATE recording_job SET state = 'running', attempt_count = attempt_count + 1, progress = 0, updated_at_ms = $1
     WHERE id = (SELECT id FROM recording_job WHERE state = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ${COLUMNS}`,
    [nowMs],
  );
  return row ?? null;
}

export async function saveProgress(sql: Sql, id: number, progress: number, nowMs: number): Promise<void> {
  await sql.query('UPDATE recording_job SET progress = $2, updated_at_ms = $3 WHERE id = $1', [id, progress, nowMs]);
}

export async function finishJob(
  sql: Sql,
  id: number,
  end: { state: 'done' | 'failed' | 'queued'; failure: string | null; result: unknown },
  nowMs: number,
): Promise<void> {
  await sql.query(
    `UPDATE recording_job SET state = $2, failure = $3, result = $4, progress = CASE WHEN $2 = 'done' THEN 1 ELSE 0 END, updated_at_ms = $5 WHERE id = $1`,
    [id, end.state, end.failure, end.result === undefined ? null : JSON.stringify(end.result), nowMs],
  );
}

export async function findJob(sql: Sql, showId: string, kind: JobKind, cut: string): Promise<JobRow | null> {
  const [row] = await sql.query<JobRow>(`SELECT ${COLUMNS} FROM recording_job WHERE show_id = $1 AND kind = $2 AND cut = $3`, [
    showId,
    kind,
    cut,
  ]);
  return row ?? null;
}

export async function countWaitingJobs(sql: Sql, orgId: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM recording_job WHERE org_id = $1 AND state IN ('queued', 'running') AND kind = 'mp4'`,
    [orgId],
  );
  return row?.count ?? 0;
}

/** Jobs of other cuts than these: what they made is no longer of use. */
export async function takeStaleJobs(sql: Sql, showId: string, cuts: readonly string[]): Promise<JobRow[]> {
  return sql.query(
    `DELETE FROM recording_job WHERE show_id = $1 AND kind <> 'purge' AND NOT (cut = ANY ($2)) AND state <> 'running' RETURNING ${COLUMNS}`,
    [showId, cuts],
  );
}

export async function deleteJobs(sql: Sql, showId: string): Promise<void> {
  await sql.query(`DELETE FROM recording_job WHERE show_id = $1 AND kind <> 'purge'`, [showId]);
}
