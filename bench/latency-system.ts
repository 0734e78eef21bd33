// Insp as `insp start --empty` runs it, behind a line that can be made bad, with a show on it and its owner signed in; a
// shop page of another origin that carries the plug-in, and one with bare hls.js as the peer.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Show } from '@insp/protocol';
import { type OwnerApi, signInOwner } from '../e2e/support/owner-api.ts';
import { type LatencyProxy, startLatencyProxy } from './latency-proxy.ts';
import { until } from './support/command-line.ts';

const INSP = fileURLToPath(new URL('../packages/cli/src/insp.ts', import.meta.url));
/** Beyond this something is broken, not slow. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export type LatencySystem = {
  readonly proxy: LatencyProxy;
  readonly owner: OwnerApi;
  readonly showId: string;
  readonly productIds: readonly string[];
  readonly publishUrl: string;
  /** Past the bad line. */
  readonly localUrl: string;
  readonly pagesUrl: string;
  readonly serverPid: number;
  readShow(): Promise<Show>;
  command(name: string): Promise<Show>;
  output(): string;
  stop(): Promise<void>;
};

const product = (name: string) => ({
  ...{ externalId: name, title: `Product ${name}`, brand: '', description: '', category: '', url: `https://shop.example/${name}` },
  ...{ imageUrl: null, facts: [], optionNames: [] },
  variants: [{ sku: name, options: {}, priceMinor: 1_900, originalPriceMinor: null, currency: 'EUR', stockCount: 50, isAvailable: true }],
});

export async function startLatencySystem(env: Readonly<Record<string, string>>): Promise<LatencySystem> {
  const cleanUps: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const proxy = await startLatencyProxy();
    cleanUps.push(() => proxy.close());
    const httpPort = await freePort();
    proxy.pointAt(httpPort);
    const publicUrl = `http://127.0.0.1:${proxy.port}`;
    const localUrl = `http://127.0.0.1:${httpPort}`;
    const dataDir = await mkdtemp(join(tmpdir(), 'insp-latency-'));
    // Postgres, which never runs as root, has to get in.
    await chmod(dataDir, 0o755);
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    const child = spawn(process.execPath, [INSP, 'start', '--empty'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: process.env.PATH ?? '', HOME: dataDir, INSP_DATA_DIR: dataDir },
        ...{ INSP_HTTP_PORT: String(httpPort), INSP_RTMP_PORT: '0', INSP_PUBLIC_URL: publicUrl },
        ...env,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output = (output + text).slice(-200_000);
      });
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    cleanUps.push(async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(kill);
    });
    await until('insp to start', async () => {
      if (child.exitCode !== null) throw new Error(`insp did not start:\n${output}`);
      return output.includes('Ctrl-C stops everything');
    });
    const [, ownerEmail = '', oneTimePassword = ''] = /sign in as (\S+) with (\S+)/.exec(output) ?? [];
    const owner = await signInOwner({ inspUrl: localUrl, publicUrl, ownerEmail, oneTimePassword }, 'a bench of its own');

    const pages = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pages');
      if (pathname === '/hls.js') {
        return response
          .setHeader('content-type', 'text/javascript')
          .end(await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')));
      }
      const body = pathname === '/plain' ? plainPage(searchParams.get('url') ?? '') : shopPage(publicUrl, searchParams.get('show') ?? '');
      response.setHeader('content-type', 'text/html; charset=utf-8').end(body);
    });
    await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
    cleanUps.push(() => pages.close());
    const pagesUrl = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;

    await owner.call('PATCH', '/v1/organization', { storeOrigins: [pagesUrl] });
    await owner.call('POST', '/v1/products/import', { products: [product('one'), product('two')] });
    const { data } = await owner.call<{ data: { id: string }[] }>('GET', '/v1/products');
    const productIds = data.map(({ id }) => id);
    const show = await owner.call<Show>('POST', '/v1/shows', { title: 'Latency', scheduledAt: Date.now() + 60_000 });
    await owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items: productIds.map((productId) => ({ productId, note: '' })) });
    const command = (name: string) => owner.call<Show>('POST', `/v1/shows/${show.id}/commands`, { command: name });
    const readShow = () => owner.call<Show>('GET', `/v1/shows/${show.id}`);
    await command('schedule');
    const key = await owner.call<{ serverUrl: string; streamKey: string }>('POST', `/v1/shows/${show.id}/stream-key`);
    // So near its time the room opens by itself.
    await until('the room to open', async () => (await readShow()).state === 'waiting');
    return {
      ...{ proxy, owner, showId: show.id, productIds, localUrl, pagesUrl, readShow, command, stop },
      publishUrl: `${key.serverUrl}/${key.streamKey}`,
      serverPid: child.pid ?? 0,
      output: () => output,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

const style = '<style>body{margin:0}insp-show[mode=inline],video{display:block;width:640px;height:360px}</style>';
const shopPage = (publicUrl: string, showId: string) =>
  `<!doctype html><meta charset="utf-8"><title>Shop</title>${style}<script async src="${publicUrl}/embed/v1.js" crossorigin="anonymous"></script>` +
  `<insp-show show="${showId}" mode="inline" autoplay></insp-show>`;

/** hls.js as it comes, without low latency: what the same address gives a player that knows nothing of parts. */
const plainPage = (url: string) =>
  `<!doctype html><meta charset="utf-8"><title>Plain</title>${style}<video muted autoplay></video><script src="/hls.js"></script>
<script>const hls=new Hls({lowLatencyMode:false});hls.loadSource(${JSON.stringify(url)});hls.attachMedia(document.querySelector('video'))</script>`;
