// Orders over HTTP as a shop and a plug-in send them, with the real event log, accounts, shows and catalog.
import type { ErrorCode, Order, Product, ShopWebhookAnswer, Show, ViewerSession } from '@insp/protocol';
import { LIMITS } from '@insp/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Commerce, createCommerce, STORE_ORIGIN } from '../../../test-support/commerce-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';
import { ATTRIBUTION_WINDOW_MS } from './attribution.ts';
import { mintShowToken } from './show-token.ts';

let db: TestDatabase;
let commerce: Commerce;
let owner: TestPerson;
let mug: Product;
let sock: Product;
let show: Show;
let viewer: ViewerSession;
beforeAll(async () => {
  db = await createTestDatabase();
  commerce = await createCommerce(db.database);
});
afterAll(async () => {
  await commerce.close();
  await db.drop();
});
beforeEach(async () => {
  owner = await commerce.shop();
  [mug, sock] = (await commerce.products(owner, 'mug', 'sock')) as [Product, Product];
  show = await commerce.show(owner, 'live', [mug, sock]);
  viewer = await commerce.enter(show.id);
});

let lastNumber = 1_000;
function nextNumber(): string {
  lastNumber += 1;
  return String(lastNumber);
}
const codeOf = (answer: { json(): unknown }) => (answer.json() as { code?: ErrorCode }).code;
const answerOf = (answer: { json(): unknown }) => answer.json() as ShopWebhookAnswer;
const iso = (ms = commerce.clock.nowMs()) => new Date(ms).toISOString();
const line = (product: Product, more: Record<string, unknown> = {}) => ({
  lineId: product.externalId,
  sku: `${product.externalId}-m`,
  productRef: product.externalId,
  quantity: 1,
  amountMinor: 4_900,
  ...more,
});
const paid = (lines: object[], more: Record<string, unknown> = {}) => ({
  type: 'order.paid',
  timestamp: iso(),
  data: { orderRef: nextNumber(), currency: 'EUR', placedAt: iso(), lines, ...more },
});
const refund = (orderRef: string, lines: object[], more: Record<string, unknown> = {}) => ({
  type: 'order.refunded',
  timestamp: iso(),
  data: { orderRef, refundRef: `r${nextNumber()}`, currency: 'EUR', lines, ...more },
});
const mint = (
  productId: string,
  highlightId: string | null = null,
  session = viewer,
  headers: Record<string, string> = { origin: STORE_ORIGIN },
) =>
  commerce.http.inject({
    method: 'POST',
    url: '/v1/show-tokens',
    payload: { productId, highlightId },
    headers: { authorization: `Bearer ${session.token}`, ...headers },
  });
const tokenFor = async (product: Product, highlightId: string | null = null) =>
  (await mint(product.id, highlightId)).json<{ showToken: string }>().showToken;
