// Forward-only migrations: `migrations/NNNNNN_name.sql`, each in a transaction of its own, applied once, in order, by one
// process at a time. A file that was applied must never change: its digest is kept and compared.
//
// They run while others read and write. A statement such as ALTER TABLE that waits for its lock stands in front of every
// later request for the table, so it waits LOCK_TIMEOUT_MS at most, steps back, lets them pass, and tries again (ST16).
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { AppError } from '../../kernel/app-error.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import { type Database, isUnavailable } from './database.ts';
import { type Migration, parseMigration } from './migration-text.ts';

const MIGRATIONS_DIR = new URL('../../../migrations/', import.meta.url).pathname;
const LOCK_KEY = 727_001;
/** Looked for, not waited for: a session that waits has a snapshot, and CREATE INDEX CONCURRENTLY would wait for that session. */
const LOOK_FOR_LOCK_MS = 100;
/** Nobody shall wait a second because of us, and what waited meanwhile has to be worked off too. */
const LOCK_TIMEOUT_MS = 300;
const LOCK_TRIES = 40;
/** Longer than the wait before it, so that the queue is gone when we stand in front of it again. */
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';

export type MigrateOptions = {
  logger?: Logger;
  lockTimeoutMs?: number;
  lockTries?: number;
};

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Brings the schema to the newest version; returns the names applied now. Throws INSP_STORE_SCHEMA_NEWER or INSP_STORE_SCHEMA_LOCKED. */
export async function migrate(
  database: Pick<Database, 'pool'>,
  dir: string = MIGRATIONS_DIR,
  options: MigrateOptions = {},
): Promise<string[]> {
  const files = (await readdir(dir)).filter((name) => /^\d{6}_[a-z0-9_]+\.sql$/.test(name)).sort();
  let client: pg.PoolClient | undefined;
  try {
    client = await database.pool.connect();
    while (!(await tryLock(client))) await sleep(LOOK_FOR_LOCK_MS);
    return await applyAll(client, dir, files, options);
  } catch (cause) {
    throw isUnavailable(cause) ? new AppError('INSP_STORE_UNAVAILABLE', { cause }) : cause;
  } finally {
    // With its settings and its lock.
    client?.release(true);
  }
}

async function tryLock(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ is_mine: boolean }>('SELECT pg_try_advisory_lock($1) AS is_mine', [LOCK_KEY]);
  return rows[0]?.is_mine === true;
}

async function applyAll(client: pg.PoolClient, dir: string, files: readonly string[], options: MigrateOptions): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ name: string; digest: string }>('SELECT name, digest FROM schema_migration');
  const done = new Map(rows.map((row) => [row.name, row.digest]));
  const unknown = [...done.keys()].filter((name) => !files.includes(name));
  if (unknown.length > 0) throw new AppError('INSP_STORE_SCHEMA_NEWER', { detail: `Unknown migrations: ${unknown.join(', ')}.` });
  const applied: string[] = [];
  for (const name of files) {
    const text = await readFile(join(dir, name), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    if (done.has(name)) {
      if (done.get(name) !== digest) throw new AppError('INSP_STORE_SCHEMA_NEWER', { detail: `${name} changed after it was applied.` });
      continue;
    }
    const migration = parseMigration(name, text);
    const remember = () => client.query('INSERT INTO schema_migration (name, digest) VALUES ($1, $2)', [name, digest]);
    if (migration.isTransactional) await applyInTransaction(client, name, migration, remember, options);
    else await applyOneByOne(client, migration, remember);
    applied.push(name);
  }
  return applied;
}

async function applyInTransaction(
  client: pg.PoolClient,
  name: string,
  { text }: Migration,
  remember: () => Promise<unknown>,
  { logger = silentLogger, lockTimeoutMs = LOCK_TIMEOUT_MS, lockTries = LOCK_TRIES }: MigrateOptions,
): Promise<void> {
  for (let tryCount = 1; ; tryCount += 1) {
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
      await client.query(text);
      await remember();
      await client.query('COMMIT');
      return;
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => {});
      if ((cause as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw cause;
      if (tryCount === lockTries) throw new AppError('INSP_STORE_SCHEMA_LOCKED', { cause, detail: `${name} tried ${tryCount} times.` });
      const waitMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tryCount - 1));
      logger.info({ migration: name, tryCount, waitMs }, 'a migration could not lock its table and tries again');
      await sleep(waitMs);
    }
  }
}

/** ST17. No lock timeout: building an index concurrently waits for old transactions, and nobody waits for it. */
async function applyOneByOne(client: pg.PoolClient, { statements }: Migration, remember: () => Promise<unknown>): Promise<void> {
  for (const { sql, indexName } of statements) {
    if (indexName !== null) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid', [indexName]);
      if (rowCount === 1) await client.query(`DROP INDEX CONCURRENTLY ${indexName}`);
    }
    await client.query(sql);
  }
  await remember();
}
