// The command as people use it: a process, signals, files on disk.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createChildRegistry } from './child-registry.ts';

const INSP = new URL('./insp.ts', import.meta.url).pathname;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'insp-cli-'));
  await chmod(folder, 0o755);
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function insp(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [INSP, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  cleanUps.push(() => child.exitCode === null && child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return {
    child,
    text: () => text,
    ended: new Promise<number | null>((done) => child.once('close', done)),
    async saying(what: RegExp): Promise<string> {
      for (let attempt = 0; attempt < 400 && child.exitCode === null; attempt += 1) {
        const found = what.exec(text);
        if (found !== null) return found[1] ?? found[0];
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`never said ${what}:\n${text}`);
    },
  };
}

test('start prints where to sign in, once; reset-password works beside it; SIGTERM ends it with 0', async () => {
  const folder = await createFolder();
  const args = ['--empty', '--http-port', '0', '--rtmp-port', '0', '--data-dir', folder];
  const first = insp(['start', ...args]);
  const password = await first.saying(/sign in as owner@insp\.localhost with ([a-z0-9-]{23})/);
  const url = await first.saying(/Console {4}(http:\S+)\/console\//);
  const signIn = async (secret: string) => {
    const body = JSON.stringify({ email: 'owner@insp.localhost', password: secret });
    return (await fetch(`${url}/v1/auth/sign-in/email`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
  };
  expect(await signIn(password)).toBe(200);
  const reset = insp(['accounts', 'reset-password', '--data-dir', folder]);
  expect(await reset.ended).toBe(0);
  const another = /with ([a-z0-9-]{23}) once/.exec(reset.text())?.[1] ?? '';
  expect([await signIn(password), await signIn(another)]).toEqual([401, 200]);

  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = insp(['start', ...args]);
  await second.saying(/password lost\?/);
  expect(second.text()).not.toMatch(/shown this once/);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});

test('wrong settings and unknown commands are said in a sentence, with a code that is not 0', async () => {
  const wrong = insp(['start', '--http-prt', '1']);
  expect(await wrong.ended).toBe(1);
  expect(wrong.text()).toMatch(/INSP_CONFIG_UNKNOWN_SETTING.*--http-port/s);
  expect(wrong.text()).not.toMatch(/ at .*\.ts:\d/);
  const unknown = insp(['strat']);
  expect(await unknown.ended).toBe(2);
});

test('a taken port is named with the setting to change it: the server does not start, the demo alone is left out', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => squatter.once('listening', done));
  cleanUps.push(() => new Promise((done) => squatter.close(done)));
  const { port: taken } = squatter.address() as AddressInfo;
  const folder = await createFolder();
  for (const [flag, setting] of [
    ['--http-port', 'INSP_HTTP_PORT'],
    ['--rtmp-port', 'INSP_RTMP_PORT'],
  ] as const) {
    const free = ['--http-port', '0', '--rtmp-port', '0'].filter((_, index, all) => all[index - (index % 2)] !== flag);
    const refused = insp(['start', '--empty', '--data-dir', folder, ...free, flag, String(taken)]);
    expect(await refused.ended).toBe(1);
    expect(refused.text()).toMatch(new RegExp(`INSP_CONFIG_PORT_TAKEN.*127\\.0\\.0\\.1:${taken}.*${setting}`, 's'));
    expect(refused.text()).not.toMatch(/ at .*\.ts:\d/);
  }
  const without = insp(['start', '--data-dir', folder, '--http-port', '0', '--rtmp-port', '0', '--demo-shop-port', String(taken)]);
  expect(await without.saying(/Demo {7}did not start: (.*)/)).toMatch(new RegExp(`127\\.0\\.0\\.1:${taken}.*INSP_DEMO_SHOP_PORT`));
  without.child.kill('SIGTERM');
  expect(await without.ended).toBe(0);
});

test('config hides secrets', async () => {
  const shown = insp(['config'], { INSP_SECRET: 'hush'.repeat(10) });
  expect(await shown.ended).toBe(0);
  expect(shown.text()).toContain('INSP_HTTP_PORT, --http-port');
  expect(shown.text()).not.toContain('hush');
});

test('what a killed run left behind is ended, and a stranger with a used pid is not', async () => {
  const folder = await createFolder();
  const registry = createChildRegistry(folder);
  const sleeper = (): ChildProcess => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    cleanUps.push(() => child.kill('SIGKILL'));
    return child;
  };
  const [left, stranger] = [sleeper(), sleeper()];
  await registry.add('left', left.pid!);
  await registry.add('stranger', stranger.pid!);
  // The pid is the stranger's, the start time is that of a process that ended.
  const { readFile, writeFile } = await import('node:fs/promises');
  const file = join(folder, 'stranger.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"startedAt":"\d+/, '"startedAt":"1'));
  const gone = new Promise((done) => left.once('exit', done));
  expect(await registry.endLeftovers()).toEqual(['left']);
  await gone;
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  expect(await registry.endLeftovers()).toEqual([]);
});

test('export writes a whole show beside a running server, or nothing', async () => {
  const folder = await createFolder();
  const args = ['--data-dir', folder];
  const server = insp(['start', '--empty', '--http-port', '0', '--rtmp-port', '0', ...args]);
  const password = await server.saying(/sign in as owner@insp\.localhost with ([a-z0-9-]{23})/);
  const url = await server.saying(/Console {4}(http:\S+)\/console\//);
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify(body) });
  const signedIn = await post('/v1/auth/sign-in/email', { email: 'owner@insp.localhost', password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const changed = await post('/v1/auth/change-password', { currentPassword: password, newPassword: 'long enough password' }, cookie);
  expect(changed.status).toBe(200);
  const fresh = changed.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const created = await post('/v1/shows', { title: 'Evening' }, fresh || cookie);
  const show = (await created.json()) as { id: string };

  const file = join(folder, 'evening.ndjson');
  const run = insp(['export', '--show', show.id, '--out', file, ...args]);
  expect([await run.ended, run.text()]).toEqual([0, `${file}\n`]);
  const lines = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ line: 'header', showId: show.id, hasTurnover: true });
  expect(lines.at(-1)).toMatchObject({ line: 'trailer', eventCount: lines.length - 2 });

  const nowhere = insp(['export', `--show=shw_${'f'.repeat(32)}`, '--out', join(folder, 'none.ndjson'), ...args]);
  expect(await nowhere.ended).toBe(1);
  expect(nowhere.text()).toContain('there is no show');
  const unnamed = insp(['export', ...args]);
  expect(await unnamed.ended).toBe(2);
  expect((await readdir(folder)).filter((name) => name.endsWith('.ndjson') || name.endsWith('.part'))).toEqual(['evening.ndjson']);
});
