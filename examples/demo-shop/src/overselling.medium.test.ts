import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readJournal } from './store/journal.ts';
import type { JournalEntry } from './store/shop-state.ts';
import { findFreePort, type ShopProcess, startShopProcess } from './test-support/shop-process.ts';
import { startWebhookReceiver, type WebhookReceiver, waitUntil } from './test-support/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of the shop, 32 bytes !').toString('base64')}`;
const SIMULATOR_KEY = 'simulator-key-of-the-test';
const SKU = 'CB-L';
const BUYER_COUNT = 300;
const UNIT_COUNT = 10;

let shop: ShopProcess | null = null;
let receiver: WebhookReceiver | null = null;
afterEach(async () => {
  await shop?.kill();
  await receiver?.stop();
});

type OrderAnswer = { ok: boolean; reason?: string; order?: { orderRef: string } };

/** A buyer who does not give up when the shop is gone: sends the same order, same key, until it is answered. */
async function request<T>(url: string, init: RequestInit): Promise<{ data: T; cookie: string }> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    try {
      const answer = await fetch(url, init);
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      return { data: (await answer.json()) as T, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`no answer from ${url}`);
}
const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

test.each([{ isKilled: false }, { isKilled: true }])(
  '300 buyers of the last 10 units: exactly 10 orders, 290 clear refusals (killed in the middle: $isKilled)',
  async ({ isKilled }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'shop-'));
    const port = await findFreePort();
    receiver = await startWebhookReceiver(SECRET);
    const environment = {
      INSP_URL: receiver.url,
      INSP_ORG_ID: 'org-1',
      INSP_ORDER_WEBHOOK_SECRET: SECRET,
      SHOP_SIMULATOR_KEY: SIMULATOR_KEY,
    };
    shop = await startShopProcess(dataDir, port, environment);
    const url = `http://127.0.0.1:${port}`;
    const key = { authorization: `Bearer ${SIMULATOR_KEY}` };
    await request(`${url}/api/stock`, json('PUT', { items: [{ sku: SKU, stockCount: UNIT_COUNT }] }, key));

    // Every bag has one: a cart takes nothing off the shelf.
    const cookies = await Promise.all(
      Array.from({ length: BUYER_COUNT }, async (_, index) => {
        const { data, cookie } = await request<{ ok: boolean }>(
          `${url}/api/cart/lines`,
          json('POST', { sku: SKU, quantity: 1, requestId: `request-${index}` }),
        );
        expect(data.ok).toBe(true);
        return cookie;
      }),
    );

    let answeredCount = 0;
    const someAnswered = Promise.withResolvers<void>();
    const buying = Promise.all(
      cookies.map(async (cookie, index) => {
        const order = { key: `order-key-${index}`, name: 'Buyer', email: 'buyer@example.com' };
        const { data } = await request<OrderAnswer>(`${url}/api/orders`, json('POST', order, { cookie }));
        answeredCount += 1;
        if (answeredCount === 3) someAnswered.resolve();
        return data;
      }),
    );
    if (isKilled) {
      await someAnswered.promise;
      await shop.kill();
      expect(answeredCount).toBeLessThan(BUYER_COUNT);
      shop = await startShopProcess(dataDir, port, environment);
    }
    const answers = await buying;

    const sold = answers.filter((answer) => answer.ok);
    expect(sold).toHaveLength(UNIT_COUNT);
    expect(new Set(sold.map((answer) => answer.order?.orderRef)).size).toBe(UNIT_COUNT);
    expect(answers.filter((answer) => answer.reason === 'out_of_stock')).toHaveLength(BUYER_COUNT - UNIT_COUNT);

    const { received } = receiver;
    const orderIds = () => new Set(received.filter(({ body }) => body.includes('"order.paid"')).map(({ id }) => id));
    await waitUntil('all orders told', () => orderIds().size === UNIT_COUNT);
    expect(received.every(({ isVerified, path }) => isVerified && path === '/v1/webhooks/orders/org-1')).toBe(true);

    await shop.stop();
    const { entries, tornBytes } = await readJournal<JournalEntry>(join(dataDir, 'journal.ndjson'));
    const orders = entries.flatMap((entry) => (entry.type === 'order_placed' ? [entry.order] : []));
    expect(tornBytes).toBe(0);
    expect(orders.map((order) => order.orderRef).sort()).toEqual(sold.map((answer) => answer.order?.orderRef).sort());
  },
  60_000,
);
