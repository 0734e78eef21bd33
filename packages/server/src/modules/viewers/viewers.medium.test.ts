// Viewer sessions over HTTP, as a store page asks for them.
import type { ErrorCode, ShowId, ViewerSession } from '@insp/protocol';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Commerce, createCommerce, STORE_ORIGIN } from '../../../test-support/commerce-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';
import { IDENTITY_GRACE_MS, SESSION_TTL_MS } from './session-token.ts';

let db: TestDatabase;
let commerce: Commerce;
let owner: TestPerson;
beforeAll(async () => {
  db = await createTestDatabase();
  commerce = await createCommerce(db.database);
  owner = await commerce.shop();
});
afterAll(async () => {
  await commerce.close();
  await db.drop();
});

const codeOf = (answer: { json(): unknown }) => (answer.json() as { code?: ErrorCode }).code;

async function shopToken(orgId: string, claims: Record<string, unknown> = {}): Promise<string> {
  const nowSec = Math.floor(commerce.clock.nowMs() / 1000);
  return new SignJWT({ iss: 'shop', aud: 'insp', iat: nowSec, exp: nowSec + 600, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(await commerce.accounts.secret(orgId, 'viewer_token')));
}

function ask(payload: object, headers: Record<string, string> = { origin: STORE_ORIGIN }, remoteAddress = '192.0.2.1') {
  return commerce.http.inject({ method: 'POST', url: '/v1/viewer-sessions', payload, headers, remoteAddress });
}

describe('the page', () => {
  test('a store origin gets a session with the show in it', async () => {
    const [mug] = await commerce.products(owner, 'mug');
    const show = await commerce.show(owner, 'waiting', [mug!]);
    const answer = await ask({ showId: show.id, source: 'insta', device: 'phone' });
    expect([answer.statusCode, answer.headers['access-control-allow-origin'], answer.headers['cache-control']]).toEqual([
      201,
      STORE_ORIGIN,
      'no-store',
    ]);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    const session = answer.json<ViewerSession>();
    expect(session).toMatchObject({
      expiresAt: commerce.clock.nowMs() + SESSION_TTL_MS,
      displayName: expect.stringMatching(/^Guest \d{4}$/),
      isSimulated: false,
      socketUrl: `ws://localhost:4600/v1/rooms/${show.id}/socket`,
      show: {
        id: show.id,
        orgId: owner.orgId,
        brandName: 'Test organization',
        state: 'waiting',
        playlistUrl: null,
        products: [{ id: mug!.id }],
      },
    });
    expect(await commerce.viewers.verifySession(session.token, null)).toMatchObject({
      ok: true,
      value: {
        viewerId: session.viewerId,
        showId: show.id,
        role: 'viewer',
        source: 'insta',
        device: 'phone',
        origin: STORE_ORIGIN,
        isReturning: false,
      },
    });
  });

  test('[EM7] any other page is refused and can read why', async () => {
    const show = await commerce.show(owner, 'waiting');
    for (const origin of [
      'https://evil.example',
      `${STORE_ORIGIN}:8443`,
      'https://www.shop.example',
      'http://shop.example',
      'https://shop.example.evil.example',
    ]) {
      const answer = await ask({ showId: show.id }, { origin });
      expect([origin, answer.statusCode, codeOf(answer)]).toEqual([origin, 403, 'INSP_EMBED_ORIGIN_BLOCKED']);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.json()).toMatchObject({ detail: `${origin} is not a store origin.`, fix: expect.any(String) });
    }
    expect(codeOf(await ask({ showId: show.id }, {}))).toBe('INSP_EMBED_ORIGIN_BLOCKED');
    const preflight = await commerce.http.inject({
      method: 'OPTIONS',
      url: '/v1/viewer-sessions',
      headers: { origin: 'https://evil.example' },
    });
    expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([204, 'https://evil.example']);
  });

  test('a page of Insp itself is trusted; a shop server without an origin needs its token', async () => {
    const show = await commerce.show(owner, 'waiting');
    expect((await ask({ showId: show.id }, { origin: 'http://localhost:4600' })).statusCode).toBe(201);
    expect((await ask({ showId: show.id, viewerToken: await shopToken(owner.orgId) }, {})).statusCode).toBe(201);
    expect(codeOf(await ask({ showId: show.id, viewerToken: 'x' }, {}))).toBe('INSP_EMBED_VIEWER_TOKEN_INVALID');
  });

  test('[EM7] a wrong, unknown, unpublished or foreign show each answers its code', async () => {
    const draft = await commerce.show(owner, 'draft');
    const stranger = await commerce.server.owner();
    const foreign = await commerce.show(stranger, 'waiting');
    expect(codeOf(await ask({ showId: 'shw_nonsense' }))).toBe('INSP_HTTP_INVALID_BODY');
    expect(codeOf(await ask({ showId: 'shw_00000000000000000000000000000000' }))).toBe('INSP_SHOWS_NOT_FOUND');
    expect(codeOf(await ask({ showId: draft.id }))).toBe('INSP_SHOWS_NOT_PUBLISHED');
    expect(codeOf(await ask({ showId: foreign.id }))).toBe('INSP_EMBED_ORIGIN_BLOCKED');
  });

  test('one address brings so many new strangers and no more; known ones still come in', async () => {
    const show = await commerce.show(owner, 'waiting');
    const first = (await ask({ showId: show.id }, undefined, '192.0.2.77')).json<ViewerSession>();
    let last = await ask({ showId: show.id }, undefined, '192.0.2.77');
    for (let count = 0; count < 250 && last.statusCode === 201; count += 1) last = await ask({ showId: show.id }, undefined, '192.0.2.77');
    expect(codeOf(last)).toBe('INSP_HTTP_TOO_MANY_REQUESTS');
    expect((await ask({ showId: show.id, previousToken: first.token }, undefined, '192.0.2.77')).statusCode).toBe(201);
    expect((await ask({ showId: show.id }, undefined, '192.0.2.78')).statusCode).toBe(201);
  });
});

