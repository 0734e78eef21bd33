// Accounts against a real Postgres and the real better-auth, over HTTP as the console speaks it.
import type { ErrorCode, Me, Role } from '@insp/protocol';
import { LIMITS, ROLES } from '@insp/protocol';
import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createTestServer, type TestServer } from '../../../test-support/test-server.ts';
import { createAuth, PASSWORD_MIN_LENGTH } from './auth.better-auth.ts';
import { FORMER_SECRET_TTL_MS } from './secret-store.postgres.ts';
import { TRIES_PER_ACCOUNT } from './sign-in-limits.ts';

let db: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  db = await createTestDatabase();
  server = await createTestServer(db.database);
});
afterAll(async () => {
  await server.http.close();
  await db.drop();
});

const codeOf = (response: { json(): unknown }) => (response.json() as { code?: ErrorCode }).code;

test('our migration is the schema better-auth expects', async () => {
  const auth = createAuth({ ...server.authDeps, pool: db.database.pool });
  const plan = await getMigrations(auth.options);
  expect({ created: plan.toBeCreated.map((it) => it.table), added: plan.toBeAdded, problems: plan.schemaProblems }).toEqual({
    created: [],
    added: [],
    problems: [],
  });
});

describe('sign up, sign in, sign out', () => {
  test('a person registers, makes an organization and is its owner', async () => {
    const jane = await server.signUp('jane@example.test');
    expect(codeOf(await jane.get('/v1/organization'))).toBe('INSP_ACCOUNTS_NO_ORGANIZATION');
    const made = await jane.post('/v1/auth/organization/create', { name: 'Linen & Co' });
    expect(made.statusCode).toBe(200);
    const me = (await jane.get('/v1/me')).json<Me>();
    expect(me).toMatchObject({ email: 'jane@example.test', mustChangePassword: false, active: { orgName: 'Linen & Co', role: 'owner' } });
    expect((await jane.get('/v1/organization')).json()).toMatchObject({
      id: me.active?.orgId,
      currency: 'EUR',
      storeOrigins: [],
      encoderGraceSec: 120,
    });
  });

  test('the cookie is HttpOnly and SameSite=Lax, and no answer holds the session token', async () => {
    const response = await server.http.inject({
      method: 'POST',
      url: '/v1/auth/sign-up/email',
      payload: { name: 'Kim', email: 'kim@example.test', password: 'long enough password' },
    });
    const cookie = String(response.headers['set-cookie']);
    expect(cookie).toMatch(/insp\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    const token = decodeURIComponent(/session_token=([^;]+)/.exec(cookie)![1]!).split('.')[0]!;
    expect(response.body).not.toContain(token);
  });

  test('a wrong password and an unknown address answer alike', async () => {
    await server.signUp('lee@example.test');
    const tried = async (email: string) => {
      const response = await server.http.inject({
        method: 'POST',
        url: '/v1/auth/sign-in/email',
        payload: { email, password: 'not the password' },
      });
      const { requestId: _, ...problem } = response.json();
      return problem;
    };
    const wrong = await tried('lee@example.test');
    expect(wrong).toMatchObject({ status: 401, code: 'INSP_ACCOUNTS_CREDENTIALS_INVALID' });
    expect(await tried('nobody@example.test')).toEqual(wrong);
  });

  test('an address is taken once, a short password is refused, unknown fields are refused', async () => {
    await server.signUp('max@example.test');
    const again = (payload: object) =>
      server.http.inject({
        method: 'POST',
        url: '/v1/auth/sign-up/email',
        payload: { name: 'M', email: 'max@example.test', password: 'long enough password', ...payload },
      });
    expect(codeOf(await again({}))).toBe('INSP_ACCOUNTS_EMAIL_TAKEN');
    expect(codeOf(await again({ email: 'm2@example.test', password: 'x'.repeat(PASSWORD_MIN_LENGTH - 1) }))).toBe(
      'INSP_ACCOUNTS_PASSWORD_UNFIT',
    );
    expect((await again({ email: 'm3@example.test', password: 'x'.repeat(PASSWORD_MIN_LENGTH) })).statusCode).toBe(200);
    expect(codeOf(await again({ email: 'm4@example.test', mustChangePassword: false }))).toBe('INSP_HTTP_INVALID_BODY');
  });

  test('signing out ends the session; an ended session says so', async () => {
    const nia = await server.signUp('nia@example.test');
    expect((await nia.get('/v1/me')).statusCode).toBe(200);
    expect((await nia.post('/v1/auth/sign-out')).statusCode).toBe(200);
    expect(codeOf(await nia.get('/v1/me'))).toBe('INSP_ACCOUNTS_SESSION_EXPIRED');
    expect(codeOf(await server.http.inject({ url: '/v1/me' }))).toBe('INSP_ACCOUNTS_SIGN_IN_REQUIRED');
  });

  test('a session past its end is expired', async () => {
    const ola = await server.signUp('ola@example.test');
    await db.database.query("UPDATE auth_session SET expires_at = now() - interval '1 second' WHERE user_id = $1", [ola.userId]);
    expect(codeOf(await ola.get('/v1/me'))).toBe('INSP_ACCOUNTS_SESSION_EXPIRED');
  });

  test('the sixth try for one account within a minute waits, from there only, and goes again later', async () => {
    await server.signUp('pat@example.test');
    server.clock.advance(10 * 60_000);
    const attempt = (remoteAddress: string, password = 'wrong password') =>
      server.http.inject({
        method: 'POST',
        url: '/v1/auth/sign-in/email',
        remoteAddress,
        payload: { email: 'pat@example.test', password },
      });
    for (let i = 0; i < TRIES_PER_ACCOUNT; i += 1) expect((await attempt('192.0.2.1')).statusCode).toBe(401);
    const held = await attempt('192.0.2.1', 'long enough password');
    expect([held.statusCode, codeOf(held)]).toEqual([429, 'INSP_ACCOUNTS_TOO_MANY_ATTEMPTS']);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await attempt('192.0.2.2', 'long enough password')).statusCode).toBe(200);
    server.clock.advance(60_000);
    expect((await attempt('192.0.2.1', 'long enough password')).statusCode).toBe(200);
  });

  test('endpoints of better-auth that the table does not name are not there', async () => {
    const owner = await server.owner('Closed');
    for (const path of ['get-session', 'list-sessions', 'organization/list', 'organization/get-full-organization', 'api-key/list', 'ok']) {
      expect([path, codeOf(await owner.get(`/v1/auth/${path}`))]).toEqual([path, 'INSP_HTTP_NOT_FOUND']);
    }
    for (const path of [
      'update-user',
      'delete-user',
      'organization/delete',
      'organization/invite-member',
      'api-key/create',
      'change-email',
    ]) {
      expect([path, codeOf(await owner.post(`/v1/auth/${path}`, {}))]).toEqual([path, 'INSP_HTTP_NOT_FOUND']);
    }
  });
});

