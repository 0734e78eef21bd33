import { type ErrorCode, LIMITS, type PlayerEvent, type StartViewerSession, type ViewerSession, wireError } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createDeviceMemory, DEVICE_KEY } from './device-memory.ts';
import { createEventReporter, MAX_WAITING_EVENTS, REPORT_INTERVAL_MS, type SendResult, sendResultOf } from './event-reporter.ts';
import { createSessionKeeper, SessionRefused, VIEWER_TOKEN_TIMEOUT_MS } from './session-keeper.ts';
import { createShowTokens, TOKEN_MAX_AGE_MS, TOKEN_TIMEOUT_MS } from './show-tokens.ts';
import { startViewerSession } from './viewer-session.ts';

const settle = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

function keeper(
  source: Parameters<typeof createSessionKeeper>[0]['viewerToken'],
  isRefused = false,
  refuse: (body: StartViewerSession) => ErrorCode | null = () => null,
) {
  const clock = createFakeClock();
  const bodies: StartViewerSession[] = [];
  const refusedTokens: (string | null)[] = [];
  const made = createSessionKeeper({
    onTokenRefused: (detail) => refusedTokens.push(detail),
    showId: `shw_${'0'.repeat(32)}`,
    source: 'youtube',
    device: 'phone',
    firstToken: 'old',
    viewerToken: source,
    start: async (body) => {
      bodies.push(body);
      const code = refuse(body);
      if (code) return { ok: false, code, detail: 'why' };
      if (isRefused) return { ok: false, code: 'INSP_EMBED_ORIGIN_BLOCKED', detail: 'x' };
      return { ok: true, session: { token: `t${bodies.length}` } as ViewerSession };
    },
    after: (delayMs, work) => clock.after(delayMs, work),
    onStarted: () => {},
  });
  return { made, bodies, clock, refusedTokens };
}

test('all who ask at once share one start; the next start carries the token before', async () => {
  const { made, bodies } = keeper(() => null);
  const [a, b] = await Promise.all([made.get(), made.get()]);
  expect(a).toBe(b);
  expect(await made.get()).toBe(a);
  await made.renew();
  expect(bodies.map((body) => body.previousToken)).toEqual(['old', 't1']);
  expect(bodies[0]).toMatchObject({ source: 'youtube', device: 'phone' });
});

test('the viewer token may be text or come from a provider; one that throws or sleeps means a guest', async () => {
  const text = keeper(() => 'jwt');
  await text.made.get();
  expect(text.bodies[0]?.viewerToken).toBe('jwt');
  const provider = keeper(() => async () => 'jwt2');
  await provider.made.get();
  expect(provider.bodies[0]?.viewerToken).toBe('jwt2');
  const throwing = keeper(() => () => {
    throw new Error('shop');
  });
  await throwing.made.get();
  expect(throwing.bodies[0]?.viewerToken).toBeUndefined();
  const sleeping = keeper(() => () => new Promise(() => {}));
  const started = sleeping.made.get();
  await settle();
  sleeping.clock.advance(VIEWER_TOKEN_TIMEOUT_MS);
  await started;
  expect(sleeping.bodies[0]?.viewerToken).toBeUndefined();
});

test('a viewer token that is not taken lets the shopper in as a guest, and the shop is told', async () => {
  const { made, bodies, refusedTokens } = keeper(
    () => 'jwt',
    false,
    (body) => (body.viewerToken ? 'INSP_EMBED_VIEWER_TOKEN_INVALID' : null),
  );
  await made.get();
  expect(bodies.map((body) => body.viewerToken)).toEqual(['jwt', undefined]);
  expect(refusedTokens).toEqual(['why']);
});

test('an old session token that is not taken is left out', async () => {
  const { made, bodies } = keeper(
    () => 'jwt',
    false,
    (body) => (body.previousToken ? 'INSP_EMBED_SESSION_INVALID' : null),
  );
  await made.get();
  expect(bodies.at(-1)).toMatchObject({ viewerToken: 'jwt' });
  expect(bodies.at(-1)?.previousToken).toBeUndefined();
});

