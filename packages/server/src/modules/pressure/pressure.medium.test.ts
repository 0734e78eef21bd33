// A rehearsal at level 4 on the whole server, over real sockets: a shopper waits as told and follows the show by its
// page, staff come in and are told why, and the figures say what they are.
import {
  type ClientClock,
  createRoomClient,
  createRoomPagePoll,
  createRoomStore,
  createViewerSessionSource,
  type RoomClient,
  type SocketConstructor,
} from '@insp/client';
import type { ShowReport } from '@insp/protocol';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createTestApp, type TestApp } from '../../../test-support/test-app.ts';

let test_: TestApp | null = null;
const clients: RoomClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await test_?.close();
});

const clock: ClientClock = {
  nowMs: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};
const random = { float: Math.random };

function enter(options: Pick<Parameters<typeof createRoomClient>[0], 'session' | 'poll'>) {
  const client = createRoomClient({ ...options, WebSocket: WebSocket as unknown as SocketConstructor, clock, random });
  clients.push(client);
  const store = createRoomStore({ client, clock, random });
  const settled = new Promise<void>((done) => client.on('state', ({ kind }) => (kind === 'open' || kind === 'offline') && done()));
  client.start();
  return { client, store, settled };
}

test('[P7] [P8] [P11] level 4, held by the operator', async () => {
  test_ = await createTestApp({ shedLevel: '4' });
  const { app } = test_;
  await app.start();
  const { owner, ids } = await test_.createObjects();
  const show = `/v1/shows/${ids.showId}`;
  expect((await owner.patch(show, { scheduledAt: Date.now() + 3_600_000 })).statusCode).toBe(200);
  for (const command of ['schedule', 'open']) expect((await owner.post(`${show}/commands`, { command })).statusCode).toBe(200);

  // A shopper on the server's own page.
  const baseUrl = app.addresses.publicUrl;
  const shopper = createViewerSessionSource({
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, origin: baseUrl } }),
    baseUrl,
    showId: ids.showId as `shw_${string}`,
    source: 'direct',
  });
  const outside = enter({ session: shopper.provider, poll: createRoomPagePoll({ fetch, baseUrl, showId: ids.showId as string }) });
  await outside.settled;
  expect(outside.client.state).toMatchObject({ kind: 'offline', error: { code: 'INSP_REALTIME_SHEDDING' } });
  expect(outside.client.state.kind === 'offline' && outside.client.state.retryInMs).toBeGreaterThanOrEqual(15_000);
  expect(outside.store.getState()).toMatchObject({ showState: 'waiting', me: null, products: [{ title: 'Stoneware mug' }] });
  const page = await fetch(`${baseUrl}/v1/rooms/${ids.showId}/page`);
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'public, max-age=5, stale-while-revalidate=5']);

  // The console.
  const inside = enter({ session: async () => (await owner.post(`${show}/console-sessions`)).json() });
  await inside.settled;
  expect(inside.client.state.kind).toBe('open');
  expect(inside.store.getState().staff?.pressure).toMatchObject({ level: 4, isForced: true, disk: 'open' });

  const { kpis } = (await owner.get(`${show}/report`)).json<ShowReport>();
  expect(kpis.sampling).toMatchObject({ greatestLevel: 4, estimated: expect.arrayContaining(['productClickCount']) });
  expect(kpis.sampling?.estimated).not.toContain('gmvMinor');
});

test('[R19] a show whose room is not open has no page', async () => {
  test_ = await createTestApp();
  const { ids } = await test_.createObjects();
  const answer = await test_.app.http.inject({ url: `/v1/rooms/${ids.showId}/page` });
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'INSP_SHOWS_NOT_FOUND']);
});
