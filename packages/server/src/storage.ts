// The database of this installation: one given by DATABASE_URL, or our own in the data folder; opened and migrated. With
// replicas beside it, or several processes on it, reads are routed (platform/postgres/SPEC.md).
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from './config/index.ts';
import { systemClock } from './kernel/clock.ts';
import type { Logger } from './kernel/logger.ts';
import { type Database, openDatabase } from './platform/postgres/database.ts';
import { createEmbeddedPostgres, findRunningServerUrl } from './platform/postgres/embedded-postgres.ts';
import { migrate } from './platform/postgres/migrate.ts';
import { parseReadAddresses } from './platform/postgres/read-address.ts';
import { followReadAddresses } from './platform/postgres/read-address-file.ts';
import { createSignals, type Signals } from './platform/postgres/signals.ts';

export type Storage = { database: Database; signals: Signals; close(): Promise<void> };

type StorageConfig = Pick<Config, 'databaseUrl' | 'databaseMaxConnections' | 'dataDir'> &
  Partial<Pick<Config, 'readUrls' | 'readUrlsFile' | 'roles' | 'deriveKey'>>;

/** For a command beside a running server: uses its database, or starts ours when no server runs. */
export async function openStorageBeside(
  config: StorageConfig,
  deps: { logger: Logger; onLost: (cause: unknown) => void },
): Promise<Storage> {
  const serverUrl = config.databaseUrl === null ? await findRunningServerUrl(join(config.dataDir, 'postgres')) : null;
  return openStorage(serverUrl === null ? config : { ...config, databaseUrl: `${serverUrl}/insp` }, deps);
}

export async function openStorage(config: StorageConfig, deps: { logger: Logger; onLost: (cause: unknown) => void }): Promise<Storage> {
  const logger = deps.logger.child({ module: 'postgres' });
  const postgres =
    config.databaseUrl === null
      ? createEmbeddedPostgres({ folder: join(config.dataDir, 'postgres'), logger, onGivenUp: deps.onLost })
      : null;
  await postgres?.start();
  let database: Database | undefined;
  let addressFile: Awaited<ReturnType<typeof followReadAddresses>> | null = null;
  try {
    if (config.readUrlsFile) addressFile = await followReadAddresses(config.readUrlsFile, { logger });
    const readers = addressFile?.addresses ?? (config.readUrls ? parseReadAddresses(config.readUrls) : null);
    const isShared = readers !== null || (config.roles ?? 'all') !== 'all';
    const url = config.databaseUrl ?? (await postgres?.databaseUrl('insp')) ?? '';
    const opened = openDatabase({
      url,
      maxConnections: config.databaseMaxConnections,
      onError: (err) => logger.warn({ err }, 'an idle database connection broke'),
      logger,
      // Without a secret of the installation tokens are good in this process, and only there.
      ...(isShared ? { shared: { key: config.deriveKey?.('consistency-tokens') ?? randomBytes(32), readers } } : {}),
    });
    database = opened;
    addressFile?.onChanged((addresses) => opened.routing?.setReaders(addresses));
    const applied = await migrate(opened, undefined, { logger });
    if (applied.length > 0) logger.info({ applied }, 'the schema is up to date');
    return {
      database: opened,
      signals: createSignals({ url, clock: systemClock, logger }),
      async close() {
        addressFile?.stop();
        await opened.close();
        await postgres?.stop();
      },
    };
  } catch (cause) {
    addressFile?.stop();
    await database?.close();
    await postgres?.stop();
    throw cause;
  }
}