test('the device remembers only with functional consent, and forgets when it is withdrawn', () => {
  const kept = new Map<string, string>();
  const memory = createDeviceMemory(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
  memory.keep('shw_1', 'tok', undefined);
  expect(kept.size).toBe(0);
  memory.keep('shw_1', 'tok', true);
  expect([...kept.keys()]).toEqual([DEVICE_KEY]);
  expect(memory.readToken('shw_1')).toBe('tok');
  expect(memory.readToken('shw_2')).toBeNull();
  memory.keep('shw_1', 'tok', false);
  expect(kept.size).toBe(0);
});

test('a refusal is told with its code', async () => {
  await expect(keeper(() => null, true).made.get()).rejects.toMatchObject({
    code: 'INSP_EMBED_ORIGIN_BLOCKED',
    constructor: SessionRefused,
  });
});

const sessionDeps = (fetch: (url: string, init: RequestInit) => Promise<Response>, wasBlocked = false) => ({
  apiBaseUrl: 'https://insp.example/',
  fetch: fetch as typeof globalThis.fetch,
  wasBlockedByPolicy: () => wasBlocked,
});
const body: StartViewerSession = { showId: `shw_${'0'.repeat(32)}` };

test('a problem of the server keeps its code; an unreadable answer is named by asking around', async () => {
  const refused = await startViewerSession(
    sessionDeps(async () => new Response(JSON.stringify({ code: 'INSP_SHOWS_NOT_PUBLISHED', detail: 'draft' }), { status: 404 })),
    body,
  );
  expect(refused).toEqual({ ok: false, code: 'INSP_SHOWS_NOT_PUBLISHED', detail: 'draft' });
  const dead = await startViewerSession(
    sessionDeps(async () => {
      throw new TypeError('Failed to fetch');
    }),
    body,
  );
  expect(dead).toMatchObject({ code: 'INSP_EMBED_UNREACHABLE' });
  const noCors = await startViewerSession(
    sessionDeps(async (_url, init) => {
      if (init.mode === 'no-cors') return new Response();
      throw new TypeError('Failed to fetch');
    }),
    body,
  );
  expect(noCors).toMatchObject({ code: 'INSP_EMBED_ORIGIN_BLOCKED' });
  const policy = await startViewerSession(
    sessionDeps(async () => {
      throw new TypeError('Failed to fetch');
    }, true),
    body,
  );
  expect(policy).toMatchObject({ code: 'INSP_EMBED_BLOCKED_BY_CSP' });
});

function reporter({ send = () => 'taken' as SendResult, mayMeasure = true, beaconRoom = 0 } = {}) {
  const clock = createFakeClock(1_000);
  const batches: PlayerEvent[][] = [];
  const beacons: PlayerEvent[][] = [];
  const made = createEventReporter({
    nowMs: () => clock.nowMs(),
    serverNowMs: () => clock.nowMs() + 5_000,
    every: (intervalMs, work) => clock.every(intervalMs, work),
    mayMeasure: () => mayMeasure,
    send: async ({ events }) => {
      batches.push(events);
      return send();
    },
    beacon: ({ events }) => beacons.length < beaconRoom && beacons.push(events) > 0,
  });
  const tick = async (times = 1) => {
    for (let i = 0; i < times; i += 1) {
      clock.advance(REPORT_INTERVAL_MS);
      await settle();
    }
  };
  return { made, batches, beacons, clock, tick };
}
const names = (batches: PlayerEvent[][]) => batches.map((batch) => batch.map(({ name }) => name));

test('events go in batches of at most the limit, each with an id of its own', async () => {
  const { made, batches, tick } = reporter();
  for (let i = 0; i <= LIMITS.playerEventsPerRequest; i += 1) made.report({ name: 'player.opened' });
  await tick(2);
  expect(batches.map((batch) => batch.length)).toEqual([LIMITS.playerEventsPerRequest, 1]);
  expect(new Set(batches.flat().map((event) => event.id)).size).toBe(LIMITS.playerEventsPerRequest + 1);
});

test('a batch fits a frame of the socket, however long the shop names its things', async () => {
  const { made, batches, tick } = reporter();
  const productId = `prd_${'0'.repeat(32)}` as const;
  const wordy = { productId, highlightId: null, sku: '針'.repeat(100), quantity: 1, requestId: '\u0001'.repeat(100) };
  for (let i = 0; i < LIMITS.playerEventsPerRequest; i += 1) made.report({ name: 'cart.added', ...wordy });
  await tick(20);
  expect(batches.flat()).toHaveLength(LIMITS.playerEventsPerRequest);
  for (const events of batches) {
    const frame = JSON.stringify({ v: 1, id: 'x'.repeat(36), type: 'report_player_events', data: { events, sentAt: 9e12 } });
    expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(LIMITS.socketFrameBytes);
  }
});

test('what happened is told by the device’s clock, and filed under the day of the server’s', async () => {
  const { made, batches, tick } = reporter();
  made.report({ name: 'player.opened' });
  await tick();
  expect(batches[0]?.[0]).toMatchObject({ occurredAt: 1_000, id: expect.stringMatching(/^evt_000000001770/) });
});

test('an unanswered batch goes again with the same ids, then is given up and counted', async () => {
  const { made, batches, tick } = reporter({ send: () => 'unanswered' });
  made.report({ name: 'cart.checkout' });
  await tick(5);
  expect(batches).toHaveLength(3);
  expect(new Set(batches.flat().map((event) => event.id)).size).toBe(1);
  expect(made.droppedCount).toBe(1);
});

test('while nobody is there to take them, events wait as long as it takes; what is refused goes at once', async () => {
  let result: SendResult = 'waits';
  const { made, batches, tick } = reporter({ send: () => result });
  made.report({ name: 'cart.checkout' });
  await tick(100);
  result = 'refused';
  await tick(2);
  expect(batches).toHaveLength(101);
  expect(made.droppedCount).toBe(1);
});

test.each([
  [{ ok: true, data: {} }, 'taken'],
  [{ ok: false, error: wireError('INSP_REALTIME_TOO_FAST') }, 'waits'],
  [{ ok: false, error: wireError('INSP_CAPTURE_OVERLOADED') }, 'waits'],
  [{ ok: false, error: wireError('INSP_REALTIME_NO_ANSWER') }, 'unanswered'],
  [{ ok: false, error: wireError('INSP_REALTIME_FRAME_MALFORMED') }, 'refused'],
] as const)('an answer of the room says what becomes of the batch: %j', (answer, result) => {
  expect(sendResultOf(answer as Parameters<typeof sendResultOf>[0])).toBe(result);
});

test('the queue keeps its limit: what buying needs, and the newest', async () => {
  const { made, batches } = reporter();
  made.report({ name: 'cart.checkout' });
  for (let i = 0; i < MAX_WAITING_EVENTS + 1; i += 1) made.report({ name: 'player.stalled', stallMs: i });
  expect(made.droppedCount).toBe(2);
  made.flush();
  await settle();
  expect(batches[0]?.slice(0, 2)).toMatchObject([{ name: 'cart.checkout' }, { stallMs: 2 }]);
});

test('when the page goes, the browser gets what waits and what nobody has answered, buying first, as far as it takes it', async () => {
  const { made, batches, beacons, tick } = reporter({ send: () => 'waits', beaconRoom: 2 });
  for (let i = 0; i < 2 * LIMITS.playerEventsPerRequest; i += 1) made.report({ name: 'player.opened' });
  made.report({ name: 'cart.checkout' });
  made.flush();
  made.handOver();
  expect(names(beacons)[0]?.[0]).toBe('cart.checkout');
  expect(beacons.map((batch) => batch.length)).toEqual([LIMITS.playerEventsPerRequest, LIMITS.playerEventsPerRequest]);
  await tick(2);
  // A page that comes back from the browser's memory sends the rest, and nothing twice.
  expect(names(batches).at(-1)).toEqual(['player.opened']);
});

test('who refused analytics is counted in nothing but what buying needs', async () => {
  const { made, batches } = reporter({ mayMeasure: false });
  made.report({ name: 'player.opened' });
  made.report({ name: 'cart.checkout' });
  made.flush();
  await settle();
  expect(batches[0]?.map((event) => event.name)).toEqual(['cart.checkout']);
});

test('a show token is fetched once per product and highlight, again when old, and never blocks buying', async () => {
  const clock = createFakeClock();
  let mintCount = 0;
  let mint: () => Promise<string> = async () => `token${mintCount}`;
  const tokens = createShowTokens({
    nowMs: () => clock.nowMs(),
    after: (delayMs, work) => clock.after(delayMs, work),
    mint: () => {
      mintCount += 1;
      return mint();
    },
  });
  tokens.prefetch('prd_1', 'hlt_1');
  expect(await tokens.get('prd_1', 'hlt_1')).toBe('token1');
  expect(mintCount).toBe(1);
  clock.advance(TOKEN_MAX_AGE_MS);
  expect(await tokens.get('prd_1', 'hlt_1')).toBe('token2');
  mint = async () => {
    throw new Error('down');
  };
  expect(await tokens.get('prd_2', null)).toBe('');
  mint = () => new Promise(() => {});
  const waiting = tokens.get('prd_3', null);
  clock.advance(TOKEN_TIMEOUT_MS);
  expect(await waiting).toBe('');
});
