// postmaster.pid as Postgres writes it (src/include/utils/pidfile.h): pid, data folder, start time, port, socket
// folder, listen address, shared memory key, status; one line each.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type PostmasterPid = { pid: number; dataFolder: string; port: number };

export function parsePostmasterPid(text: string): PostmasterPid | null {
  const [pid, dataFolder, , port] = text.split('\n');
  const parsed = { pid: Number(pid), dataFolder: dataFolder ?? '', port: Number(port) };
  return Number.isInteger(parsed.pid) && parsed.pid > 0 && Number.isInteger(parsed.port) ? parsed : null;
}

export async function readPostmasterPid(dataFolder: string): Promise<PostmasterPid | null> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  return parsePostmasterPid(text);
}
