// A Postgres of our own in the data folder, for a machine that has none: made on the first start, watched while we
// run, adopted when a killed run left it behind.
//
//   start:  lock the folder -> running already? adopt -> else make the cluster if new -> spawn -> wait until it answers
//   watch:  gone while wanted -> spawn again with back-off; after MAX_FAILED_RESTARTS in a row, give up loudly
//   stop:   SIGINT (fast shutdown: running transactions roll back), SIGQUIT when that takes too long
//
// It runs in a session of its own, so Ctrl-C in a terminal reaches us first and we drain before it stops. Its log is
// a file, so it can outlive us without a broken pipe. fsync stays on: what was acknowledged survives a power cut.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { AppError } from '../../kernel/app-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import { findFreePort } from '../free-port.ts';
import {
  commandLineOf,
  identifyProcess,
  isRunning,
  isZombie,
  type ProcessIdentity,
  signalProcess,
  waitUntilGone,
} from '../process/process-identity.ts';
import { isUnavailable } from './database.ts';
import { locatePostgres, type PostgresBinaries } from './postgres-binaries.ts';
import { readPostmasterPid } from './postmaster-pid.ts';
import { findClosedFolder, type SystemUser } from './reachable-folder.ts';
import { ensureSystemUser } from './system-user.ts';

const USER = 'insp';
/** A dead postmaster keeps its pid until PID 1 reaps it, measured up to 1.7 s; and its children need a moment to let go of shared memory. */
const ZOMBIE_PATIENCE_MS = 5_000;
/** Crash recovery replays the log before it answers; a minute of that is a lot of log. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;
const WATCH_INTERVAL_MS = 500;
const RESTART_BACKOFF_MS = [100, 250, 500, 1_000, 2_000, 5_000];
const MAX_FAILED_RESTARTS = 10;
const LOG_TAIL_LINES = 15;

export type EmbeddedPostgres = Service & {
  /** Connection address of the server without a database name; known after `start`. */
  readonly serverUrl: string;
  /** Address of a database, made when missing. */
  databaseUrl(name: string): Promise<string>;
  /** Whether this start took over a server that was running already. */
  readonly wasAdopted: boolean;
  readonly pid: number | null;
};

export type EmbeddedPostgresOptions = {
  /** Holds `data/`, `password`, `port`, `log`; made when missing. */
  folder: string;
  logger: Logger;
  /** More server settings, e.g. for tests `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
  /** Called once when the server cannot be brought back. */
  onGivenUp?: (cause: unknown) => void;
};

