// Before a day of the log is dropped its events are added up in the schema `retired`, so that every figure stays what
// it was and a rebuild still comes to it.
import { renderPostgresMerge } from '@insp/dataflow';
import type { Sql } from '../../platform/postgres/database.ts';
import { AGGREGATES, PARTS } from './definitions.ts';
import { isAtOrPast, type LogPlace } from './micro-batch.postgres.ts';

/**
 * Adds up the events of `source`, a table of the log that takes no more rows, in `retired`, inside the transaction
 * that will drop it. Answers false, having done nothing, while a part of the figures has not read them all or a
 * rebuild, which started from `retired` as it was, is under way. A place read without a lock will do: cursors only
 * move on.
 */
export async function setAside(tx: Sql, source: string): Promise<boolean> {
  // A rebuild that begins now would miss these events here and there: it waits for this transaction (begin).
  await tx.query('LOCK TABLE log_retired IN SHARE ROW EXCLUSIVE MODE');
  const cursors = await tx.query<LogPlace & { name: string; is_held: boolean }>(
    'SELECT name, xid, seq, held_until > clock_timestamp() AS is_held FROM log_cursor',
  );
  const parts = new Set(PARTS.map(({ cursorName }) => cursorName));
  if (cursors.some(({ name, is_held }) => !parts.has(name) && is_held)) return false;
  const [end] = await tx.query<LogPlace>(`SELECT xid, seq FROM ${source} ORDER BY xid DESC, seq DESC LIMIT 1`);
  if (end !== undefined && !cursors.filter(({ name }) => parts.has(name)).every((cursor) => isAtOrPast(cursor, end))) return false;
  for (const definition of AGGREGATES) await tx.query(renderPostgresMerge(definition, source, 'retired'));
  return true;
}
