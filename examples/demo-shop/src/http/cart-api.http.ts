// The shop's JSON API: the bag, and placing an order. The page's own script, the Insp callbacks and the simulator
// all use it. Answers of the bag have the shape Insp's callbacks want, so the integration passes them on as they are.
import type { FastifyInstance } from 'fastify';
import { findVariant } from '../catalog/catalog.ts';
import { CURRENCY } from '../catalog/product.ts';
import type { CartDecision } from '../store/carts.ts';
import { priceLines, sumMinor } from '../store/place-order.ts';
import type { ShopCart } from '../store/shop-state.ts';
import {
  type AddRequest,
  addLineBody,
  type OrderRequest,
  orderBody,
  type StockRequest,
  stockBody,
  type UpdateRequest,
  updateLineBody,
} from './bodies.ts';
import type { ShopDeps } from './shop-deps.ts';
import { cartIdOf, customerOf, ensureCartId, isSimulator } from './visitor.ts';

/** The bag as the embed API has it: minor units, unit price per line, total after coupons. */
export function cartView(cart: ShopCart) {
  const lines = priceLines(cart.lines, cart.coupon);
  return {
    lines: lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      price: { current: line.unitPriceMinor, currency: CURRENCY },
      name: findVariant(line.sku)?.product.name ?? line.sku,
    })),
    count: lines.reduce((sum, line) => sum + line.quantity, 0),
    total: sumMinor(lines),
    currency: CURRENCY,
    coupons: cart.coupon === null ? [] : [cart.coupon],
  };
}

const answer = (decision: CartDecision) => (decision.ok ? { ok: true, cart: cartView(decision.cart) } : decision);

export function cartApiRoutes({ store, connection }: ShopDeps): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
      const status = error.statusCode ?? 500;
      const message = status < 500 ? error.message : 'Something broke in the shop.';
      return reply.code(status).send({ ok: false, reason: 'custom', message });
    });

    app.get('/api/cart', (request) => cartView(store.cart(cartIdOf(request) ?? '')));

    // A refusal is an answer (200 with ok: false): only a broken request or shop is an HTTP error.
    app.post<{ Body: AddRequest }>('/api/cart/lines', { schema: { body: addLineBody } }, async (request, reply) => {
      const { sku, quantity, requestId, coupon = null, showToken = null } = request.body;
      return answer(await store.addToCart(ensureCartId(request, reply), { sku, quantity, requestId, coupon: coupon || null, showToken }));
    });

    app.patch<{ Params: { sku: string }; Body: UpdateRequest }>(
      '/api/cart/lines/:sku',
      { schema: { body: updateLineBody } },
      async (request, reply) => answer(await store.updateCart(ensureCartId(request, reply), { sku: request.params.sku, ...request.body })),
    );

    // Places the order of the bag. The same key again answers with the same order.
    app.post<{ Body: OrderRequest }>('/api/orders', { schema: { body: orderBody } }, async (request, reply) => {
      const { key, name, email, simulated = false, customerRef = null } = request.body;
      const mayPretend = isSimulator(request, connection.current().simulatorKey);
      if ((simulated || customerRef !== null) && !mayPretend) {
        return reply.code(403).send({ ok: false, reason: 'custom', message: 'Only the simulator may do that.' });
      }
      const cart = store.cart(cartIdOf(request) ?? '');
      const result = await store.placeOrder({
        key,
        cartId: cart.id === '' ? null : cart.id,
        lines: cart.lines,
        coupon: cart.coupon,
        buyer: { name, email, customerRef: mayPretend ? customerRef : (customerOf(request)?.id ?? null) },
        isSimulated: simulated,
      });
      if (!result.ok) return result;
      const { orderRef, itemsMinor, shippingMinor, placedAt, lines } = result.order;
      return { ok: true, order: { orderRef, itemsMinor, shippingMinor, currency: CURRENCY, placedAt, lineCount: lines.length } };
    });

    // The shelf, for the simulator's restocking and for tests.
    app.get('/api/stock', () => ({ items: [...store.state.stock].map(([sku, stockCount]) => ({ sku, stockCount })) }));
    app.put<{ Body: StockRequest }>('/api/stock', { schema: { body: stockBody } }, async (request, reply) => {
      if (!isSimulator(request, connection.current().simulatorKey))
        return reply.code(403).send({ ok: false, reason: 'custom', message: 'Not allowed.' });
      const unknown = request.body.items.filter(({ sku }) => !findVariant(sku)).map(({ sku }) => sku);
      if (unknown.length > 0)
        return reply.code(422).send({ ok: false, reason: 'unknown_variant', message: `Unknown: ${unknown.join(', ')}` });
      await store.setStock(request.body.items);
      return { ok: true };
    });
  };
}
