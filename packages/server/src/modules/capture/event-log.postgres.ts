// The log's table: append, in the caller's transaction or in a batch, and read a show's events in order.
import type { EventName, ShowId, StoredEvent } from '@insp/protocol';
import { AppError } from '../../kernel/app-error.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import type { DeadLetter } from './dead-letters.ts';
import { codeOf, type LogRow, logRowToEvent } from './log-row.ts';

const COLUMN_TYPES: Readonly<Record<keyof LogRow, string>> = {
  id: 'text',
  stream: 'text',
  log_day: 'integer',
  type: 'smallint',
  v: 'smallint',
  occurred_at_ms: 'bigint',
  received_at_ms: 'bigint',
  b10s: 'integer',
  b1m: 'integer',
  b1d: 'integer',
  salt: 'smallint',
  org_id: 'text',
  show_id: 'text',
  viewer_id: 'text',
  product_id: 'text',
  highlight_id: 'text',
  subject_id: 'text',
  kind: 'text',
  currency: 'text',
  amount_minor: 'bigint',
  weight: 'bigint',
  is_simulated: 'boolean',
  hb: 'smallint',
  hr: 'smallint',
  actor_kind: 'text',
  actor_id: 'text',
  props: 'jsonb',
};
const COLUMN_NAMES = Object.keys(COLUMN_TYPES) as (keyof LogRow)[];
const COLUMNS = COLUMN_NAMES.join(', ');
const RECORDSET = Object.entries(COLUMN_TYPES)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

// One parameter for the whole batch; ORDER BY the place in it, so that seq follows the order it was handed in.
const INSERT = `INSERT INTO ev (${COLUMNS}) SELECT ${COLUMNS}
  FROM ROWS FROM (json_to_recordset($1::json) AS (${RECORDSET})) WITH ORDINALITY AS r (${COLUMNS}, place) ORDER BY place`;

/** Appends in the caller's transaction. An id that is there already is a bug and throws. */
export async function insertRows(tx: Sql, rows: readonly LogRow[]): Promise<void> {
  await tx.query(INSERT, [JSON.stringify(rows)]);
}

const COPY = `COPY ev (${COLUMNS}) FROM STDIN`;
const UNIQUE_VIOLATION = '23505';

/**
 * Appends a batch, all rows new or some of them known: by COPY, and where that meets an id that is there already, by an
 * insert that skips it. The ids within the batch must differ. Returns the ids that are new.
 */
export async function appendRows(database: Pick<Database, 'copyIn' | 'query'>, rows: readonly LogRow[]): Promise<Set<string>> {
  try {
    await database.copyIn(COPY, rows.map(toCopyLine).join(''));
    return new Set(rows.map(({ id }) => id));
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== UNIQUE_VIOLATION) throw cause;
  }
  const added = await database.query<{ id: string }>(`${INSERT} ON CONFLICT (id, stream, log_day) DO NOTHING RETURNING id`, [
    JSON.stringify(rows),
  ]);
  return new Set(added.map(({ id }) => id));
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeText = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (found) => ESCAPES[found] as string) : text;

/** A row in COPY's text format: cells between tabs, `\N` for null, a line end. */
export function toCopyLine(row: LogRow): string {
  let line = '';
  for (const name of COLUMN_NAMES) {
    const cell = row[name];
    if (line !== '') line += '\t';
    if (cell === null) line += '\\N';
    else if (typeof cell === 'string') line += escapeText(cell);
    else if (typeof cell === 'object') line += escapeText(JSON.stringify(cell));
    else line += String(cell);
  }
  return `${line}\n`;
}

export async function insertDeadLetters(sql: Sql, letters: readonly DeadLetter[]): Promise<void> {
  await sql.query(
    `INSERT INTO dead_letter (received_at_ms, org_id, event_id, event_name, reason, body)
     SELECT received_at_ms, org_id, event_id, event_name, reason, body FROM json_to_recordset($1::json)
       AS r (received_at_ms bigint, org_id text, event_id text, event_name text, reason text, body text)`,
    [JSON.stringify(letters)],
  );
}

/** A place in the log; hand it back to go on after it. */
export type LogPosition = { readonly xid: string; readonly seq: number };
export const LOG_START: LogPosition = { xid: '0', seq: 0 };

export type ShowEventsPage = { events: StoredEvent[]; next: LogPosition | null };

/**
 * Reads a page of a show's events in log order, only what no slower writer can still get in front of: a reader that
 * goes on from `next` misses nothing. `names` and `sinceMs` (time of occurrence) narrow it.
 */
export async function readShowPage(
  sql: Sql,
  showId: ShowId,
  options: { after: LogPosition; limit: number; names?: readonly EventName[]; sinceMs?: number },
): Promise<ShowEventsPage> {
  const rows = await sql.query<LogRow & { seq: number; xid: string }>(
    `SELECT seq, xid, ${COLUMNS} FROM ev
      WHERE show_id = $1 AND (xid, seq) > ($2::xid8, $3::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        AND ($4::smallint[] IS NULL OR type = ANY ($4)) AND ($5::bigint IS NULL OR occurred_at_ms >= $5)
      ORDER BY xid, seq LIMIT $6`,
    [
      showId,
      options.after.xid,
      options.after.seq,
      options.names === undefined ? null : options.names.map(codeOf),
      options.sinceMs ?? null,
      options.limit,
    ],
  );
  const last = rows.length === options.limit ? rows.at(-1) : undefined;
  return {
    events: rows.map(logRowToEvent).filter((event) => event !== null),
    next: last === undefined ? null : { xid: last.xid, seq: last.seq },
  };
}

/** Errors of the data itself (SQLSTATE classes 22 and 23); anything else may pass when the database is well again. */
export function isPermanentFailure(cause: unknown): boolean {
  if (cause instanceof AppError) return false;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^2[23]/.test(code);
}
