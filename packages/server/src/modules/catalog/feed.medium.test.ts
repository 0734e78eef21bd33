// The feed reader against real servers on this machine: sizes, time, redirects, and names that resolve to bad places.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createFeedClient, type FeedClientOptions } from './feed.http-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((done) => server.once('listening', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`;
}

const read = (url: string, options: Partial<FeedClientOptions> = {}) => createFeedClient({ allowLoopback: true, ...options })(url);

test('a feed is read as JSON', async () => {
  const url = await serve((_request, response) => response.end('{"products":[1]}'));
  expect(await read(url)).toEqual({ ok: true, value: { products: [1] } });
  expect(await read(url, { allowLoopback: false })).toMatchObject({ code: 'INSP_CATALOG_FEED_ADDRESS_REFUSED' });
});

test('exactly the size limit is read, one byte more is refused', async () => {
  const url = await serve((_request, response) => response.end(JSON.stringify('x'.repeat(98))));
  expect(await read(url, { maxBytes: 100 })).toMatchObject({ ok: true });
  expect(await read(url, { maxBytes: 99 })).toMatchObject({ code: 'INSP_CATALOG_IMPORT_REFUSED' });
});

test('a slow, a missing and a redirecting feed are unreachable, each with its reason', async () => {
  const slow = await serve((_request, response) => void response.write('{'));
  expect(await read(slow, { timeoutMs: 100 })).toMatchObject({
    code: 'INSP_CATALOG_FEED_UNREACHABLE',
    detail: expect.stringContaining('0.1 s'),
  });
  const moved = await serve((_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
  expect(await read(moved)).toMatchObject({ code: 'INSP_CATALOG_FEED_UNREACHABLE', detail: expect.stringContaining('redirects') });
  const gone = await serve((_request, response) => response.writeHead(404).end());
  expect(await read(gone)).toMatchObject({ detail: 'It answers 404.' });
  expect(await read('http://127.0.0.1:1/')).toMatchObject({
    code: 'INSP_CATALOG_FEED_UNREACHABLE',
    detail: expect.stringContaining('ECONNREFUSED'),
  });
  const broken = await serve((_request, response) =>
    response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
  );
  expect(await read(broken)).toMatchObject({ code: 'INSP_CATALOG_FEED_UNREACHABLE' });
});

test('what is not JSON is refused', async () => {
  const url = await serve((_request, response) => response.end('<xml/>'));
  expect(await read(url)).toMatchObject({ code: 'INSP_CATALOG_IMPORT_REFUSED', detail: 'The feed is not JSON.' });
});

test('a public name that resolves to a private address is not dialled, also when one of several is private', async () => {
  let connectionCount = 0;
  const url = await serve((_request, response) => {
    connectionCount += 1;
    response.end('{}');
  });
  const port = new URL(url).port;
  for (const addresses of [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], []]) {
    const resolveAll: FeedClientOptions['resolveAll'] = (_hostname, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    expect(await read('https://rebind.example/', { resolveAll })).toMatchObject({ code: 'INSP_CATALOG_FEED_ADDRESS_REFUSED' });
  }
  // A loopback name may not lead away from this machine either.
  const away: FeedClientOptions['resolveAll'] = (_hostname, done) => done(null, [{ address: '93.184.216.34', family: 4 }]);
  expect(await read(`http://shop.localhost:${port}/`, { resolveAll: away })).toMatchObject({ code: 'INSP_CATALOG_FEED_ADDRESS_REFUSED' });
  expect(connectionCount).toBe(0);
  const here: FeedClientOptions['resolveAll'] = (_hostname, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
  expect(await read(`http://shop.localhost:${port}/`, { resolveAll: here })).toMatchObject({ ok: true });
});
