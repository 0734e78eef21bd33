import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { type Config, parseSettings } from '../../config/index.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openStorage } from '../../storage.ts';
import { followReadAddresses } from './read-address-file.ts';

let folder: string;
let db: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insp-readers-'));
  db = await createTestDatabase();
});
afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

test('[ST15] readers follow the file while the server runs; the primary may be one of them', async () => {
  const file = join(folder, 'readers');
  await writeFile(file, '# none yet\n');
  const { settings } = parseSettings({}, ['--database-url', db.url, '--data-dir', folder, '--read-urls-file', file]);
  const config: Config = { ...settings, deriveKey: () => Buffer.alloc(32) };
  const storage = await openStorage(config, { logger: silentLogger, onLost: () => {} });
  const names = () => storage.database.routing?.status().map(({ name }) => name);
  expect(names()).toEqual([]);
  expect(await storage.database.read.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  await writeFile(file, db.url);
  await expect.poll(names, { timeout: 10_000 }).toHaveLength(1);
  await expect
    .poll(
      async () => {
        await storage.database.read.query('SELECT 1 AS n');
        return Object.values(storage.database.routing!.stats().byReader);
      },
      { timeout: 10_000 },
    )
    .not.toEqual([]);
  await writeFile(file, '');
  await expect.poll(names, { timeout: 10_000 }).toEqual([]);
  await storage.close();
});

test('[ST15] a file that is not well changes nothing while running, and stops a start', async () => {
  const file = join(folder, 'readers');
  await writeFile(file, 'postgres://a/insp');
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_fields: object, message: string) => void warnings.push(message) };
  const followed = await followReadAddresses(file, { logger, lookEveryMs: 5 });
  const told: string[][] = [];
  followed.onChanged((addresses) => told.push(addresses.map(({ name }) => name)));
  expect(followed.addresses).toHaveLength(1);
  await writeFile(file, 'mysql://a/insp');
  await expect.poll(() => warnings.length).toBeGreaterThan(0);
  expect(told).toEqual([]);
  await writeFile(file, 'postgres://b/insp');
  await expect.poll(() => told).toEqual([['b/insp']]);
  followed.stop();

  await writeFile(file, 'mysql://a/insp');
  await expect(followReadAddresses(file, { logger })).rejects.toMatchObject({ code: 'INSP_CONFIG_INVALID_SETTING' });
  await expect(followReadAddresses(join(folder, 'none'), { logger })).rejects.toThrow(/ENOENT/);
});
