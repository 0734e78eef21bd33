// One secret from which every key of the server is derived (HKDF, RFC 5869), one key for each purpose, so that a
// key that leaks opens one thing. Kept in the data folder unless INSP_SECRET gives it.
import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a 32-byte key for one purpose. */
export type DeriveKey = (purpose: string) => Buffer;

export function createDeriveKey(secret: string): DeriveKey {
  return (purpose) => Buffer.from(hkdfSync('sha256', secret, '', `insp ${purpose}`, 32));
}

/** Reads the secret of this installation, made on the first call. */
export async function readServerSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true });
  // `wx`: of two first starts at once, one writes and both read the same.
  await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  return (await readFile(file, 'utf8')).trim();
}
