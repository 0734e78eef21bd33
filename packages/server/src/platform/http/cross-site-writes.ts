// A browser sends our cookie along whoever wrote the page. So a write that carries a cookie, and no Authorization
// header, must come from the console's own origin. Fetch Metadata says so in current browsers (`same-site` is not
// enough: another port of localhost is same-site); Origin is the fall-back. (ASVS 5.0.0: 3.5.1 to 3.5.3)

import type { HttpRequest, HttpServer } from './create-http-server.ts';
import { sendRefusal } from './problem.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Tells whether a request is a write that some other site made the browser send. */
export function isCrossSiteWrite(request: Pick<HttpRequest, 'method' | 'headers'>, ownOrigin: string): boolean {
  const { cookie, authorization, origin, 'sec-fetch-site': site } = request.headers;
  if (SAFE_METHODS.has(request.method) || cookie === undefined || authorization !== undefined) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  // Neither header: not a browser, so nobody was tricked into sending the cookie.
  return origin !== undefined && origin !== ownOrigin;
}

/** Refuses them with INSP_HTTP_CROSS_SITE_WRITE, except where no cookie is looked at (viewer and signed routes). */
export function refuseCrossSiteWrites(http: HttpServer, publicUrl: string): void {
  const ownOrigin = new URL(publicUrl).origin;
  http.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (access === 'viewer' || access === 'signed') return;
    if (isCrossSiteWrite(request, ownOrigin)) return sendRefusal(reply, { ok: false, code: 'INSP_HTTP_CROSS_SITE_WRITE' });
  });
}
