// Vitest global set-up of the medium and e2e rings: one real embedded Postgres in a temporary folder for the
// whole run, and a migrated template database in it. Test files clone the template (test-database.ts).

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLogger } from '../src/kernel/logger.ts';
import { openDatabase } from '../src/platform/postgres/database.ts';
import { createEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { migrate } from '../src/platform/postgres/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection address of the server without a database name, e.g. postgres://insp:...@127.0.0.1:40123 */
    postgresServerUrl: string;
  }
}

export const TEMPLATE_DATABASE = 'insp_template';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-test-postgres-'));
  await chmod(folder, 0o755);
  const server = createEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    logger: silentLogger,
    // Speed only: a test database need not survive a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  await server.start();
  await server.databaseUrl(TEMPLATE_DATABASE);
  const url = server.serverUrl;
  const database = openDatabase({ url: `${url}/${TEMPLATE_DATABASE}` });
  await migrate(database);
  await database.close();
  project.provide('postgresServerUrl', url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
