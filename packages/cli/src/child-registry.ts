// The processes we started, written down in <dataDir>/run, so that a start after kill -9 ends what the killed run left
// behind and nothing else: a file names one process by pid and start time (a pid alone may be somebody else's by now).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity, signalProcess, waitUntilGone } from '@insp/server';

const TERM_PATIENCE_MS = 5_000;

export type ChildRegistry = {
  /** Ends what a former run left behind; answers the names. */
  endLeftovers(): Promise<string[]>;
  add(name: string, pid: number): Promise<void>;
  remove(name: string): Promise<void>;
};

export async function endProcess(identity: ProcessIdentity): Promise<void> {
  signalProcess(identity.pid, 'SIGTERM');
  if (await waitUntilGone(identity, TERM_PATIENCE_MS)) return;
  signalProcess(identity.pid, 'SIGKILL');
  await waitUntilGone(identity, TERM_PATIENCE_MS);
}

export function createChildRegistry(folder: string): ChildRegistry {
  const fileOf = (name: string) => join(folder, `${name}.json`);
  return {
    async endLeftovers() {
      await mkdir(folder, { recursive: true });
      const ended: string[] = [];
      for (const file of await readdir(folder)) {
        const [name] = file.split('.json');
        if (name === undefined || !file.endsWith('.json')) continue;
        const identity = await readFile(fileOf(name), 'utf8').then(
          (text) => JSON.parse(text) as ProcessIdentity,
          () => null,
        );
        if (identity !== null && (await isRunning(identity))) {
          await endProcess(identity);
          ended.push(name);
        }
        await rm(fileOf(name), { force: true });
      }
      return ended;
    },
    async add(name, pid) {
      const identity = await identifyProcess(pid);
      if (identity === null) return;
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(name), JSON.stringify(identity));
    },
    remove: (name) => rm(fileOf(name), { force: true }),
  };
}
