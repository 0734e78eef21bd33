// After dump and restore the log carries transaction ids of another server. Ids below ours are just the past; an id
// this server has not given out yet would hide events behind the horizon and let new ones in before them. Such a log
// is stamped anew (seq keeps the order) and the figures start over.
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { AGGREGATES } from './definitions.ts';

/** Answers whether that was needed. */
export async function adoptRestoredLog(database: Database): Promise<boolean> {
  const future = 'SELECT EXISTS (SELECT 1 FROM ev WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS is_restored';
  const [before] = await database.query<{ is_restored: boolean }>(future);
  if (!before?.is_restored) return false;
  await database.transaction(async (tx) => {
    await tx.query('LOCK TABLE log_retired IN SHARE ROW EXCLUSIVE MODE');
    await tx.query('SELECT 1 FROM log_cursor ORDER BY name FOR UPDATE');
    await tx.query('LOCK TABLE ev IN SHARE ROW EXCLUSIVE MODE');
    await tx.query('UPDATE ev SET xid = pg_current_xact_id()');
    await startOver(tx);
  });
  return true;
}

/** Puts every figure back to what dropped days added up to, and every cursor to the start of the log. */
async function startOver(tx: Sql): Promise<void> {
  await tx.query(`TRUNCATE ${AGGREGATES.map(({ name }) => name).join(', ')}`);
  for (const { name } of AGGREGATES) await tx.query(`INSERT INTO ${name} SELECT * FROM retired.${name}`);
  await tx.query(`UPDATE log_cursor SET xid = '0', seq = 0, epoch = epoch + 1`);
}
