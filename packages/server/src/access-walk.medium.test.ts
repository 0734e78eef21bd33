// Every route, walked by everybody who must not get through: nobody, a wrong role, another organization. The list comes
// from the running server, so a route added later is walked too; one the tables below do not cover fails here and says
// what to add.
import { hasPermission, PERMISSIONS, type Permission, ROLES, type Role } from '@insp/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../test-support/test-app.ts';
import type { TestPerson } from '../test-support/test-server.ts';
import { listRoutes, type RouteFacts } from './platform/http/index.ts';

let test_: TestApp;
let routes: readonly RouteFacts[];
const nameOf = ({ method, url }: RouteFacts) => `${method} ${url}`;
const isPermission = (access: RouteFacts['access']): access is Permission => PERMISSIONS.includes(access as Permission);

beforeAll(async () => {
  test_ = await createTestApp();
  routes = listRoutes(test_.app.http).filter(({ url }) => url.startsWith('/v1/'));
});
afterAll(() => test_.close());

/** Any id that exists nowhere. */
const NOWHERE: Record<string, string> = {
  file: 'index.m3u8',
  showId: 'shw_ffffffffffffffffffffffffffffffff',
  productId: 'prd_ffffffffffffffffffffffffffffffff',
  highlightId: 'hlt_ffffffffffffffffffffffffffffffff',
  targetId: 'rst_ffffffffffffffffffffffffffffffff',
  name: 'viewer_token',
};
const fill = (url: string, ids: Record<string, string>) =>
  url.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? NOWHERE[name] ?? 'nowhere');

/** Calls with a body no schema takes, so that nothing happens even where the caller may. */
const probe = (route: RouteFacts, person: TestPerson | null) => {
  const payload = route.hasBody ? { probe: true } : undefined;
  const url = fill(route.url, {});
  return person === null
    ? test_.app.http.inject({ method: route.method as 'GET', url, payload })
    : person.call(route.method as 'GET', url, payload);
};

test('there are routes, and every one says who may call it', () => {
  expect(routes.length).toBeGreaterThan(30);
  const silent = routes.filter(({ access }) => access === undefined).map(nameOf);
  expect(silent, 'add `config: { access: ... }` to these routes (platform/http/access.ts)').toEqual([]);
});

test('nobody gets through without signing in', async () => {
  for (const route of routes.filter(({ access }) => access === 'session' || isPermission(access))) {
    const response = await probe(route, null);
    expect([nameOf(route), response.statusCode, response.json().code]).toEqual([nameOf(route), 401, 'INSP_ACCOUNTS_SIGN_IN_REQUIRED']);
  }
});

describe.each(ROLES)('as %s', (role: Role) => {
  test('what the role may not do is refused before the body is read, the rest is not', async () => {
    const owner = await test_.owner(`Walk ${role}`);
    const member = role === 'owner' ? owner : await test_.member(owner, role);
    for (const route of routes) {
      // Calls that would end the walker's own membership or session.
      if (!isPermission(route.access)) continue;
      const response = await probe(route, member);
      const code = response.body.startsWith('{') ? response.json().code : undefined;
      if (hasPermission(role, route.access)) expect([nameOf(route), code]).not.toEqual([nameOf(route), 'INSP_ACCOUNTS_FORBIDDEN']);
      else expect([nameOf(route), response.statusCode, code]).toEqual([nameOf(route), 403, 'INSP_ACCOUNTS_FORBIDDEN']);
    }
  });
});

/** For each route with a body and an id of somebody's object: a body that would be taken if the object were one's own. */
const BODIES: Record<string, object> = {
  'PATCH /v1/organization/members/:userId': { role: 'analyst' },
  'PATCH /v1/shows/:showId': { title: 'Taken over' },
  'PUT /v1/shows/:showId/line-up': { items: [] },
  'POST /v1/shows/:showId/commands': { command: 'schedule' },
  'PATCH /v1/shows/:showId/replay': { isPublic: false },
  'POST /v1/shows/:showId/highlights': { productId: NOWHERE.productId },
  'POST /v1/shows/:showId/restream-targets': { name: 'x', platform: 'rtmp', url: 'rtmp://a.example/live', streamKey: 'taken-over' },
  'PATCH /v1/shows/:showId/restream-targets/:targetId': { name: 'Taken over' },
  'POST /v1/shows/:showId/restream-targets/:targetId/commands': { command: 'start' },
  'POST /v1/shows/:showId/ingest-source': { source: 'backup' },
};

describe('as the owner of another organization', () => {
  test('an object of ours is not there, whatever is done to it, and stays as it was', async () => {
    const ours = await test_.createObjects();
    const stranger = await test_.owner('Strangers');
    const before = await test_.readObjects(ours);
    const walked: string[] = [];
    for (const route of routes.filter(({ url, access }) => url.includes('/:') && isPermission(access) && !url.includes(':name'))) {
      if (route.hasBody) expect(BODIES, `add a body for ${nameOf(route)} to BODIES in this file`).toHaveProperty([nameOf(route)]);
      const ids = Object.keys(ours.ids);
      for (const [, name] of route.url.matchAll(/:(\w+)/g))
        expect(ids, `add an object for :${name} to createObjects in test-support/test-app.ts`).toContain(name);
      const response = await stranger.call(
        route.method as 'GET',
        fill(route.url, ours.ids),
        route.hasBody ? BODIES[nameOf(route)] : undefined,
      );
      expect([nameOf(route), response.statusCode]).toEqual([nameOf(route), 404]);
      walked.push(nameOf(route));
    }
    expect(walked.length).toBeGreaterThan(10);
    expect(await test_.readObjects(ours)).toEqual(before);
  });

  test('lists hold nothing of ours', async () => {
    const ours = await test_.createObjects();
    const stranger = await test_.owner('Others');
    const secretWords = Object.entries(ours.ids)
      .flatMap(([name, id]) => (name === 'orgId' ? [] : [id]))
      .concat(ours.owner.email);
    for (const route of routes.filter(({ method, url, access }) => method === 'GET' && !url.includes('/:') && isPermission(access))) {
      const response = await stranger.get(route.url);
      expect([nameOf(route), response.statusCode]).toEqual([nameOf(route), 200]);
      for (const word of secretWords) expect(response.body, `${nameOf(route)} of a stranger holds ${word}`).not.toContain(word);
    }
  });
});
