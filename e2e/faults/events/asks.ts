// How the parts of the harness talk: the orchestrator asks over the IPC channel and the process answers; what a
// process has to say by itself (log lines, surprises) it tells. Works for processes that may be killed at any point.
import { type ChildProcess, fork } from 'node:child_process';
import type { Logger } from '@insp/server/events';

type Ask = { n: number; ask: string; args: object };
export type Told = { level: 'error' | 'warn' | 'info'; message: string } | { surprise: string };
type Answer = { n: number; answer: unknown } | { n: number; error: string };

// ---- in the process that is asked --------------------------------------------------------------------------------

/** Answers what the orchestrator asks. The channel keeps the process alive; without it there is nobody to work for. */
export function answerAsks(handlers: Readonly<Record<string, (args: never) => unknown>>): void {
  process.on('message', ({ n, ask, args }: Ask) => {
    Promise.resolve()
      .then(() => handlers[ask]?.(args as never))
      .then(
        (answer) => process.send?.({ n, answer: answer ?? null }),
        (cause: Error) => process.send?.({ n, error: cause.stack ?? String(cause) }),
      );
  });
  process.once('disconnect', () => process.exit(0));
}

export const tell = (told: Told): void => void (process.connected && process.send?.(told));

/** A logger that tells the orchestrator. */
export const tellingLogger: Logger = {
  error: (fields, message) => tell({ level: 'error', message: withCause(fields, message) }),
  warn: (fields, message) => tell({ level: 'warn', message: withCause(fields, message) }),
  info: (fields, message) => tell({ level: 'info', message: withCause(fields, message) }),
  debug() {},
  child: () => tellingLogger,
};

function withCause(fields: object, message: string): string {
  const { err, ...rest } = fields as { err?: { message?: string } };
  const facts = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${message}${facts}${err?.message === undefined ? '' : `: ${err.message}`}`;
}

// ---- in the orchestrator -----------------------------------------------------------------------------------------

export type Part = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything it told, oldest first. */
  readonly told: Told[];
  ask<T = unknown>(ask: string, args?: object, patienceMs?: number): Promise<T>;
  readonly isGone: boolean;
  /** Resolves when the process is gone, however it went. */
  readonly ended: Promise<void>;
};

const PATIENCE_MS = 120_000;

export function startPart(file: URL, config: object): Part {
  const child = fork(file, [JSON.stringify(config)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const told: Told[] = [];
  const waiting = new Map<number, { done(answer: unknown): void; fail(cause: Error): void }>();
  let asked = 0;
  let isGone = false;
  child.on('message', (message: Answer | Told) => {
    if (!('n' in message)) {
      told.push(message);
      return;
    }
    const asker = waiting.get(message.n);
    waiting.delete(message.n);
    if ('error' in message) asker?.fail(new Error(message.error));
    else asker?.done(message.answer);
  });
  child.on('error', () => {});
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      isGone = true;
      for (const { fail } of waiting.values()) fail(new Error(`${file.pathname} ended`));
      waiting.clear();
      done();
    });
  });
  return {
    ...{ child, told, ended, pid: child.pid ?? 0 },
    get isGone() {
      return isGone;
    },
    ask<T>(ask: string, args: object = {}, patienceMs = PATIENCE_MS) {
      const n = ++asked;
      return new Promise<T>((resolve, reject) => {
        if (isGone) return reject(new Error(`${file.pathname} ended`));
        const patience = setTimeout(() => reject(new Error(`no answer to "${ask}" in ${patienceMs} ms`)), patienceMs);
        const finish =
          <A extends unknown[]>(call: (...args: A) => void) =>
          (...args: A) => {
            clearTimeout(patience);
            call(...args);
          };
        waiting.set(n, { done: finish((answer) => resolve(answer as T)), fail: finish(reject) });
        child.send({ n, ask, args } satisfies Ask);
      });
    },
  };
}
