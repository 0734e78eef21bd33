import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

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
