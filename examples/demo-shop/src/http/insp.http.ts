// What the shop's server does for Insp: the product feed, products for the plug-in, the signed-in customer's token.
import type { FastifyInstance } from 'fastify';
import { embedProduct, productFeed } from '../insp/feed.ts';
import { signViewerToken } from '../insp/viewer-token.ts';
import type { ShopDeps } from './shop-deps.ts';
import { customerOf } from './visitor.ts';

const MAX_REFS = 500;

export function inspRoutes({ store, connection, shopUrl }: ShopDeps): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/feed.json', (_request, reply) => {
      void reply.header('cache-control', 'no-store');
      return productFeed(shopUrl(), store.state.stock);
    });

    app.get<{ Querystring: { refs?: string } }>('/api/insp/products', (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const refs = (request.query.refs ?? '')
        .split(',')
        .filter((ref) => ref !== '')
        .slice(0, MAX_REFS);
      return { products: refs.map((ref) => embedProduct(ref, shopUrl(), store.state.stock)).filter((product) => product !== null) };
    });

    // Same-origin only by nature: it answers to our own session cookie, and no CORS header lets another site read it.
    app.get('/api/insp/viewer-token', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const customer = customerOf(request);
      const { viewerSecret } = connection.current();
      return { token: customer && viewerSecret ? await signViewerToken(customer, shopUrl(), viewerSecret) : null };
    });
  };
}
