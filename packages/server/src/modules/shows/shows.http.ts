// Routes of shows. Who calls and may they: `config.access`, enforced before the body is read.
import { hasPermission, type Permission, SHOW_STATES, type ShowCommand } from '@insp/protocol';
import {
  createShowSchema,
  highlightSchema,
  idSchema,
  readinessItemSchema,
  replaceLineUpSchema,
  showCommandSchema,
  showSchema,
  showTransitionSchema,
  startHighlightSchema,
  streamKeySchema,
  switchSourceSchema,
  updateShowSchema,
} from '@insp/protocol/schemas';
import * as z from 'zod';
import { refused } from '../../kernel/outcome.ts';
import { answer, type HttpReply, type HttpServer, type Principal, principalOf, sendRefusal } from '../../platform/http/index.ts';
import type { By } from './show-record.ts';
import type { Shows } from './shows.ts';

const showParams = z.strictObject({ showId: idSchema('shw') });
const highlightParams = showParams.extend({ highlightId: idSchema('hlt') });
const pageQuery = z.strictObject({
  cursor: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const showsQuery = pageQuery.extend({ cursor: idSchema('shw').optional(), state: z.enum(SHOW_STATES).optional() });
const transitionsQuery = pageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() });
/** `3`, `"3"` or `W/"3"`, as clients and proxies write it. */
const ifMatch = z.looseObject({
  'if-match': z
    .string()
    .regex(/^(W\/)?"?\d{1,9}"?$/, 'must be the version of the show')
    .transform((text) => Number(text.replace(/\D/g, '')))
    .optional(),
});

/** Planning and running a show are different rights. */
const COMMAND_PERMISSIONS: Readonly<Record<ShowCommand, Permission>> = {
  schedule: 'show.plan',
  unschedule: 'show.plan',
  cancel: 'show.plan',
  open: 'show.run',
  go_live: 'show.run',
  pause: 'show.run',
  resume: 'show.run',
  end: 'show.run',
  reopen: 'show.run',
};

const byOf = ({ id, name }: Principal): By => ({ kind: 'member', id, name });
const withVersion = (reply: HttpReply, outcome: Awaited<ReturnType<Shows['read']>>, status = 200) => {
  if (outcome.ok) reply.header('etag', `"${outcome.value.version}"`);
  return answer(reply, outcome, status);
};

export function showsRoutes({ shows }: { shows: Shows }): (http: HttpServer) => void {
  return (http) => {
    http.get(
      '/v1/shows',
      { config: { access: 'show.read' }, schema: { querystring: showsQuery, response: { 200: pageOf(showSchema) } } },
      async (request) => {
        const { state = null, cursor = null, limit } = request.query;
        return shows.list(principalOf(request).orgId, { state, cursor, limit });
      },
    );

    http.post(
      '/v1/shows',
      { config: { access: 'show.plan' }, schema: { body: createShowSchema, response: { 201: showSchema } } },
      async (request, reply) => withVersion(reply, await shows.create(principalOf(request).orgId, request.body), 201),
    );

    http.get(
      '/v1/shows/:showId',
      { config: { access: 'show.read' }, schema: { params: showParams, response: { 200: showSchema } } },
      async (request, reply) => withVersion(reply, await shows.read(principalOf(request).orgId, request.params.showId)),
    );

    http.patch(
      '/v1/shows/:showId',
      {
        config: { access: 'show.plan' },
        schema: { params: showParams, headers: ifMatch, body: updateShowSchema, response: { 200: showSchema } },
      },
      async (request, reply) => {
        const version = request.headers['if-match'] ?? null;
        return withVersion(reply, await shows.update(principalOf(request).orgId, request.params.showId, version, request.body));
      },
    );

    http.put(
      '/v1/shows/:showId/line-up',
      {
        config: { access: 'show.plan' },
        schema: { params: showParams, headers: ifMatch, body: replaceLineUpSchema, response: { 200: showSchema } },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const version = request.headers['if-match'] ?? null;
        return withVersion(
          reply,
          await shows.setLineUp(principal.orgId, request.params.showId, version, request.body.items, byOf(principal)),
        );
      },
    );

    http.post(
      '/v1/shows/:showId/commands',
      { config: { access: 'show.read' }, schema: { params: showParams, body: showCommandSchema, response: { 200: showSchema } } },
      async (request, reply) => {
        const principal = principalOf(request);
        const { command, reason } = request.body;
        const needed = COMMAND_PERMISSIONS[command];
        if (!hasPermission(principal.role, needed))
          return sendRefusal(reply, refused('INSP_ACCOUNTS_FORBIDDEN', { detail: `It needs ${needed}.` }));
        return withVersion(reply, await shows.command(principal.orgId, request.params.showId, command, byOf(principal), reason));
      },
    );

    http.post(
      '/v1/shows/:showId/duplicate',
      { config: { access: 'show.plan' }, schema: { params: showParams, response: { 201: showSchema } } },
      async (request, reply) => withVersion(reply, await shows.duplicate(principalOf(request).orgId, request.params.showId), 201),
    );

    http.post(
      '/v1/shows/:showId/highlights',
      { config: { access: 'show.run' }, schema: { params: showParams, body: startHighlightSchema, response: { 200: highlightSchema } } },
      async (request, reply) => {
        const principal = principalOf(request);
        return answer(reply, await shows.startHighlight(principal.orgId, request.params.showId, request.body.productId, byOf(principal)));
      },
    );

    http.delete(
      '/v1/shows/:showId/highlights/:highlightId',
      { config: { access: 'show.run' }, schema: { params: highlightParams } },
      async (request, reply) => {
        const principal = principalOf(request);
        return answer(
          reply,
          await shows.endHighlight(principal.orgId, request.params.showId, request.params.highlightId, byOf(principal)),
          204,
        );
      },
    );

    for (const [path, source] of [
      ['stream-key', 'primary'],
      ['backup-stream-key', 'backup'],
    ] as const) {
      http.post(
        `/v1/shows/:showId/${path}`,
        { config: { access: 'stream_key.manage' }, schema: { params: showParams, response: { 200: streamKeySchema } } },
        async (request, reply) => {
          reply.header('cache-control', 'no-store');
          return answer(reply, await shows.issueStreamKey(principalOf(request).orgId, request.params.showId, source));
        },
      );
    }

    http.post(
      '/v1/shows/:showId/ingest-source',
      { config: { access: 'show.run' }, schema: { params: showParams, body: switchSourceSchema } },
      async (request, reply) =>
        answer(reply, await shows.switchSource(principalOf(request).orgId, request.params.showId, request.body.source), 204),
    );

    http.get(
      '/v1/shows/:showId/readiness',
      {
        config: { access: 'show.read' },
        schema: { params: showParams, response: { 200: z.strictObject({ data: z.array(readinessItemSchema) }) } },
      },
      async (request, reply) => {
        const outcome = await shows.readiness(principalOf(request).orgId, request.params.showId);
        return outcome.ok ? { data: outcome.value } : sendRefusal(reply, outcome);
      },
    );

    http.get(
      '/v1/shows/:showId/transitions',
      {
        config: { access: 'show.read' },
        schema: { params: showParams, querystring: transitionsQuery, response: { 200: pageOf(showTransitionSchema) } },
      },
      async (request, reply) => {
        const { cursor = null, limit } = request.query;
        return answer(reply, await shows.transitions(principalOf(request).orgId, request.params.showId, { cursor, limit }));
      },
    );
  };
}
