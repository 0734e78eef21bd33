// The HTTP core every module writes routes against: Fastify with zod schemas, problem+json for every failure,
// request ids, security headers, a body limit, a rate limit, and the two browser rules that are easy to forget
// (CORS by exact echo, no cross-site writes with cookies). It knows no domain: who may call is a guard from app.ts.
//
//   http.get('/v1/shows/:showId', { config: { access: 'show.read' }, schema: { params, response: { 200: showSchema } } },
//     async (request, reply) => answer(reply, await shows.read(principalOf(request).orgId, request.params.showId)));

import rateLimit from '@fastify/rate-limit';
import { LIMITS } from '@insp/protocol';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { AppError } from '../../kernel/app-error.ts';
import type { Consistency } from '../../kernel/consistency.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { Access } from './access.ts';
import { addBodyParsers } from './body-parsers.ts';
import { carryConsistency } from './consistency.ts';
import { addCors } from './cors.ts';
import { refuseCrossSiteWrites } from './cross-site-writes.ts';
import { sendFault, sendRefusal } from './problem.ts';
import { rememberRoutes } from './route-list.ts';
import { addSecurityHeaders } from './security-headers.ts';

export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
export type HttpRequest = FastifyRequest;
export type HttpReply = FastifyReply;

/** Asked before the body is even read, once for each request to a route that declares `config.access`. */
export type Guard = (request: HttpRequest, access: Access) => Promise<Outcome<unknown>>;

export type HttpServerOptions = {
  logger: Logger;
  ids: Ids;
  /** Where browsers reach the console: scheme, host, port. Writes with cookies come from here only. */
  publicUrl: string;
  guard?: Guard;
  /** Absent: the store is not shared, and nothing is carried. */
  consistency?: Consistency;
  /** Believe X-Forwarded-*: only behind a proxy that sets them. */
  trustProxy?: boolean;
  /** Requests one address may make in a minute to rate-limited routes (all of /v1 unless a route says otherwise). */
  requestsPerMin?: number;
};

/** Builds the server; listening is a second step (`http.listen`), and tests need none (`http.inject`). */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { logger, ids, guard } = options;
  const http = fastify({
    logger: false,
    bodyLimit: LIMITS.httpBodyBytes,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => ids.create('req'),
    routerOptions: { maxParamLength: 256 },
    // A request that never finishes must not hold a socket for ever.
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }).withTypeProvider<ZodTypeProvider>();

  http.setValidatorCompiler(validatorCompiler);
  http.setSerializerCompiler(serializerCompiler);
  http.setErrorHandler((error, request, reply) => sendFault(reply, error, request, logger));
  addBodyParsers(http);
  await addSecurityHeaders(http, options.publicUrl);
  rememberRoutes(http);
  addCors(http);
  if (options.consistency !== undefined) carryConsistency(http, options.consistency, { isSecure: options.publicUrl.startsWith('https:') });

  http.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await http.register(rateLimit, {
    max: options.requestsPerMin ?? 6_000,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: (request) => !request.url.startsWith('/v1/'),
    errorResponseBuilder: (_request, context) => new AppError('INSP_HTTP_TOO_MANY_REQUESTS', { retryAfterMs: context.ttl }),
  });
  http.setNotFoundHandler({ preHandler: http.rateLimit() }, (_request, reply) => {
    sendRefusal(reply, { ok: false, code: 'INSP_HTTP_NOT_FOUND' });
  });
  refuseCrossSiteWrites(http, options.publicUrl);
  http.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    if (access === undefined || guard === undefined || request.method === 'OPTIONS') return;
    const verdict = await guard(request, access);
    if (!verdict.ok) return sendRefusal(reply, verdict);
  });
  http.addHook('onResponse', async (request, reply) => {
    const fields = { requestId: request.id, method: request.method, route: request.routeOptions.url, status: reply.statusCode };
    logger.debug({ ...fields, elapsedMs: Math.round(reply.elapsedTime) }, 'answered');
  });
  return http;
}
