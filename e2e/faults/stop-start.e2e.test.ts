// The promise to whoever runs Insp: it can be stopped in any way, and parts of it can die, and then nothing of it is left
// over, nothing that was answered is lost, and it starts again. Everything here is `npm start` with its demo.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRoomClient, type RoomClient, type SocketConstructor } from '@insp/client';
import type { ShowId } from '@insp/protocol';
import { createDemoApi, DEMO_SHOW_TITLE, type DemoApi, type SendOwner } from '@insp/simulator';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { query } from './system/books.ts';
import { createInstallation, type InspProcess, type Installation, processesOf, startInsp, waitUntil } from './system/insp-process.ts';
import { signInFirstOwner } from './system/owner.ts';
import { buy, createShopper, joinShow } from './system/shoppers.ts';

const ARGS = ['--demo-viewers', '2', '--log-level', 'info'];
const PATIENCE_MS = 120_000;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function install(): Promise<Installation> {
  const at = await createInstallation();
  cleanUps.push(() => at.remove());
  return at;
}

/** What `npm start` has put on air, seen through the API. */
async function openDemo(at: Installation, owner: SendOwner) {
  const api = createDemoApi(owner);
  const connection = JSON.parse(await readFile(join(at.folder, 'data', 'demo-shop', 'insp.json'), 'utf8')) as {
    showId: ShowId;
    viewerSecret: string;
  };
  const door = { at, shop: { url: `http://localhost:${at.shopPort}` }, secrets: connection, showId: connection.showId };
  await onAir(api, door.showId);
  return { api, door };
}

/** Live, with a product on display and a picture. */
const onAir = (api: DemoApi, showId: ShowId) =>
  waitUntil(
    'the demo show is on air',
    async () => {
      const show = await api.show(showId);
      return show.state === 'live' && show.highlights.length > 0 && show.previewPlaylistUrl !== null;
    },
    PATIENCE_MS,
  ).catch(async (cause) => {
    throw new Error(JSON.stringify(await api.show(showId)), { cause });
  });

type Door = Awaited<ReturnType<typeof openDemo>>['door'];

