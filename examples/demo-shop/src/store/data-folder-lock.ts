// One shop per data folder: two would each sell the last unit. The lock is a local socket named after the folder;
// the kernel lets go of it when the process dies, however it dies, so there is no stale lock to clean up by hand.
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes the lock; resolves to its release. Rejects when a living shop holds it. */
export async function lockDataFolder(dataDir: string): Promise<() => Promise<void>> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 24);
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\demo-shop-${name}` : join(tmpdir(), `demo-shop-${name}.sock`);
  let server = await listen(path);
  if (!server && !(await isAlive(path))) {
    await rm(path, { force: true });
    server = await listen(path);
  }
  if (!server) throw new Error(`Another demo shop is running on ${dataDir}. Stop it, or choose another data folder.`);
  const held = server;
  held.unref();
  return () => new Promise((resolve) => held.close(() => resolve()));
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(path, () => resolve(server));
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}
