// Routes of the product list. Who calls and may they: `config.access`, enforced before the body is read.
import { type Actor, LIMITS } from '@insp/protocol';
import { idSchema, productImportRequestSchema, productImportResultSchema, productSchema } from '@insp/protocol/schemas';
import * as z from 'zod';
import { answer, type HttpServer, type Principal, principalOf } from '../../platform/http/index.ts';
import type { Catalog } from './catalog.ts';

const listQuerySchema = z.strictObject({
  q: z.string().trim().max(100).default(''),
  cursor: z.string().min(1).max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const productPageSchema = z.strictObject({ data: z.array(productSchema), nextCursor: z.string().nullable() });
const stockUpdateSchema = z.strictObject({
  items: z
    .array(z.strictObject({ sku: z.string().min(1).max(100), stockCount: z.int().min(0) }))
    .min(1)
    .max(1_000),
});
const stockResultSchema = z.strictObject({ changedCount: z.int(), unknownSkus: z.array(z.string()) });

const actorOf = ({ id }: Principal): Actor => ({ kind: 'member', id });

export function catalogRoutes({ catalog, nowMs }: { catalog: Catalog; nowMs: () => number }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/products',
      { config: { access: 'show.read' }, schema: { querystring: listQuerySchema, response: { 200: productPageSchema } } },
      async (request, reply) => {
        const { q, cursor, limit } = request.query;
        return answer(reply, await catalog.list(principalOf(request).orgId, { text: q, cursor: cursor ?? null, limit }));
      },
    );

    http.get(
      '/v1/products/:productId',
      {
        config: { access: 'show.read' },
        schema: { params: z.strictObject({ productId: idSchema('prd') }), response: { 200: productSchema } },
      },
      async (request, reply) => answer(reply, await catalog.read(principalOf(request).orgId, request.params.productId)),
    );

    http.post(
      '/v1/products/import',
      {
        bodyLimit: LIMITS.productImportBytes,
        config: { access: 'product.manage' },
        schema: { body: productImportRequestSchema, response: { 200: productImportResultSchema } },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        return answer(reply, await catalog.importProducts(principal.orgId, request.body, actorOf(principal)));
      },
    );

    http.post(
      '/v1/products/stock',
      { config: { access: 'product.manage' }, schema: { body: stockUpdateSchema, response: { 200: stockResultSchema } } },
      async (request) => {
        const principal = principalOf(request);
        return catalog.applyStock(principal.orgId, request.body.items, nowMs(), actorOf(principal));
      },
    );
  };
}
