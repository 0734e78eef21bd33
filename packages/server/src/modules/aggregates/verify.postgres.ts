// Proves that a figure is what the log says: each table against its definition run over the log again, together with
// what dropped days added up to, all from one snapshot and up to the place the table's part has read. May run beside
// everything else; it only reads.
import { type AggregateDefinition, DAY_MS, MINUTE_MS, renderCombine, renderSelect, TEN_SECONDS_MS } from '@insp/dataflow';
import type { ShowId } from '@insp/protocol';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { PARTS } from './definitions.ts';
import type { LogPlace } from './micro-batch.postgres.ts';

/** A part of the figures: of a show, of a time (ms since the epoch, from inclusive, to exclusive, widened to whole buckets), or all. */
export type VerifyRange = { readonly showId?: ShowId; readonly fromMs?: number; readonly toMs?: number };

export type TableVerdict = {
  readonly table: string;
  /** Rows compared; null for a table the range does not cut (it has no show or no time among its keys). */
  readonly rowCount: number | null;
  /** Rows that differ, in the table or in the recomputation; the first few as JSON. */
  readonly differences: readonly string[];
};

const DIFFERENCES_SHOWN = 10;
const BUCKETS = { b10s: TEN_SECONDS_MS, b1m: MINUTE_MS, b1d: DAY_MS } as const;

export async function verifyAggregates(database: Database, range: VerifyRange = {}): Promise<TableVerdict[]> {
  return database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const verdicts: TableVerdict[] = [];
    for (const { cursorName, definitions } of PARTS) {
      const [cursor] = await tx.query<LogPlace>('SELECT xid, seq FROM log_cursor WHERE name = $1', [cursorName]);
      for (const definition of definitions) {
        verdicts.push(await verifyTable(tx, definition, cursor ?? { xid: '0', seq: 0 }, range));
      }
    }
    return verdicts;
  });
}

async function verifyTable(tx: Sql, definition: AggregateDefinition, cursor: LogPlace, range: VerifyRange): Promise<TableVerdict> {
  const { name } = definition;
  const conditions = conditionsOf(definition, range);
  if (conditions === null) return { table: name, rowCount: null, differences: [] };
  const params: unknown[] = [cursor.xid, cursor.seq];
  const where = conditions.map(({ column, operator, value }) => `${column} ${operator} $${params.push(value)}`).join(' AND ') || 'true';
  const log = `(SELECT * FROM ev WHERE (xid, seq) <= ($1::xid8, $2::bigint) AND ${where}) e`;
  const both = `(SELECT * FROM retired.${name} WHERE ${where} UNION ALL ${renderSelect(definition, log)}) u`;
  const [row] = await tx.query<{ row_count: number; differences: string[] | null }>(
    `WITH kept AS MATERIALIZED (SELECT * FROM ${name} WHERE ${where}),
      fresh AS MATERIALIZED (${renderCombine(definition, both)})
    SELECT (SELECT COUNT(*) FROM kept) AS row_count, (SELECT array_agg(x.line) FROM (
      SELECT 'table has: ' || row_to_json(a)::text AS line FROM (SELECT * FROM kept EXCEPT SELECT * FROM fresh) a
      UNION ALL SELECT 'log says: ' || row_to_json(b)::text FROM (SELECT * FROM fresh EXCEPT SELECT * FROM kept) b
      LIMIT ${DIFFERENCES_SHOWN}) x) AS differences`,
    params,
  );
  return { table: name, rowCount: row?.row_count ?? 0, differences: row?.differences ?? [] };
}

type Condition = { column: string; operator: '=' | '>=' | '<'; value: string | number };

/** The range as conditions on the keys; null when the keys cannot tell. */
function conditionsOf(definition: AggregateDefinition, { showId, fromMs, toMs }: VerifyRange): Condition[] | null {
  const conditions: Condition[] = [];
  if (showId !== undefined) {
    if (!definition.keys.includes('show_id')) return null;
    conditions.push({ column: 'show_id', operator: '=', value: showId });
  }
  if (fromMs !== undefined || toMs !== undefined) {
    const bucket = definition.keys.find((key) => key in BUCKETS) as keyof typeof BUCKETS | undefined;
    if (bucket === undefined) return null;
    if (fromMs !== undefined) conditions.push({ column: bucket, operator: '>=', value: Math.floor(fromMs / BUCKETS[bucket]) });
    if (toMs !== undefined) conditions.push({ column: bucket, operator: '<', value: Math.ceil(toMs / BUCKETS[bucket]) });
  }
  return conditions;
}