describe('the first owner', () => {
  test('gets a one-time password once, must replace it, and can be given another', async () => {
    const fresh = await createTestDatabase();
    const first = await createTestServer(fresh.database);
    const made = await first.accounts.ensureFirstOwner({ orgName: 'Demo', email: 'Owner@insp.localhost' });
    expect(made).toMatchObject({ email: 'owner@insp.localhost', oneTimePassword: expect.stringMatching(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/) });
    expect(await first.accounts.ensureFirstOwner({ orgName: 'Demo', email: 'owner@insp.localhost' })).toBeNull();

    const owner = await first.signIn(made!.email, made!.oneTimePassword);
    expect((await owner.get('/v1/me')).json()).toMatchObject({ mustChangePassword: true, active: { orgName: 'Demo', role: 'owner' } });
    expect(codeOf(await owner.get('/v1/organization'))).toBe('INSP_ACCOUNTS_PASSWORD_CHANGE_REQUIRED');
    const wrong = await owner.post('/v1/auth/change-password', { currentPassword: 'not it, sorry', newPassword: 'my own password' });
    expect(codeOf(wrong)).toBe('INSP_ACCOUNTS_CREDENTIALS_INVALID');
    expect((await owner.get('/v1/me')).json()).toMatchObject({ mustChangePassword: true });
    expect(
      (await owner.post('/v1/auth/change-password', { currentPassword: made!.oneTimePassword, newPassword: 'my own password' })).statusCode,
    ).toBe(200);
    expect((await owner.get('/v1/organization')).statusCode).toBe(200);

    const reset = await first.accounts.resetPassword('owner@insp.localhost');
    expect(codeOf(await owner.get('/v1/organization'))).toBe('INSP_ACCOUNTS_SESSION_EXPIRED');
    expect((await first.signIn(reset!.email, reset!.oneTimePassword)).userId).toBe(owner.userId);
    expect(await first.accounts.resetPassword('nobody@insp.localhost')).toBeNull();
    await first.http.close();
    await fresh.drop();
  });

  test('a first start that was cut before the organization is completed by the next', async () => {
    const fresh = await createTestDatabase();
    const first = await createTestServer(fresh.database);
    await first.signUp('owner@insp.localhost');
    const made = await first.accounts.ensureFirstOwner({ orgName: 'Demo', email: 'owner@insp.localhost' });
    expect((await (await first.signIn(made!.email, made!.oneTimePassword)).get('/v1/me')).json()).toMatchObject({
      active: { orgName: 'Demo' },
    });
    await first.http.close();
    await fresh.drop();
  });
});