/** Server address of the Postgres another process runs in that folder; null when nobody does. */
export async function findRunningServerUrl(folder: string): Promise<string | null> {
  const owner = await readFile(join(folder, 'owner.json'), 'utf8').catch(() => null);
  if (owner === null || !(await isRunning(JSON.parse(owner) as ProcessIdentity))) return null;
  const [password, running] = [await readFile(join(folder, 'password'), 'utf8'), await readPostmasterPid(join(folder, 'data'))];
  return running === null ? null : `postgres://${USER}:${password.trim()}@127.0.0.1:${running.port}`;
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** An eighth of the memory, 128 MB to 1 GB: the rows that change all the time stay in reach while the log runs through. */
export const sharedBuffersMb = (memoryBytes: number): number => Math.min(1_024, Math.max(128, Math.floor(memoryBytes / 2 ** 20 / 8)));

export function createEmbeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { folder, logger } = options;
  const dataFolder = join(folder, 'data');
  const logFile = join(folder, 'log');
  const files = { password: join(folder, 'password'), port: join(folder, 'port'), owner: join(folder, 'owner.json') };

  let user: SystemUser | null = null;
  let binaries: PostgresBinaries;
  let password = '';
  let port = 0;
  let server: ProcessIdentity | null = null;
  let wasAdopted = false;
  let isWanted = false;
  let watching: Promise<void> = Promise.resolve();

  const serverUrl = () => `postgres://${USER}:${password}@127.0.0.1:${port}`;
  const logTail = async () => {
    const text = await readFile(logFile, 'utf8').catch(() => '');
    return text.trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  };
  const failed = async (what: string, cause?: unknown) =>
    new AppError('INSP_STORE_START_FAILED', { cause, detail: `${what}\n${await logTail()}\n` });

  /** Writes a file only the database user may read (and root, who may read anything). */
  async function writePrivate(file: string, text: string): Promise<void> {
    await writeFile(file, text, { mode: 0o600 });
    if (user !== null) await chown(file, user.uid, user.gid);
  }

  async function prepareFolder(): Promise<void> {
    user = await ensureSystemUser();
    if (user !== null) {
      const closed = await findClosedFolder(folder, user);
      if (closed !== null && closed !== folder) {
        throw new AppError('INSP_STORE_DATA_FOLDER_UNREACHABLE', {
          detail: `The system user postgres may not enter ${closed}, on the way to ${folder}.`,
        });
      }
    }
    await mkdir(folder, { recursive: true });
    if (user !== null) await chown(folder, user.uid, user.gid);
    binaries = await locatePostgres(user);
  }

  /** Two Insps on one folder would stop each other's database. The lock is the identity of the process that holds it. */
  async function lockFolder(): Promise<void> {
    const text = await readFile(files.owner, 'utf8').catch(() => null);
    const owner = text === null ? null : (JSON.parse(text) as ProcessIdentity);
    if (owner !== null && owner.pid !== process.pid && (await isRunning(owner))) {
      throw new AppError('INSP_STORE_IN_USE', { detail: `Process ${owner.pid} uses ${folder}.` });
    }
    await writeFile(files.owner, JSON.stringify(await identifyProcess(process.pid)));
  }

  async function makeCluster(): Promise<void> {
    const isMade = await stat(join(dataFolder, 'PG_VERSION')).then(
      () => true,
      () => false,
    );
    if (isMade) {
      password = (await readFile(files.password, 'utf8')).trim();
      return;
    }
    logger.info({ folder }, 'making a new database');
    password = randomBytes(24).toString('base64url');
    await writePrivate(files.password, password);
    // Made beside and renamed, so that a first start that was cut leaves no half cluster.
    const unfinished = join(folder, 'data.new');
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    if (user !== null) await chown(unfinished, user.uid, user.gid);
    const log = await open(logFile, 'w', 0o600);
    const args = [`--pgdata=${unfinished}`, `--username=${USER}`, `--pwfile=${files.password}`, '--auth=scram-sha-256'];
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const code = await new Promise<number | null>((done, fail) => {
      const child = spawn(binaries.initdb, [...args, ...locale], {
        ...user,
        cwd: folder,
        stdio: ['ignore', log.fd, log.fd],
        env: environment,
      });
      child.once('error', fail);
      child.once('exit', done);
    }).finally(() => log.close());
    if (code !== 0) throw await failed(`initdb ended with ${code}.`);
    await rename(unfinished, dataFolder);
  }

  /** Nothing of our environment (tokens, addresses) is the database's business. */
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

  /** A server on our data folder that runs already; null when there is none, and nothing of it is in the way. */
  async function findRunning(): Promise<ProcessIdentity | null> {
    const endMs = performance.now() + ZOMBIE_PATIENCE_MS;
    for (;;) {
      const left = await readPostmasterPid(dataFolder);
      if (left === null) return null;
      const identity = await identifyProcess(left.pid);
      if (identity !== null && (await commandLineOf(left.pid)).includes(dataFolder)) {
        port = left.port;
        return identity;
      }
      if (!(await isZombie(left.pid)) || performance.now() > endMs) {
        // A pid file of nobody, or of a stranger who got the number. Postgres checks shared memory itself before it goes on.
        await rm(join(dataFolder, 'postmaster.pid'), { force: true });
        return null;
      }
      await sleep(100);
    }
  }

  async function choosePort(): Promise<void> {
    const kept = Number.parseInt(await readFile(files.port, 'utf8').catch(() => '0'), 10);
    port = (Number.isInteger(kept) && kept < 65_536 ? await findFreePort(kept) : null) ?? (await findFreePort(0)) ?? 0;
    if (port !== kept) await writeFile(files.port, String(port));
  }

  async function spawnServer(): Promise<ProcessIdentity> {
    await choosePort();
    const settings: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '100',
      shared_buffers: `${sharedBuffersMb(totalmem())}MB`,
      // Rare checkpoints: each makes every page touched after it go to the log whole.
      max_wal_size: '4GB',
      checkpoint_timeout: '15min',
      log_checkpoints: 'off',
      log_min_messages: 'log',
      ...options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = await open(logFile, 'w', 0o600);
    const child = spawn(binaries.postgres, ['-D', dataFolder, '-p', String(port), ...flags], {
      ...user,
      cwd: folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: environment,
    });
    const spawned = new Promise<void>((done, fail) => {
      child.once('spawn', done);
      child.once('error', fail);
    });
    try {
      await spawned;
    } catch (cause) {
      throw await failed(`${binaries.postgres} cannot be run.`, cause);
    } finally {
      await log.close();
    }
    child.unref();
    const identity = await identifyProcess(child.pid ?? 0);
    if (identity === null) throw await failed('Postgres ended at once.');
    return identity;
  }

  /** Waits until it takes queries; throws with the last lines of its log when it ends instead. */
  async function waitUntilReady(identity: ProcessIdentity): Promise<void> {
    const endMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const client = new pg.Client({ connectionString: `${serverUrl()}/postgres`, connectionTimeoutMillis: 5_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return;
      } catch (cause) {
        if (!(await isRunning(identity))) throw await failed('Postgres ended while starting.', cause);
        if (!isUnavailable(cause) || performance.now() > endMs) throw await failed('Postgres does not answer.', cause);
      } finally {
        await client.end().catch(() => {});
      }
      await sleep(50);
    }
  }

  /** One attempt: adopt or spawn. A server that cannot start because its dead forerunner is not cleared away yet gets patience. */
  async function bringUp(): Promise<void> {
    const endMs = performance.now() + ZOMBIE_PATIENCE_MS;
    for (;;) {
      const running = await findRunning();
      wasAdopted = running !== null;
      try {
        server = running ?? (await spawnServer());
        await waitUntilReady(server);
        return;
      } catch (cause) {
        if (performance.now() > endMs || !/lock file|shared memory/.test(await logTail())) throw cause;
        await sleep(200);
      }
    }
  }

  async function watch(): Promise<void> {
    let failedRestartCount = 0;
    while (isWanted) {
      await sleep(WATCH_INTERVAL_MS);
      if (!isWanted || (server !== null && (await isRunning(server)))) continue;
      logger.warn({ pid: server?.pid, log: await logTail() }, 'the database is gone, starting it again');
      try {
        await bringUp();
        failedRestartCount = 0;
        logger.info({ pid: server?.pid, port }, 'the database is back');
      } catch (cause) {
        failedRestartCount += 1;
        logger.error({ err: cause, failedRestartCount }, 'the database does not start');
        if (failedRestartCount === MAX_FAILED_RESTARTS) {
          options.onGivenUp?.(cause);
          return;
        }
        await sleep(RESTART_BACKOFF_MS[Math.min(failedRestartCount, RESTART_BACKOFF_MS.length) - 1] ?? 0);
      }
    }
  }

  return {
    get serverUrl() {
      return serverUrl();
    },
    get wasAdopted() {
      return wasAdopted;
    },
    get pid() {
      return server?.pid ?? null;
    },
    async start() {
      if (isWanted) return;
      await prepareFolder();
      await lockFolder();
      await makeCluster();
      await bringUp();
      isWanted = true;
      watching = watch();
      logger.info({ pid: server?.pid, port, wasAdopted }, wasAdopted ? 'adopted the running database' : 'the database runs');
    },
    async stop() {
      if (!isWanted) return;
      isWanted = false;
      await watching;
      if (server !== null && (await isRunning(server))) {
        signalProcess(server.pid, 'SIGINT');
        if (!(await waitUntilGone(server, STOP_TIMEOUT_MS))) {
          logger.warn({ pid: server.pid }, 'the database does not stop in time, ending it at once');
          signalProcess(server.pid, 'SIGQUIT');
          await waitUntilGone(server, STOP_TIMEOUT_MS);
        }
      }
      server = null;
      await rm(files.owner, { force: true });
    },
    async databaseUrl(name) {
      const client = new pg.Client({ connectionString: `${serverUrl()}/postgres` });
      await client.connect();
      try {
        const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
        if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
      return `${serverUrl()}/${name}`;
    },
  };
}
