// CORS by exact echo of the origin, never `*`, never credentials. A route opts in by `config.cors`; the preflight
// route comes by itself. The origin rule decides who may *read*; who may *act* is decided by the route's own checks.
import type { HttpReply, HttpRequest, HttpServer } from './create-http-server.ts';

const ALLOWED_HEADERS = 'authorization, content-type, idempotency-key, insp-consistency';
const EXPOSED_HEADERS = 'insp-consistency, retry-after, x-request-id';
const PREFLIGHT_MAX_AGE_SEC = 600;

async function allowOrigin(request: HttpRequest, reply: HttpReply): Promise<boolean> {
  const rule = request.routeOptions.config.cors;
  if (rule === undefined) return false;
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || origin === 'null') return false;
  if (rule !== 'any-origin' && !(await rule(origin, request))) return false;
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', EXPOSED_HEADERS);
  // helmet says same-origin by default, which would block the very pages this rule lets in.
  reply.header('cross-origin-resource-policy', 'cross-origin');
  return true;
}

/** Adds the hooks. Call before any route is registered. */
export function addCors(http: HttpServer): void {
  const preflights = new Map<string, Set<string>>();

  http.addHook('onRoute', (route) => {
    const rule = route.config?.cors;
    if (rule === undefined) return;
    const methods = [route.method].flat().map(String);
    if (methods.includes('OPTIONS')) return;
    const known = preflights.get(route.url);
    for (const method of methods) known?.add(method);
    if (known !== undefined) return;
    const allowed = new Set(methods);
    preflights.set(route.url, allowed);
    // Fastify gives onRoute no way to add a route synchronously to the same scope but this one.
    http.options(route.url, { config: { access: 'public', cors: rule }, schema: { hide: true } }, async (_request, reply) => {
      reply.header('access-control-allow-methods', [...allowed].join(', '));
      reply.header('access-control-allow-headers', ALLOWED_HEADERS);
      reply.header('access-control-max-age', PREFLIGHT_MAX_AGE_SEC);
      return reply.code(204).send();
    });
  });

  http.addHook('onRequest', async (request, reply) => {
    await allowOrigin(request, reply);
  });
}