describe('members and invitations', () => {
  test('an invited person joins with the invited role; the link serves nobody else, and once', async () => {
    const owner = await server.owner('Inviting');
    const invited = await owner.post('/v1/organization/invitations', { email: 'Mod@example.test', role: 'moderator' });
    expect(invited.statusCode).toBe(201);
    const { id, link } = invited.json<{ id: string; link: string }>();
    expect(link).toBe(`http://localhost:4600/console/invitations/${id}`);
    expect(server.mails.at(-1)).toMatchObject({ to: 'mod@example.test', text: expect.stringContaining(link) });

    const stranger = await server.signUp('stranger@example.test');
    expect(codeOf(await stranger.get(`/v1/me/invitations/${id}`))).toBe('INSP_ACCOUNTS_INVITATION_INVALID');
    expect(codeOf(await stranger.post('/v1/auth/organization/accept-invitation', { invitationId: id }))).toBe(
      'INSP_ACCOUNTS_INVITATION_INVALID',
    );

    const mod = await server.signUp('mod@example.test');
    expect((await mod.get(`/v1/me/invitations/${id}`)).json()).toMatchObject({ orgName: 'Inviting', role: 'moderator' });
    expect((await mod.post('/v1/auth/organization/accept-invitation', { invitationId: id })).statusCode).toBe(200);
    expect((await mod.get('/v1/me')).json()).toMatchObject({ active: { orgName: 'Inviting', role: 'moderator' } });
    expect(codeOf(await mod.post('/v1/auth/organization/accept-invitation', { invitationId: id }))).toBe(
      'INSP_ACCOUNTS_INVITATION_INVALID',
    );
    expect(codeOf(await owner.post('/v1/organization/invitations', { email: 'mod@example.test', role: 'host' }))).toBe(
      'INSP_ACCOUNTS_ALREADY_MEMBER',
    );
  });

  test('an invitation can be taken back', async () => {
    const owner = await server.owner('Retracting');
    const { id } = (await owner.post('/v1/organization/invitations', { email: 'late@example.test', role: 'host' })).json<{ id: string }>();
    expect((await owner.get('/v1/organization/invitations')).json().data).toHaveLength(1);
    expect((await owner.delete(`/v1/organization/invitations/${id}`)).statusCode).toBe(204);
    expect(codeOf(await owner.delete(`/v1/organization/invitations/${id}`))).toBe('INSP_ACCOUNTS_INVITATION_INVALID');
    const late = await server.signUp('late@example.test');
    expect(codeOf(await late.post('/v1/auth/organization/accept-invitation', { invitationId: id }))).toBe(
      'INSP_ACCOUNTS_INVITATION_INVALID',
    );
  });

  test('roles change, members leave, but the last owner stays', async () => {
    const owner = await server.owner('Owned');
    const analyst = await server.member(owner, 'analyst');
    const url = (userId: string) => `/v1/organization/members/${userId}`;
    expect(codeOf(await owner.patch(url(owner.userId), { role: 'host' }))).toBe('INSP_ACCOUNTS_LAST_OWNER');
    expect(codeOf(await owner.delete(url(owner.userId)))).toBe('INSP_ACCOUNTS_LAST_OWNER');
    expect((await owner.patch(url(analyst.userId), { role: 'owner' })).statusCode).toBe(204);
    expect(codeOf(await owner.delete(url('usr_nobody')))).toBe('INSP_ACCOUNTS_MEMBER_NOT_FOUND');
    // Two owners remove each other at once: one of them stays.
    const both = await Promise.all([owner.delete(url(analyst.userId)), analyst.delete(url(owner.userId))]);
    expect(both.map((response) => response.statusCode).filter((status) => status === 204)).toHaveLength(1);
  });

  test('registration by invitation lets in the first person and the invited only', async () => {
    const fresh = await createTestDatabase();
    const closed = await createTestServer(fresh.database, { registration: 'invited' });
    const owner = await closed.owner('Closed shop');
    const register = (email: string) =>
      closed.http.inject({
        method: 'POST',
        url: '/v1/auth/sign-up/email',
        payload: { name: 'X', email, password: 'long enough password' },
      });
    expect(codeOf(await register('walkin@example.test'))).toBe('INSP_ACCOUNTS_REGISTRATION_CLOSED');
    await owner.post('/v1/organization/invitations', { email: 'guest@example.test', role: 'host' });
    expect((await register('guest@example.test')).statusCode).toBe(200);
    await closed.http.close();
    await fresh.drop();
  });

  test('a person of two organizations chooses, and none of a stranger', async () => {
    const here = await server.owner('Here');
    const there = await server.owner('There');
    const { id } = (await there.post('/v1/organization/invitations', { email: here.email, role: 'producer' })).json<{ id: string }>();
    await here.post('/v1/auth/organization/accept-invitation', { invitationId: id });
    expect((await here.get('/v1/me')).json()).toMatchObject({
      active: { orgName: 'There', role: 'producer' },
      organizations: [{ name: 'Here' }, { name: 'There' }],
    });
    expect((await here.post('/v1/me/active-organization', { organizationId: here.orgId })).statusCode).toBe(204);
    expect((await here.get('/v1/me')).json()).toMatchObject({ active: { orgName: 'Here', role: 'owner' } });
    const stranger = await server.owner('Stranger');
    expect(codeOf(await here.post('/v1/me/active-organization', { organizationId: stranger.orgId }))).toBe('INSP_ACCOUNTS_NO_ORGANIZATION');
  });
});

