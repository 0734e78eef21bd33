import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findVariant, openingStock } from '../catalog/catalog.ts';
import { CART_LIMITS, decideAdd, decideUpdate, emptyCart } from './carts.ts';
import { decideOrder, FREE_SHIPPING_FROM_MINOR, priceLines, SHIPPING_MINOR, shippingFor, sumMinor } from './place-order.ts';
import { apply, createShopState, entriesOf, type JournalEntry, type ShopState, STATE_LIMITS } from './shop-state.ts';

const SKUS = ['LT-SAND-130', 'LT-RED-150', 'WS-OAT-39', 'CB-L'];
const buyer = { name: 'Mara', email: 'mara@example.com', customerRef: null };
const lineArbitrary = fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 5 }), showToken: fc.constant(null) });
const orderArbitrary = fc.record({
  key: fc.integer({ min: 0, max: 30 }).map((n) => `order-key-${n}`),
  lines: fc.array(lineArbitrary, { maxLength: 4 }),
  coupon: fc.constantFrom(null, 'LIVE10'),
});

function shopWith(stockCount: number): ShopState {
  const state = createShopState();
  apply(state, { type: 'series_opened', series: 'MTST' });
  apply(state, { type: 'stock_set', items: SKUS.map((sku) => ({ sku, stockCount })) });
  return state;
}
const seen = (state: ShopState) => ({
  stock: [...state.stock].sort(),
  carts: [...state.carts],
  orders: [...state.orders],
  keys: [...state.orderByKey].sort(),
  outbox: [...state.outbox],
  next: state.nextOrderNumber,
});

describe('selling', () => {
  test('no stock ever goes below zero, and what left the shelf is what was ordered', () => {
    let soldOutCount = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.array(orderArbitrary, { maxLength: 40 }), (stockCount, commands) => {
        const state = shopWith(stockCount);
        for (const command of commands) {
          const decision = decideOrder(state, { ...command, cartId: null, buyer, isSimulated: false }, 1_000);
          if (decision.ok && decision.entry) apply(state, decision.entry);
          if (!decision.ok && decision.reason === 'out_of_stock') soldOutCount += 1;
        }
        const sold = new Map<string, number>();
        for (const order of state.orders.values())
          for (const line of order.lines) sold.set(line.sku, (sold.get(line.sku) ?? 0) + line.quantity);
        for (const sku of SKUS) {
          expect(state.stock.get(sku)).toBeGreaterThanOrEqual(0);
          expect((state.stock.get(sku) ?? 0) + (sold.get(sku) ?? 0)).toBe(stockCount);
        }
        expect(new Set(state.orderByKey.values()).size).toBe(state.orders.size);
      }),
    );
    expect(soldOutCount).toBeGreaterThan(100); // the interesting case was reached
  });

  test('the same variant twice in one order counts together', () => {
    const state = shopWith(5);
    const lines = [
      { sku: 'CB-L', quantity: 3, showToken: null },
      { sku: 'CB-L', quantity: 3, showToken: 'v1.a.b' },
    ];
    const decision = decideOrder(state, { key: 'twice', cartId: null, lines, coupon: null, buyer, isSimulated: false }, 0);
    expect(decision).toMatchObject({ ok: false, reason: 'out_of_stock', available: 5 });
  });

  test('a key that was used answers with the same order and takes nothing more', () => {
    const state = shopWith(5);
    const command = {
      key: 'k',
      cartId: null,
      lines: [{ sku: 'CB-L', quantity: 2, showToken: null }],
      coupon: null,
      buyer,
      isSimulated: false,
    };
    const first = decideOrder(state, command, 0);
    if (!first.ok || !first.entry) throw new Error('refused');
    apply(state, first.entry);
    const second = decideOrder(state, command, 99);
    expect(second).toEqual({ ok: true, order: first.order, entry: null });
    expect(state.stock.get('CB-L')).toBe(3);
  });

  test('an empty bag and an unknown variant are refused', () => {
    const state = shopWith(5);
    const base = { key: 'k', cartId: null, coupon: null, buyer, isSimulated: false };
    expect(decideOrder(state, { ...base, lines: [] }, 0)).toMatchObject({ reason: 'empty' });
    expect(decideOrder(state, { ...base, lines: [{ sku: 'no', quantity: 1, showToken: null }] }, 0)).toMatchObject({
      reason: 'unknown_variant',
    });
  });

  test('the sum of the lines is the total to the cent, with and without a coupon', () => {
    fc.assert(
      fc.property(orderArbitrary, ({ lines, coupon }) => {
        const priced = priceLines(lines, coupon);
        const full = sumMinor(priceLines(lines, null));
        for (const line of priced) expect(Number.isInteger(line.amountMinor)).toBe(true);
        if (coupon) expect(Math.abs(sumMinor(priced) - full * 0.9)).toBeLessThanOrEqual(lines.length * 0.5);
        else
          expect(sumMinor(priced)).toBe(
            lines.reduce((sum, line) => sum + (findVariant(line.sku)?.variant.priceMinor ?? 0) * line.quantity, 0),
          );
      }),
    );
  });

  test('delivery costs up to, and is free from, the threshold', () => {
    expect(shippingFor(FREE_SHIPPING_FROM_MINOR - 1)).toBe(SHIPPING_MINOR);
    expect(shippingFor(FREE_SHIPPING_FROM_MINOR)).toBe(0);
    expect(shippingFor(0)).toBe(0);
  });
});

