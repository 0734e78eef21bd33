// The hub behind real sockets, with polite and with hostile clients.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { LIMITS, ROOM_PASS, SOCKET_CLOSE_CODES } from '@insp/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  chatLine,
  emptySnapshot,
  offsetsOf,
  ofType,
  SHOW,
  testSession,
  type WireItem,
  welcomeOf,
} from '../../../test-support/room-fixture.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { accepted, refused } from '../../kernel/outcome.ts';
import { systemRandom } from '../../kernel/random.ts';
import { createRealtime, type Realtime, type RealtimeDeps } from './index.ts';
import { NORMAL_PACE } from './limits.ts';
import { SOCKET_PAYLOAD_MAX_BYTES } from './realtime.socket.ts';
import { SHED_WAIT_MAX_MS, SHED_WAIT_MIN_MS } from './room-hub.ts';

type Running = { realtime: Realtime; url: string; port: number; stop(): Promise<void> };
const running: Running[] = [];
const opened: Array<WebSocket | Socket> = [];

async function startServer(deps: Partial<RealtimeDeps> = {}, options: { isProxyTrusted?: boolean } = {}): Promise<Running> {
  const realtime = createRealtime({
    clock: systemClock,
    ids: createIds(systemClock, systemRandom),
    random: systemRandom,
    logger: silentLogger,
    verifySession: async (token) =>
      /^t\d+$/.test(token) ? accepted(testSession(Number(token.slice(1)))) : refused('INSP_EMBED_SESSION_INVALID'),
    handlers: { set_display_name: { permission: null, handle: async (_, { name }) => accepted({ name }) } },
    snapshot: async ({ role }) => emptySnapshot(role),
    capture: { accept: () => {} },
    ...deps,
  });
  const server: Server = createServer((_, response) => response.end());
  realtime.attach(server, options);
  await realtime.start();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const started: Running = {
    realtime,
    port,
    url: `ws://127.0.0.1:${port}/v1/rooms/${SHOW}/socket`,
    async stop() {
      await realtime.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  running.push(started);
  return started;
}

afterEach(async () => {
  for (const socket of opened.splice(0)) 'terminate' in socket ? socket.terminate() : socket.destroy();
  for (const server of running.splice(0)) await server.stop();
});

type Joined = { socket: WebSocket; items: WireItem[]; frames: WireItem[][]; closed: Promise<number>; send(data: object): void };

function open(url: string, headers: Record<string, string> = {}): Joined {
  const socket = new WebSocket(url, 'insp.v1', { headers });
  opened.push(socket);
  const frames: WireItem[][] = [];
  socket.on('error', () => {});
  socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
  const closed = new Promise<number>((done) => socket.on('close', done));
  return {
    socket,
    frames,
    get items() {
      return frames.flat();
    },
    closed,
    send: (data) => socket.send(JSON.stringify(data)),
  };
}

async function join(url: string, number: number, positions: unknown[] = []): Promise<Joined> {
  const joined = open(url);
  await new Promise((done) => joined.socket.once('open', done));
  joined.send({ v: 1, type: 'hello', id: 'h', data: { token: `t${number}`, positions } });
  await until(() => joined.items.some(({ type }) => type === 'welcome'));
  return joined;
}

const until = (isTrue: () => boolean) => vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 10_000, interval: 5 });

/** What the server answers to a raw upgrade request. */
async function upgradeStatus(port: number, path: string, headers: string[]): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1');
  opened.push(socket);
  const lines = [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  socket.write(`${[...lines, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...headers].join('\r\n')}\r\n\r\n`);
  return new Promise((done) => socket.once('data', (data) => done(data.toString())));
}

test('hello, a request and a push over a real socket', async () => {
  const { realtime, url } = await startServer();
  const [first, second] = await Promise.all([join(url, 1), join(url, 2)]);
  first.send({ v: 1, type: 'set_display_name', id: 'a', data: { name: 'Ännchen 🧣' } });
  await until(() => first.items.some(({ re }) => re === 'a'));
  expect(ofType(first.items, 'ok').at(-1)?.data).toEqual({ name: 'Ännchen 🧣' });
  realtime.publish(SHOW, 'viewers', 'chat_message_posted', { ...chatLine(1), text: 'Größe? 🧣' });
  for (const { items } of [first, second]) {
    await until(() => ofType(first.items, 'chat_message_posted').length > 0 && ofType(second.items, 'chat_message_posted').length > 0);
    expect(items).toBeDefined();
  }
  expect(ofType(second.items, 'chat_message_posted')[0]?.data.text).toBe('Größe? 🧣');
  expect(realtime.stats()).toMatchObject({ socketCount: 2, roomCount: 1 });
});

