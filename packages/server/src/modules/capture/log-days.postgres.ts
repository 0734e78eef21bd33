// Day partitions of the log: which there are, make one, drop one.
import type { EventStream } from '@insp/protocol/schemas';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { type LogDay, partitionName } from './log-days.ts';

/** Rows are added and never changed, and who reads on goes by the index: vacuum and statistics can wait. */
const APPEND_ONLY =
  'autovacuum_vacuum_insert_threshold = 10000000, autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 1';

/** Waits this long for a lock on the log, then gives up for now: nobody else may queue behind us for longer. */
const LOCK_TIMEOUT = '2s';

export async function listDays(sql: Sql): Promise<LogDay[]> {
  return sql.query<LogDay & { stream: EventStream }>(
    `SELECT substr(p.relname, 4) AS stream,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\((\\d+)\\)'))[1]::integer AS "logDay"
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
      WHERE p.relname IN ('ev_money', 'ev_engage', 'ev_chat') AND p.relnamespace = 'public'::regnamespace
        AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'`,
  );
}

/** Makes a day, with the events of it that came before it was there. */
export async function makeDay(database: Database, day: LogDay): Promise<void> {
  const name = partitionName(day);
  const fallback = `ev_${day.stream}_default`;
  await database.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await takeTurn(tx);
    if (await isThere(tx, name)) return;
    // The whole log, not just the table the rows leave: a reader that waits for a partition has made its plan already,
    // without the new one, and would look after the move for rows that are no longer where it looks.
    await tx.query('LOCK TABLE ev IN ACCESS EXCLUSIVE MODE');
    await tx.query(`CREATE TABLE ${name} (LIKE ev INCLUDING ALL) WITH (${APPEND_ONLY})`);
    await tx.query(
      `WITH moved AS (DELETE FROM ${fallback} WHERE log_day = ${day.logDay} RETURNING *) INSERT INTO ${name} SELECT * FROM moved`,
    );
    await tx.query(`ALTER TABLE ev_${day.stream} ATTACH PARTITION ${name} FOR VALUES FROM (${day.logDay}) TO (${day.logDay + 1})`);
  });
}

/** Adds a day's events to what is set aside, by `setAside` in the same transaction, and drops it. Answers null when it is too early. */
export async function retireDay(
  database: Database,
  day: LogDay,
  retiredAtMs: number,
  setAside: (tx: Sql, source: string) => Promise<boolean>,
): Promise<number | null> {
  const name = partitionName(day);
  return database.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await takeTurn(tx);
    if (!(await isThere(tx, name))) return null;
    // No more rows from here on; readers go on until the drop.
    await tx.query(`LOCK TABLE ${name} IN SHARE MODE`);
    if (!(await setAside(tx, name))) return null;
    const [row] = await tx.query<{ event_count: number }>(
      `INSERT INTO log_retired (stream, log_day, event_count, retired_at_ms) SELECT $1, $2, COUNT(*), $3 FROM ${name} RETURNING event_count`,
      [day.stream, day.logDay, retiredAtMs],
    );
    await tx.query(`DROP TABLE ${name}`);
    return row?.event_count ?? 0;
  });
}

/** The newest day of each stream that is no longer kept; older ones are not either. */
export async function readRetiredDays(sql: Sql): Promise<Map<EventStream, number>> {
  const rows = await sql.query<{ stream: EventStream; log_day: number }>(
    'SELECT stream, MAX(log_day) AS log_day FROM log_retired GROUP BY stream',
  );
  return new Map(rows.map(({ stream, log_day }) => [stream, log_day]));
}

const TURN_KEY = 727_002;
/** Days are made and dropped by one process at a time. */
const takeTurn = (tx: Sql) => tx.query('SELECT pg_advisory_xact_lock($1)', [TURN_KEY]);

async function isThere(tx: Sql, table: string): Promise<boolean> {
  const [row] = await tx.query<{ is_there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is_there', [`public.${table}`]);
  return row?.is_there ?? false;
}
