// A Node process of ours with a channel to it. It ends by itself when the channel closes, so it never outlives us; it
// is started again, with growing waits and at most MAX_RESTARTS times in a row, when it breaks.
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { identifyProcess, type Logger } from '@insp/server';
import { type ChildRegistry, endProcess } from './child-registry.ts';

const MAX_RESTARTS = 5;
const FIRST_RESTART_MS = 500;
/** One that ran this long was well: the next break is a first one. */
const STABLE_AFTER_MS = 60_000;
const TOLD_LINES = 3;

export type OwnProcess = { stop(): Promise<void> };

export type OwnProcessOptions = {
  name: string;
  script: URL;
  args?: readonly string[];
  registry: ChildRegistry;
  logger: Logger;
  /** Called for each new process, to send it what to do. */
  onSpawned?(child: ChildProcess): void;
};

/** Starts it and keeps it running until it ends by itself with code 0, or `stop`. */
export async function startOwnProcess(options: OwnProcessOptions): Promise<OwnProcess> {
  const { name, script, registry } = options;
  const logger = options.logger.child({ process: name });
  let current: ChildProcess | null = null;
  let isWanted = true;
  let restartCount = 0;

  async function spawn(): Promise<void> {
    const child = fork(script, [...(options.args ?? [])], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    current = child;
    const spawnedMs = performance.now();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => logger.debug({}, line));
    }
    child.once('exit', (code, signal) => {
      if (current === child) current = null;
      void registry.remove(name);
      if (!isWanted || code === 0) return;
      if (performance.now() - spawnedMs >= STABLE_AFTER_MS) restartCount = 0;
      if (restartCount === MAX_RESTARTS) return logger.error({ code, signal, restartCount }, 'it broke too often and stays away');
      const waitMs = FIRST_RESTART_MS * 2 ** restartCount;
      restartCount += 1;
      logger.warn({ code, signal, waitMs }, 'it broke and is started again');
      setTimeout(() => {
        if (isWanted) void spawn();
      }, waitMs).unref();
    });
    child.on('error', (err) => logger.error({ err }, 'it cannot be started'));
    if (child.pid !== undefined) await registry.add(name, child.pid);
    options.onSpawned?.(child);
  }

  await spawn();
  return {
    async stop() {
      isWanted = false;
      const identity = current?.pid === undefined ? null : await identifyProcess(current.pid);
      if (identity !== null) await endProcess(identity);
      await registry.remove(name);
    },
  };
}

/** The first message of a child that passes `is`; rejects when the child ends before, with its last words. */
export function nextMessage<T>(child: ChildProcess, is: (message: unknown) => message is T): Promise<T> {
  return new Promise((done, fail) => {
    const lastLines: string[] = [];
    if (child.stderr !== null) {
      createInterface(child.stderr).on('line', (line) => {
        lastLines.push(line);
        if (lastLines.length > TOLD_LINES) lastLines.shift();
      });
    }
    child.on('message', (message) => {
      if (is(message)) done(message);
    });
    // `close` comes when its output is read to the end.
    child.once('close', (code, signal) => fail(new Error(`ended (${signal ?? code}) before it was ready: ${lastLines.join(' / ')}`)));
  });
}
