// Who calls: set by the guard (modules/accounts) for routes with a permission in `config.access`.
import type { Permission, Role } from '@insp/protocol';
import type { Outcome } from '../../kernel/outcome.ts';
import type { HttpRequest } from './create-http-server.ts';

export type Principal = {
  kind: 'member' | 'api_key';
  /** User id, or id of the API key. */
  id: string;
  name: string;
  orgId: string;
  role: Role;
};

/** Answers who calls, if that caller may do `permission`. Memoized per request. */
export type Authorize = (request: HttpRequest, permission: Permission) => Promise<Outcome<Principal>>;

const principals = new WeakMap<HttpRequest, Principal>();

export function setPrincipal(request: HttpRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** The caller the guard let through. Throws on a route that declares no permission: that is a bug of the route. */
export function principalOf(request: HttpRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error(`${request.routeOptions.url} declares no permission in config.access`);
  return principal;
}
