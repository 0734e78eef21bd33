// Probes of the addresses to read from: how far behind they are, what they promise by themselves, and whether our
// routing keeps its own promise on them.
import { openDatabase } from '../database.ts';
import type { ReadAddress } from '../read-address.ts';
import { PRIMARY_POSITION_SQL, parseLsn, readPosition } from '../wal-position.ts';
import type { ReaderFinding, TokenFinding } from './findings.ts';
import type { PrimaryProbe } from './probe-primary.ts';

const READ_ONLY = '25006';
const REPLAY_POSITION_SQL = `SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')::text AS lsn`;
const LAG_PATIENCE_MS = 10_000;
const TABLE_PATIENCE_MS = 10_000;
const SETTLE_MS = 1_500;
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The value below which `ratio` of all lie (nearest rank). */
function quantile(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * ratio) - 1)] ?? 0;
}

export async function createPairs({ sessions, url, schema }: PrimaryProbe): Promise<void> {
  await sessions.use(url, async (session) => {
    await session.rows(`CREATE TABLE ${schema}.pair (id int PRIMARY KEY, n int NOT NULL)`);
    await session.rows(`INSERT INTO ${schema}.pair SELECT g, 0 FROM generate_series(1, 100) g`);
  });
}

export async function probeReader(probe: PrimaryProbe, address: ReadAddress, pairCount: number): Promise<ReaderFinding> {
  const { sessions, schema } = probe;
  return sessions.use(address.url, (reader) =>
    sessions.use(probe.url, async (writer) => {
      const read = async () => (await reader.row<{ n: number }>(`SELECT n FROM ${schema}.pair WHERE id = 1`)).n;
      const untilMs = performance.now() + TABLE_PATIENCE_MS;
      while (
        await read().then(
          () => false,
          () => performance.now() < untilMs,
        )
      )
        await sleep(20);
      const { is_standby } = await reader.row<{ is_standby: boolean }>('SELECT pg_is_in_recovery() AS is_standby');
      const lagsMs: number[] = [];
      let staleCount = 0;
      for (let n = 1; n <= pairCount; n += 1) {
        await writer.rows(`UPDATE ${schema}.pair SET n = $1 WHERE id = 1`, [n]);
        const committedMs = performance.now();
        if ((await read()) !== n) staleCount += 1;
        if (address.kind !== 'replica' || !is_standby) continue;
        const written = readPosition(await writer.row<{ lsn: string; timeline: string }>(PRIMARY_POSITION_SQL)).lsn;
        const replayed = async () => parseLsn((await reader.row<{ lsn: string }>(REPLAY_POSITION_SQL)).lsn);
        while ((await replayed()) < written && performance.now() - committedMs < LAG_PATIENCE_MS) await sleep(1);
        lagsMs.push(performance.now() - committedMs);
      }
      let staleInSessionCount: number | null = 0;
      for (let n = 1; n <= pairCount && staleInSessionCount !== null; n += 1) {
        try {
          await reader.rows(`UPDATE ${schema}.pair SET n = $1 WHERE id = 1`, [-n]);
          if ((await read()) !== -n) staleInSessionCount += 1;
        } catch (cause) {
          if ((cause as { code?: string }).code !== READ_ONLY) throw cause;
          staleInSessionCount = null;
        }
      }
      return {
        ...{ name: address.name, kind: address.kind, isStandby: is_standby, pairCount, staleCount, staleInSessionCount },
        lagMs: lagsMs.length === 0 ? null : { p50: quantile(lagsMs, 0.5), p99: quantile(lagsMs, 0.99), max: Math.max(...lagsMs) },
      };
    }),
  );
}

/** Writes and reads as two requests of one person do, by the routing Insp uses. */
export async function probeToken(probe: PrimaryProbe, readers: readonly ReadAddress[], pairCount: number): Promise<TokenFinding> {
  const { schema } = probe;
  const database = openDatabase({ url: probe.url, maxConnections: 4, shared: { key: Buffer.alloc(32), readers } });
  const readText = `SELECT n FROM ${schema}.pair WHERE id = $1`;
  try {
    const settledMs = performance.now() + SETTLE_MS;
    while (performance.now() < settledMs) await Promise.all([database.read.query(readText, [1]), sleep(20)]);
    const before = database.routing?.stats();
    const takenMs: number[] = [];
    let staleCount = 0;
    for (let n = 1; n <= pairCount; n += 1) {
      const id = 1 + (n % 100);
      const writing = database.consistency.open(undefined);
      await writing.run(() => database.query(`UPDATE ${schema}.pair SET n = $2 WHERE id = $1`, [id, n]));
      const beganMs = performance.now();
      const [found] = await database.consistency
        .open(writing.token() ?? undefined)
        .run(() => database.read.query<{ n: number }>(readText, [id]));
      takenMs.push(performance.now() - beganMs);
      if (found?.n !== n) staleCount += 1;
    }
    const after = database.routing?.stats();
    const sum = (counts: Readonly<Record<string, number>> = {}) => Object.values(counts).reduce((total, count) => total + count, 0);
    return {
      ...{ pairCount, staleCount },
      onReadersCount: sum(after?.byReader) - sum(before?.byReader),
      waitedCount: (after?.waitedCount ?? 0) - (before?.waitedCount ?? 0),
      p99Ms: quantile(takenMs, 0.99),
    };
  } finally {
    await database.close();
  }
}
