// The replay of a show as its host decided it, and the jobs that are made for it.
import type { ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

export type ReplayState = 'open' | 'ready' | 'empty' | 'removed';
export type ReplayRow = {
  readonly showId: ShowId;
  readonly orgId: string;
  readonly playbackId: string;
  readonly state: ReplayState;
  readonly isPublic: boolean;
  readonly trimFromMs: number | null;
  readonly trimToMs: number | null;
  readonly durationMs: number;
  readonly fullDurationMs: number;
  readonly cut: string;
  readonly fullCut: string;
  readonly readyAt: number | null;
};

const COLUMNS = `show_id AS "showId", org_id AS "orgId", playback_id AS "playbackId", state, is_public AS "isPublic",
  trim_from_ms AS "trimFromMs", trim_to_ms AS "trimToMs", duration_ms AS "durationMs", full_duration_ms AS "fullDurationMs",
  cut, full_cut AS "fullCut", ready_at_ms AS "readyAt"`;

/** Something of the show is recorded: the replay is open (again). What was removed stays removed. */
export async function openReplay(sql: Sql, replay: { showId: ShowId; orgId: string; playbackId: string }): Promise<void> {
  await sql.query(
    `INSERT INTO replay (show_id, org_id, playback_id, state) VALUES ($1, $2, $3, 'open')
     ON CONFLICT (show_id) DO UPDATE SET state = 'open', trim_to_ms = NULL, ready_at_ms = NULL`,
    [replay.showId, replay.orgId, replay.playbackId],
  );
}

export async function findReplay(sql: Sql, showId: string): Promise<ReplayRow | null> {
  const [row] = await sql.query<ReplayRow>(`SELECT ${COLUMNS} FROM replay WHERE show_id = $1`, [showId]);
  return row ?? null;
}

export async function findReplayByPlayback(sql: Sql, playbackId: string): Promise<ReplayRow | null> {
  const [row] = await sql.query<ReplayRow>(`SELECT ${COLUMNS} FROM replay WHERE playback_id = $1`, [playbackId]);
  return row ?? null;
}

/** Replays whose show may still go on, or whose process died before it finished them. */
export async function listOpenReplays(sql: Sql): Promise<ReplayRow[]> {
  return sql.query(`SELECT ${COLUMNS} FROM replay WHERE state = 'open' ORDER BY show_id`);
}

export async function listReplaysReadyBefore(sql: Sql, beforeMs: number, limit: number): Promise<ReplayRow[]> {
  return sql.query(`SELECT ${COLUMNS} FROM replay WHERE state = 'ready' AND ready_at_ms < $1 ORDER BY ready_at_ms LIMIT $2`, [
    beforeMs,
    limit,
  ]);
}

export type ReplayChange = Pick<
  ReplayRow,
  'state' | 'isPublic' | 'trimFromMs' | 'trimToMs' | 'durationMs' | 'fullDurationMs' | 'cut' | 'fullCut' | 'readyAt'
>;

export async function saveReplay(sql: Sql, showId: ShowId, replay: ReplayChange): Promise<void> {
  await sql.query(
    `UPDATE replay SET state = $2, is_public = $3, trim_from_ms = $4, trim_to_ms = $5, duration_ms = $6, full_duration_ms = $7,
       cut = $8, full_cut = $9, ready_at_ms = $10 WHERE show_id = $1 AND state <> 'removed'`,
    [
      ...[showId, replay.state, replay.isPublic, replay.trimFromMs, replay.trimToMs],
      ...[Math.round(replay.durationMs), Math.round(replay.fullDurationMs), replay.cut, replay.fullCut, replay.readyAt],
    ],
  );
}

export async function markRemoved(sql: Sql, showId: ShowId, nowMs: number, reason: string): Promise<void> {
  await sql.query(`UPDATE replay SET state = 'removed', removed_at_ms = $2, removed_reason = $3 WHERE show_id = $1`, [
    showId,
    nowMs,
    reason,
  ]);
}
