import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { parseMigration } from './migration-text.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.query('DROP TABLE schema_migration');
  folder = await mkdtemp(join(tmpdir(), 'insp-migrate-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db.drop();
});

test('files are applied once, in order, by one of those who try; a broken one leaves nothing behind', async () => {
  await writeFile(join(folder, '000002_second.sql'), 'ALTER TABLE made ADD COLUMN b int;');
  await writeFile(join(folder, '000001_first.sql'), 'CREATE TABLE made (a int);');
  await writeFile(join(folder, 'notes.sql'), 'not a migration');
  const others = [openDatabase({ url: db.url, maxConnections: 1 }), openDatabase({ url: db.url, maxConnections: 1 })];
  const applied = await Promise.all([db.database, ...others].map((database) => migrate(database, folder)));
  expect(applied.flat()).toEqual(['000001_first.sql', '000002_second.sql']);
  for (const other of others) await other.close();

  await writeFile(join(folder, '000003_broken.sql'), 'CREATE TABLE half (a int); SELECT nothing FROM nowhere;');
  await expect(migrate(db.database, folder)).rejects.toThrow(/nowhere/);
  expect(await db.database.query("SELECT 1 FROM pg_class WHERE relname = 'half'")).toEqual([]);
  await rm(join(folder, '000003_broken.sql'));
});

test('a file that changed, or one we do not have, is refused', async () => {
  await writeFile(join(folder, '000002_second.sql'), 'ALTER TABLE made ADD COLUMN c int;');
  await expect(migrate(db.database, folder)).rejects.toMatchObject({
    code: 'INSP_STORE_SCHEMA_NEWER',
    message: expect.stringContaining('000002_second.sql changed'),
  });
  await rm(join(folder, '000002_second.sql'));
  await expect(migrate(db.database, folder)).rejects.toMatchObject({
    code: 'INSP_STORE_SCHEMA_NEWER',
    message: expect.stringContaining('Unknown migrations'),
  });
});

describe('while others work', () => {
  const prepare = async (name: string, text: string) => {
    await db.database.query('DROP TABLE IF EXISTS schema_migration, busy');
    await db.database.query('CREATE TABLE busy AS SELECT g AS id FROM generate_series(1, 1000) g');
    for (const old of await readdir(folder)) await rm(join(folder, old));
    await writeFile(join(folder, name), text);
  };
  const columnsOf = async () =>
    (
      await db.database.query<{ name: string }>("SELECT attname AS name FROM pg_attribute WHERE attrelid = 'busy'::regclass AND attnum > 0")
    ).map(({ name }) => name);

  test('[ST16] a migration behind a long transaction lets others pass, tries again, and is done when it may', async () => {
    await prepare('000001_column.sql', 'ALTER TABLE busy ADD COLUMN added int NOT NULL DEFAULT 0;');
    const retries: number[] = [];
    const logger = { ...silentLogger, info: (fields: object) => void retries.push((fields as { tryCount: number }).tryCount) };
    let migrating: Promise<string[]> | undefined;
    await db.database.transaction(async (tx) => {
      await tx.query('SELECT count(*) FROM busy');
      migrating = migrate(db.database, folder, { logger, lockTimeoutMs: 150 });
      let waitedBehindCount = 0;
      // Each of these would wait for the long transaction to end, which ends only after them.
      while (retries.length < 3) {
        const [{ is_waiting }] = (await db.database.query(
          "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'busy'::regclass AND NOT granted) AS is_waiting",
        )) as [{ is_waiting: boolean }];
        if (is_waiting) waitedBehindCount += 1;
        await db.database.query('UPDATE busy SET id = id WHERE id = 1');
      }
      expect(waitedBehindCount).toBeGreaterThan(0);
      expect(await columnsOf()).toEqual(['id']);
    });
    expect(await migrating).toEqual(['000001_column.sql']);
    expect(await columnsOf()).toEqual(['id', 'added']);
  });

  test('[ST16] it gives up in the end, says why, and leaves nothing behind', async () => {
    await prepare('000001_column.sql', 'CREATE TABLE half (a int); ALTER TABLE busy ADD COLUMN added int;');
    await db.database.transaction(async (tx) => {
      await tx.query('SELECT count(*) FROM busy');
      await expect(migrate(db.database, folder, { lockTimeoutMs: 20, lockTries: 2 })).rejects.toMatchObject({
        code: 'INSP_STORE_SCHEMA_LOCKED',
      });
    });
    expect(await db.database.query("SELECT 1 FROM pg_class WHERE relname = 'half'")).toEqual([]);
    expect(await migrate(db.database, folder)).toEqual(['000001_column.sql']);
    await db.database.query('DROP TABLE half');
  });

  test('[ST17] an index is built beside writers, by one of two processes, and a broken one of a cut attempt is made anew', async () => {
    const text = '-- insp: without transaction\n-- why\nCREATE INDEX CONCURRENTLY IF NOT EXISTS busy_id\n  ON busy (id);\nANALYZE busy;\n';
    await prepare('000001_index.sql', text);
    // A unique index over repeated values fails and stays behind, invalid.
    await db.database.query('UPDATE busy SET id = 2 WHERE id = 1');
    await expect(db.database.query('CREATE UNIQUE INDEX CONCURRENTLY busy_id ON busy (id)')).rejects.toThrow(/busy_id/);
    const isValid = () => db.database.query("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'busy_id'::regclass");
    expect(await isValid()).toEqual([{ indisvalid: false, indisunique: true }]);

    const other = openDatabase({ url: db.url, maxConnections: 1 });
    let migrating: Promise<string[][]> | undefined;
    await db.database.transaction(async (tx) => {
      await tx.query('UPDATE busy SET id = id WHERE id = 5');
      migrating = Promise.all([migrate(db.database, folder), migrate(other, folder)]);
      await db.database.query('UPDATE busy SET id = id WHERE id = 6');
    });
    expect((await migrating)?.flat()).toEqual(['000001_index.sql']);
    expect(await isValid()).toEqual([{ indisvalid: true, indisunique: false }]);
    await other.close();
  });
});

test('[ST17] a file outside a transaction must be one that can start again', () => {
  expect(() => parseMigration('1.sql', '-- insp: without transaction\nCREATE INDEX CONCURRENTLY a ON b (c);')).toThrow(/IF NOT EXISTS/);
  expect(parseMigration('1.sql', 'CREATE INDEX CONCURRENTLY a ON b (c);').isTransactional).toBe(true);
});
