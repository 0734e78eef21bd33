// The index of recordings in Postgres. Rows come after their files, in one statement for a batch; a row that is there
// already is left as it is, so that a write may be tried again.
import type { BroadcastId, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { StoredPeriod, StoredSegment } from './segment-key.ts';

export type RecordingRow = {
  readonly broadcastId: BroadcastId;
  readonly orgId: string;
  readonly showId: ShowId;
  readonly state: 'recording' | 'complete';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly gapCount: number;
  readonly gapMs: number;
  readonly gapCause: string | null;
};
export type PeriodRow = StoredPeriod & { readonly decoderConfig: Uint8Array; readonly byteCount: number };

const RECORDING = `broadcast_id AS "broadcastId", org_id AS "orgId", show_id AS "showId", state, started_at_ms AS "startedAt",
  ended_at_ms AS "endedAt", gap_count AS "gapCount", gap_ms AS "gapMs", gap_cause AS "gapCause"`;
const SEGMENT = `s.broadcast_id AS "broadcastId", s.track, s.media_sequence AS "mediaSequence", s.period AS "periodId",
  s.program_date_time_ms AS "programDateTimeMs", s.duration_us / 1000.0::double precision AS "durationMs", s.byte_count AS "byteCount",
  s.frame_count AS "frameCount", s.is_independent AS "isIndependent", s.target_duration_sec AS "targetDurationSec"`;

export async function insertRecording(
  sql: Sql,
  recording: { broadcastId: BroadcastId; orgId: string; showId: ShowId; startedAt: number },
): Promise<void> {
  await sql.query(
    `INSERT INTO recording (broadcast_id, org_id, show_id, state, started_at_ms) VALUES ($1, $2, $3, 'recording', $4)
     ON CONFLICT (broadcast_id) DO NOTHING`,
    [recording.broadcastId, recording.orgId, recording.showId, recording.startedAt],
  );
}

export async function completeRecording(sql: Sql, broadcastId: BroadcastId, endedAt: number): Promise<void> {
  await sql.query(`UPDATE recording SET state = 'complete', ended_at_ms = $2 WHERE broadcast_id = $1`, [broadcastId, endedAt]);
}

export async function addGap(sql: Sql, broadcastId: BroadcastId, gap: { count: number; ms: number; cause: string }): Promise<void> {
  await sql.query('UPDATE recording SET gap_count = gap_count + $2, gap_ms = gap_ms + $3, gap_cause = $4 WHERE broadcast_id = $1', [
    broadcastId,
    gap.count,
    Math.round(gap.ms),
    gap.cause,
  ]);
}

/** Left open by a process that is gone. */
export async function listOpenRecordings(sql: Sql): Promise<RecordingRow[]> {
  return sql.query(`SELECT ${RECORDING} FROM recording WHERE state = 'recording' ORDER BY started_at_ms`);
}

export async function listRecordings(sql: Sql, showId: string): Promise<RecordingRow[]> {
  return sql.query(`SELECT ${RECORDING} FROM recording WHERE show_id = $1 ORDER BY started_at_ms`, [showId]);
}

export async function insertPeriod(sql: Sql, period: PeriodRow): Promise<void> {
  await sql.query(
    `INSERT INTO recording_period (broadcast_id, track, period, decoder_config, byte_count) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (broadcast_id, track, period) DO NOTHING`,
    [period.broadcastId, period.track, period.periodId, Buffer.from(period.decoderConfig), period.byteCount],
  );
}

export async function insertSegments(sql: Sql, segments: readonly StoredSegment[]): Promise<void> {
  const rows = segments.map(({ durationMs, ...segment }) => ({ ...segment, durationUs: Math.round(durationMs * 1000) }));
  await sql.query(
    `INSERT INTO recording_segment (broadcast_id, track, media_sequence, period, program_date_time_ms, duration_us, byte_count,
       frame_count, is_independent, target_duration_sec)
     SELECT "broadcastId", track, "mediaSequence", "periodId", "programDateTimeMs", "durationUs", "byteCount", "frameCount",
       "isIndependent", "targetDurationSec"
     FROM jsonb_to_recordset($1::jsonb) AS r("broadcastId" text, track text, "mediaSequence" bigint, "periodId" bigint,
       "programDateTimeMs" bigint, "durationUs" bigint, "byteCount" int, "frameCount" int, "isIndependent" boolean, "targetDurationSec" int)
     ON CONFLICT (broadcast_id, track, media_sequence) DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

export async function deleteSegment(sql: Sql, { broadcastId, track, mediaSequence }: StoredSegment): Promise<void> {
  await sql.query('DELETE FROM recording_segment WHERE broadcast_id = $1 AND track = $2 AND media_sequence = $3', [
    broadcastId,
    track,
    mediaSequence,
  ]);
}

export async function listSegments(sql: Sql, by: { showId: string } | { broadcastId: BroadcastId }): Promise<StoredSegment[]> {
  if ('broadcastId' in by) return sql.query(`SELECT ${SEGMENT} FROM recording_segment s WHERE s.broadcast_id = $1`, [by.broadcastId]);
  return sql.query(
    `SELECT ${SEGMENT} FROM recording_segment s JOIN recording r USING (broadcast_id) WHERE r.show_id = $1 ORDER BY s.media_sequence`,
    [by.showId],
  );
}

export async function listPeriods(sql: Sql, showId: string): Promise<PeriodRow[]> {
  return sql.query(
    `SELECT p.broadcast_id AS "broadcastId", p.track, p.period AS "periodId", p.decoder_config AS "decoderConfig", p.byte_count AS "byteCount"
     FROM recording_period p JOIN recording r USING (broadcast_id) WHERE r.show_id = $1`,
    [showId],
  );
}

/** Everything the index knows of these recordings. The files are somebody else's. */
export async function deleteRecordings(tx: Sql, showId: ShowId, broadcastIds: readonly BroadcastId[]): Promise<void> {
  for (const table of ['recording_segment', 'recording_period', 'recording'])
    await tx.query(
      `DELETE FROM ${table} WHERE broadcast_id IN (SELECT broadcast_id FROM recording WHERE show_id = $1 AND broadcast_id = ANY ($2))`,
      [showId, broadcastIds],
    );
}

/** Bytes of all stored segments, of one organization or of all. */
export async function sumStoredBytes(sql: Sql, orgId: string | null): Promise<number> {
  const [row] = await sql.query<{ byteCount: number | null }>(
    `SELECT sum(s.byte_count)::bigint AS "byteCount" FROM recording_segment s JOIN recording r USING (broadcast_id)
     WHERE $1::text IS NULL OR r.org_id = $1`,
    [orgId],
  );
  return row?.byteCount ?? 0;
}