const facts = (name: string) => commerce.facts.filter((fact) => fact.orgId === owner.orgId && fact.name === name);
const count = async (table: string) =>
  (await db.database.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE org_id = $1`, [owner.orgId]))[0]!.count;
const logged = async (name: string) => {
  const events = [];
  for await (const event of commerce.capture.readShow(show.id)) if (event.name === name) events.push(event);
  return events;
};

describe('show tokens', () => {
  test('are minted for products of the line-up and what was on display, under CORS', async () => {
    const highlight = (await owner.post(`/v1/shows/${show.id}/highlights`, { productId: mug.id })).json<{ id: string }>();
    const answer = await mint(mug.id, highlight.id);
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([200, STORE_ORIGIN]);
    await owner.delete(`/v1/shows/${show.id}/highlights/${highlight.id}`);
    expect((await mint(mug.id, highlight.id)).statusCode).toBe(200);
    expect(codeOf(await mint(sock.id, highlight.id))).toBe('INSP_SHOWS_HIGHLIGHT_NOT_FOUND');
    const [other] = await commerce.products(owner, 'not-in-line-up');
    expect(codeOf(await mint(other!.id))).toBe('INSP_SHOWS_PRODUCT_NOT_IN_LINE_UP');
  });

  test('are given to live sessions on their own page only', async () => {
    expect(codeOf(await mint(mug.id, null, viewer, { origin: 'https://evil.example' }))).toBe('INSP_EMBED_ORIGIN_BLOCKED');
    expect((await mint(mug.id, null, viewer, {})).statusCode).toBe(200);
    expect(codeOf(await mint(mug.id, null, { ...viewer, token: 'x' }))).toBe('INSP_EMBED_SESSION_INVALID');
    expect(codeOf(await mint(mug.id, null, viewer, { authorization: '' }))).toBe('INSP_EMBED_SESSION_INVALID');
    commerce.clock.jump(16 * 60_000);
    expect(codeOf(await mint(mug.id))).toBe('INSP_EMBED_SESSION_EXPIRED');
  });
});

describe('a paid order', () => {
  test('[ORD6] counts for the show, the highlight and the viewer of the token, in rows and facts alike', async () => {
    const highlight = (await owner.post(`/v1/shows/${show.id}/highlights`, { productId: mug.id })).json<{ id: string }>();
    const lines = [
      line(mug, { quantity: 2, amountMinor: 9_000, showToken: await tokenFor(mug, highlight.id) }),
      line(sock, { amountMinor: 700 }),
    ];
    const answer = answerOf(await commerce.deliver(owner.orgId, paid(lines, { orderRef: 'A1', customerRef: 'customer-17' })));
    expect(answer).toEqual({ isRepeat: false, orderId: expect.stringMatching(/^ord_/), attributedLineCount: 1, warnings: [] });
    expect(facts('orders.order_placed')).toMatchObject([
      {
        showId: show.id,
        highlightId: highlight.id,
        viewerId: viewer.viewerId,
        amountMinor: 9_000,
        weight: 1,
        isSimulated: false,
        payload: { orderRef: 'A1', lineCount: 1 },
      },
    ]);
    expect(facts('orders.line_sold')).toMatchObject([
      {
        showId: show.id,
        highlightId: highlight.id,
        viewerId: viewer.viewerId,
        productId: mug.id,
        weight: 2,
        amountMinor: 9_000,
        actor: { kind: 'shop' },
      },
      { showId: null, highlightId: null, viewerId: null, productId: sock.id, weight: 1, amountMinor: 700 },
    ]);
    expect((await logged('orders.line_sold')).map(({ amountMinor }) => amountMinor)).toEqual([9_000]);
    expect((await owner.get(`/v1/shows/${show.id}/orders`)).json()).toEqual({
      data: [
        {
          id: answer.orderId,
          orderRef: 'A1',
          showId: show.id,
          highlightId: highlight.id,
          attribution: 'token',
          currency: 'EUR',
          totalMinor: 9_000,
          refundedMinor: 0,
          isSimulated: false,
          placedAt: commerce.clock.nowMs(),
        },
      ],
      nextCursor: null,
    });
    const customerId = await commerce.viewers.customerIdOf(owner.orgId, 'customer-17');
    expect(await commerce.orders.buyersInShow(show.id)).toEqual([{ viewerId: viewer.viewerId, customerId, orderCount: 1, unitCount: 2 }]);
  });

  test('[ORD6] from two shows counts in both, each with its own money', async () => {
    const second = await commerce.show(owner, 'live', [sock]);
    const there = await commerce.enter(second.id);
    const sockToken = (await mint(sock.id, null, there)).json<{ showToken: string }>().showToken;
    await commerce.deliver(
      owner.orgId,
      paid([line(mug, { showToken: await tokenFor(mug) }), line(sock, { amountMinor: 700, showToken: sockToken })]),
    );
    expect(facts('orders.order_placed').map(({ showId, amountMinor }) => [showId, amountMinor])).toEqual([
      [show.id, 4_900],
      [second.id, 700],
    ]);
  });

  test('[ORD2] the same delivery again answers the same and counts nothing; with other content it is refused', async () => {
    const order = paid([line(mug, { showToken: await tokenFor(mug) })]);
    const first = answerOf(await commerce.deliver(owner.orgId, order, { id: 'wh_same' }));
    commerce.clock.jump(3_600_000);
    expect(answerOf(await commerce.deliver(owner.orgId, order, { id: 'wh_same' }))).toEqual({ ...first, isRepeat: true });
    const changed = { ...order, data: { ...order.data, currency: 'USD' } };
    const refused = await commerce.deliver(owner.orgId, changed, { id: 'wh_same' });
    expect([refused.statusCode, codeOf(refused)]).toEqual([409, 'INSP_ORDERS_CONTENT_CHANGED']);
    expect(facts('orders.order_placed')).toHaveLength(1);
    const stranger = await commerce.shop();
    expect(answerOf(await commerce.deliver(stranger.orgId, order, { id: 'wh_same' })).isRepeat).toBe(false);
  });

  test('[ORD2] twenty copies at once count once', async () => {
    const order = paid([line(mug, { showToken: await tokenFor(mug) })]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => commerce.deliver(owner.orgId, order, { id: index < 10 ? 'wh_copy' : `wh_copy_${index}` })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    expect(answers.filter((answer) => !answerOf(answer).isRepeat)).toHaveLength(1);
    expect([await count('orders'), await count('order_line'), facts('orders.line_sold').length]).toEqual([1, 1, 1]);
  });

  test('[ORD3] told under another webhook id it counts once; told differently, the first stays and the answer warns', async () => {
    const order = paid([line(mug)]);
    const first = answerOf(await commerce.deliver(owner.orgId, order));
    expect(answerOf(await commerce.deliver(owner.orgId, order))).toEqual({ ...first, isRepeat: true });
    const other = { ...order, data: { ...order.data, lines: [line(mug, { amountMinor: 1 })] } };
    expect(answerOf(await commerce.deliver(owner.orgId, other))).toMatchObject({
      isRepeat: true,
      orderId: first.orderId,
      warnings: [{ code: 'INSP_ORDERS_CONTENT_CHANGED' }],
    });
    expect(facts('orders.line_sold').map(({ amountMinor }) => amountMinor)).toEqual([4_900]);
  });

  test('[ORD4] with a forged or foreign token is kept as money without a show, with the verdict and a warning', async () => {
    const good = await tokenFor(mug);
    const foreign = await commerce.shop();
    const key = await commerce.accounts.secret(foreign.orgId, 'show_token');
    const base = { showId: show.id, highlightId: null, viewerId: viewer.viewerId, isSimulated: false, mintedAt: commerce.clock.nowMs() };
    const forged = mintShowToken({ ...base, orgId: owner.orgId, productId: mug.id }, key);
    const ownKey = await commerce.accounts.secret(owner.orgId, 'show_token');
    const strangeShow = mintShowToken(
      { ...base, orgId: owner.orgId, productId: mug.id, showId: 'shw_00000000000000000000000000000000' },
      ownKey,
    );
    const foreignShow = mintShowToken(
      { ...base, orgId: owner.orgId, productId: mug.id, showId: (await commerce.show(foreign, 'draft')).id },
      ownKey,
    );
    const lines = [
      line(mug, { lineId: '1', showToken: `${good}x` }),
      line(mug, { lineId: '2', showToken: forged }),
      line(mug, { lineId: '3', showToken: strangeShow }),
      line(mug, { lineId: '4', showToken: foreignShow }),
      line(sock, { lineId: '5', showToken: good }),
      line(mug, { lineId: '6', productRef: 'unknown', showToken: good }),
    ];
    const answer = answerOf(await commerce.deliver(owner.orgId, paid(lines)));
    expect(answer).toMatchObject({ isRepeat: false, attributedLineCount: 0 });
    expect(answer.warnings.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/data/lines/0/showToken INSP_ORDERS_SHOW_TOKEN_INVALID',
      '/data/lines/1/showToken INSP_ORDERS_SHOW_TOKEN_INVALID',
      ...[2, 3, 4, 5].map((index) => `/data/lines/${index}/showToken INSP_ORDERS_LINE_NOT_ATTRIBUTED`),
    ]);
    const verdicts = await db.database.query<{ verdict: string }>(
      'SELECT token_verdict AS verdict FROM order_line WHERE org_id = $1 ORDER BY position',
      [owner.orgId],
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      'invalid',
      'invalid',
      'unknown_show',
      'unknown_show',
      'other_product',
      'other_product',
    ]);
    expect(facts('orders.order_placed')).toMatchObject([{ showId: null, viewerId: null, amountMinor: 6 * 4_900 }]);
  });

  test('[ORD5] counts up to 24 hours after the end of the show', async () => {
    const showToken = await tokenFor(mug);
    await owner.post(`/v1/shows/${show.id}/commands`, { command: 'end' });
    commerce.clock.jump(ATTRIBUTION_WINDOW_MS);
    expect(answerOf(await commerce.deliver(owner.orgId, paid([line(mug, { showToken })]))).attributedLineCount).toBe(1);
    commerce.clock.jump(1);
    expect(answerOf(await commerce.deliver(owner.orgId, paid([line(mug, { showToken })])))).toMatchObject({
      attributedLineCount: 0,
      warnings: [{ code: 'INSP_ORDERS_LINE_NOT_ATTRIBUTED', message: expect.stringContaining('24 hours') }],
    });
  });

  test('[ORD8] of another currency is kept and counted without money', async () => {
    const answer = answerOf(
      await commerce.deliver(owner.orgId, paid([line(mug, { showToken: await tokenFor(mug) })], { currency: 'CHF' })),
    );
    expect(answer.warnings.map(({ code }) => code)).toEqual(['INSP_ORDERS_CURRENCY_NOT_COUNTED']);
    expect(facts('orders.order_placed')).toMatchObject([{ showId: show.id, amountMinor: 0, weight: 1, payload: { currency: 'CHF' } }]);
    expect((await owner.get(`/v1/shows/${show.id}/orders`)).json()).toMatchObject({ data: [{ currency: 'CHF', totalMinor: 4_900 }] });
  });

  test('[ORD9] placed in the future happened now; in the past, then', async () => {
    const nowMs = commerce.clock.nowMs();
    await commerce.deliver(owner.orgId, paid([line(mug)], { placedAt: iso(nowMs + 60_000) }));
    await commerce.deliver(owner.orgId, paid([line(mug)], { placedAt: iso(nowMs - 60_000) }));
    expect(facts('orders.order_placed').map(({ occurredAt }) => occurredAt)).toEqual([nowMs, nowMs - 60_000]);
  });

  test('a bot marks its order, by the order or by its token', async () => {
    const bot = { ...viewer, token: viewer.token };
    await commerce.deliver(owner.orgId, paid([line(mug)], { simulated: true }));
    const key = await commerce.accounts.secret(owner.orgId, 'show_token');
    const showToken = mintShowToken(
      {
        orgId: owner.orgId,
        showId: show.id,
        productId: mug.id,
        highlightId: null,
        viewerId: bot.viewerId,
        isSimulated: true,
        mintedAt: commerce.clock.nowMs(),
      },
      key,
    );
    await commerce.deliver(owner.orgId, paid([line(mug, { showToken })]));
    expect(facts('orders.order_placed').map(({ isSimulated }) => isSimulated)).toEqual([true, true]);
  });

  test('that does not fit is refused with the place of the fault, and may come again under its id', async () => {
    const bad = await commerce.deliver(owner.orgId, paid([line(mug, { amountMinor: -1 })]), { id: 'wh_retry' });
    expect([bad.statusCode, codeOf(bad)]).toEqual([400, 'INSP_HTTP_INVALID_BODY']);
    expect(bad.json()).toMatchObject({ detail: expect.stringContaining('/data/lines/0/amountMinor') });
    expect(codeOf(await commerce.deliver(owner.orgId, paid([line(mug), line(mug)])))).toBe('INSP_HTTP_INVALID_BODY');
    const huge = Array.from({ length: 2 }, (_, index) => line(mug, { lineId: String(index), amountMinor: 600_000_000_000 }));
    expect(codeOf(await commerce.deliver(owner.orgId, paid(huge)))).toBe('INSP_HTTP_INVALID_BODY');
    expect((await commerce.deliver(owner.orgId, paid([line(mug)]), { id: 'wh_retry' })).statusCode).toBe(200);
    const lines = Array.from({ length: LIMITS.orderLines + 1 }, (_, index) => line(mug, { lineId: String(index) }));
    expect(codeOf(await commerce.deliver(owner.orgId, paid(lines)))).toBe('INSP_HTTP_INVALID_BODY');
    expect(answerOf(await commerce.deliver(owner.orgId, paid(lines.slice(1)))).orderId).toMatch(/^ord_/);
  });

  test('beyond the size of a webhook is refused before anything is checked', async () => {
    const order = { ...paid([line(mug)]), padding: 'x'.repeat(LIMITS.webhookBodyBytes) };
    expect(codeOf(await commerce.deliver(owner.orgId, order))).toBe('INSP_HTTP_TOO_LARGE');
  });
});

describe('[ORD1] a delivery', () => {
  test('with a wrong secret, of an unknown organization, or too old is refused and leaves nothing', async () => {
    const wrong = await commerce.deliver(owner.orgId, paid([line(mug)]), { secret: `whsec_${Buffer.alloc(32).toString('base64')}` });
    expect([wrong.statusCode, codeOf(wrong)]).toEqual([401, 'INSP_ORDERS_SIGNATURE_INVALID']);
    const secret = await commerce.accounts.secret(owner.orgId, 'order_webhook');
    expect(codeOf(await commerce.deliver('nobody', paid([line(mug)]), { secret }))).toBe('INSP_ORDERS_SIGNATURE_INVALID');
    const stranger = await commerce.shop();
    expect(codeOf(await commerce.deliver(stranger.orgId, paid([line(mug)]), { secret }))).toBe('INSP_ORDERS_SIGNATURE_INVALID');
    for (const awayMs of [-301_000, 301_000]) {
      expect(codeOf(await commerce.deliver(owner.orgId, paid([line(mug)]), { atMs: commerce.clock.nowMs() + awayMs }))).toBe(
        'INSP_ORDERS_TIMESTAMP_OUT_OF_WINDOW',
      );
    }
    expect([await count('orders'), await count('webhook_delivery')]).toEqual([0, 0]);
  });

  test('signed with the secret before a rotation still counts', async () => {
    const secret = await commerce.accounts.secret(owner.orgId, 'order_webhook');
    await owner.post('/v1/organization/secrets/order_webhook/rotate');
    expect((await commerce.deliver(owner.orgId, paid([line(mug)]), { secret })).statusCode).toBe(200);
  });

  test('is forgotten after thirty days, not before', async () => {
    await commerce.deliver(owner.orgId, paid([line(mug)]), { id: 'wh_old' });
    commerce.clock.jump(30 * 86_400_000);
    await commerce.orders.start();
    expect(await count('webhook_delivery')).toBe(1);
    commerce.clock.jump(1);
    await commerce.orders.start();
    await commerce.orders.stop();
    expect(await count('webhook_delivery')).toBe(0);
  });
});

describe('a refund', () => {
  const buy = async (amountMinor = 4_900) => {
    const order = paid([line(mug, { amountMinor, showToken: await tokenFor(mug) }), line(sock, { amountMinor: 700 })], {
      customerRef: 'customer-17',
    });
    await commerce.deliver(owner.orgId, order);
    return order.data.orderRef as string;
  };
  const part = (amountMinor: number, more: Record<string, unknown> = {}) => ({ lineId: 'mug', quantity: 1, amountMinor, ...more });

  test('[ORD7] goes back to the show of its line, once, however often it is told', async () => {
    const orderRef = await buy();
    const told = refund(orderRef, [part(1_000)]);
    expect(answerOf(await commerce.deliver(owner.orgId, told))).toMatchObject({ isRepeat: false, attributedLineCount: 1, warnings: [] });
    expect(answerOf(await commerce.deliver(owner.orgId, told))).toMatchObject({ isRepeat: true });
    expect(facts('orders.line_refunded')).toMatchObject([
      { showId: show.id, viewerId: viewer.viewerId, productId: mug.id, amountMinor: 1_000, weight: 1 },
    ]);
    expect(((await owner.get(`/v1/shows/${show.id}/orders`)).json() as { data: Order[] }).data).toMatchObject([
      { totalMinor: 4_900, refundedMinor: 1_000 },
    ]);
    const customerId = await commerce.viewers.customerIdOf(owner.orgId, 'customer-17');
    const nowMs = commerce.clock.nowMs();
    expect(await commerce.orders.ordersOfCustomers(owner.orgId, [customerId, 'cus_nobody'], nowMs + 1)).toEqual(
      new Map([[customerId, { orderCount: 1, firstOrderAt: nowMs, lastOrderAt: nowMs, spend: [{ amountMinor: 4_600, currency: 'EUR' }] }]]),
    );
    expect((await commerce.orders.ordersOfCustomers(owner.orgId, [customerId], nowMs)).size).toBe(0);
  });

  test('[ORD7] counts no more than was paid; what was told is kept beside it', async () => {
    const orderRef = await buy(4_900);
    await commerce.deliver(owner.orgId, refund(orderRef, [part(4_000)]));
    const answer = answerOf(await commerce.deliver(owner.orgId, refund(orderRef, [part(1_000)])));
    expect(answer.warnings).toMatchObject([{ pointer: '/data/lines/0/amountMinor', code: 'INSP_ORDERS_REFUND_EXCEEDS_LINE' }]);
    expect(facts('orders.line_refunded').map(({ amountMinor }) => amountMinor)).toEqual([4_000, 900]);
    const rows = await db.database.query(
      'SELECT amount_minor AS counted, told_amount_minor AS told FROM order_refund WHERE org_id = $1 ORDER BY told',
      [owner.orgId],
    );
    expect(rows).toEqual([
      { counted: 900, told: 1_000 },
      { counted: 4_000, told: 4_000 },
    ]);
  });

  test('[ORD7] two refunds at once never exceed the line together', async () => {
    const orderRef = await buy(1_000);
    await Promise.all(Array.from({ length: 8 }, () => commerce.deliver(owner.orgId, refund(orderRef, [part(300)]))));
    expect(facts('orders.line_refunded').reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(1_000);
  });

  test('[ORD7] of an unknown order or line, or in another currency, is refused and may come again', async () => {
    const unknown = refund('never-told', [part(1)]);
    const first = await commerce.deliver(owner.orgId, unknown, { id: 'wh_early' });
    expect([first.statusCode, codeOf(first)]).toEqual([404, 'INSP_ORDERS_UNKNOWN_ORDER']);
    await commerce.deliver(owner.orgId, paid([line(mug)], { orderRef: 'never-told' }));
    expect((await commerce.deliver(owner.orgId, unknown, { id: 'wh_early' })).statusCode).toBe(200);
    const orderRef = await buy();
    expect(codeOf(await commerce.deliver(owner.orgId, refund(orderRef, [part(1), part(1, { lineId: 'other' })])))).toBe(
      'INSP_ORDERS_UNKNOWN_ORDER',
    );
    expect(codeOf(await commerce.deliver(owner.orgId, refund(orderRef, [part(1)], { currency: 'USD' })))).toBe(
      'INSP_ORDERS_CURRENCY_MISMATCH',
    );
    expect(codeOf(await commerce.deliver(owner.orgId, refund(orderRef, [part(1), part(1)])))).toBe('INSP_HTTP_INVALID_BODY');
    expect(facts('orders.line_refunded')).toHaveLength(1);
  });
});

describe('stock', () => {
  test('[PR8] told by webhook is taken over, unknown SKUs are warned of, older news change nothing', async () => {
    commerce.clock.jump(10_000);
    const tell = (stockCount: number, atMs: number) =>
      commerce.deliver(owner.orgId, {
        type: 'stock.changed',
        timestamp: iso(atMs),
        data: {
          items: [
            { sku: 'mug-m', stockCount },
            { sku: 'nope', stockCount: 1 },
          ],
        },
      });
    const nowMs = commerce.clock.nowMs();
    expect(answerOf(await tell(0, nowMs))).toMatchObject({
      isRepeat: false,
      orderId: null,
      warnings: [{ pointer: '/data/items/1/sku', code: 'INSP_CATALOG_PRODUCT_NOT_FOUND' }],
    });
    await tell(9, nowMs - 1_000);
    const [variant] = (await commerce.catalog.products(owner.orgId, [mug.id])).get(mug.id)!.variants;
    expect(variant).toMatchObject({ stockCount: 0, isAvailable: false });
    expect(facts('catalog.stock_changed')).toHaveLength(1);
  });
});

describe('reading', () => {
  test('[ORD10] orders are paged, and read only by who may see turnover', async () => {
    const showToken = await tokenFor(mug);
    for (const orderRef of ['first', 'second', 'third'])
      await commerce.deliver(owner.orgId, paid([line(mug, { showToken })], { orderRef }));
    const first = (await owner.get(`/v1/shows/${show.id}/orders?limit=2`)).json<{ data: Order[]; nextCursor: string }>();
    const rest = (await owner.get(`/v1/shows/${show.id}/orders?limit=2&cursor=${first.nextCursor}`)).json<{
      data: Order[];
      nextCursor: null;
    }>();
    expect([first.data.length, rest.data.length, rest.nextCursor]).toEqual([2, 1, null]);
    expect([...first.data, ...rest.data].map(({ orderRef }) => orderRef)).toEqual(['third', 'second', 'first']);
    const moderator = await commerce.server.member(owner, 'moderator');
    expect(codeOf(await moderator.get(`/v1/shows/${show.id}/orders`))).toBe('INSP_ACCOUNTS_FORBIDDEN');
  });

  test('[3.6] coverage counts orders with and without a line of the show', async () => {
    await commerce.deliver(owner.orgId, paid([line(mug, { showToken: await tokenFor(mug) })]));
    await commerce.deliver(owner.orgId, paid([line(mug)]));
    await commerce.deliver(owner.orgId, paid([line(sock)]));
    const nowMs = commerce.clock.nowMs();
    expect(await commerce.orders.coverage(owner.orgId, show.id, { fromMs: nowMs, toMs: nowMs })).toEqual({
      attributedCount: 1,
      unattributedCount: 2,
    });
    expect(await commerce.orders.coverage(owner.orgId, show.id, { fromMs: nowMs + 1, toMs: nowMs + 2 })).toEqual({
      attributedCount: 0,
      unattributedCount: 0,
    });
  });
});
