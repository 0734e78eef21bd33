// Rules of SPEC.md on real servers: a primary and two hot standbys that lag, pause, die, freeze and are promoted.
// The tests follow one another on one cluster; each leaves it well for the next, and the last one spends it.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findPostgresPrograms,
  type PostgresCluster,
  type PostgresNode,
  startPostgresCluster,
} from '../../../test-support/postgres-cluster.ts';
import { type Database, openDatabase } from './database.ts';
import { parseReadAddresses } from './read-address.ts';
import type { ReadStats } from './read-routing.ts';

const programs = await findPostgresPrograms();
if (programs === null) console.warn('read routing is not tested: install the package postgresql for pg_basebackup');

const PAIRS = 2_000;
const WORKERS = 8;
const READ = 'SELECT n FROM pair WHERE id = $1';
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe.skipIf(programs === null)('reads over two hot standbys', () => {
  const key = randomBytes(32);
  let cluster: PostgresCluster;
  let database: Database;
  /** Another process that carries nothing. */
  let careless: Database;
  let first: PostgresNode;
  let second: PostgresNode;

  const open = () =>
    openDatabase({
      url: cluster.frontUrl,
      shared: { key, readers: parseReadAddresses([first, second].map(({ url }) => url).join(',')) },
    });
  const stats = () => database.routing!.stats();
  const onReaders = ({ byReader }: ReadStats) => Object.values(byReader).reduce((sum, count) => sum + count, 0);
  const onPrimary = ({ byPrimary }: ReadStats) => Object.values(byPrimary).reduce((sum, count) => sum + count, 0);
  const healthOf = (node: PostgresNode) => database.routing!.status().find(({ name }) => name.includes(`:${node.port}/`))?.health;
  /** Reads until both are in rotation: the probe of ST14 needs a read. */
  const untilIn = (...nodes: PostgresNode[]) =>
    expect
      .poll(
        async () => {
          await Promise.all([database.read.query(READ, [1]), careless.read.query(READ, [1])]);
          return nodes.map(healthOf);
        },
        { timeout: 30_000, interval: 20 },
      )
      .toEqual(nodes.map(() => 'in'));

  /** One request that writes, and the next that reads, perhaps in another process: only the token goes between them. */
  async function writeThenRead(id: number, n: number): Promise<{ seen: number; carelesslySeen: number }> {
    const writing = database.consistency.open(undefined);
    await writing.run(() => database.query('UPDATE pair SET n = $2 WHERE id = $1', [id, n]));
    const carelesslySeen = careless.read.query<{ n: number }>(READ, [id]);
    const reading = database.consistency.open(writing.token() ?? undefined);
    const [row] = await reading.run(() => database.read.query<{ n: number }>(READ, [id]));
    return { seen: row!.n, carelesslySeen: (await carelesslySeen)[0]!.n };
  }

  async function writePairs(count: number): Promise<{ staleCount: number; carelesslyStaleCount: number }> {
    const found = { staleCount: 0, carelesslyStaleCount: 0 };
    let next = 0;
    const worker = async (id: number) => {
      while (next < count) {
        next += 1;
        const n = next;
        const { seen, carelesslySeen } = await writeThenRead(id, n);
        if (seen !== n) found.staleCount += 1;
        if (carelesslySeen !== n) found.carelesslyStaleCount += 1;
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(index + 1)));
    return found;
  }

  /** Writes beside until stopped, so that replay has work. */
  function load(): () => Promise<void> {
    const writer = openDatabase({ url: cluster.frontUrl, maxConnections: 1 });
    let isWanted = true;
    const writing = (async () => {
      while (isWanted) {
        await writer.query(`INSERT INTO noise SELECT g, repeat('x', 200) FROM generate_series(1, 300) g`).catch(() => {});
        await sleep(5);
      }
    })();
    return async () => {
      isWanted = false;
      await writing;
      await writer.close();
    };
  }

  beforeAll(async () => {
    cluster = await startPostgresCluster({ standbyCount: 2, programs: programs! });
    [first, second] = cluster.standbys as [PostgresNode, PostgresNode];
    await cluster.primary.query('CREATE TABLE pair (id int PRIMARY KEY, n int NOT NULL)');
    await cluster.primary.query('INSERT INTO pair SELECT g, 0 FROM generate_series(1, 100) g');
    await cluster.primary.query('CREATE TABLE noise (id int, text text)');
    database = open();
    careless = open();
  });
  afterAll(async () => {
    await database?.close();
    await careless?.close();
    await cluster?.stop();
  });

  test('[ST7] 2,000 writes are seen by the read after them, while one standby applies late and the other pauses', async () => {
    await untilIn(first, second);
    const stopLoad = load();
    let isOver = false;
    const trouble = (async () => {
      const applyDelay = async (ms: number) => {
        await first.query(`ALTER SYSTEM SET recovery_min_apply_delay = '${ms}ms'`);
        await first.query('SELECT pg_reload_conf()');
      };
      while (!isOver) {
        await applyDelay(150);
        await sleep(300);
        await second.query('SELECT pg_wal_replay_pause()');
        await sleep(500);
        await applyDelay(0);
        await sleep(300);
        await second.query('SELECT pg_wal_replay_resume()');
        await sleep(600);
      }
      await applyDelay(0);
    })();
    const before = stats();
    const found = await writePairs(PAIRS);
    const after = stats();
    isOver = true;
    await Promise.all([trouble, stopLoad()]);
    const readerCount = onReaders(after) - onReaders(before);
    const primaryCount = onPrimary(after) - onPrimary(before);
    console.info(
      `${PAIRS} pairs: ${found.staleCount} stale with token, ${found.carelesslyStaleCount} without; ` +
        `${((100 * readerCount) / (readerCount + primaryCount)).toFixed(1)} % on standbys; ` +
        `${after.waitedCount - before.waitedCount} waited, longest ${after.longestWaitMs.toFixed(0)} ms`,
    );
    expect(found.staleCount).toBe(0);
    // Without these the test would prove nothing.
    expect(readerCount + primaryCount).toBeGreaterThanOrEqual(PAIRS);
    expect(found.carelesslyStaleCount).toBeGreaterThan(PAIRS / 20);
    expect(readerCount).toBeGreaterThan(PAIRS / 20);
    expect(after.waitedCount).toBeGreaterThan(before.waitedCount);
    expect(after.byPrimary.not_replayed).toBeGreaterThan(before.byPrimary.not_replayed);
  });

  test('[ST12] [ST14] a standby that stays behind leaves rotation, and comes back when it has caught up', async () => {
    await untilIn(first, second);
    const stopLoad = load();
    await second.query('SELECT pg_wal_replay_pause()');
    await expect
      .poll(
        async () => {
          await database.read.query(READ, [1]);
          return healthOf(second);
        },
        { timeout: 10_000 },
      )
      .toBe('out');
    expect(healthOf(first)).toBe('in');
    await second.query('SELECT pg_wal_replay_resume()');
    await stopLoad();
    await untilIn(first, second);
  });

  /** Slow reads, always several under way, until `work` is done. Answers what failed. */
  async function readMeanwhile(work: () => Promise<unknown>): Promise<{ failures: unknown[]; readCount: number }> {
    const failures: unknown[] = [];
    let readCount = 0;
    let isOver = false;
    const reader = async () => {
      while (!isOver) {
        await database.read.query('SELECT pg_sleep(0.02), n FROM pair WHERE id = 1').catch((cause: unknown) => failures.push(cause));
        readCount += 1;
      }
    };
    const reading = Array.from({ length: WORKERS }, reader);
    await sleep(200);
    await work();
    await sleep(500);
    isOver = true;
    await Promise.all(reading);
    return { failures, readCount };
  }

  test('[ST11] kill -9 of a standby in the middle of reads loses none, and it comes back after its restart', async () => {
    await untilIn(first, second);
    const before = stats();
    const { failures, readCount } = await readMeanwhile(() => second.kill());
    expect(failures).toEqual([]);
    expect(readCount).toBeGreaterThan(100);
    expect(stats().byPrimary.retry).toBeGreaterThan(before.byPrimary.retry);
    expect(healthOf(second)).not.toBe('in');
    await second.start();
    await untilIn(first, second);
  });

  test('[ST11] [ST12] a standby that hangs loses no read either', async () => {
    const before = stats();
    const { failures } = await readMeanwhile(async () => {
      await second.freeze();
      await expect.poll(() => healthOf(second), { timeout: 10_000 }).toBe('out');
    });
    expect(failures).toEqual([]);
    expect(stats().byPrimary.retry).toBeGreaterThan(before.byPrimary.retry);
    await second.thaw();
    await untilIn(first, second);
  });

  test('[ST11] a table that has not arrived on a standby yet is read on the primary', async () => {
    for (const node of [first, second]) await node.query('SELECT pg_wal_replay_pause()');
    await database.query('CREATE TABLE newest AS SELECT 7 AS n');
    expect(await database.read.query('SELECT n FROM newest')).toEqual([{ n: 7 }]);
    for (const node of [first, second]) await node.query('SELECT pg_wal_replay_resume()');
    await untilIn(first, second);
  });

  test('a write by mistake on the read side fails, and costs no reader its place', async () => {
    await untilIn(first, second);
    await expect(database.read.query('UPDATE pair SET n = 1 WHERE id = 99')).rejects.toMatchObject({ code: '25006' });
    expect([first, second].map(healthOf)).toEqual(['in', 'in']);
  });

  test('[ST2] a write that reaches a standby says that the database is away, and the next takes another connection', async () => {
    const astray = openDatabase({ url: second.url, maxConnections: 1 });
    const pids = new Set<number>();
    for (let round = 0; round < 2; round += 1) {
      const pid = astray.transaction(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        pids.add(row!.pid);
        await tx.query('UPDATE pair SET n = 1 WHERE id = 99');
      });
      await expect(pid).rejects.toMatchObject({ code: 'INSP_STORE_UNAVAILABLE' });
    }
    expect(pids.size).toBe(2);
    await astray.close();
  });

  test('[ST15] readers come and go while reads run', async () => {
    const { failures } = await readMeanwhile(async () => {
      database.routing!.setReaders(parseReadAddresses(second.url));
      await sleep(100);
      database.routing!.setReaders([]);
      await sleep(100);
      database.routing!.setReaders(parseReadAddresses(`${first.url}\n${second.url}`));
      await sleep(300);
    });
    expect(failures).toEqual([]);
    await untilIn(first, second);
  });

  test('[ST10] with no standby left the primary serves, and refuses what is too much', async () => {
    const few = openDatabase({ url: cluster.frontUrl, maxConnections: 2, shared: { key, readers: [] } });
    const answers = await Promise.allSettled(Array.from({ length: 560 }, () => few.read.query('SELECT pg_sleep(0.02)')));
    const refused = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason.code);
    expect(new Set(refused)).toEqual(new Set(['INSP_STORE_BUSY']));
    expect(refused.length).toBeGreaterThanOrEqual(59);
    expect(answers.length - refused.length).toBeGreaterThan(10);
    await few.close();
  });

  test('[ST8] a promotion is noticed: old tokens read on the new primary, writes and reads go on', async () => {
    const old = database.consistency.open(undefined);
    await old.run(() => database.query('UPDATE pair SET n = -1 WHERE id = 50'));
    // Asynchronous replication loses what was not sent; this one shall have arrived.
    await expect.poll(async () => (await first.query<{ n: number }>('SELECT n FROM pair WHERE id = 50'))[0]?.n).toBe(-1);
    expect(database.routing!.primaryTimeline).toBe(1);

    const { failures } = await readMeanwhile(async () => {
      await cluster.primary.kill();
      await first.query('SELECT pg_promote()');
      cluster.front.pointAt(first.port);
      await expect.poll(() => database.routing!.primaryTimeline, { timeout: 20_000 }).toBe(2);
    });
    expect(failures).toEqual([]);

    await expect
      .poll(() => database.query('UPDATE pair SET n = 0 WHERE id = 51 RETURNING n').catch(() => []), { timeout: 10_000 })
      .toEqual([{ n: 0 }]);
    const before = stats();
    const reading = database.consistency.open(old.token() ?? undefined);
    expect(await reading.run(() => database.read.query(READ, [50]))).toEqual([{ n: -1 }]);
    expect(stats().byPrimary.other_timeline).toBe(before.byPrimary.other_timeline + 1);

    await untilIn(second);
    const found = await writePairs(200);
    expect(found.staleCount).toBe(0);
    expect(stats().byReader).not.toEqual(before.byReader);
  });
});
