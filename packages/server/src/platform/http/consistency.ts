// A request is one person's doings (kernel/consistency.ts). What they must see again travels as the header
// `Insp-Consistency` and, for browsers that send cookies, as a cookie: it comes with the request, and goes with the answer
// when the request committed something.
import type { Consistency, ConsistencyScope } from '../../kernel/consistency.ts';
import { CONSISTENCY_COOKIE, CONSISTENCY_HEADER, readConsistencyToken } from '../consistency-header.ts';
import type { HttpRequest, HttpServer } from './create-http-server.ts';

const COOKIE_LIFE_SEC = 60;

/** Adds the hooks. Call before hooks that read from the store. */
export function carryConsistency(http: HttpServer, consistency: Consistency, { isSecure }: { isSecure: boolean }): void {
  const scopes = new WeakMap<HttpRequest, ConsistencyScope>();

  http.addHook('onRequest', (request, _reply, done) => {
    const scope = consistency.open(readConsistencyToken(request.headers));
    scopes.set(request, scope);
    scope.run(done);
  });
  // Reading the body goes on from events of the socket, which know nothing of the scope.
  http.addHook('preValidation', (request, _reply, done) => {
    const scope = scopes.get(request);
    if (scope === undefined) done();
    else scope.run(done);
  });
  http.addHook('onSend', async (request, reply) => {
    const token = scopes.get(request)?.token() ?? null;
    if (token === null) return;
    reply.header(CONSISTENCY_HEADER, token);
    if (request.headers.cookie === undefined) return;
    const secure = isSecure ? '; Secure' : '';
    reply.header('set-cookie', `${CONSISTENCY_COOKIE}=${token}; Path=/; Max-Age=${COOKIE_LIFE_SEC}; HttpOnly; SameSite=Lax${secure}`);
  });
}
