// A primary and its hot standbys, made from scratch with the system's PostgreSQL programs (embedded Postgres brings no
// pg_basebackup), in a temporary folder, on ports of their own, as an unprivileged user when we are root. It knows no
// other cluster of the machine and touches none.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFile, chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../src/platform/free-port.ts';
import { openDatabase } from '../src/platform/postgres/database.ts';
import { ensureSystemUser } from '../src/platform/postgres/system-user.ts';
import { startTcpForwarder, type TcpForwarder } from './tcp-forwarder.ts';

const run = promisify(execFile);
const DEBIAN_FOLDER = '/usr/lib/postgresql';
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
/** fsync off is for speed only: processes are killed here, not machines. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 120
wal_level = replica
max_wal_senders = 10
wal_keep_size = 512MB
hot_standby = on
wal_retrieve_retry_interval = 100ms
max_standby_streaming_delay = 1s
log_min_messages = warning
`;

/** Folder of the newest installed server programs; null when there are none. */
export async function findPostgresPrograms(): Promise<string | null> {
  const versions = (await readdir(DEBIAN_FOLDER).catch(() => [])).map(Number).filter((version) => version >= 15);
  for (const version of versions.sort((a, b) => b - a)) {
    const folder = join(DEBIAN_FOLDER, String(version), 'bin');
    if ((await stat(join(folder, 'pg_basebackup')).catch(() => null)) !== null) return folder;
  }
  return null;
}

export type PostgresNode = {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL for the server and all its processes, as a machine that goes dark. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it is there and does not answer. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** One statement over a connection of its own. */
  query<Row extends object>(text: string): Promise<Row[]>;
};

export type PostgresCluster = {
  readonly primary: PostgresNode;
  readonly standbys: readonly PostgresNode[];
  /** The address that follows the primary. Standbys stream over it too. */
  readonly front: TcpForwarder;
  readonly frontUrl: string;
  stop(): Promise<void>;
};

export async function startPostgresCluster(options: { standbyCount: number; programs: string }): Promise<PostgresCluster> {
  const user = await ensureSystemUser();
  const folder = await mkdtemp(join(tmpdir(), 'insp-cluster-'));
  await chmod(folder, 0o755);
  if (user !== null) await chown(folder, user.uid, user.gid);
  const runProgram = (name: string, args: string[]) => run(join(options.programs, name), args, { ...user, cwd: folder, env: ENVIRONMENT });

  async function createNode(name: string): Promise<PostgresNode & { dataFolder: string }> {
    const dataFolder = join(folder, name);
    const port = (await findFreePort(0)) ?? 0;
    const url = `postgres://insp@127.0.0.1:${port}/postgres`;
    let child: ChildProcess | null = null;
    const query = async <Row extends object>(text: string): Promise<Row[]> => {
      const database = openDatabase({ url, maxConnections: 1 });
      try {
        return await database.query<Row>(text);
      } finally {
        await database.close();
      }
    };
    const signalAll = async (signal: NodeJS.Signals) => {
      const pid = child?.pid;
      if (pid === undefined) return;
      const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).trim().split(' ').filter(Boolean);
      for (const one of [pid, ...children.map(Number)]) {
        try {
          process.kill(one, signal);
        } catch {
          // It ended by itself meanwhile.
        }
      }
    };
    return {
      ...{ name, port, url, dataFolder, query },
      async start() {
        const args = ['-D', dataFolder, '-p', String(port)];
        const started = spawn(join(options.programs, 'postgres'), args, { ...user, cwd: folder, env: ENVIRONMENT, stdio: 'ignore' });
        child = started;
        for (let attempt = 0; ; attempt += 1) {
          const isUp = await query('SELECT 1').then(
            () => true,
            () => false,
          );
          if (isUp) return;
          if (attempt > 400 || started.exitCode !== null) throw new Error(`${name} did not start (${started.exitCode})`);
          await new Promise((done) => setTimeout(done, 25));
        }
      },
      async kill() {
        if (child === null || child.exitCode !== null || child.signalCode !== null) return;
        const gone = new Promise((done) => child?.once('exit', done));
        await signalAll('SIGKILL');
        await gone;
        child = null;
      },
      freeze: () => signalAll('SIGSTOP'),
      thaw: () => signalAll('SIGCONT'),
    };
  }

  const primary = await createNode('primary');
  await runProgram('initdb', ['-D', primary.dataFolder, '-U', 'insp', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
  await appendFile(join(primary.dataFolder, 'postgresql.conf'), SETTINGS);
  await primary.start();
  const front = await startTcpForwarder(() => primary.port);
  const standbys: Awaited<ReturnType<typeof createNode>>[] = [];
  for (let index = 1; index <= options.standbyCount; index += 1) {
    const standby = await createNode(`standby${index}`);
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'insp'];
    await runProgram('pg_basebackup', [...from, '-D', standby.dataFolder, '-X', 'stream', '-c', 'fast', '--no-sync']);
    const connection = `host=127.0.0.1 port=${front.port} user=insp application_name=${standby.name}`;
    await appendFile(join(standby.dataFolder, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
    const signalFile = join(standby.dataFolder, 'standby.signal');
    await writeFile(signalFile, '');
    if (user !== null) await chown(signalFile, user.uid, user.gid);
    await standby.start();
    standbys.push(standby);
  }
  return {
    ...{ primary, standbys, front },
    frontUrl: `postgres://insp@127.0.0.1:${front.port}/postgres`,
    async stop() {
      for (const node of [...standbys, primary]) {
        await node.thaw();
        await node.kill();
      }
      await front.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
