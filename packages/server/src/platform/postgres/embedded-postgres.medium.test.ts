// The traps of running our own Postgres, each set for real: killed parents, killed servers, taken ports, strangers'
// pids, half-made clusters, two runs on one folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { identifyProcess, isRunning, signalProcess, waitUntilGone } from '../process/process-identity.ts';
import { openDatabase } from './database.ts';
import { createEmbeddedPostgres } from './embedded-postgres.ts';

const HOST = new URL('../../../test-support/embedded-postgres-host.ts', import.meta.url).pathname;
type Said = { url: string; pid: number; wasAdopted: boolean; code?: string };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function createFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'insp-embedded-'));
  await chmod(parent, 0o755);
  cleanUps.push(() => rm(parent, { recursive: true, force: true }));
  return join(parent, 'postgres');
}

async function host(folder: string): Promise<{ child: ChildProcess; said: Said }> {
  const child = spawn(process.execPath, [HOST, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(async () => {
    const identity = await identifyProcess(child.pid!);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    if (identity !== null) await waitUntilGone(identity, 10_000);
  });
  const [line] = await new Promise<string[]>((done) => createInterface(child.stdout!).once('line', (...args) => done(args)));
  return { child, said: JSON.parse(line!) as Said };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    return await database.query<Row>(text);
  } finally {
    await database.close();
  }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await check().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('it never came true');
}

test('a killed run leaves its server behind; the next adopts it with all its data, and can stop it', async () => {
  const folder = await createFolder();
  const first = await host(folder);
  expect(first.said.wasAdopted).toBe(false);
  await query(first.said.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await kill(first.child);
  expect(await identifyProcess(first.said.pid)).not.toBeNull();

  const second = await host(folder);
  expect(second.said).toMatchObject({ wasAdopted: true, pid: first.said.pid, url: first.said.url });
  expect(await query(second.said.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  second.child.kill('SIGTERM');
  await until(async () => (await identifyProcess(first.said.pid)) === null);
});

test('run and server both killed: the next start finds what was acknowledged', async () => {
  const folder = await createFolder();
  const first = await host(folder);
  await query(first.said.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await Promise.all([kill(first.child), signalProcess(first.said.pid, 'SIGKILL')]);
  const second = await host(folder);
  expect(second.said.wasAdopted).toBe(false);
  expect(await query(second.said.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a server killed under us comes back by itself and the pool finds it', async () => {
  const folder = await createFolder();
  const postgres = createEmbeddedPostgres({ folder, logger: silentLogger });
  await postgres.start();
  cleanUps.push(() => postgres.stop());
  const database = openDatabase({ url: await postgres.databaseUrl('insp') });
  cleanUps.push(() => database.close());
  await database.query('CREATE TABLE kept AS SELECT 7 AS n');
  const killedPid = postgres.pid!;
  signalProcess(killedPid, 'SIGKILL');
  const failures = new Set<unknown>();
  await until(async () => {
    try {
      return (await database.query('SELECT n FROM kept')).length === 1 && postgres.pid !== killedPid;
    } catch (cause) {
      failures.add((cause as { code?: unknown }).code);
      return false;
    }
  });
  expect([...failures].filter((code) => code !== 'INSP_STORE_UNAVAILABLE')).toEqual([]);
});

test('the server is durable, closed to other machines, and its password is random and private', async () => {
  const folder = await createFolder();
  const { said } = await host(folder);
  const settings = await query<{ name: string; setting: string }>(
    said.url,
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'data_checksums') ORDER BY name",
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    synchronous_commit: 'on',
  });
  const password = new URL(said.url).password;
  expect(password).toMatch(/^[\w-]{32}$/);
  expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
  await expect(query(said.url.replace(password, 'password'), 'SELECT 1')).rejects.toThrow(/password/);
  const commandLine = await readFile(`/proc/${said.pid}/cmdline`, 'utf8');
  expect(commandLine).not.toContain(password);
  const environment = await readFile(`/proc/${said.pid}/environ`, 'utf8');
  expect(environment).not.toMatch(/INSP_|HOME=/);
});

test('a taken port is left alone: another is chosen and kept', async () => {
  const folder = await createFolder();
  const first = await host(folder);
  const gone = await identifyProcess(first.said.pid);
  first.child.kill('SIGTERM');
  await waitUntilGone(gone!, 10_000);
  const kept = Number(new URL(first.said.url).port);
  const squatter = createServer().listen(kept, '127.0.0.1');
  await new Promise((done) => squatter.once('listening', done));
  cleanUps.push(() => new Promise((done) => squatter.close(done)));
  const second = await host(folder);
  expect(Number(new URL(second.said.url).port)).not.toBe(kept);
  expect(Number(await readFile(join(folder, 'port'), 'utf8'))).toBe(Number(new URL(second.said.url).port));
});

test("a pid file with a stranger's pid is no obstacle, and the stranger lives on", async () => {
  const folder = await createFolder();
  const first = await host(folder);
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await Promise.all([kill(first.child), signalProcess(first.said.pid, 'SIGKILL')]);
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  cleanUps.push(async () => stranger.kill('SIGKILL'));
  const identity = await identifyProcess(stranger.pid!);
  await writeFile(pidFile, [stranger.pid, ...lines.slice(1)].join('\n'));
  const second = await host(folder);
  expect(second.said.wasAdopted).toBe(false);
  expect(await isRunning(identity!)).toBe(true);
});

test('a first start that was cut leaves no half cluster in the way', async () => {
  const folder = await createFolder();
  await mkdir(join(folder, 'data.new', 'base'), { recursive: true });
  await writeFile(join(folder, 'password'), 'of a cut start');
  const { said } = await host(folder);
  expect(await query(said.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a second run on the same folder is refused and harms nothing', async () => {
  const folder = await createFolder();
  const first = await host(folder);
  const second = await host(folder);
  expect(second.said.code).toBe('INSP_STORE_IN_USE');
  expect(await query(first.said.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

describe('what cannot work says why', () => {
  test('a broken cluster: our code with the last lines of the log', async () => {
    const folder = await createFolder();
    const postgres = createEmbeddedPostgres({ folder, logger: silentLogger });
    await postgres.start();
    await postgres.stop();
    await rm(join(folder, 'data', 'global', 'pg_control'));
    const attempt = createEmbeddedPostgres({ folder, logger: silentLogger }).start();
    await expect(attempt).rejects.toMatchObject({ code: 'INSP_STORE_START_FAILED', message: expect.stringContaining('pg_control') });
  });

  test.runIf(process.getuid?.() === 0)('a closed folder on the way is named', async () => {
    const folder = await createFolder();
    const parent = join(folder, '..');
    await chmod(parent, 0o700);
    const attempt = createEmbeddedPostgres({ folder, logger: silentLogger }).start();
    await expect(attempt).rejects.toMatchObject({
      code: 'INSP_STORE_DATA_FOLDER_UNREACHABLE',
      message: expect.stringContaining(parent.replace('/postgres/..', '')),
    });
  });
});
