// What a careful shop sets, and exactly what the plug-in needs on top (README.md, "Content Security Policy").
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** `inspUrl` empty = a shop without Insp. */
export function contentSecurityPolicy(inspUrl: string, nonce: string): string {
  const insp = inspUrl === '' ? '' : ` ${inspUrl}`;
  const socket = inspUrl === '' ? '' : ` ${inspUrl.replace(/^http/, 'ws')}`;
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}'${insp}`,
    `style-src 'self'`,
    `img-src 'self' data:${insp}`,
    `media-src 'self' blob:${insp}`,
    `connect-src 'self'${insp}${socket}`,
    `worker-src 'self' blob:`,
    `font-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** A write that a browser sent from another site is refused; programs (no such headers) may write. */
export function isCrossSiteWrite(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const origin = request.headers.origin;
  return origin !== undefined && new URL(origin).host !== request.headers.host;
}

export function addSecurity(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isCrossSiteWrite(request))
      return reply.code(403).send({ ok: false, reason: 'custom', message: 'Refused: written from another site.' });
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin-allow-popups',
    });
  });
}
