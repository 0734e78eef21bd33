import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderPaidSchema, shopWebhookSchema } from '@insp/protocol/schemas';
import { afterEach, expect, test } from 'vitest';
import { type DemoShop, startDemoShop } from '../index.ts';
import { findFreePort, type ShopProcess, startShopProcess } from '../test-support/shop-process.ts';
import { startWebhookReceiver, type WebhookReceiver, waitUntil } from '../test-support/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of the shop, 32 bytes !').toString('base64')}`;
let shop: DemoShop | null = null;
let child: ShopProcess | null = null;
let receiver: WebhookReceiver | null = null;
afterEach(async () => {
  await shop?.stop();
  await child?.kill();
  await receiver?.stop();
  shop = child = receiver = null;
});
const newDataDir = () => mkdtemp(join(tmpdir(), 'shop-'));

async function buy(url: string, key: string, showToken?: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const line = { sku: 'WS-OAT-39', quantity: 2, requestId: `request-${key}`, showToken };
  const added = await fetch(`${url}/api/cart/lines`, { method: 'POST', headers, body: JSON.stringify(line) });
  const cookie = added.headers.get('set-cookie')?.split(';')[0] ?? '';
  const body = JSON.stringify({ key, name: 'Mara', email: 'mara@example.com' });
  const answer = await fetch(`${url}/api/orders`, { method: 'POST', headers: { ...headers, cookie }, body });
  return ((await answer.json()) as { order: { orderRef: string } }).order.orderRef;
}

test('an order is told with its show token, then its stock; both fit the contract', async () => {
  receiver = await startWebhookReceiver(SECRET);
  const { received } = receiver;
  shop = await startDemoShop({
    dataDir: await newDataDir(),
    port: 0,
    connection: { inspUrl: receiver.url, orgId: 'o', orderWebhookSecret: SECRET },
  });
  const orderRef = await buy(shop.url, 'first-order', 'v1.payload.mac');
  await waitUntil('two messages', () => received.length === 2);
  expect(received.every(({ isVerified }) => isVerified)).toBe(true);
  const paid = orderPaidSchema.parse(JSON.parse(received[0]?.body ?? ''));
  expect(paid.data).toMatchObject({ orderRef, currency: 'EUR', simulated: false });
  expect(paid.data.lines).toEqual([
    { lineId: `${orderRef}-1`, sku: 'WS-OAT-39', productRef: 'wool-socks', quantity: 2, amountMinor: 4_800, showToken: 'v1.payload.mac' },
  ]);
  expect(shopWebhookSchema.parse(JSON.parse(received[1]?.body ?? ''))).toMatchObject({
    type: 'stock.changed',
    data: { items: [{ sku: 'WS-OAT-39', stockCount: 88 }] },
  });
});

test('a refusal for now is repeated with the same id and bytes, before anything newer', async () => {
  receiver = await startWebhookReceiver(SECRET);
  const { received } = receiver;
  let refusedCount = 0;
  receiver.answer = () => {
    refusedCount += 1;
    return refusedCount <= 2 ? (refusedCount === 1 ? 503 : null) : 204;
  };
  shop = await startDemoShop({
    dataDir: await newDataDir(),
    port: 0,
    connection: { inspUrl: receiver.url, orgId: 'o', orderWebhookSecret: SECRET },
  });
  await buy(shop.url, 'first-order');
  await waitUntil('four requests', () => received.length === 4);
  expect(new Set(received.slice(0, 3).map(({ id, body }) => id + body)).size).toBe(1);
  expect(received[3]?.id).not.toBe(received[0]?.id);
});

test('a refusal for good is parked, the next message goes', async () => {
  receiver = await startWebhookReceiver(SECRET);
  const { received } = receiver;
  receiver.answer = ({ body }) => (body.includes('order.paid') ? 422 : 204);
  const lines: string[] = [];
  shop = await startDemoShop({
    dataDir: await newDataDir(),
    port: 0,
    connection: { inspUrl: receiver.url, orgId: 'o', orderWebhookSecret: SECRET },
    log: (line) => lines.push(line),
  });
  await buy(shop.url, 'first-order');
  await waitUntil('both messages', () => received.length === 2);
  await waitUntil('the log line', () => lines.some((line) => line.includes('refused for good: 422')));
  expect(lines.join('\n')).not.toContain(SECRET);
});

test('what was not acknowledged before kill -9 is sent after the restart, same id; what was is not', async () => {
  receiver = await startWebhookReceiver(SECRET);
  const { received } = receiver;
  const dataDir = await newDataDir();
  const port = await findFreePort();
  const environment = { INSP_URL: receiver.url, INSP_ORG_ID: 'o', INSP_ORDER_WEBHOOK_SECRET: SECRET };
  child = await startShopProcess(dataDir, port, environment);
  await buy(child.url, 'acknowledged-order');
  await waitUntil('two messages', () => received.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 100)); // the note of the acknowledgement reaches the disk
  receiver.answer = () => 500;
  const orderRef = await buy(child.url, 'unacknowledged-order');
  await waitUntil('the refused message', () => received.length >= 3);
  await child.kill();
  const before = received.at(-1);
  const countBefore = received.length;
  receiver.answer = () => 204;
  child = await startShopProcess(dataDir, port, environment);
  await waitUntil('the repeat', () => received.length === countBefore + 2);
  expect(received[countBefore]).toEqual(before);
  expect(received.slice(countBefore).map(({ id }) => id)).toEqual([`order-paid-${orderRef}`, `stock-after-${orderRef}`]);
});

test('secrets and address may come later, by the configuration file', async () => {
  receiver = await startWebhookReceiver(SECRET);
  const { received, url } = receiver;
  const dataDir = await newDataDir();
  const configFile = join(dataDir, 'insp.json');
  shop = await startDemoShop({ dataDir, port: 0, configFile });
  await buy(shop.url, 'first-order');
  expect(await (await fetch(shop.url)).text()).not.toContain('insp-show');
  const showId = `shw_${'0'.repeat(32)}`;
  await writeFile(configFile, JSON.stringify({ inspUrl: url, orgId: 'o', orderWebhookSecret: SECRET, showId }));
  await waitUntil('the order of before', () => received.length === 2);
  expect(received.every(({ isVerified }) => isVerified)).toBe(true);
  const home = await fetch(shop.url);
  expect(await home.text()).toContain(`<insp-show show="${showId}"`);
  expect(home.headers.get('content-security-policy')).toContain(`connect-src 'self' ${url} ${url.replace('http', 'ws')}`);
});

test('one folder, one shop', async () => {
  const dataDir = await newDataDir();
  shop = await startDemoShop({ dataDir, port: 0 });
  await expect(startDemoShop({ dataDir, port: 0 })).rejects.toThrow('Another demo shop is running');
  await shop.stop();
  shop = await startDemoShop({ dataDir, port: 0 });
});
