// Forward-only migrations: `migrations/NNNNNN_name.sql`, each in one transaction, applied once, in order, by one
// process at a time (advisory lock). A file that was applied must never change: its digest is kept and compared.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import type { Database } from './database.ts';

const MIGRATIONS_DIR = new URL('../../../migrations/', import.meta.url).pathname;
const LOCK_KEY = 727_001;

/** Brings the schema to the newest version; returns the names applied now. */
export async function migrate(database: Database, dir: string = MIGRATIONS_DIR): Promise<string[]> {
  const files = (await readdir(dir)).filter((name) => /^\d{6}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await tx.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const done = new Map(
      (await tx.query<{ name: string; digest: string }>('SELECT name, digest FROM schema_migration')).map((row) => [row.name, row.digest]),
    );
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
      await tx.query(text);
      await tx.query('INSERT INTO schema_migration (name, digest) VALUES ($1, $2)', [name, digest]);
      applied.push(name);
    }
    return applied;
  });
}
