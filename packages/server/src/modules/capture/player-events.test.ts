// The beacon's door: what a browser sends when a page has gone, and what nobody but the page's own session may send.
import { LIMITS, type PlayerEvent } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createIds } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { refused } from '../../kernel/outcome.ts';
import { systemRandom } from '../../kernel/random.ts';
import { createHttpServer, type HttpServer } from '../../platform/http/index.ts';
import { onItsPage } from '../viewers/session-page.ts';
import { playerEventRoutes } from './player-events.http.ts';
import { createPlayerReports } from './player-reports.ts';
import type { CaptureSession } from './ports.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const SHOP = 'https://shop.example';
const clock = createFakeClock(1_790_000_000_000);
const event = (n: number): PlayerEvent => ({ id: `evt_${hex(n)}`, occurredAt: clock.nowMs(), name: 'cart.checkout' });
const session = {
  ...{ sessionId: `ses_${hex(1)}`, showId: `shw_${hex(2)}`, orgId: 'org', viewerId: `vwr_${hex(3)}` },
  ...{ role: 'viewer', isSimulated: false, origin: SHOP },
} satisfies CaptureSession & { origin: string };

let http: HttpServer;
let got: string[] = [];
let isFull = false;
beforeAll(async () => {
  http = await createHttpServer({ logger: silentLogger, ids: createIds(clock, systemRandom), publicUrl: 'https://live.example' });
  const playerReports = createPlayerReports({
    clock,
    isInLineUp: () => true,
    capture: {
      accept(facts) {
        if (isFull) return { acceptedCount: 0, rejected: [{ eventId: null, refusal: refused('INSP_CAPTURE_OVERLOADED') }] };
        got.push(...facts.map(({ id }) => id));
        return { acceptedCount: facts.length, rejected: [] };
      },
    },
  });
  const verifySession = async (token: string, origin: string | null) =>
    token === 'good' ? onItsPage(session, origin) : refused('INSP_EMBED_SESSION_INVALID');
  playerEventRoutes({ playerReports, verifySession })(http);
});
afterAll(() => http.close());
beforeEach(() => {
  got = [];
  isFull = false;
});

/** As `navigator.sendBeacon` sends text. */
const beacon = (body: string, origin: string = SHOP) =>
  http.inject({
    method: 'POST',
    url: '/v1/player-events',
    headers: { 'content-type': 'text/plain;charset=UTF-8', origin, 'sec-fetch-site': 'cross-site', cookie: 'insp=1' },
    payload: body,
  });
const bodyOf = (more: object = {}) => JSON.stringify({ token: 'good', events: [event(1)], sentAt: clock.nowMs(), ...more });

test('a beacon of the session’s own page goes into the log', async () => {
  expect((await beacon(bodyOf({ events: [event(1), event(2)] }))).statusCode).toBe(204);
  expect(got).toEqual([event(1).id, event(2).id]);
});

test.each([
  ['no JSON', '{"token":', 'INSP_HTTP_INVALID_BODY'],
  ['nothing', '', 'INSP_HTTP_INVALID_BODY'],
  ['null', 'null', 'INSP_HTTP_INVALID_BODY'],
  ['an unknown field', bodyOf({ more: 1 }), 'INSP_HTTP_INVALID_BODY'],
  ['no event', bodyOf({ events: [] }), 'INSP_HTTP_INVALID_BODY'],
  ['too many', bodyOf({ events: Array.from({ length: LIMITS.playerEventsPerRequest + 1 }, (_, n) => event(n)) }), 'INSP_HTTP_INVALID_BODY'],
  ['an unknown event', bodyOf({ events: [{ ...event(1), name: 'player.flown' }] }), 'INSP_HTTP_INVALID_BODY'],
  ['too large', bodyOf({ token: 'x'.repeat(LIMITS.beaconBodyBytes) }), 'INSP_HTTP_TOO_LARGE'],
  ['a session of nobody', bodyOf({ token: 'bad' }), 'INSP_EMBED_SESSION_INVALID'],
])('%s is refused with its code, and nothing is counted', async (_, body, code) => {
  expect((await beacon(body)).json()).toMatchObject({ code });
  expect(got).toEqual([]);
});

test('another site may not send in the name of a session', async () => {
  expect((await beacon(bodyOf(), 'https://thief.example')).json()).toMatchObject({ code: 'INSP_EMBED_ORIGIN_BLOCKED' });
  expect(got).toEqual([]);
});

test('overload is said', async () => {
  isFull = true;
  expect((await beacon(bodyOf())).json()).toMatchObject({ code: 'INSP_CAPTURE_OVERLOADED' });
});