describe('who it is', () => {
  const enter = async (showId: ShowId, more: object = {}) => {
    const answer = await ask({ showId, ...more });
    if (answer.statusCode !== 201) throw new Error(answer.body);
    return answer.json<ViewerSession>();
  };
  const sessionOf = async (session: ViewerSession) => {
    const verified = await commerce.viewers.verifySession(session.token, null);
    if (!verified.ok) throw new Error(verified.code);
    return verified.value;
  };

  test('a session speaks on the page it was given to, and where no page is told', async () => {
    const show = await commerce.show(owner, 'waiting');
    const { token } = await enter(show.id);
    const { origin } = await sessionOf({ token } as ViewerSession);
    expect(origin).not.toBeNull();
    expect(await commerce.viewers.verifySession(token, origin)).toMatchObject({ ok: true });
    expect(await commerce.viewers.verifySession(token, 'https://evil.example')).toMatchObject({ code: 'INSP_EMBED_ORIGIN_BLOCKED' });
  });

  test('a stranger keeps the id over an expired token for a day, then is new', async () => {
    const show = await commerce.show(owner, 'waiting');
    const first = await enter(show.id);
    commerce.clock.jump(SESSION_TTL_MS + IDENTITY_GRACE_MS - 1_000);
    expect(await commerce.viewers.verifySession(first.token, null)).toMatchObject({ code: 'INSP_EMBED_SESSION_EXPIRED' });
    const again = await enter(show.id, { previousToken: first.token });
    expect([again.viewerId, again.displayName]).toEqual([first.viewerId, first.displayName]);
    commerce.clock.jump(1_000);
    expect((await enter(show.id, { previousToken: first.token })).viewerId).not.toBe(first.viewerId);
    expect((await enter(show.id, { previousToken: 'forged' })).viewerId).not.toBe(first.viewerId);
  });

  test('a customer is the same viewer everywhere in the shop, under a pseudonym; signing out makes a stranger', async () => {
    const [one, two] = [await commerce.show(owner, 'waiting'), await commerce.show(owner, 'live')];
    const viewerToken = await shopToken(owner.orgId, { sub: 'customer-17', name: 'Mara \u202eK.' });
    const first = await enter(one.id, { viewerToken });
    const second = await enter(two.id, { viewerToken });
    expect([second.viewerId, second.displayName]).toEqual([first.viewerId, 'Mara K.']);
    const { customerId } = await sessionOf(second);
    expect(customerId).toBe(await commerce.viewers.customerIdOf(owner.orgId, 'customer-17'));
    const rows = JSON.stringify(await db.database.query('SELECT * FROM viewer'));
    expect(rows).toContain(customerId);
    expect(rows).not.toContain('customer-17');
    const signedOut = await enter(two.id, { previousToken: second.token });
    expect(signedOut.viewerId).not.toBe(first.viewerId);
    expect((await sessionOf(signedOut)).customerId).toBeNull();
  });

  test('a stranger of one shop is a new stranger in the next', async () => {
    const other = await commerce.shop();
    const here = await enter((await commerce.show(owner, 'waiting')).id);
    const there = await enter((await commerce.show(other, 'waiting')).id, { previousToken: here.token });
    expect(there.viewerId).not.toBe(here.viewerId);
  });

  test('returning is who came to another show before; a reload of the same show does not count', async () => {
    const [one, two, planned] = [
      await commerce.show(owner, 'live'),
      await commerce.show(owner, 'live'),
      await commerce.show(owner, 'scheduled'),
    ];
    const before = await enter(planned.id);
    const first = await enter(one.id, { previousToken: before.token });
    const reload = await enter(one.id, { previousToken: first.token });
    const later = await enter(two.id, { previousToken: reload.token });
    const returning = await Promise.all([before, first, reload, later].map(async (session) => (await sessionOf(session)).isReturning));
    expect(returning).toEqual([false, false, false, true]);
    expect(await commerce.viewers.showsAttended(owner.orgId, [later.viewerId, 'vwr_none'])).toEqual(new Map([[later.viewerId, 2]]));
  });

  test('a bot is marked, and stays marked under its random id', async () => {
    const show = await commerce.show(owner, 'live');
    const bot = await enter(show.id, { viewerToken: await shopToken(owner.orgId, { simulated: true }), device: 'bot' });
    expect(bot.isSimulated).toBe(true);
    const again = await enter(show.id, { previousToken: bot.token });
    expect([again.viewerId, again.isSimulated]).toEqual([bot.viewerId, true]);
  });

  test('a chosen name comes back on the next visit, over the one of the shop', async () => {
    const show = await commerce.show(owner, 'live');
    const viewerToken = await shopToken(owner.orgId, { sub: 'customer-18', name: 'Jonas' });
    const first = await enter(show.id, { viewerToken });
    await commerce.viewers.rename(owner.orgId, first.viewerId, 'Jojo');
    expect(await commerce.viewers.chosenNames(owner.orgId, [first.viewerId])).toEqual(new Map([[first.viewerId, 'Jojo']]));
    expect(await commerce.viewers.chosenNames('another', [first.viewerId])).toEqual(new Map());
    expect((await enter(show.id, { viewerToken })).displayName).toBe('Jojo');
  });

  test('a token of another shop is not valid here, the forerunner of a rotated secret is', async () => {
    const show = await commerce.show(owner, 'live');
    const other = await commerce.shop();
    expect(codeOf(await ask({ showId: show.id, viewerToken: await shopToken(other.orgId) }))).toBe('INSP_EMBED_VIEWER_TOKEN_INVALID');
    const viewerToken = await shopToken(owner.orgId, { sub: 'x' });
    await owner.post('/v1/organization/secrets/viewer_token/rotate');
    expect((await ask({ showId: show.id, viewerToken })).statusCode).toBe(201);
  });
});

