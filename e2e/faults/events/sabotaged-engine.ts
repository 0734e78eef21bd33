// Engines that are wrong in the ways engines usually are, on the same definitions and tables. They prove that the
// audit can fail: each must be found out.
import { setTimeout as sleep } from 'node:timers/promises';
import { renderPostgresMerge } from '@insp/dataflow';
import { AGGREGATES, type Database, type Sql } from '@insp/server/events';

export const ENGINE_SABOTAGES = {
  'by-seq': 'remembers the greatest seq and reads on from there, without a horizon',
  unfenced: 'reads its cursor, thinks, then merges and moves the cursor without looking whether it is still its own',
  'merge-twice': 'merges every seventh batch twice, as one does that commits its cursor apart from its figures',
  'drop-late': 'drops what is older than ten minutes, as a watermark does',
  dip: 'empties the tables in one transaction and builds them again in the next',
} as const;
export type EngineSabotage = keyof typeof ENGINE_SABOTAGES;

const TICK_MS = 40;
const THINK_MS = 120;
const DIP_MS = 400;
const BATCH_ROWS = 2_000;
const LATE_MINUTES = 10;

type Place = { xid: string; seq: string };

export function createSabotagedEngine(deps: { database: Database; sabotage: EngineSabotage }) {
  const { database, sabotage } = deps;
  let batchCount = 0;
  let isRunning = false;
  let running: Promise<void> = Promise.resolve();

  const order = sabotage === 'by-seq' ? 'seq' : 'xid, seq';
  const isPast = (operator: '>' | '<=', at: number) =>
    sabotage === 'by-seq'
      ? `seq ${operator} $${at + 1}::bigint AND $${at}::xid8 IS NOT NULL`
      : `(xid, seq) ${operator} ($${at}::xid8, $${at + 1}::bigint)`;
  const horizon = sabotage === 'by-seq' ? '' : 'AND xid < pg_snapshot_xmin(pg_current_snapshot())';
  const isWanted = sabotage === 'drop-late' ? `AND b1m >= floor(extract(epoch FROM now()) / 60) - ${LATE_MINUTES}` : '';

  const readCursor = async (sql: Sql) => (await sql.query<Place>('SELECT xid, seq::text FROM sabotage_cursor FOR UPDATE'))[0] as Place;

  async function findEnd(sql: Sql, from: Place): Promise<Place | undefined> {
    const text = `SELECT xid, seq::text FROM (SELECT xid, seq FROM ev WHERE ${isPast('>', 1)} ${horizon} ORDER BY ${order} LIMIT ${BATCH_ROWS}) x
      ORDER BY ${order.replaceAll(/(\w+)/g, '$1 DESC')} LIMIT 1`;
    return (await sql.query<Place>(text, [from.xid, from.seq]))[0];
  }

  async function mergeRange(sql: Sql, from: Place, to: Place): Promise<void> {
    const source = `WITH b AS MATERIALIZED (SELECT * FROM ev WHERE ${isPast('>', 1)} AND ${isPast('<=', 3)} ${isWanted})`;
    for (const definition of AGGREGATES) {
      await sql.query(`${source} ${renderPostgresMerge(definition, 'b')}`, [from.xid, from.seq, to.xid, to.seq]);
    }
    await sql.query('UPDATE sabotage_cursor SET xid = $1, seq = $2', [to.xid, to.seq]);
    batchCount += 1;
  }

  /** Each merge sees what the one before saw: one snapshot, as the real engine's single statement has. */
  const transaction = (work: (tx: Sql) => Promise<void>) =>
    database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await work(tx);
    });

  async function tick(): Promise<void> {
    if (sabotage === 'unfenced') {
      const [from] = await database.query<Place>('SELECT xid, seq::text FROM sabotage_cursor');
      const to = from && (await findEnd(database, from));
      await sleep(THINK_MS);
      if (from && to) await database.transaction((tx) => mergeRange(tx, from, to));
      return;
    }
    await transaction(async (tx) => {
      const from = await readCursor(tx);
      const to = await findEnd(tx, from);
      if (!to) return;
      await mergeRange(tx, from, to);
      if (sabotage === 'merge-twice' && batchCount % 7 === 0) await mergeRange(tx, from, to);
    });
    if (sabotage === 'dip' && batchCount % 20 === 19) {
      batchCount += 1;
      await database.transaction(async (tx) => {
        await tx.query(`TRUNCATE ${AGGREGATES.map(({ name }) => name).join(', ')}`);
        await tx.query(`UPDATE sabotage_cursor SET xid = '0', seq = 0`);
      });
      await sleep(DIP_MS);
    }
  }

  return {
    async start() {
      isRunning = true;
      running = (async () => {
        while (isRunning) {
          // The database may be away.
          await tick().catch(() => {});
          await sleep(TICK_MS);
        }
      })();
    },
    async stop() {
      isRunning = false;
      await running;
    },
  };
}
