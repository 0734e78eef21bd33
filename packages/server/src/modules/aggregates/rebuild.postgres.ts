// Figures made anew beside the ones in use, then put in their place:
//
//   make empty tables in the schema `rebuilding` -> start from what dropped days added up to -> merge the whole log
//   behind a cursor of its own, while the present tables go on -> hold the part's cursor, merge the last few, swap
//
// The swap is one transaction of a few milliseconds: a reader sees the old figures or the new ones, both complete. A
// rebuild that is cut off leaves tables nobody reads; the next one starts over.
import { renderPostgresBatch, renderPostgresTable } from '@insp/dataflow';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { type AggregatePart, PARTS } from './definitions.ts';
import { type LogPlace, releaseLease, takeLease } from './micro-batch.postgres.ts';

const SCHEMA = 'rebuilding';
const BATCH_ROWS = 20_000;
const LEASE_MS = 60_000;
/** The swap waits this long for readers, then lets them pass and tries again; shorter than deadlock detection. */
const LOCK_TIMEOUT = '500ms';
const SWAP_ATTEMPTS = 40;
const SWAP_RETRY_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

export type RebuildResult = { readonly cursorName: string; readonly mergedCount: number };

/** Makes every figure anew from the log. Refuses INSP_AGGREGATES_REBUILD_RUNNING while another process does. */
export async function rebuildAggregates(database: Database, clock: Clock): Promise<RebuildResult[]> {
  const results: RebuildResult[] = [];
  for (const part of PARTS) results.push(await rebuildPart(database, clock, part));
  return results;
}

async function rebuildPart(database: Database, clock: Clock, part: AggregatePart): Promise<RebuildResult> {
  const cursorName = `${part.cursorName}_rebuild`;
  const fence = await begin(database, part, cursorName);
  const batch = renderPostgresBatch({ definitions: part.definitions, schema: SCHEMA });
  const mergeNext = async (sql: Sql) => {
    const [row] = await sql.query<LogPlace & { merged_count: number }>(batch, [cursorName, BATCH_ROWS, fence, LEASE_MS]);
    if (!row) throw new AppError('INSP_AGGREGATES_REBUILD_RUNNING');
    return row;
  };
  try {
    let mergedCount = await mergeAll(() => mergeNext(database.log));
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Once more without locks, so that little is left for the moment when readers wait.
        mergedCount += await mergeAll(() => mergeNext(database.log));
        mergedCount += await swap(database, part, cursorName, mergeNext);
        return { cursorName: part.cursorName, mergedCount };
      } catch (cause) {
        if ((cause as { code?: unknown }).code !== LOCK_NOT_AVAILABLE || attempt === SWAP_ATTEMPTS) throw cause;
        await new Promise<void>((done) => clock.after(SWAP_RETRY_MS, done));
      }
    }
  } catch (cause) {
    await releaseLease(database, cursorName, fence).catch(() => {});
    throw cause;
  }
}

/** Merges until the log is read up to the horizon. */
async function mergeAll(mergeNext: () => Promise<{ merged_count: number }>): Promise<number> {
  let mergedCount = 0;
  for (;;) {
    const { merged_count } = await mergeNext();
    mergedCount += merged_count;
    if (merged_count < BATCH_ROWS) return mergedCount;
  }
}

/** Takes the rebuild's own cursor and makes its tables. */
async function begin(database: Database, part: AggregatePart, cursorName: string): Promise<number> {
  await database.query('INSERT INTO log_cursor (name) VALUES ($1) ON CONFLICT DO NOTHING', [cursorName]);
  const fence = await takeLease(database, cursorName, LEASE_MS);
  if (fence === null) throw new AppError('INSP_AGGREGATES_REBUILD_RUNNING');
  await database.transaction(async (tx) => {
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    // No day may be set aside and dropped behind the copy; from here on our lease says so (set-aside.postgres.ts).
    await tx.query('LOCK TABLE log_retired IN SHARE ROW EXCLUSIVE MODE');
    await tx.query(`UPDATE log_cursor SET xid = '0', seq = 0 WHERE name = $1`, [cursorName]);
    for (const definition of part.definitions) {
      await tx.query(`DROP TABLE IF EXISTS ${SCHEMA}.${definition.name}`);
      await tx.query(renderPostgresTable(definition, SCHEMA));
      await tx.query(`INSERT INTO ${SCHEMA}.${definition.name} SELECT * FROM retired.${definition.name}`);
    }
  });
  return fence;
}

/** Puts the new tables in the place of the present ones; answers how many events were merged on the way. */
async function swap(
  database: Database,
  part: AggregatePart,
  cursorName: string,
  mergeNext: (sql: Sql) => Promise<LogPlace & { merged_count: number }>,
): Promise<number> {
  return database.transaction(async (tx) => {
    // Tables first, then the cursor: the order a merge takes them in.
    await tx.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    const names = part.definitions.map(({ name }) => name);
    await tx.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await tx.query('SELECT 1 FROM log_cursor WHERE name = $1 FOR UPDATE', [part.cursorName]);
    // The horizon only rises: when we have read up to ours, we have read all that the part has.
    const mergedCount = await mergeAll(() => mergeNext(tx));
    // Views hold on to the tables they were made over: they are made again over the new ones.
    const views = await tx.query<{ name: string; definition: string }>(
      `SELECT DISTINCT v.relname AS name, pg_get_viewdef(v.oid) AS definition FROM pg_depend d
        JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
        JOIN pg_class t ON t.oid = d.refobjid AND t.relnamespace = 'public'::regnamespace AND t.relname = ANY ($1)`,
      [names],
    );
    await tx.query('CREATE SCHEMA replaced');
    for (const name of names) {
      await tx.query(`ALTER TABLE public.${name} SET SCHEMA replaced`);
      await tx.query(`ALTER TABLE ${SCHEMA}.${name} SET SCHEMA public`);
    }
    for (const { name, definition } of views) await tx.query(`CREATE OR REPLACE VIEW ${name} AS ${definition}`);
    await tx.query('DROP SCHEMA replaced CASCADE');
    await tx.query(
      `UPDATE log_cursor c SET xid = r.xid, seq = r.seq, epoch = c.epoch + 1 FROM log_cursor r WHERE c.name = $1 AND r.name = $2`,
      [part.cursorName, cursorName],
    );
    await tx.query('DELETE FROM log_cursor WHERE name = $1', [cursorName]);
    return mergedCount;
  });
}
