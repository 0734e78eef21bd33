// Postgres refuses to run as root, so root starts it as the user `postgres`: who must be able to walk into the data
// folder and into node_modules. A 0700 home on the way is the usual obstacle, and Postgres' own words for it are poor.
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export type SystemUser = { uid: number; gid: number };

/** The first folder on the way to `path` that `user` may not enter; null when the way is free. What does not exist yet is no obstacle. */
export async function findClosedFolder(path: string, user: SystemUser): Promise<string | null> {
  const folders: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of folders) {
    const info = await stat(folder).catch(() => null);
    if (info === null) return null;
    const mayEnterBit = info.uid === user.uid ? 0o100 : info.gid === user.gid ? 0o010 : 0o001;
    if ((info.mode & mayEnterBit) === 0) return folder;
  }
  return null;
}
