// Where the data goes when nobody said. Usually ./.insp. Root in a folder that is closed to others (a 0700 home, a
// mktemp folder) cannot have a database there: Postgres runs as the user `postgres`, who may not walk in. Then it goes
// to /var/lib/insp, under a name made of the folder that was meant, so that the next start finds it again. A folder
// somebody did choose is never exchanged: that start fails and names what is closed.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Given, Settings } from './config/index.ts';
import { SHARED_FOLDER } from './platform/postgres/postgres-binaries.ts';
import { findClosedFolder } from './platform/postgres/reachable-folder.ts';
import { ensureSystemUser } from './platform/postgres/system-user.ts';

export type SettledFolder = { settings: Settings /** The folder that keeps others out, if that moved the data. */; closed: string | null };

export async function settleDataFolder({ settings, sources }: Given): Promise<SettledFolder> {
  if (sources.dataDir !== 'default' || settings.databaseUrl !== null) return { settings, closed: null };
  const user = await ensureSystemUser();
  const closed = user === null ? null : await findClosedFolder(settings.dataDir, user);
  if (closed === null) return { settings, closed };
  const name = createHash('sha256').update(settings.dataDir).digest('hex').slice(0, 12);
  return { settings: { ...settings, dataDir: join(SHARED_FOLDER, `data-${name}`) }, closed };
}
