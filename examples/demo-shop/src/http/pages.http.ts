// The pages: server-rendered, usable without scripts; every form answers with a redirect.
import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allProducts, findProduct, findVariant } from '../catalog/catalog.ts';
import { findCustomer } from '../customers.ts';
import { bagPage, checkoutPage, confirmationPage } from '../pages/bag-page.ts';
import type { Html } from '../pages/html.ts';
import { page } from '../pages/layout.ts';
import { listPage } from '../pages/list-page.ts';
import { productPage } from '../pages/product-page.ts';
import { errorPage, signInPage } from '../pages/sign-in-page.ts';
import { renderPicture } from '../pictures/canvas.ts';
import { addBody, type BuyerForm, buyerBody, type QuantityForm, updateBody } from './bodies.ts';
import { contentSecurityPolicy } from './security.ts';
import type { ShopDeps } from './shop-deps.ts';
import { cartIdOf, customerOf, ensureCartId, isConsentKnown, signIn, signOut } from './visitor.ts';

export function pageRoutes({ store, connection }: ShopDeps): (app: FastifyInstance) => Promise<void> {
  const cartOf = (request: FastifyRequest) => store.cart(cartIdOf(request) ?? '');

  function send(request: FastifyRequest, reply: FastifyReply, title: string, content: Html, status = 200) {
    const nonce = randomBytes(16).toString('base64');
    const { inspUrl, showId } = connection.current();
    const bagCount = cartOf(request).lines.reduce((sum, line) => sum + line.quantity, 0);
    void reply.headers({ 'content-security-policy': contentSecurityPolicy(inspUrl, nonce), 'cache-control': 'no-store' });
    const context = { nonce, bagCount, customer: customerOf(request), inspUrl, showId, isConsentKnown: isConsentKnown(request) };
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(page(context, title, content));
  }
  const context = (request: FastifyRequest) => {
    const { inspUrl, showId } = connection.current();
    return { nonce: '', bagCount: 0, customer: customerOf(request), inspUrl, showId, isConsentKnown: true };
  };

  return async (app) => {
    app.get('/', (request, reply) => send(request, reply, '', listPage(context(request), store.state.stock)));

    app.get<{ Params: { id: string }; Querystring: { v?: string; notice?: string } }>('/products/:id', (request, reply) => {
      const product = findProduct(request.params.id);
      const asked = product?.variants.find(({ sku }) => sku === request.query.v);
      const inStock = product?.variants.find(({ sku }) => (store.state.stock.get(sku) ?? 0) > 0);
      const variant = asked ?? inStock ?? product?.variants[0];
      if (!product || !variant)
        return send(request, reply, 'Not found', errorPage('We cannot find that.', 'It may have left the range.'), 404);
      return send(request, reply, product.name, productPage(product, variant, store.state.stock, ''));
    });

    app.get<{ Params: { id: string; file: string } }>('/pictures/:id/:file', (request, reply) => {
      const match = /^([a-z0-9-]+?)(-detail)?\.svg$/.exec(request.params.file);
      const product = findProduct(request.params.id);
      const picture = product && match ? product.pictures[match[1] as string] : undefined;
      if (!product || !picture) return reply.code(404).type('text/plain').send('No such picture.');
      return reply
        .headers({
          'cache-control': 'public, max-age=86400',
          'access-control-allow-origin': '*',
          'cross-origin-resource-policy': 'cross-origin',
        })
        .type('image/svg+xml')
        .send(renderPicture(picture.draw(), match?.[2] ? product.detail : undefined));
    });

    app.get('/bag', (request, reply) => send(request, reply, 'Bag', bagPage(cartOf(request), '')));

    app.post<{ Body: QuantityForm }>('/bag', { schema: { body: addBody } }, async (request, reply) => {
      const { sku, quantity } = request.body;
      const decision = await store.addToCart(ensureCartId(request, reply), {
        sku,
        quantity,
        requestId: randomUUID(),
        coupon: null,
        showToken: null,
      });
      if (decision.ok) return reply.redirect('/bag', 303);
      const found = findVariant(sku);
      if (!found) return send(request, reply, 'Not found', errorPage('We cannot find that.', decision.message), 404);
      return send(request, reply, found.product.name, productPage(found.product, found.variant, store.state.stock, decision.message), 409);
    });

    app.post<{ Body: QuantityForm }>('/bag/update', { schema: { body: updateBody } }, async (request, reply) => {
      const { sku, quantity } = request.body;
      const decision = await store.updateCart(ensureCartId(request, reply), { sku, quantity, requestId: randomUUID() });
      return decision.ok ? reply.redirect('/bag', 303) : send(request, reply, 'Bag', bagPage(cartOf(request), decision.message), 409);
    });

    app.get('/checkout', (request, reply) => {
      const customer = customerOf(request);
      const form = { name: customer?.name ?? '', email: customer?.email ?? '', error: '' };
      return send(request, reply, 'Checkout', checkoutPage(cartOf(request), form));
    });

    app.post<{ Body: BuyerForm }>('/checkout', { schema: { body: buyerBody } }, async (request, reply) => {
      const { key, name, email } = request.body;
      const cart = cartOf(request);
      const customerRef = customerOf(request)?.id ?? null;
      const result = await store.placeOrder({
        key,
        cartId: cart.id === '' ? null : cart.id,
        lines: cart.lines,
        coupon: cart.coupon,
        buyer: { name, email, customerRef },
        isSimulated: false,
      });
      if (result.ok) return reply.redirect(`/thanks/${encodeURIComponent(result.order.key)}`, 303);
      return send(request, reply, 'Checkout', checkoutPage(cart, { name, email, error: result.message }), 409);
    });

    // The key is a secret of the buyer's browser; the order reference alone opens nothing.
    app.get<{ Params: { key: string } }>('/thanks/:key', (request, reply) => {
      const order = store.state.orders.get(store.state.orderByKey.get(request.params.key) ?? '');
      if (!order) return send(request, reply, 'Not found', errorPage('No such order.', 'The link may be incomplete.'), 404);
      return send(request, reply, 'Thank you', confirmationPage(order));
    });

    app.get('/sign-in', (request, reply) => send(request, reply, 'Sign in', signInPage(customerOf(request))));
    app.post<{ Body: { customer?: string } }>('/sign-in', (request, reply) => {
      const customer = findCustomer(request.body?.customer);
      if (customer) signIn(reply, customer);
      return reply.redirect(customer ? '/' : '/sign-in', 303);
    });
    app.post('/sign-out', (_request, reply) => {
      signOut(reply);
      return reply.redirect('/', 303);
    });

    app.get('/healthz', () => ({ ok: true, productCount: allProducts().length }));
    app.setNotFoundHandler((request, reply) =>
      send(request, reply, 'Not found', errorPage('We cannot find that.', 'The address may be mistyped.'), 404),
    );
  };
}