describe('the console', () => {
  test('a member enters with the role, in any state of the show, and is the same viewer again', async () => {
    const show = await commerce.show(owner, 'draft');
    const moderator = await commerce.server.member(owner, 'moderator');
    const answer = await moderator.post(`/v1/shows/${show.id}/console-sessions`);
    expect(answer.statusCode).toBe(201);
    const session = answer.json<{ token: string; viewerId: string; socketUrl: string }>();
    expect(session.socketUrl).toBe(`ws://localhost:4600/v1/rooms/${show.id}/socket?pass=staff`);
    expect(await commerce.viewers.verifySession(session.token, null)).toMatchObject({
      value: { role: 'moderator', memberId: moderator.userId, displayName: 'Test Person', customerId: null },
    });
    const again = (await moderator.post(`/v1/shows/${show.id}/console-sessions`)).json<{ viewerId: string }>();
    expect(again.viewerId).toBe(session.viewerId);
    expect((await commerce.http.inject({ method: 'POST', url: `/v1/shows/${show.id}/console-sessions` })).statusCode).toBe(401);
  });

  test('a console token keeps no viewer identity', async () => {
    const show = await commerce.show(owner, 'waiting');
    const staff = (await owner.post(`/v1/shows/${show.id}/console-sessions`)).json<{ token: string; viewerId: string }>();
    expect((await commerce.enter(show.id, { previousToken: staff.token })).viewerId).not.toBe(staff.viewerId);
  });
});