describe('replay', () => {
  test('entriesOf replays into the same state, also from any later state', () => {
    fc.assert(
      fc.property(fc.array(orderArbitrary, { maxLength: 15 }), (commands) => {
        const state = shopWith(20);
        const journal: JournalEntry[] = [];
        commands.forEach((command, index) => {
          const decision = decideOrder(state, { ...command, cartId: null, buyer, isSimulated: index % 2 === 0 }, index);
          if (decision.ok && decision.entry) journal.push(decision.entry);
          if (index % 3 === 0) journal.push({ type: 'cart_saved', cart: { ...emptyCart(`c${index}`), lines: command.lines } });
          if (index % 4 === 0 && state.outbox.size > 0)
            journal.push({ type: 'message_settled', id: [...state.outbox.keys()][0] as string, outcome: 'delivered' });
          while (journal.length > 0) apply(state, journal.shift() as JournalEntry);
        });
        const again = createShopState();
        for (const entry of JSON.parse(JSON.stringify([...entriesOf(state)])) as JournalEntry[]) apply(again, entry);
        expect(seen(again)).toEqual(seen(state));
      }),
    );
  });

  test('the oldest bag goes when there is one too many', () => {
    const state = createShopState();
    for (let index = 0; index <= STATE_LIMITS.carts; index += 1) apply(state, { type: 'cart_saved', cart: emptyCart(`c${index}`) });
    expect(state.carts.size).toBe(STATE_LIMITS.carts);
    expect(state.carts.has('c0')).toBe(false);
  });
});

describe('bags', () => {
  const add = (quantity: number, requestId = `request-${quantity}`) => ({
    sku: 'CB-L',
    quantity,
    requestId,
    coupon: null,
    showToken: null,
  });

  test('one request id adds once', () => {
    const state = shopWith(10);
    const first = decideAdd(state, emptyCart('c'), add(2, 'same-request'), 1);
    if (!first.ok) throw new Error('refused');
    const second = decideAdd(state, first.cart, add(2, 'same-request'), 2);
    expect(second).toEqual({ ok: true, cart: first.cart });
    expect(first.cart.lines).toEqual([{ sku: 'CB-L', quantity: 2, showToken: null }]);
  });

  test('a refused request may be tried again with the same id', () => {
    const refused = decideAdd(shopWith(0), emptyCart('c'), add(1), 1);
    expect(refused).toEqual({ ok: false, reason: 'out_of_stock', message: 'Sold out.', available: 0 });
    expect(decideAdd(shopWith(1), emptyCart('c'), add(1), 2).ok).toBe(true);
  });

  test('up to the stock, not one more', () => {
    const state = shopWith(3);
    expect(decideAdd(state, emptyCart('c'), add(3), 1).ok).toBe(true);
    expect(decideAdd(state, emptyCart('c'), add(4), 1)).toMatchObject({ reason: 'not_enough_stock', available: 3 });
  });

  test('up to the most of one thing, not one more', () => {
    const state = shopWith(1_000);
    expect(decideAdd(state, emptyCart('c'), add(CART_LIMITS.quantityPerLine), 1).ok).toBe(true);
    expect(decideAdd(state, emptyCart('c'), add(CART_LIMITS.quantityPerLine + 1), 1)).toMatchObject({
      available: CART_LIMITS.quantityPerLine,
    });
  });

  test('unknown variants and codes are refused by name', () => {
    const state = shopWith(3);
    expect(decideAdd(state, emptyCart('c'), { ...add(1), sku: 'none' }, 1)).toMatchObject({ reason: 'unknown_variant' });
    expect(decideAdd(state, emptyCart('c'), { ...add(1), coupon: 'NOPE' }, 1)).toMatchObject({ reason: 'coupon_rejected' });
    expect(decideAdd(state, emptyCart('c'), { ...add(1), coupon: 'live10' }, 1)).toMatchObject({ cart: { coupon: 'LIVE10' } });
  });

  test('a later add without a token keeps the token of the show', () => {
    const state = shopWith(9);
    const first = decideAdd(state, emptyCart('c'), { ...add(1), showToken: 'v1.x.y' }, 1);
    if (!first.ok) throw new Error('refused');
    expect(decideAdd(state, first.cart, add(1, 'second-request'), 2)).toMatchObject({
      cart: { lines: [{ quantity: 2, showToken: 'v1.x.y' }] },
    });
  });

  test('a bag holds its number of lines, not one more', () => {
    const state = createShopState();
    apply(state, { type: 'stock_set', items: openingStock().map(({ sku }) => ({ sku, stockCount: 9 })) });
    let cart = emptyCart('c');
    const skus = openingStock().map(({ sku }) => sku);
    expect(skus.length).toBeGreaterThan(CART_LIMITS.linesPerCart);
    skus.forEach((sku, index) => {
      const decision = decideAdd(state, cart, { ...add(1, `request-${sku}`), sku }, 1);
      expect(decision.ok).toBe(index < CART_LIMITS.linesPerCart);
      if (decision.ok) cart = decision.cart;
    });
  });

  test('quantity 0 takes the line out', () => {
    const state = shopWith(3);
    const first = decideAdd(state, emptyCart('c'), add(1), 1);
    if (!first.ok) throw new Error('refused');
    expect(decideUpdate(state, first.cart, { sku: 'CB-L', quantity: 0, requestId: 'remove-it' }, 2)).toMatchObject({
      ok: true,
      cart: { lines: [] },
    });
  });
});
