// The machine under the faults: a folder and a real Postgres in it, with fsync on, watched and brought back by the
// code that does so in production.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmbeddedPostgres, openDatabase, silentLogger } from '@insp/server/events';

export type Rig = {
  readonly folder: string;
  /** Address of a database of that name, made when missing. */
  databaseUrl(name: string): Promise<string>;
  /** Pid of the postmaster of this moment. */
  readonly postmasterPid: number;
  /** Resolves when the database answers (again), at the address it had. */
  untilAnswers(url: string): Promise<void>;
  /** Version and durability of the server, as it says itself. */
  describe(): Promise<string>;
  close(): Promise<void>;
};

const RECOVERY_PATIENCE_MS = 90_000;

export async function openRig(settings: Record<string, string> = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-faults-events-'));
  // Run as root, the database runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const postgres = createEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    logger: silentLogger,
    settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_connections: '120', ...settings },
  });
  await postgres.start();
  return {
    folder,
    databaseUrl: (name) => postgres.databaseUrl(name),
    get postmasterPid() {
      if (postgres.pid === null) throw new Error('no database runs');
      return postgres.pid;
    },
    async untilAnswers(url) {
      const endMs = performance.now() + RECOVERY_PATIENCE_MS;
      for (;;) {
        if (!url.startsWith(`${postgres.serverUrl}/`))
          throw new Error(`the database moved from ${new URL(url).host} to ${new URL(postgres.serverUrl).host}`);
        const database = openDatabase({ url, maxConnections: 1, onError() {} });
        try {
          await database.query('SELECT 1');
          return;
        } catch (cause) {
          if (performance.now() > endMs) throw new Error('the database did not come back', { cause });
        } finally {
          await database.close().catch(() => {});
        }
        await sleep(50);
      }
    },
    async describe() {
      const database = openDatabase({ url: await postgres.databaseUrl('postgres'), maxConnections: 1 });
      const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes'];
      const rows = await database.query<{ is: string }>('SELECT current_setting(name) AS is FROM unnest($1::text[]) AS name', [names]);
      await database.close();
      const [version, ...settings] = rows.map(({ is }) => is);
      return `Postgres ${version}, ${settings.map((is, at) => `${names[at + 1]} ${is}`).join(', ')}`;
    },
    async close() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
