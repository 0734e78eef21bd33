// The webhook of the shop, the tokens of the plug-in, the orders of a show.
import { LIMITS } from '@insp/protocol';
import { idSchema, mintShowTokenSchema, orderSchema, orgIdSchema, shopWebhookAnswerSchema, showTokenSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { refused } from '../../kernel/outcome.ts';
import { answer, type HttpServer, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { Orders } from './orders.ts';

const ordersQuery = z.strictObject({ cursor: idSchema('ord').optional(), limit: z.coerce.number().int().min(1).max(100).default(50) });
const orderPageSchema = z.strictObject({ data: z.array(orderSchema), nextCursor: z.string().nullable() });

export function ordersRoutes({ orders }: { orders: Orders }): (http: HttpServer) => void {
  return (http) => {
    http.post(
      '/v1/webhooks/orders/:orgId',
      {
        bodyLimit: LIMITS.webhookBodyBytes,
        config: { access: 'signed', rawBody: true },
        schema: { params: z.strictObject({ orgId: orgIdSchema }), response: { 200: shopWebhookAnswerSchema } },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        return answer(reply, await orders.receive(request.params.orgId, request.headers, body));
      },
    );

    http.post(
      '/v1/show-tokens',
      { config: { access: 'viewer', cors: 'any-origin' }, schema: { body: mintShowTokenSchema, response: { 200: showTokenSchema } } },
      async (request, reply) => {
        const token = /^Bearer (\S{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
        if (token === undefined)
          return sendRefusal(reply, refused('INSP_EMBED_SESSION_INVALID', { detail: 'Send the session token as bearer.' }));
        reply.header('cache-control', 'no-store');
        return answer(reply, await orders.mint(token, request.headers.origin ?? null, request.body));
      },
    );

    http.get(
      '/v1/shows/:showId/orders',
      {
        config: { access: 'turnover.read' },
        schema: { params: z.strictObject({ showId: idSchema('shw') }), querystring: ordersQuery, response: { 200: orderPageSchema } },
      },
      async (request, reply) => {
        const { cursor = null, limit } = request.query;
        return answer(reply, await orders.ordersOfShow(principalOf(request).orgId, request.params.showId, { cursor, limit }));
      },
    );
  };
}
