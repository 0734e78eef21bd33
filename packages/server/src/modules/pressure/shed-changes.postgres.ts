// The level changes of a show: each with its fact in one transaction, and the note its figures carry.
import type { FactOf, SamplingNote, ShedLevel, ShowId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import { estimatedFigures } from './estimated-figures.ts';

export async function insertShedChanges(tx: Sql, facts: readonly FactOf<'pressure.level_changed'>[]): Promise<void> {
  await tx.query(
    `INSERT INTO show_shed_change (event_id, show_id, at_ms, level, cause, is_forced)
     SELECT event_id, show_id, at_ms, level, cause, is_forced FROM json_to_recordset($1::json)
       AS r (event_id text, show_id text, at_ms bigint, level smallint, cause text, is_forced boolean)`,
    [
      JSON.stringify(
        facts.map(({ id, showId, occurredAt, kind, payload }) => ({
          event_id: id,
          show_id: showId,
          at_ms: occurredAt,
          level: payload.to,
          cause: kind,
          is_forced: payload.isForced,
        })),
      ),
    ],
  );
}

/** What the figures of a show must say about sampling; null when none of its facts was sampled. */
export async function readSamplingNote(sql: Sql, showId: ShowId): Promise<SamplingNote | null> {
  const [row] = await sql.query<{ since_ms: number | null; greatest_level: ShedLevel }>(
    'SELECT MIN(at_ms) AS since_ms, MAX(level) AS greatest_level FROM show_shed_change WHERE show_id = $1 AND level > 0',
    [showId],
  );
  if (row === undefined || row.since_ms === null) return null;
  return { sinceMs: row.since_ms, greatestLevel: row.greatest_level, estimated: estimatedFigures(row.greatest_level) };
}