describe('API keys', () => {
  test('carry the role they were made with, are shown once, and end when revoked', async () => {
    const owner = await server.owner('Keyed');
    const made = await owner.post('/v1/organization/api-keys', { name: 'feed', role: 'analyst' });
    expect(made.statusCode).toBe(201);
    const { key, id } = made.json<{ key: string; id: string }>();
    const call = (method: 'GET' | 'PATCH' | 'POST', url: string, payload?: object) =>
      server.http.inject({ method, url, payload, headers: { authorization: `Bearer ${key}` } });
    expect((await call('GET', '/v1/organization')).json()).toMatchObject({ id: owner.orgId });
    expect(codeOf(await call('PATCH', '/v1/organization', { name: 'Mine now' }))).toBe('INSP_ACCOUNTS_FORBIDDEN');
    const listed = (await owner.get('/v1/organization/api-keys')).json<{ data: object[] }>().data;
    expect(listed).toMatchObject([{ id, name: 'feed', role: 'analyst', lastUsedAt: expect.any(Number) }]);
    expect(JSON.stringify(listed)).not.toContain(key);
    expect((await owner.delete(`/v1/organization/api-keys/${id}`)).statusCode).toBe(204);
    expect(codeOf(await call('GET', '/v1/organization'))).toBe('INSP_ACCOUNTS_API_KEY_INVALID');
    expect(codeOf(await owner.delete(`/v1/organization/api-keys/${id}`))).toBe('INSP_ACCOUNTS_API_KEY_NOT_FOUND');
  });

  test('an organization has as many keys as the limit says, and one that runs out is refused', async () => {
    const owner = await server.owner('Many keys');
    const make = () => owner.post('/v1/organization/api-keys', { name: 'one of many', role: 'analyst', expiresInDays: 1 });
    const { key } = (await make()).json<{ key: string }>();
    await db.database.query(
      `INSERT INTO api_key (id, config_id, organization_id, key, enabled, created_at, updated_at)
       SELECT 'filler' || n, 'default', $1, 'filler' || n, true, now(), now() FROM generate_series(1, $2) n`,
      [owner.orgId, LIMITS.apiKeysPerOrg - 2],
    );
    expect((await make()).statusCode).toBe(201);
    expect(codeOf(await make())).toBe('INSP_ACCOUNTS_TOO_MANY_API_KEYS');
    const call = () => server.http.inject({ url: '/v1/organization', headers: { authorization: `Bearer ${key}` } });
    expect((await call()).statusCode).toBe(200);
    await db.database.query("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE organization_id = $1", [owner.orgId]);
    expect(codeOf(await call())).toBe('INSP_ACCOUNTS_API_KEY_INVALID');
  });

  test('even an owner key makes no keys, members or secrets', async () => {
    const owner = await server.owner('Own key');
    const { key } = (await owner.post('/v1/organization/api-keys', { name: 'all', role: 'owner', expiresInDays: 1 })).json<{
      key: string;
    }>();
    const post = (url: string, payload: object) =>
      server.http.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${key}` } });
    expect(codeOf(await post('/v1/organization/api-keys', { name: 'more', role: 'owner' }))).toBe('INSP_ACCOUNTS_PERSON_REQUIRED');
    expect(codeOf(await post('/v1/organization/invitations', { email: 'x@example.test', role: 'owner' }))).toBe(
      'INSP_ACCOUNTS_PERSON_REQUIRED',
    );
    expect(codeOf(await post('/v1/organization/secrets/order_webhook/rotate', {}))).toBe('INSP_ACCOUNTS_PERSON_REQUIRED');
    expect(codeOf(await server.http.inject({ url: '/v1/organization', headers: { authorization: 'Bearer insp_nonsense' } }))).toBe(
      'INSP_ACCOUNTS_API_KEY_INVALID',
    );
    expect(codeOf(await server.http.inject({ url: '/v1/organization', headers: { authorization: 'Basic abc' } }))).toBe(
      'INSP_ACCOUNTS_API_KEY_INVALID',
    );
  });
});

describe('settings and secrets', () => {
  test('settings change field by field; wrong ones are refused with their place', async () => {
    const owner = await server.owner('Set');
    const changed = await owner.patch('/v1/organization', { currency: 'USD', storeOrigins: ['https://shop.example'], encoderGraceSec: 10 });
    expect(changed.json()).toMatchObject({
      name: 'Set',
      currency: 'USD',
      storeOrigins: ['https://shop.example'],
      encoderGraceSec: 10,
      locale: 'en',
    });
    expect((await server.accounts.organizationSettings(owner.orgId))?.currency).toBe('USD');
    const wrong = await owner.patch('/v1/organization', { encoderGraceSec: 9, storeOrigins: ['https://shop.example/path'] });
    expect(
      wrong
        .json()
        .errors.map((fault: { pointer: string }) => fault.pointer)
        .sort(),
    ).toEqual(['/encoderGraceSec', '/storeOrigins/0']);
    expect(codeOf(await owner.patch('/v1/organization', { id: 'org_other' }))).toBe('INSP_HTTP_INVALID_BODY');
    expect(await server.accounts.organizationSettings('org_none')).toBeNull();
  });

  test('a secret is made once, rests sealed, and its forerunner stays valid for a day after rotation', async () => {
    const owner = await server.owner('Secretive');
    const first = await server.accounts.secret(owner.orgId, 'order_webhook');
    expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await server.accounts.secret(owner.orgId, 'order_webhook')).toBe(first);
    expect(await server.accounts.secret(owner.orgId, 'viewer_token')).not.toBe(first);
    const rows = await db.database.query<{ sealed: Buffer }>('SELECT sealed FROM organization_secret');
    expect(rows.some((row) => row.sealed.includes('whsec_'))).toBe(false);

    const { secret } = (await owner.post('/v1/organization/secrets/order_webhook/rotate')).json<{ secret: string }>();
    expect(await server.accounts.acceptedSecrets(owner.orgId, 'order_webhook')).toEqual([secret, first]);
    server.clock.advance(FORMER_SECRET_TTL_MS);
    expect(await server.accounts.acceptedSecrets(owner.orgId, 'order_webhook')).toEqual([secret]);
    expect((await owner.post('/v1/organization/secrets/viewer_id/rotate')).statusCode).toBe(400);
  });

  test('a sealed secret moved to another organization does not open', async () => {
    const [one, two] = [await server.owner('One'), await server.owner('Two')];
    await server.accounts.secret(one.orgId, 'show_token');
    await db.database.query(
      'INSERT INTO organization_secret (org_id, name, sealed) SELECT $2, name, sealed FROM organization_secret WHERE org_id = $1',
      [one.orgId, two.orgId],
    );
    await expect(server.accounts.secret(two.orgId, 'show_token')).rejects.toThrow();
  });
});

test.each(ROLES)('the role %s sees itself in /v1/me with its permissions', async (role: Role) => {
  const owner = await server.owner(`Roles ${role}`);
  const member = role === 'owner' ? owner : await server.member(owner, role);
  expect((await member.get('/v1/me')).json().active).toMatchObject({ role, permissions: expect.arrayContaining(['show.read']) });
});
