import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoShop, startDemoShop } from '../index.ts';

const VIEWER_SECRET = 'a viewer secret of at least 32 bytes';
let shop: DemoShop;
beforeAll(async () => {
  shop = await startDemoShop({
    dataDir: await mkdtemp(join(tmpdir(), 'shop-')),
    port: 0,
    connection: { viewerSecret: VIEWER_SECRET, simulatorKey: 'key' },
  });
});
afterAll(() => shop.stop());

/** A browser without scripts: keeps cookies, posts forms, follows no redirect. */
function createVisitor() {
  const cookies = new Map<string, string>();
  return async (method: string, path: string, body?: Record<string, string> | object, headers: Record<string, string> = {}) => {
    const isForm = method === 'POST' && !path.startsWith('/api/');
    const answer = await fetch(shop.url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body && { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
        ...headers,
      },
      body: body && (isForm ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body)),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text(), headers: answer.headers };
  };
}

test('a whole purchase without any script', async () => {
  const visit = createVisitor();
  expect((await visit('GET', '/products/linen-throw?v=LT-RED-150')).text).toContain('12 left');
  expect(await visit('POST', '/bag', { sku: 'LT-RED-150', quantity: '1' })).toMatchObject({ status: 303, location: '/bag' });
  expect((await visit('POST', '/bag/update', { sku: 'LT-RED-150', quantity: '2' })).status).toBe(303);
  expect((await visit('GET', '/bag')).text).toContain('€238');
  const checkout = await visit('GET', '/checkout');
  const key = /name="key" value="([^"]+)"/.exec(checkout.text)?.[1] ?? '';
  const paid = await visit('POST', '/checkout', { key, name: 'Ada <b>', email: 'ada@example.com' });
  const thanks = await visit('GET', paid.location ?? '');
  expect(thanks.text).toContain('Thank you, Ada.');
  expect(thanks.text).not.toContain('<b>');
  expect((await visit('POST', '/checkout', { key, name: 'Ada', email: 'ada@example.com' })).location).toBe(paid.location);
  expect((await visit('GET', '/bag')).text).toContain('Your bag is empty');
});

test('sold out is said on the page and refused in words', async () => {
  const visit = createVisitor();
  expect((await visit('GET', '/products/wool-socks?v=WS-MOSS-36')).text).toContain('Sold out in this version');
  expect(await visit('POST', '/bag', { sku: 'WS-MOSS-36', quantity: '1' })).toMatchObject({ status: 409 });
  const refused = await visit('POST', '/api/cart/lines', { sku: 'WS-MOSS-36', quantity: 1, requestId: 'request-1' });
  expect(JSON.parse(refused.text)).toEqual({ ok: false, reason: 'out_of_stock', message: 'Sold out.', available: 0 });
});

test('a signed-in customer gets a viewer token signed for Insp; anybody else gets none', async () => {
  const visit = createVisitor();
  expect(JSON.parse((await visit('GET', '/api/insp/viewer-token')).text)).toEqual({ token: null });
  await visit('POST', '/sign-in', { customer: 'c-1001' });
  const { token } = JSON.parse((await visit('GET', '/api/insp/viewer-token')).text) as { token: string };
  const { payload } = await jwtVerify(token, new TextEncoder().encode(VIEWER_SECRET), { audience: 'insp', issuer: shop.url });
  expect(payload).toMatchObject({ sub: 'c-1001', name: 'Mara' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(3_600);
  await visit('POST', '/sign-out', {});
  expect(JSON.parse((await visit('GET', '/api/insp/viewer-token')).text)).toEqual({ token: null });
});

test('a forged customer cookie is nobody', async () => {
  const answer = await fetch(`${shop.url}/api/insp/viewer-token`, { headers: { cookie: 'marram_customer=c-1001.c2lnbmF0dXJl' } });
  expect(await answer.json()).toEqual({ token: null });
});

test('writes from other sites, pretended customers and stock by strangers are refused', async () => {
  const visit = createVisitor();
  const line = { sku: 'CB-L', quantity: 1, requestId: 'request-1' };
  expect((await visit('POST', '/api/cart/lines', line, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await visit('POST', '/api/cart/lines', line, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await visit('POST', '/api/orders', { key: 'order-key-1', name: 'B', email: 'b@x.y', simulated: true })).status).toBe(403);
  expect((await visit('PUT', '/api/stock', { items: [{ sku: 'CB-L', stockCount: 1 }] })).status).toBe(403);
  expect((await visit('PUT', '/api/stock', { items: [{ sku: 'CB-L', stockCount: 1 }] }, { authorization: 'Bearer key' })).status).toBe(200);
  expect((await visit('PUT', '/api/stock', { items: [{ sku: 'no', stockCount: 1 }] }, { authorization: 'Bearer key' })).status).toBe(422);
});

test('input is checked at its limits', async () => {
  const visit = createVisitor();
  const line = { sku: 'WS-OAT-39', quantity: 1, requestId: 'request-9' };
  expect((await visit('POST', '/api/cart/lines', { ...line, quantity: 20 })).status).toBe(200);
  for (const wrong of [
    { quantity: 21 },
    { quantity: 0 },
    { quantity: -1 },
    { quantity: 1.5 },
    { requestId: 'short' },
    { showToken: 'x'.repeat(2_049) },
  ])
    expect((await visit('POST', '/api/cart/lines', { ...line, ...wrong })).status).toBe(400);
  expect((await visit('POST', '/api/orders', { key: 'order-key-1', name: ' ', email: 'b@x.y' })).status).toBe(400);
  expect((await visit('POST', '/api/orders', { key: 'order-key-1', name: 'B', email: 'no mail' })).status).toBe(400);
});

test('products for the plug-in: by id or sku, unknown ones left out', async () => {
  const answer = await fetch(`${shop.url}/api/insp/products?refs=linen-throw,CB-L,nothing`);
  const { products } = (await answer.json()) as { products: { id: string; variants: object[] }[] };
  expect(products.map(({ id }) => id)).toEqual(['linen-throw', 'cutting-board']);
  expect(products[0]?.variants[0]).toEqual({
    sku: 'LT-SAND-130',
    options: { Colour: 'Sand', Size: '130 × 170 cm' },
    inStock: 60,
    price: { current: 8_900, currency: 'EUR' },
  });
});
