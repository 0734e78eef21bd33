// The whole server with its own database, over a real port.
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createApp } from './app.ts';
import { type Config, parseSettings } from './config/index.ts';
import { silentLogger } from './kernel/logger.ts';
import { readPostmasterPid } from './platform/postgres/postmaster-pid.ts';
import { identifyProcess, signalProcess } from './platform/process/process-identity.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function createConfig(args: string[] = []): Promise<Config> {
  const dataDir = await mkdtemp(join(tmpdir(), 'insp-life-'));
  await chmod(dataDir, 0o755);
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
  const { settings } = parseSettings({}, ['--http-port', '0', '--rtmp-port', '0', '--data-dir', dataDir, ...args]);
  return { ...settings, deriveKey: (purpose) => createHash('sha256').update(purpose).digest() };
}

const deps = { logger: silentLogger, onFatal: () => {} };

test('it starts, heals when its database is killed, and stops without leaving anything', async () => {
  const config = await createConfig();
  const app = await createApp(config, deps);
  cleanUps.push(() => app.stop());
  await app.start();
  const ask = async (path: string) => {
    const response = await fetch(`${app.addresses.localUrl}${path}`);
    return { status: response.status, body: (await response.json()) as { status?: unknown; code?: string } };
  };
  expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });

  const database = await readPostmasterPid(join(config.dataDir, 'postgres', 'data'));
  signalProcess(database!.pid, 'SIGKILL');
  const codes = new Set<string | undefined>();
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { status, body } = await ask('/healthz');
    if (status === 200 && (await readPostmasterPid(join(config.dataDir, 'postgres', 'data')))?.pid !== database!.pid) break;
    if (status !== 200) codes.add(body.code);
    await new Promise((done) => setTimeout(done, 50));
  }
  expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  expect([...codes].filter((code) => code !== 'INSP_STORE_UNAVAILABLE')).toEqual([]);

  const healed = await readPostmasterPid(join(config.dataDir, 'postgres', 'data'));
  await app.stop();
  await app.stop();
  expect(await identifyProcess(healed!.pid)).toBeNull();
  await expect(fetch(`${app.addresses.localUrl}/healthz`)).rejects.toThrow();
});

test('a taken port is refused with the setting to change, and no database is left running', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => squatter.once('listening', done));
  cleanUps.push(() => new Promise((done) => squatter.close(done)));
  const address = squatter.address();
  const config = await createConfig(['--http-port', String(typeof address === 'object' && address ? address.port : 0)]);
  await expect(createApp(config, deps)).rejects.toMatchObject({
    code: 'INSP_CONFIG_PORT_TAKEN',
    message: expect.stringContaining('INSP_HTTP_PORT'),
  });
  expect(await readPostmasterPid(join(config.dataDir, 'postgres', 'data'))).toBeNull();
});

test('the console: not built it says how; built, every address under it is the page, and the plug-in is open to any shop', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'insp-web-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const start = async (name: string) => {
    const app = await createApp(await createConfig(), { ...deps, webFolders: { console: join(folder, name), embed: join(folder, name) } });
    cleanUps.push(() => app.stop());
    await app.start();
    return async (path: string) => {
      const response = await fetch(app.addresses.localUrl + path);
      return { status: response.status, text: await response.text(), header: (name: string) => response.headers.get(name) };
    };
  };
  const unbuilt = await start('none');
  expect(await unbuilt('/console/')).toMatchObject({ status: 503, text: expect.stringContaining('npm start') });

  await mkdir(join(folder, 'built'));
  await writeFile(join(folder, 'built', 'index.html'), '<p>the console');
  await writeFile(join(folder, 'built', 'v1.js'), 'loader');
  await writeFile(join(folder, 'built', 'player-DdF0pK2W.js'), 'player');
  const built = await start('built');
  for (const path of ['/console/', '/console/shows/shw_1', '/'])
    expect(await built(path)).toMatchObject({ status: 200, text: '<p>the console' });
  expect((await built('/console/')).header('content-security-policy')).toContain("script-src 'self'");
  expect(JSON.parse((await built('/console/gone.js')).text)).toMatchObject({ code: 'INSP_HTTP_NOT_FOUND' });
  const loader = await built('/embed/v1.js');
  expect([loader.text, loader.header('access-control-allow-origin'), loader.header('cross-origin-resource-policy')]).toEqual([
    'loader',
    '*',
    'cross-origin',
  ]);
  expect([loader.header('cache-control'), (await built('/embed/player-DdF0pK2W.js')).header('cache-control')]).toEqual([
    'no-cache',
    'public, max-age=31536000, immutable',
  ]);
});