test.each([10, 126, 5_000, 70_000])('a prebuilt frame of %d bytes of text arrives whole, beside what ws sends itself', async (size) => {
  const { realtime, url } = await startServer({ limits: { pingEveryMs: 1_000 } });
  const joined = await join(url, 1);
  for (let seq = 1; seq <= 3; seq += 1)
    realtime.publish(SHOW, 'viewers', 'chat_message_posted', { ...chatLine(seq), text: 'ü'.repeat(size) });
  await until(() => offsetsOf(joined.items).length === 3);
  expect(ofType(joined.items, 'chat_message_posted').map(({ data }) => data.text)).toEqual(Array(3).fill('ü'.repeat(size)));
});

test('a cut TCP connection is recovered without loss', async () => {
  const { realtime, url } = await startServer();
  const first = await join(url, 1);
  const { epoch } = welcomeOf(first.items).positions[0] as { epoch: string };
  realtime.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
  await until(() => offsetsOf(first.items).length === 1);
  first.socket.terminate();
  await until(() => realtime.watchingCount(SHOW) === 0);
  for (let seq = 2; seq <= 50; seq += 1) realtime.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
  const second = await join(url, 1, [{ channel: 'viewers', epoch, offset: 1 }]);
  expect(offsetsOf(second.items)).toEqual(Array.from({ length: 49 }, (_, index) => index + 2));
});

test('who stops reading is closed and costs a bounded amount of memory', async () => {
  const { realtime, url } = await startServer({ limits: { slowBufferBytes: 64 * 1024, tooSlowBufferBytes: 256 * 1024 } });
  const slow = await join(url, 1);
  const quick = await join(url, 2);
  slow.socket.pause();
  const text = 'x'.repeat(20_000);
  let seq = 0;
  // The kernel takes several megabytes before the process has to buffer.
  while (realtime.stats().tooSlowCount === 0 && seq < 4_000) {
    seq += 1;
    realtime.publish(SHOW, 'viewers', 'chat_message_posted', { ...chatLine(seq), text });
    await new Promise((done) => setTimeout(done, 1));
  }
  expect(realtime.stats().tooSlowCount).toBe(1);
  await until(() => offsetsOf(quick.items).length === seq);
  slow.socket.resume();
  expect(await slow.closed).toBe(SOCKET_CLOSE_CODES.tooSlow);
}, 60_000);

test('a path that is no room, a missing sub-protocol and a full server are refused before the handshake', async () => {
  const { port, url } = await startServer({ limits: { socketsPerProcessMax: 1 } });
  const path = new URL(url).pathname;
  expect(await upgradeStatus(port, '/v1/rooms/nonsense/socket', ['Sec-WebSocket-Protocol: insp.v1'])).toMatch(/^HTTP\/1.1 404/);
  expect(await upgradeStatus(port, '/elsewhere', [])).toMatch(/^HTTP\/1.1 404/);
  expect(await upgradeStatus(port, path, ['Sec-WebSocket-Protocol: other'])).toMatch(/^HTTP\/1.1 400/);
  expect(await upgradeStatus(port, path, [])).toMatch(/^HTTP\/1.1 400/);
  await join(url, 1);
  const full = await upgradeStatus(port, path, ['Sec-WebSocket-Protocol: insp.v1']);
  expect(full).toMatch(/^HTTP\/1.1 503/);
  expect(full).toMatch(/Retry-After: 5/);
});

