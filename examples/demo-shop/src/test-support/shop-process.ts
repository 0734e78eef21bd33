// The shop as a child process, to be killed without warning and started again on the same folder and port.
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

export type ShopProcess = { url: string; kill(): Promise<void>; stop(): Promise<void> };

export async function startShopProcess(dataDir: string, port: number, environment: Record<string, string>): Promise<ShopProcess> {
  const child: ChildProcess = fork(join(import.meta.dirname, '../main.ts'), ['--data-dir', dataDir, '--port', String(port)], {
    env: { ...process.env, ...environment },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('exit', (code) => reject(new Error(`the shop ended with ${code}`)));
  });
  const end = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    return exited;
  };
  return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
