// Routes of restream targets. A stream key goes in and never comes out again.
import {
  createRestreamTargetSchema,
  idSchema,
  restreamChangeSchema,
  restreamCommandSchema,
  restreamTargetSchema,
  updateRestreamTargetSchema,
} from '@insp/protocol/schemas';
import * as z from 'zod';
import { answer, type HttpServer, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { Restream } from './restream.ts';

const showParams = z.strictObject({ showId: idSchema('shw') });
const targetParams = showParams.extend({ targetId: idSchema('rst') });
const changesQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const listed = z.strictObject({ data: z.array(restreamTargetSchema) });

export function restreamRoutes({ restream }: { restream: Restream }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/shows/:showId/restream-targets',
      { config: { access: 'show.read' }, schema: { params: showParams, response: { 200: listed } } },
      async (request, reply) => {
        const outcome = await restream.list(principalOf(request).orgId, request.params.showId);
        return outcome.ok ? { data: outcome.value } : sendRefusal(reply, outcome);
      },
    );

    http.post(
      '/v1/shows/:showId/restream-targets',
      {
        config: { access: 'restream.manage' },
        schema: { params: showParams, body: createRestreamTargetSchema, response: { 201: restreamTargetSchema } },
      },
      async (request, reply) => answer(reply, await restream.create(principalOf(request).orgId, request.params.showId, request.body), 201),
    );

    http.patch(
      '/v1/shows/:showId/restream-targets/:targetId',
      {
        config: { access: 'restream.manage' },
        schema: { params: targetParams, body: updateRestreamTargetSchema, response: { 200: restreamTargetSchema } },
      },
      async (request, reply) => {
        const { showId, targetId } = request.params;
        return answer(reply, await restream.update(principalOf(request).orgId, showId, targetId, request.body));
      },
    );

    http.delete(
      '/v1/shows/:showId/restream-targets/:targetId',
      { config: { access: 'restream.manage' }, schema: { params: targetParams } },
      async (request, reply) => {
        const { showId, targetId } = request.params;
        return answer(reply, await restream.remove(principalOf(request).orgId, showId, targetId), 204);
      },
    );

    http.post(
      '/v1/shows/:showId/restream-targets/:targetId/commands',
      {
        config: { access: 'show.run' },
        schema: { params: targetParams, body: restreamCommandSchema, response: { 200: restreamTargetSchema } },
      },
      async (request, reply) => {
        const { showId, targetId } = request.params;
        return answer(reply, await restream.command(principalOf(request).orgId, showId, targetId, request.body.command));
      },
    );

    http.get(
      '/v1/shows/:showId/restream-targets/:targetId/changes',
      {
        config: { access: 'show.read' },
        schema: {
          params: targetParams,
          querystring: changesQuery,
          response: { 200: z.strictObject({ data: z.array(restreamChangeSchema), nextCursor: z.string().nullable() }) },
        },
      },
      async (request, reply) => {
        const { showId, targetId } = request.params;
        const { cursor, limit } = request.query;
        const before = cursor === undefined ? null : Number(cursor);
        const outcome = await restream.changes(principalOf(request).orgId, showId, targetId, { before, limit });
        if (!outcome.ok) return sendRefusal(reply, outcome);
        const last = outcome.value.at(-1);
        return { data: outcome.value, nextCursor: outcome.value.length === limit && last ? String(last.seq) : null };
      },
    );
  };
}