test('[R18] while no new viewers are taken, strangers get 503 with a spread Retry-After; who has a pass may say hello', async () => {
  const { port, url } = await startServer({ pace: () => ({ ...NORMAL_PACE, takesNewViewers: false }) });
  const path = new URL(url).pathname;
  const waits = new Set<number>();
  for (let n = 0; n < 12; n += 1) {
    const answer = await upgradeStatus(port, path, ['Sec-WebSocket-Protocol: insp.v1']);
    expect(answer).toMatch(/^HTTP\/1.1 503/);
    waits.add(Number(/Retry-After: (\d+)/.exec(answer)?.[1]));
  }
  expect(waits.size).toBeGreaterThan(3);
  expect(Math.min(...waits) * 1_000).toBeGreaterThanOrEqual(SHED_WAIT_MIN_MS);
  expect(Math.max(...waits) * 1_000).toBeLessThanOrEqual(SHED_WAIT_MAX_MS);
  const passed = await upgradeStatus(port, `${path}?${ROOM_PASS}=returning`, ['Sec-WebSocket-Protocol: insp.v1']);
  expect(passed).toMatch(/^HTTP\/1.1 (101|400)/);
});

test('behind a trusted proxy the limit per address counts the forwarded address', async () => {
  const { url } = await startServer({ limits: { socketsPerAddressMax: 1 } }, { isProxyTrusted: true });
  const from = (address: string) => open(url, { 'x-forwarded-for': `10.9.9.9, ${address}` });
  const [first, second, other] = [from('203.0.113.7'), from('203.0.113.7'), from('203.0.113.8')];
  await until(() => [first, second, other].every(({ socket }) => socket.readyState !== WebSocket.CONNECTING));
  const states = [first, second, other].map(({ socket }) => socket.readyState === WebSocket.OPEN);
  expect(states.filter(Boolean)).toHaveLength(2);
  expect(states[2]).toBe(true);
});

test('a frame above the limit is refused with its code, one far above it closes the socket', async () => {
  const { url } = await startServer();
  const joined = await join(url, 1);
  joined.socket.send('x'.repeat(LIMITS.socketFrameBytes + 1));
  await until(() => joined.items.some(({ data }) => data.code === 'INSP_REALTIME_FRAME_TOO_LARGE'));
  joined.socket.send('x'.repeat(SOCKET_PAYLOAD_MAX_BYTES + 1));
  expect(await joined.closed).toBe(SOCKET_CLOSE_CODES.tooBig);
});

test('a binary frame is refused; bytes that are no UTF-8 close the socket', async () => {
  const { url } = await startServer();
  const joined = await join(url, 1);
  joined.socket.send(Buffer.from([1, 2, 3]));
  await until(() => joined.items.some(({ data }) => data.code === 'INSP_REALTIME_FRAME_MALFORMED'));
  joined.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect(await joined.closed).toBe(1007);
});

test('raw rubbish after the handshake, and a socket that vanishes within it, harm nobody', async () => {
  const { realtime, url, port } = await startServer();
  const witness = await join(url, 1);
  const path = new URL(url).pathname;
  for (const rubbish of [
    Buffer.alloc(64, 0xff),
    Buffer.from([0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]),
    Buffer.from([0x01, 0xfe, 0xff]),
  ]) {
    const socket = connectTcp(port, '127.0.0.1');
    opened.push(socket);
    socket.on('error', () => {});
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: insp.v1\r\n\r\n`,
    );
    await new Promise((done) => socket.once('data', done));
    socket.write(rubbish);
    await new Promise((done) => setTimeout(done, 10));
    socket.resetAndDestroy();
  }
  await until(() => realtime.stats().socketCount === 1);
  realtime.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
  await until(() => offsetsOf(witness.items).length === 1);
});

test('a flood of small frames ends the one who sends it', async () => {
  const { url } = await startServer();
  const joined = await join(url, 1);
  for (let n = 0; n < 2_000; n += 1) joined.send({ v: 1, type: 'set_display_name', id: `n${n}`, data: { name: 'a' } });
  expect(await joined.closed).toBe(SOCKET_CLOSE_CODES.protocolBroken);
});

test('stopping closes every socket with 1001', async () => {
  const { realtime, url } = await startServer();
  const sockets = await Promise.all([join(url, 1), join(url, 2)]);
  await realtime.stop();
  expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([SOCKET_CLOSE_CODES.goingAway, SOCKET_CLOSE_CODES.goingAway]);
  expect(realtime.stats().socketCount).toBe(0);
});
