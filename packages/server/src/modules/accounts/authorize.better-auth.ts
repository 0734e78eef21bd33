// Answers "who calls, and may they?" for every route: a person by session cookie, or an API key as bearer.
//
//   bearer insp_... -> key known, enabled, unexpired -> its organization and role
//   session cookie  -> session alive -> own password chosen -> active organization -> role there
//
// The answer of the first question is kept per request, so guard, route and audit ask the database once.
import { hasPermission, type Permission, ROLES, type Role } from '@insp/protocol';
import { fromNodeHeaders } from 'better-auth/node';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import { type Authorize, type Guard, type HttpRequest, type Principal, setPrincipal } from '../../platform/http/index.ts';
import { API_KEY_PREFIX, type Auth, SESSION_COOKIE_PREFIX } from './auth.better-auth.ts';
import type { Membership, PeopleStore } from './people-store.postgres.ts';

export type Person = {
  userId: string;
  name: string;
  email: string;
  mustChangePassword: boolean;
  sessionId: string;
  active: Membership | null;
};

export function createAuthorize(deps: { auth: Auth; people: PeopleStore }) {
  const { auth, people } = deps;
  const persons = new WeakMap<HttpRequest, Promise<Outcome<Person>>>();
  const principals = new WeakMap<HttpRequest, Promise<Outcome<Principal>>>();

  async function findPerson(request: HttpRequest): Promise<Outcome<Person>> {
    const { cookie } = request.headers;
    if (!cookie?.includes(`${SESSION_COOKIE_PREFIX}.session_token=`)) return refused('INSP_ACCOUNTS_SIGN_IN_REQUIRED');
    const found = await auth.api.getSession({ headers: fromNodeHeaders({ cookie }), query: { disableRefresh: true } });
    if (found === null) return refused('INSP_ACCOUNTS_SESSION_EXPIRED');
    const { user, session } = found;
    return accepted({
      userId: user.id,
      name: user.name,
      email: user.email,
      mustChangePassword: user.mustChangePassword,
      sessionId: session.id,
      active: await people.activeMembership(user.id, session.activeOrganizationId ?? null),
    });
  }

  async function findApiKey(key: string): Promise<Outcome<Principal>> {
    const verdict = await auth.api.verifyApiKey({ body: { key } });
    const role = (verdict.key?.metadata as { role?: unknown } | null | undefined)?.role;
    if (!verdict.valid || verdict.key === null || !ROLES.includes(role as Role)) return refused('INSP_ACCOUNTS_API_KEY_INVALID');
    const { id, name, referenceId } = verdict.key;
    return accepted({ kind: 'api_key', id, name: name ?? 'API key', orgId: referenceId, role: role as Role });
  }

  async function findPrincipal(request: HttpRequest): Promise<Outcome<Principal>> {
    const bearer = /^Bearer (.{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer?.startsWith(API_KEY_PREFIX)) return findApiKey(bearer);
    if (request.headers.authorization !== undefined) return refused('INSP_ACCOUNTS_API_KEY_INVALID');
    const person = await personOf(request);
    if (!person.ok) return person;
    const { userId, name, mustChangePassword, active } = person.value;
    if (mustChangePassword) return refused('INSP_ACCOUNTS_PASSWORD_CHANGE_REQUIRED');
    if (active === null) return refused('INSP_ACCOUNTS_NO_ORGANIZATION');
    return accepted({ kind: 'member', id: userId, name, orgId: active.orgId, role: active.role });
  }

  /** The signed-in person, with or without an organization. */
  function personOf(request: HttpRequest): Promise<Outcome<Person>> {
    const known = persons.get(request) ?? findPerson(request);
    persons.set(request, known);
    return known;
  }

  const authorize: Authorize = async (request, permission: Permission) => {
    const known = principals.get(request) ?? findPrincipal(request);
    principals.set(request, known);
    const principal = await known;
    if (!principal.ok) return principal;
    if (!hasPermission(principal.value.role, permission)) return refused('INSP_ACCOUNTS_FORBIDDEN');
    setPrincipal(request, principal.value);
    return principal;
  };

  const guard: Guard = async (request, access) => {
    if (access === 'public' || access === 'viewer' || access === 'signed') return accepted(null);
    return access === 'session' ? personOf(request) : authorize(request, access);
  };

  return { authorize, guard, personOf };
}
