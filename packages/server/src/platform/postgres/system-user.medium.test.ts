import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findClosedFolder } from './reachable-folder.ts';
import { ensureSystemUser } from './system-user.ts';

const isRoot = process.getuid?.() === 0;

describe.runIf(isRoot && process.platform === 'linux')('root makes the system user', () => {
  const name = `insptest${process.pid}`;
  afterEach(() => {
    for (const remove of ['userdel', 'groupdel']) {
      try {
        execFileSync(remove, [name], { stdio: 'ignore' });
      } catch {
        // Not made by this test, or gone with the user.
      }
    }
  });

  test('when neither user nor group exists, and finds it again', async () => {
    const made = await ensureSystemUser({ name });
    expect(made?.uid).toBeGreaterThan(0);
    expect(await ensureSystemUser({ name })).toEqual(made);
  });

  test('when only the group exists', async () => {
    execFileSync('groupadd', ['--system', name]);
    const gid = Number(execFileSync('getent', ['group', name], { encoding: 'utf8' }).split(':')[2]);
    expect(await ensureSystemUser({ name })).toMatchObject({ gid });
  });
});

test('without useradd root is told what to do; others run Postgres as themselves', async () => {
  await expect(ensureSystemUser({ uid: 0, run: async () => null })).rejects.toMatchObject({
    code: 'INSP_STORE_START_FAILED',
    message: expect.stringContaining('DATABASE_URL'),
  });
  expect(await ensureSystemUser({ uid: 1000, run: async () => null })).toBeNull();
});

test('the first closed folder on the way is found, by the bits that count for the user', async () => {
  const top = await mkdtemp(join(tmpdir(), 'insp-reach-'));
  await chmod(top, 0o755);
  const closed = join(top, 'closed');
  await mkdir(join(closed, 'data'), { recursive: true });
  await chmod(closed, 0o750);
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  expect(await findClosedFolder(join(closed, 'data'), { uid: uid + 1, gid: gid + 1 })).toBe(closed);
  expect(await findClosedFolder(join(closed, 'data'), { uid: uid + 1, gid })).toBeNull();
  expect(await findClosedFolder(join(closed, 'data'), { uid, gid })).toBeNull();
  expect(await findClosedFolder(join(top, 'not', 'there', 'yet'), { uid: uid + 1, gid: gid + 1 })).toBeNull();
  await rm(top, { recursive: true });
});
