// The guard at work on real sockets of this machine: what is dialled, what is not, and how each no is told.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createFakeClock } from '@insp/test-kit';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { createDialStream, DIAL_LIMITS, type DialStreamOptions } from './dial-stream.ts';
import { parseOutboundPolicy } from './policy.ts';
import type { StreamAddress } from './stream-address.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

async function listen(server: Server): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, sockets };
}

const LOCAL = parseOutboundPolicy('127.0.0.0/8');
const address = (port: number, change: Partial<StreamAddress> = {}): StreamAddress => ({
  ...{ scheme: 'rtmp', host: 'live.example', port, app: 'live', tcUrl: 'rtmp://live.example/live' },
  ...change,
});

async function dial(to: StreamAddress, ips: readonly string[] | Error, options: Partial<DialStreamOptions> = {}) {
  const asked: string[] = [];
  const dialling = createDialStream({
    policy: LOCAL,
    clock: systemClock,
    resolveName(host, done) {
      asked.push(host);
      if (ips instanceof Error) done(ips, []);
      else done(null, ips);
    },
    ...options,
  });
  let isResolved = false;
  const outcome = await dialling(to, AbortSignal.timeout(20_000), () => {
    isResolved = true;
  });
  if (outcome.ok) cleanUps.push(() => outcome.value.destroy());
  return { outcome, asked, isResolved, code: outcome.ok ? 'ok' : outcome.code };
}

describe('a name is looked up once and every address it has is judged', () => {
  test('the checked address is the one that is dialled', async () => {
    const { port } = await listen(createServer());
    const { outcome, asked, isResolved } = await dial(address(port), ['127.0.0.1']);
    expect([outcome.ok && outcome.value.remoteAddress, asked, isResolved]).toEqual(['127.0.0.1', ['live.example'], true]);
  });

  test.each([
    ['one of two lies inside', ['93.184.216.34', '10.0.0.1']],
    ['a mapped form of an inner one', ['::ffff:10.0.0.1']],
    ['a metadata service', ['169.254.169.254']],
    ['a public one at an unusual port', ['93.184.216.34']],
  ])('%s: refused, and nothing is dialled', async (_what, ips) => {
    const { code, isResolved } = await dial(address(22), ips);
    expect([code, isResolved]).toEqual(['INSP_OUTBOUND_ADDRESS_REFUSED', false]);
  });

  test('an IP address is not looked up, and judged alike', async () => {
    const { port } = await listen(createServer());
    expect(await dial(address(port, { host: '127.0.0.1' }), [])).toMatchObject({ code: 'ok', asked: [] });
    expect(await dial(address(port, { host: '10.0.0.1' }), [])).toMatchObject({ code: 'INSP_OUTBOUND_ADDRESS_REFUSED', asked: [] });
  });

  test('no address, or none in time', async () => {
    expect((await dial(address(1935), new Error('ENOTFOUND'))).code).toBe('INSP_OUTBOUND_UNRESOLVED');
    expect((await dial(address(1935), [])).code).toBe('INSP_OUTBOUND_UNRESOLVED');
    const clock = createFakeClock();
    const waiting = dial(address(1935), [], { clock, resolveName: () => {} });
    await clock.advanceAsync(DIAL_LIMITS.resolveMs - 1);
    expect(clock.timerCount).toBe(1);
    await clock.advanceAsync(1);
    expect((await waiting).code).toBe('INSP_OUTBOUND_UNRESOLVED');
  });
});

describe('a connection', () => {
  test('that is refused is told as unreachable; another address of the name is tried', async () => {
    const gone = createServer();
    const { port } = await listen(gone);
    gone.close();
    expect((await dial(address(port), ['127.0.0.1'])).code).toBe('INSP_OUTBOUND_UNREACHABLE');
    const { port: open } = await listen(createServer());
    const { outcome } = await dial(address(open), ['127.0.0.2', '127.0.0.1']);
    expect(outcome.ok && outcome.value.remoteAddress).toBe('127.0.0.1');
  });

  test('nobody wants any more leaves nothing open', async () => {
    const { port, sockets } = await listen(createServer());
    const dialling = createDialStream({ policy: LOCAL, clock: systemClock, resolveName: (_host, done) => done(null, ['127.0.0.1']) });
    const abort = new AbortController();
    const waiting = dialling(address(port), abort.signal, () => abort.abort());
    expect(await waiting).toMatchObject({ ok: false });
    await new Promise((done) => setTimeout(done, 50));
    expect(sockets.every((socket) => socket.destroyed || socket.readableEnded || !socket.readable)).toBe(true);
  });
});

describe('TLS', () => {
  const certificate = (name: string) =>
    generate([{ name: 'commonName', value: name }], { extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }] });
  const secure = { scheme: 'rtmps' as const };

  test('names the host, and checks the certificate for it', async () => {
    const { private: key, cert } = await certificate('live.example');
    const names: (string | false)[] = [];
    const server = createTlsServer({ key, cert }, (socket) => {
      names.push((socket as unknown as { servername: string | false }).servername);
      socket.on('error', () => {});
    });
    server.on('tlsClientError', () => {});
    const { port } = await listen(server);
    expect((await dial(address(port, secure), ['127.0.0.1'], { trustedRoots: cert })).code).toBe('ok');
    while (names.length === 0) await new Promise((done) => setTimeout(done, 5));
    expect(names).toEqual(['live.example']);
    expect((await dial(address(port, secure), ['127.0.0.1'])).code).toBe('INSP_OUTBOUND_TLS_FAILED');
    const other = await dial(address(port, { ...secure, host: 'other.example' }), ['127.0.0.1'], { trustedRoots: cert });
    expect(other.code).toBe('INSP_OUTBOUND_TLS_FAILED');
  });

  test('a server that speaks something else, or nothing, is a TLS fault and not a success', async () => {
    const plain = createServer((socket) => socket.end('not TLS at all, whatever you say\r\n'));
    const { port } = await listen(plain);
    expect((await dial(address(port, secure), ['127.0.0.1'])).code).toBe('INSP_OUTBOUND_TLS_FAILED');
    const silent = createServer(() => {});
    const { port: silentPort, sockets } = await listen(silent);
    const clock = createFakeClock();
    const waiting = dial(address(silentPort, secure), ['127.0.0.1'], { clock });
    while (sockets.length === 0) await new Promise((done) => setTimeout(done, 5));
    await new Promise((done) => setTimeout(done, 20));
    await clock.advanceAsync(DIAL_LIMITS.connectMs);
    expect((await waiting).code).toBe('INSP_OUTBOUND_TLS_FAILED');
  });
});
