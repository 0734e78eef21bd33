// A database of its own for a test file, cloned from the migrated template: about 50 ms, no shared state.
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../src/platform/postgres/database.ts';
import { TEMPLATE_DATABASE } from './postgres-global-setup.ts';

export type TestDatabase = { database: Database; url: string; drop(): Promise<void> };

/** Clones the template. Call `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresServerUrl');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const admin = openDatabase({ url: `${serverUrl}/postgres`, maxConnections: 1 });
  // Two clones at once collide on the template ("being accessed by other users"): the later one waits its turn.
  for (let attempt = 0; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
      break;
    } catch (cause) {
      if (attempt === 50) throw cause;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  const url = `${serverUrl}/${name}`;
  const database = openDatabase({ url });
  return {
    database,
    url,
    async drop() {
      await database.close();
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}