async function enterRoom(door: Door, name: string): Promise<RoomClient> {
  class ShopSocket extends WebSocket {
    constructor(url: string, protocol?: string) {
      super(url, protocol, { origin: door.shop.url });
    }
  }
  const client = createRoomClient({
    session: () => joinShow(door, name),
    WebSocket: ShopSocket as unknown as SocketConstructor,
    clock: {
      nowMs: () => Date.now(),
      after(delayMs, work) {
        const timer = setTimeout(work, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: { float: Math.random },
  });
  cleanUps.push(() => client.stop());
  client.start();
  await waitUntil('the room is open', async () => client.state.kind === 'open');
  return client;
}

/** Says it until it is answered, under one key, as a person with a bad connection would. */
async function say(client: RoomClient, text: string): Promise<void> {
  const key = `key-of-${text.replaceAll(' ', '-')}`.padEnd(12, '-');
  let refusal = '';
  await waitUntil(
    () => `"${text}" is taken: ${refusal}`,
    async () => {
      const answer = await client.request('send_chat_message', { key, text });
      if (answer.ok) return true;
      refusal = JSON.stringify(answer.error);
      await new Promise((done) => setTimeout(done, 1_000));
      return false;
    },
    PATIENCE_MS,
  );
}

async function buyOne(api: DemoApi, door: Door, name: string): Promise<string> {
  const show = await api.show(door.showId);
  const highlight = show.highlights[0]!;
  const product = (await api.products()).find(({ id }) => id === highlight.productId)!;
  const { showToken } = await createShopper(door, name, { productId: product.id, highlightId: highlight.id });
  const variant = product.variants.find(({ isAvailable }) => isAvailable)!;
  const bought = await buy(door.shop.url, { sku: variant.sku, showToken, coupon: null }, name);
  if (!bought.ok) throw new Error(bought.message);
  await waitUntil('Insp has the order', async () => (await orderRefs(door)).includes(bought.orderRef));
  return bought.orderRef;
}

const orderRefs = async ({ at }: Door) =>
  (await query<{ order_ref: string }>(at, 'SELECT order_ref FROM orders')).map((row) => row.order_ref);
const chatLines = async ({ at, showId }: Door) =>
  (await query<{ text: string }>(at, 'SELECT text FROM chat_message WHERE show_id = $1', [showId])).map((row) => row.text);

const nothingIsLeft = (at: Installation) =>
  waitUntil('nothing of ours is left over', async () => (await processesOf(at.folder)).length === 0, 20_000).catch(async (cause) => {
    throw new Error(JSON.stringify(await processesOf(at.folder), null, 2), { cause });
  });

test('Ctrl-C, SIGTERM and kill -9 leave nothing over and lose nothing; the next start goes on with the same show', {
  timeout: 600_000,
}, async () => {
  const at = await install();
  let insp: InspProcess = await startInsp(at, 'npm start', ARGS);
  const owner = await signInFirstOwner(at, insp);
  const { api, door } = await openDemo(at, owner);
  const said: string[] = [];
  const bought: string[] = [];
  /** Does something worth keeping, and checks that all that was done before is still there. */
  const live = async (when: string) => {
    await onAir(api, door.showId);
    expect((await api.shows()).filter(({ title }) => title === DEMO_SHOW_TITLE).map(({ id }) => id)).toEqual([door.showId]);
    const client = await enterRoom(door, `Guest ${when}`);
    said.push(`I was here ${when}`);
    await say(client, `I was here ${when}`);
    client.stop();
    bought.push(await buyOne(api, door, `Guest ${when}`));
    expect(await chatLines(door)).toEqual(expect.arrayContaining(said));
    expect(await orderRefs(door)).toEqual(expect.arrayContaining(bought));
  };

  await live('first');
  expect(await insp.end('SIGINT')).toBe(0);
  await nothingIsLeft(at);

  insp = await startInsp(at, 'npm start', ARGS);
  await live('after Ctrl-C');
  expect(await insp.end('SIGTERM')).toBe(0);
  await nothingIsLeft(at);

  // The bootstrap is killed: the server learns by the closed channel and ends in good order.
  insp = await startInsp(at, 'npm start', ARGS);
  await live('after SIGTERM');
  await insp.end('SIGKILL');
  await nothingIsLeft(at);

  // The server itself is killed: the database stays, for the next start to take over; nothing else may.
  insp = await startInsp(at, 'node', ARGS);
  await live('after kill -9 of npm start');
  await insp.end('SIGKILL');
  await waitUntil(
    'only the database is left',
    async () => (await processesOf(at.folder)).every(({ command }) => /postgres( |:)/.test(command)),
    20_000,
  );
  insp = await startInsp(at, 'npm start', ARGS);
  await live('after kill -9 of the server');
  expect(await insp.end('SIGTERM')).toBe(0);
  await nothingIsLeft(at);
});

test('the database, the shop, the encoder and the simulator are killed one after the other: each comes back, nothing answered is lost', {
  timeout: 600_000,
}, async () => {
  const at = await install();
  const insp = await startInsp(at, 'npm start', ARGS);
  const owner = await signInFirstOwner(at, insp);
  const { api, door } = await openDemo(at, owner);
  const client = await enterRoom(door, 'Witness');
  const said: string[] = [];
  const find = async (what: RegExp) => (await processesOf(at.folder)).find(({ command }) => what.test(command));
  const killAndAwait = async (name: string, what: RegExp) => {
    const victim = await find(what);
    if (victim === undefined) throw new Error(`no ${name} among ${JSON.stringify(await processesOf(at.folder), null, 2)}`);
    process.kill(victim.pid, 'SIGKILL');
    await waitUntil(`the ${name} is back`, async () => ![undefined, victim.pid].includes((await find(what))?.pid), PATIENCE_MS);
  };

  const bought = [await buyOne(api, door, 'Early')];
  // Somebody writes a line each moment, before, while and after the database is gone.
  let isTalking = true;
  const talking = (async () => {
    for (let line = 0; isTalking; line += 1) {
      await say(client, `line ${line}`);
      said.push(`line ${line}`);
      await new Promise((done) => setTimeout(done, 1_200));
    }
  })();
  await waitUntil('a line was said', async () => said.length > 0);
  await killAndAwait('database', /postgres -D/);
  const saidBefore = said.length;
  await waitUntil('lines are taken again', async () => said.length >= saidBefore + 2, PATIENCE_MS);
  isTalking = false;
  await talking;
  expect(await chatLines(door)).toEqual(expect.arrayContaining(said));
  bought.push(await buyOne(api, door, 'After the database'));

  await killAndAwait('demo shop', /demo-shop\/src\/main\.ts/);
  await waitUntil('the shop answers', async () => (await fetch(`${door.shop.url}/api/cart`).catch(() => null))?.ok === true);
  bought.push(await buyOne(api, door, 'After the shop'));

  await killAndAwait('encoder', /ffmpeg .*rtmp:/);
  await onAir(api, door.showId);
  await killAndAwait('simulator', /simulator\/src\/demo\/demo-main\.ts/);
  await waitUntil('an encoder sends again', async () => (await find(/ffmpeg .*rtmp:/)) !== undefined, PATIENCE_MS);
  await onAir(api, door.showId);

  expect(await orderRefs(door)).toEqual(expect.arrayContaining(bought));
  // Once each: a line sent again under its key is the same line.
  expect((await chatLines(door)).filter((text) => /^line \d+$/.test(text)).sort()).toEqual([...said].sort());
  client.stop();
  expect(await insp.end('SIGTERM')).toBe(0);
  await nothingIsLeft(at);
});
