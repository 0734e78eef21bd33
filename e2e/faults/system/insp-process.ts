// Insp as people run it: a process with a data folder and fixed ports, to be stopped, killed and started again. All it
// starts inherits a mark in its environment, so that a test can ask the machine what is left of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@insp/server';

const ROOT = new URL('../../../', import.meta.url).pathname;
const START_PATIENCE_MS = 90_000;
const KEPT_OUTPUT_CHARS = 200_000;

export type Installation = {
  /** Its data; its path is the mark. */
  folder: string;
  httpPort: number;
  rtmpPort: number;
  shopPort: number;
  url: string;
  /** Ends whatever is left and removes the folder. */
  remove(): Promise<void>;
};

export type InspProcess = {
  child: ChildProcess;
  output(): string;
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

export async function createInstallation(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-faults-'));
  // Run as root, the database runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const [httpPort, rtmpPort, shopPort] = await Promise.all([0, 0, 0].map((any) => findFreePort(any)));
  return {
    ...{ folder, httpPort: httpPort ?? 0, rtmpPort: rtmpPort ?? 0, shopPort: shopPort ?? 0, url: `http://localhost:${httpPort}` },
    async remove() {
      for (const { pid } of await processesOf(folder)) endByForce(pid);
      await waitUntil('nothing of the installation runs', async () => (await processesOf(folder)).length === 0);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function endByForce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/**
 * Starts Insp and waits for its welcome. `npm start` goes by the bootstrap, as people do; `node` is the server process itself.
 */
export async function startInsp(at: Installation, by: 'npm start' | 'node', args: readonly string[]): Promise<InspProcess> {
  const script = by === 'node' ? 'packages/cli/src/insp.ts' : 'tools/bootstrap.mjs';
  const ports = ['--http-port', at.httpPort, '--rtmp-port', at.rtmpPort, '--demo-shop-port', at.shopPort].map(String);
  const child = spawn(process.execPath, [join(ROOT, script), 'start', '--data-dir', join(at.folder, 'data'), ...ports, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, FAULTS_TEST_MARK: at.folder },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT_CHARS);
    });
  }
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  await waitUntil(
    () => `Insp says it is running:\n${output}`,
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Insp ended before it was ready:\n${output}`);
      return output.includes('Ctrl-C stops everything');
    },
    START_PATIENCE_MS,
  );
  return {
    ...{ child, ended, output: () => output },
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

export type MarkedProcess = { pid: number; command: string };

/** What runs on this machine and belongs to the installation: by its mark, by its folder among the arguments, or by where it stands (Postgres writes over both). Zombies do not run. */
export async function processesOf(folder: string): Promise<MarkedProcess[]> {
  const found: MarkedProcess[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const where = readlink(`/proc/${name}/cwd`).catch(() => '');
    const [command, environment, stat, cwd] = await Promise.all([read('cmdline'), read('environ'), read('stat'), where]);
    const isZombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
    const isOurs = command.includes(folder) || cwd.startsWith(folder) || environment.includes(`FAULTS_TEST_MARK=${folder}`);
    if (isZombie || !isOurs) continue;
    found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** Asks until the answer is yes; fails with `what` when it never is. */
export async function waitUntil(what: string | (() => string), isTrue: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`did not happen in ${patienceMs} ms: ${typeof what === 'string' ? what : what()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
