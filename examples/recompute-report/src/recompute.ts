// Reads an export with DuckDB and computes the figures of the report anew. Nothing of Insp's code is used: two ways that
// share no line and come to the same number are worth more than one way that is tested twice.
import { readFile } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export type Figures = Readonly<Record<string, unknown>>;

/** An export that cannot be counted: no header, no trailer, or not as many events as the trailer says. */
export class TornExport extends Error {}

const COLUMNS = {
  line: 'VARCHAR',
  format: 'VARCHAR',
  formatVersion: 'INTEGER',
  hasTurnover: 'BOOLEAN',
  eventCount: 'BIGINT',
  name: 'VARCHAR',
  occurredAt: 'BIGINT',
  isSimulated: 'BOOLEAN',
  viewerId: 'VARCHAR',
  productId: 'VARCHAR',
  highlightId: 'VARCHAR',
  kind: 'VARCHAR',
  amountMinor: 'BIGINT',
  weight: 'BIGINT',
  payload: 'JSON',
};

/** The figures of the export in a file, under the names they bear in the report. Throws TornExport. */
export async function recompute(file: string): Promise<Figures> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    const columns = Object.entries(COLUMNS).map(([name, type]) => `${name}: '${type}'`);
    await connection.run(
      `CREATE TABLE lines AS SELECT * FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {${columns.join(', ')}})`,
    );
    await checkWhole(connection);
    await connection.run(`CREATE TABLE events AS
      SELECT * EXCLUDE (line, format, formatVersion, eventCount, hasTurnover),
        payload->>'currency' AS currency, payload->>'orderId' AS orderId, payload->>'sessionId' AS sessionId,
        payload->>'questionClusterId' AS questionId, payload->>'to' AS state,
        (SELECT hasTurnover FROM lines WHERE line = 'header') AS hasTurnover
      FROM lines WHERE line = 'event'`);
    await connection.run(await readFile(new URL('./visits.sql', import.meta.url), 'utf8'));
    const queries = await readQueries();
    const figures: Record<string, unknown> = {};
    for (const [name, sql] of queries) {
      const rows = await select(connection, sql);
      figures[name] = name === 'totals' || name === 'metrics' ? rows[0] : rows;
    }
    return figures;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function checkWhole(connection: DuckDBConnection): Promise<void> {
  const [counts = {}] = await select(
    connection,
    `SELECT COUNT(*) FILTER (WHERE line = 'header' AND format = 'insp-events' AND formatVersion = 1) AS headers,
       COUNT(*) FILTER (WHERE line = 'trailer') AS trailers, COUNT(*) FILTER (WHERE line = 'event') AS found,
       MAX(eventCount) AS promised FROM lines`,
  );
  if (counts.headers !== 1) throw new TornExport('this is no export of a show in format 1');
  if (counts.trailers !== 1) throw new TornExport('the export has no end: it was cut off');
  if (counts.found !== counts.promised) throw new TornExport(`the export promises ${counts.promised} events and has ${counts.found}`);
}

async function select(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value])),
  );
}

async function readQueries(): Promise<Map<string, string>> {
  const text = await readFile(new URL('./report.sql', import.meta.url), 'utf8');
  const parts = text.split(/^-- name: (\w+)$/m).slice(1);
  return new Map(parts.flatMap((name, at) => (at % 2 === 0 ? [[name, parts[at + 1] ?? '']] : [])));
}
