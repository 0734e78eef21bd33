// Every HTTP route at every level, on the whole app: none is shed. Sign-in, orders and moderation go through at level 4.
import { SHED_LEVELS } from '@insp/protocol';
import { afterEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test-support/test-app.ts';
import { listRoutes } from '../../platform/http/index.ts';

let test_: TestApp | null = null;
afterEach(() => test_?.close());

test.each([0, 4] as const)('[P11] level %i: no route answers that it sheds, and people sign in and work', async (level) => {
  test_ = await createTestApp({ shedLevel: `${level}` });
  const { app } = test_;
  await app.start();
  expect(SHED_LEVELS).toContain(level);
  expect((await app.http.inject({ url: '/healthz/pressure' })).json()).toMatchObject({ status: { level, isForced: true } });
  // Registers, signs in, invites, imports, plans a show: all of it by HTTP.
  const ours = await test_.createObjects();
  const routes = listRoutes(app.http);
  expect(routes.length).toBeGreaterThan(40);
  for (const route of routes) {
    const url = route.url.replaceAll(/:(\w+)/g, (_, name: string) => ours.ids[name] ?? 'nowhere');
    const response = await ours.owner.call(route.method as 'GET', url, route.hasBody ? { probe: true } : undefined);
    const code = response.body.startsWith('{') ? response.json().code : undefined;
    expect([route.url, code]).not.toEqual([route.url, 'INSP_REALTIME_SHEDDING']);
    expect([route.url, code]).not.toEqual([route.url, 'INSP_CAPTURE_OVERLOADED']);
    expect([route.url, code]).not.toEqual([route.url, 'INSP_CAPTURE_DISK_FULL']);
  }
});
