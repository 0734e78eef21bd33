// Shows over HTTP, with the real event log, accounts and database; the encoder is played.
import type { ErrorCode, Show, ShowId, StreamKey } from '@insp/protocol';
import { LIMITS, ROLES } from '@insp/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Commerce, createCommerce, productRow, variantRow } from '../../../test-support/commerce-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';
import { REOPEN_WINDOW_MS, ROOM_OPENS_BEFORE_MS } from './show-state.ts';

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

type Answer = { statusCode: number; json(): unknown };
const codeOf = (answer: Answer) => (answer.json() as { code?: ErrorCode }).code;
const command = (show: { id: string }, name: string, by = owner) => by.post(`/v1/shows/${show.id}/commands`, { command: name });
const factsOf = (showId: string, name: string) => commerce.facts.filter((fact) => fact.showId === showId && fact.name === name);
const stateOf = async (showId: string) => ((await owner.get(`/v1/shows/${showId}`)).json() as Show).state;
const changesOf = (showId: string) => commerce.changes.filter((change) => change.showId === showId);

describe('planning', () => {
  test('a show is created as a draft, read, edited and listed newest first with a cursor', async () => {
    const first = (await owner.post('/v1/shows', { title: '  One ' })).json<Show>();
    expect(first).toMatchObject({
      title: 'One',
      state: 'draft',
      version: 1,
      scheduledAt: null,
      lineUp: [],
      isSimulated: false,
      previewPlaylistUrl: null,
    });
    const second = (await owner.post('/v1/shows', { title: 'Two', isSimulated: true })).json<Show>();
    expect(second.isSimulated).toBe(true);
    const edited = await owner.patch(`/v1/shows/${first.id}`, { title: 'One more', scheduledAt: 5 });
    expect(edited.json()).toMatchObject({ title: 'One more', scheduledAt: 5, version: 2 });
    expect(edited.headers.etag).toBe('"2"');
    const page = (await owner.get('/v1/shows?limit=1')).json<{ data: Show[]; nextCursor: string }>();
    expect(page.data.map(({ id }) => id)).toEqual([second.id]);
    const rest = (await owner.get(`/v1/shows?limit=1&cursor=${page.nextCursor}`)).json<{ data: Show[]; nextCursor: null }>();
    expect([rest.data.map(({ id }) => id), rest.nextCursor]).toEqual([[first.id], null]);
    expect((await owner.get('/v1/shows?state=live')).json<{ data: Show[] }>().data).toEqual([]);
  });

  test('who sends an old version is refused, with and without quotes', async () => {
    const show = await commerce.show(owner, 'draft');
    const patch = (version: string) =>
      commerce.http.inject({
        method: 'PATCH',
        url: `/v1/shows/${show.id}`,
        payload: { title: 'x' },
        headers: { cookie: owner.cookie, 'if-match': version },
      });
    expect((await patch(`"${show.version}"`)).statusCode).toBe(200);
    expect(codeOf(await patch(String(show.version)))).toBe('INSP_SHOWS_CHANGED_MEANWHILE');
    expect((await patch(`W/"${show.version + 1}"`)).statusCode).toBe(200);
    expect(codeOf(await patch('soon'))).toBe('INSP_HTTP_INVALID_BODY');
  });

  test('the start time of a scheduled show can be moved, not removed', async () => {
    const show = await commerce.show(owner, 'scheduled');
    expect(codeOf(await owner.patch(`/v1/shows/${show.id}`, { scheduledAt: null }))).toBe('INSP_SHOWS_TRANSITION_REFUSED');
    expect((await owner.patch(`/v1/shows/${show.id}`, { scheduledAt: show.scheduledAt! + 1 })).statusCode).toBe(200);
  });

  test('the line-up takes own products once each, up to the limit', async () => {
    const [mug, sock] = await commerce.products(owner, 'mug', 'sock');
    const show = await commerce.show(owner, 'draft', [mug!, sock!]);
    expect(show.lineUp.map(({ productId }) => productId)).toEqual([mug!.id, sock!.id]);
    const put = (items: unknown[]) => owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items });
    expect(codeOf(await put([mug, mug].map((product) => ({ productId: product!.id, note: '' }))))).toBe('INSP_HTTP_INVALID_BODY');
    const stranger = await commerce.shop();
    const [foreign] = await commerce.products(stranger, 'mug');
    expect(codeOf(await put([{ productId: foreign!.id, note: '' }]))).toBe('INSP_CATALOG_PRODUCT_NOT_FOUND');

    const rows = Array.from({ length: LIMITS.productsPerShow + 1 }, (_, index) => productRow(`many-${index}`));
    await owner.post('/v1/products/import', { products: rows });
    const ids = [
      ...(
        await commerce.catalog.idsOf(
          owner.orgId,
          rows.map(({ externalId }) => externalId),
        )
      ).values(),
    ];
    const items = ids.map((productId) => ({ productId, note: '' }));
    expect(codeOf(await put(items))).toBe('INSP_SHOWS_TOO_MANY_PRODUCTS');
    const full = (await put(items.slice(1))).json<Show>();
    expect(full.lineUp).toHaveLength(LIMITS.productsPerShow);
    expect(factsOf(show.id, 'shows.line_up_changed')).toHaveLength(2);
    expect(changesOf(show.id).at(-1)).toMatchObject({ type: 'products_changed' });
  });

  test('[LC9] a copy carries the plan and nothing else', async () => {
    const products = await commerce.products(owner, 'mug', 'sock');
    const show = await commerce.show(owner, 'ended', products);
    await owner.post(`/v1/shows/${show.id}/stream-key`);
    const copy = (await owner.post(`/v1/shows/${show.id}/duplicate`)).json<Show>();
    expect(copy).toMatchObject({ title: show.title, state: 'draft', version: 1, lineUp: show.lineUp });
    expect(copy).toMatchObject({ streamKeyLastFour: null, liveAt: null, endedAt: null, scheduledAt: null, highlights: [] });
    expect((await owner.get(`/v1/shows/${copy.id}/transitions`)).json()).toEqual({ data: [], nextCursor: null });
  });

  test('the checklist fills itself', async () => {
    const products = await commerce.products(owner, 'mug');
    const show = (await owner.post('/v1/shows', { title: 'Checklist' })).json<Show>();
    const done = async () => {
      const { data } = (await owner.get(`/v1/shows/${show.id}/readiness`)).json<{
        data: { key: string; isDone: boolean; detail: string }[];
      }>();
      expect(data.every(({ detail }) => detail.length > 0)).toBe(true);
      return data.filter(({ isDone }) => isDone).map(({ key }) => key);
    };
    expect(await done()).toEqual([]);
    await owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items: [{ productId: products[0]!.id, note: 'first' }] });
    await owner.patch(`/v1/shows/${show.id}`, { scheduledAt: commerce.clock.nowMs() + 3_600_000 });
    expect(await done()).toEqual(['products', 'schedule']);
    await command(show, 'schedule');
    await commerce.shows.encoderStarted(show.id);
    expect(await done()).toEqual(['picture_source', 'products', 'schedule', 'page_published']);
  });
});

describe('running', () => {
  test('[LC1] a show goes its way; every step keeps who, when and why, as row and as fact', async () => {
    const show = await commerce.show(owner, 'waiting');
    expect(codeOf(await command(show, 'go_live'))).toBe('INSP_SHOWS_NOT_READY');
    commerce.pictures.add(show.id);
    for (const name of ['go_live', 'pause', 'resume']) expect((await command(show, name)).statusCode).toBe(200);
    const ended = await owner.post(`/v1/shows/${show.id}/commands`, { command: 'end', reason: 'sold out' });
    expect(ended.json()).toMatchObject({ state: 'ended', liveAt: commerce.clock.nowMs(), endedAt: commerce.clock.nowMs() });
    const { data } = (await owner.get(`/v1/shows/${show.id}/transitions`)).json<{ data: { from: string; to: string }[] }>();
    expect(data.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'draft>scheduled',
      'scheduled>waiting',
      'waiting>live',
      'live>paused',
      'paused>live',
      'live>ended',
    ]);
    expect(data.at(-1)).toEqual({
      from: 'live',
      to: 'ended',
      cause: 'end',
      reason: 'sold out',
      actor: 'Test Person',
      occurredAt: commerce.clock.nowMs(),
    });
    const facts = factsOf(show.id, 'shows.state_changed');
    expect(facts).toHaveLength(6);
    expect(facts.at(-1)).toMatchObject({
      actor: { kind: 'member', id: owner.userId },
      payload: { from: 'live', to: 'ended', cause: 'end', reason: 'sold out' },
    });
    expect(codeOf(await command(show, 'go_live'))).toBe('INSP_SHOWS_TRANSITION_REFUSED');
    const firstPage = (await owner.get(`/v1/shows/${show.id}/transitions?limit=5`)).json<{ data: unknown[]; nextCursor: string }>();
    const secondPage = (await owner.get(`/v1/shows/${show.id}/transitions?limit=5&cursor=${firstPage.nextCursor}`)).json<{
      data: unknown[];
    }>();
    expect([firstPage.data.length, secondPage.data.length]).toEqual([5, 1]);
  });

  test('two commands at once: one of them wins', async () => {
    const show = await commerce.show(owner, 'live');
    const answers = await Promise.all(['end', 'end', 'end'].map((name) => command(show, name)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    expect(factsOf(show.id, 'shows.state_changed')).toHaveLength(4);
  });

  test('the room learns of a move with the playlist, only while on air', async () => {
    const show = await commerce.show(owner, 'live');
    const live = changesOf(show.id).at(-1);
    expect(live).toMatchObject({
      type: 'show_state_changed',
      orgId: owner.orgId,
      data: { from: 'waiting', to: 'live', graceEndsAt: null },
    });
    expect(live?.type === 'show_state_changed' && live.data.playlistUrl).toMatch(/^http:\/\/localhost:4600\/live\/[\w-]{22}\/index\.m3u8$/);
    await command(show, 'end');
    expect(changesOf(show.id).at(-1)).toMatchObject({ data: { to: 'ended', playlistUrl: null } });
  });

  test('[LC8] reopening within two hours keeps the address; without an encoder it starts with the grace', async () => {
    const show = await commerce.show(owner, 'live');
    const before = (await commerce.shows.room(show.id))?.playlistUrl;
    await command(show, 'end');
    const with_ = (await command(show, 'reopen')).json<Show>();
    expect([with_.state, with_.liveAt, with_.endedAt]).toEqual(['live', show.liveAt, null]);
    await command(show, 'end');
    commerce.pictures.delete(show.id);
    const without = (await command(show, 'reopen')).json<Show>();
    expect([without.state, without.graceEndsAt]).toEqual(['encoder_lost', commerce.clock.nowMs() + 120_000]);
    expect((await commerce.shows.room(show.id))?.playlistUrl).toBe(before);
    await command(show, 'end');
    commerce.clock.jump(REOPEN_WINDOW_MS + 1);
    expect(codeOf(await command(show, 'reopen'))).toBe('INSP_SHOWS_NOT_READY');
  });

  test('roles: planning and running are different rights, and reading is not writing', async () => {
    const show = await commerce.show(owner, 'scheduled');
    const allowed: Record<string, string[]> = { open: [], cancel: [] };
    for (const role of ROLES.filter((each) => each !== 'owner')) {
      const member = await commerce.server.member(owner, role);
      for (const name of ['open', 'cancel']) {
        const own = await commerce.show(owner, 'scheduled');
        const answer = await command(own, name, member);
        if (answer.statusCode === 200) allowed[name]?.push(role);
        else expect(codeOf(answer)).toBe('INSP_ACCOUNTS_FORBIDDEN');
      }
      if (role === 'moderator') expect(codeOf(await member.post(`/v1/shows/${show.id}/stream-key`))).toBe('INSP_ACCOUNTS_FORBIDDEN');
    }
    expect(allowed).toEqual({ open: ['producer', 'host'], cancel: ['producer'] });
  });

  test('a show of another organization is not there, on every route', async () => {
    const [mug] = await commerce.products(owner, 'mug');
    const show = await commerce.show(owner, 'live', [mug!]);
    const highlight = (await owner.post(`/v1/shows/${show.id}/highlights`, { productId: mug!.id })).json<{ id: string }>();
    const stranger = await commerce.shop();
    const at = `/v1/shows/${show.id}`;
    const answers = [
      await stranger.get(at),
      await stranger.patch(at, { title: 'mine' }),
      await stranger.call('PUT', `${at}/line-up`, { items: [] }),
      await stranger.post(`${at}/commands`, { command: 'end' }),
      await stranger.post(`${at}/duplicate`),
      await stranger.post(`${at}/highlights`, { productId: mug!.id }),
      await stranger.delete(`${at}/highlights/${highlight.id}`),
      await stranger.post(`${at}/stream-key`),
      await stranger.post(`${at}/backup-stream-key`),
      await stranger.post(`${at}/ingest-source`, { source: 'primary' }),
      await stranger.get(`${at}/readiness`),
      await stranger.get(`${at}/transitions`),
      await stranger.get(`${at}/orders`),
      await stranger.post(`${at}/console-sessions`),
    ];
    expect(answers.map((answer) => [answer.statusCode, codeOf(answer)])).toEqual(answers.map(() => [404, 'INSP_SHOWS_NOT_FOUND']));
    expect(await stateOf(show.id)).toBe('live');
    expect(codeOf(await owner.get('/v1/shows/shw_00000000000000000000000000000000'))).toBe('INSP_SHOWS_NOT_FOUND');
  });
});

describe('what is on display', () => {
  test('up to three, idempotent, only from the line-up, taken off at the end', async () => {
    const products = await commerce.products(owner, 'a', 'b', 'c', 'd', 'e');
    const show = await commerce.show(owner, 'live', products.slice(0, 4));
    const start = (index: number) => owner.post(`/v1/shows/${show.id}/highlights`, { productId: products[index]!.id });
    const first = (await start(0)).json<{ id: string }>();
    expect((await start(0)).json()).toEqual(first);
    await start(1);
    await start(2);
    expect(codeOf(await start(3))).toBe('INSP_SHOWS_TOO_MANY_HIGHLIGHTS');
    expect(codeOf(await start(4))).toBe('INSP_SHOWS_PRODUCT_NOT_IN_LINE_UP');
    expect((await owner.delete(`/v1/shows/${show.id}/highlights/${first.id}`)).statusCode).toBe(204);
    expect(codeOf(await owner.delete(`/v1/shows/${show.id}/highlights/${first.id}`))).toBe('INSP_SHOWS_HIGHLIGHT_NOT_FOUND');
    await start(3);
    const on = ((await owner.get(`/v1/shows/${show.id}`)).json() as Show).highlights.map(({ productId }) => productId);
    expect(on).toEqual([1, 2, 3].map((index) => products[index]!.id));
    await command(show, 'end');
    expect(((await owner.get(`/v1/shows/${show.id}`)).json() as Show).highlights).toEqual([]);
    expect(factsOf(show.id, 'shows.highlight_started')).toHaveLength(4);
    expect(factsOf(show.id, 'shows.highlight_ended').map((fact) => fact.payload)).toEqual([
      { reason: 'hidden' },
      ...[1, 2, 3].map(() => ({ reason: 'show ended' })),
    ]);
    expect(codeOf(await start(0))).toBe('INSP_SHOWS_TRANSITION_REFUSED');
  });

  test('a double tap from two phones starts one', async () => {
    const products = await commerce.products(owner, 'a');
    const show = await commerce.show(owner, 'live', products);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => owner.post(`/v1/shows/${show.id}/highlights`, { productId: products[0]!.id })),
    );
    expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(1);
    expect(factsOf(show.id, 'shows.highlight_started')).toHaveLength(1);
  });

  test('what leaves the line-up leaves the display', async () => {
    const products = await commerce.products(owner, 'a', 'b');
    const show = await commerce.show(owner, 'live', products);
    await owner.post(`/v1/shows/${show.id}/highlights`, { productId: products[0]!.id });
    const after = await owner.call('PUT', `/v1/shows/${show.id}/line-up`, { items: [{ productId: products[1]!.id, note: '' }] });
    expect(after.json()).toMatchObject({ highlights: [] });
    expect(factsOf(show.id, 'shows.highlight_ended')).toMatchObject([{ payload: { reason: 'left the line-up' } }]);
  });

  test('[PR8] new stock reaches the rooms that show the product', async () => {
    const [product] = await commerce.products(owner, 'scarce');
    const show = await commerce.show(owner, 'live', [product!]);
    await owner.post('/v1/products/stock', { items: [{ sku: 'scarce-m', stockCount: 0 }] });
    await expect
      .poll(() => changesOf(show.id).at(-1))
      .toMatchObject({
        type: 'products_changed',
        data: { products: [{ variants: [{ ...variantRow('scarce-m'), id: expect.any(String), stockCount: 0, isAvailable: false }] }] },
      });
  });
});

describe('video', () => {
  const publish = (key: string) => commerce.shows.authorizePublish(key);
  const keyOf = async (showId: string) =>
    (await owner.post(`/v1/shows/${showId}/stream-key`)).json<{ serverUrl: string; streamKey: string; lastFour: string }>();

  test('[LC5] the backup has a key of its own: kept as a hash, told once, replaced without touching the first', async () => {
    const show = await commerce.show(owner, 'scheduled');
    expect(show.backupKeyLastFour).toBeNull();
    const first = await keyOf(show.id);
    const backupKey = async () => (await owner.post(`/v1/shows/${show.id}/backup-stream-key`)).json<StreamKey>();
    const old = await backupKey();
    expect(old.streamKey).toMatch(/^live_[A-Za-z0-9_-]{43}$/);
    expect(((await owner.get(`/v1/shows/${show.id}`)).json() as Show).backupKeyLastFour).toBe(old.lastFour);
    const rows = await db.database.query('SELECT * FROM show_backup_key WHERE show_id = $1', [show.id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(old.streamKey.slice(5, 40));
    expect(await publish(first.streamKey)).toMatchObject({ ok: true, value: { showId: show.id, source: 'primary' } });
    expect(await publish(old.streamKey)).toMatchObject({ ok: true, value: { showId: show.id, source: 'backup' } });
    const fresh = await backupKey();
    expect(await publish(old.streamKey)).toMatchObject({ code: 'INSP_MEDIA_STREAM_KEY_INVALID' });
    expect(await publish(fresh.streamKey)).toMatchObject({ ok: true, value: { source: 'backup' } });
    expect(await publish(first.streamKey)).toMatchObject({ ok: true, value: { source: 'primary' } });
    expect(commerce.dropped.filter((dropped) => dropped.startsWith(show.id))).toEqual([show.id, `${show.id} backup`, `${show.id} backup`]);
    const copy = (await owner.post(`/v1/shows/${show.id}/duplicate`)).json<Show>();
    expect(copy.backupKeyLastFour).toBeNull();
  });

  test('[LC5] the host puts an encoder on air, and reads why not', async () => {
    const show = await commerce.show(owner, 'waiting');
    const put = (source: string) => owner.post(`/v1/shows/${show.id}/ingest-source`, { source });
    expect(codeOf(await put('primary'))).toBe('INSP_MEDIA_SOURCE_NOT_READY');
    commerce.pictures.add(show.id);
    expect((await put('primary')).statusCode).toBe(204);
    expect(codeOf(await put('third'))).toBe('INSP_HTTP_INVALID_BODY');
  });

  test('[VI1] a key has 256 bits, is told once, kept as a hash, and a new one ends the old', async () => {
    const show = await commerce.show(owner, 'scheduled');
    const old = await keyOf(show.id);
    expect(old).toMatchObject({ serverUrl: 'rtmp://localhost:1935/live', streamKey: expect.stringMatching(/^live_[A-Za-z0-9_-]{43}$/) });
    expect(((await owner.get(`/v1/shows/${show.id}`)).json() as Show).streamKeyLastFour).toBe(old.streamKey.slice(-4));
    const rows = await db.database.query('SELECT * FROM show WHERE id = $1', [show.id]);
    expect(JSON.stringify(rows)).not.toContain(old.streamKey.slice(5, 40));
    expect(await publish(old.streamKey)).toMatchObject({ ok: true, value: { orgId: owner.orgId, showId: show.id, isSimulated: false } });
    const fresh = await keyOf(show.id);
    expect(await publish(old.streamKey)).toMatchObject({ code: 'INSP_MEDIA_STREAM_KEY_INVALID' });
    expect(await publish(fresh.streamKey)).toMatchObject({ ok: true });
    expect(commerce.dropped.filter((id) => id === show.id)).toHaveLength(2);
  });

  test('an encoder may connect from scheduled on, and not after the end', async () => {
    for (const bad of ['', 'live_short', `live_${'A'.repeat(43)}`, `live_${'A'.repeat(44)}`]) {
      expect(await publish(bad)).toMatchObject({ code: 'INSP_MEDIA_STREAM_KEY_INVALID' });
    }
    for (const [state, isOpen] of [
      ['draft', false],
      ['scheduled', true],
      ['waiting', true],
      ['live', true],
      ['ended', false],
    ] as const) {
      const show = await commerce.show(owner, state);
      const outcome = await publish((await keyOf(show.id)).streamKey);
      expect([state, outcome.ok]).toEqual([state, isOpen]);
      if (!outcome.ok) expect(outcome).toMatchObject({ code: 'INSP_MEDIA_SHOW_NOT_OPEN', show: { showId: show.id, orgId: owner.orgId } });
    }
  });

  test('staff see the picture before it is on air, the public does not', async () => {
    const show = await commerce.show(owner, 'waiting');
    commerce.pictures.add(show.id);
    expect(((await owner.get(`/v1/shows/${show.id}`)).json() as Show).previewPlaylistUrl).toMatch(/index\.m3u8$/);
    expect(await commerce.shows.publicShow(show.id, { isStaff: true })).toMatchObject({
      value: { playlistUrl: expect.stringMatching(/index/) },
    });
    expect(await commerce.shows.publicShow(show.id, { isStaff: false })).toMatchObject({ value: { playlistUrl: null } });
  });

  test('what is not published is not there for the public', async () => {
    const draft = await commerce.show(owner, 'draft');
    expect(await commerce.shows.publicShow(draft.id, { isStaff: false })).toMatchObject({ code: 'INSP_SHOWS_NOT_PUBLISHED' });
    expect(await commerce.shows.publicShow(draft.id, { isStaff: true })).toMatchObject({
      value: { title: 'Spring drop', brandName: 'Test organization' },
    });
    expect(await commerce.shows.publicShow('shw_00000000000000000000000000000000', { isStaff: true })).toMatchObject({
      code: 'INSP_SHOWS_NOT_FOUND',
    });
    expect(await commerce.shows.room('shw_00000000000000000000000000000000')).toBeNull();
  });

  test('[LC4] a lost encoder starts the grace of the organization; its return brings back the state it had', async () => {
    await commerce.accounts.updateOrganizationSettings(owner.orgId, { encoderGraceSec: 30 });
    const show = await commerce.show(owner, 'live');
    await command(show, 'pause');
    await commerce.shows.encoderLost(show.id, 'socket closed');
    const lost = (await owner.get(`/v1/shows/${show.id}`)).json<Show>();
    expect([lost.state, lost.graceEndsAt]).toEqual(['encoder_lost', commerce.clock.nowMs() + 30_000]);
    await commerce.shows.encoderLost(show.id, 'again');
    await commerce.shows.encoderStarted(show.id);
    expect(await stateOf(show.id)).toBe('paused');
    await commerce.shows.encoderStarted(show.id);
    const causes = factsOf(show.id, 'shows.state_changed').map((fact) => [fact.actor.kind, (fact.payload as { cause: string }).cause]);
    expect(causes.slice(-2)).toEqual([
      ['encoder', 'encoder_lost'],
      ['encoder', 'encoder_resumed'],
    ]);
  });
});

test('[LC4] losses and returns in quick succession are taken in the order they happened', async () => {
  const show = await commerce.show(owner, 'live');
  const news = [];
  for (let count = 0; count < 5; count += 1) news.push(commerce.shows.encoderLost(show.id, 'blip'), commerce.shows.encoderStarted(show.id));
  await Promise.all(news);
  expect(await stateOf(show.id)).toBe('live');
  const moves = factsOf(show.id, 'shows.state_changed').slice(3);
  expect(moves.map((fact) => (fact.payload as { to: string }).to)).toEqual(
    Array.from({ length: 5 }, () => ['encoder_lost', 'live']).flat(),
  );
});

describe('timers', () => {
  /** Turns the clock on in small steps until it is so: a busy machine may set a timer late, never early. */
  const reach = (showId: string, state: string) =>
    vi.waitFor(
      async () => {
        commerce.clock.advance(1);
        expect(await stateOf(showId)).toBe(state);
      },
      { timeout: 60_000 },
    );
  const settle = () => new Promise((done) => setTimeout(done, 50));

  test('[LC2] the room opens 15 minutes before the start and not a second earlier', async () => {
    await commerce.shows.start();
    const show = await commerce.show(owner, 'scheduled');
    await settle();
    const startsInMs = show.scheduledAt! - commerce.clock.nowMs();
    for (let leftMs = startsInMs - ROOM_OPENS_BEFORE_MS - 1_000; leftMs > 0; leftMs -= 20_000) {
      commerce.clock.advance(Math.min(20_000, leftMs));
      await settle();
    }
    expect(await stateOf(show.id)).toBe('scheduled');
    commerce.clock.advance(1_000);
    await reach(show.id, 'waiting');
    expect(factsOf(show.id, 'shows.state_changed').at(-1)).toMatchObject({ actor: { kind: 'system' } });
    await commerce.shows.stop();
  });

  test('[LC4] the grace ends the show, also after a restart; whoever was on air gets the whole grace then', async () => {
    const lost = await commerce.show(owner, 'live');
    const onAir = await commerce.show(owner, 'live');
    await commerce.shows.encoderLost(lost.id, 'cut');
    for (const id of [lost.id, onAir.id] as ShowId[]) commerce.pictures.delete(id);
    commerce.clock.jump(30_000);
    const { shows } = commerce.restart();
    const restartedAt = commerce.clock.nowMs();
    await shows.start();
    await reach(lost.id, 'ended');
    const after = (await owner.get(`/v1/shows/${onAir.id}`)).json<Show>();
    expect([after.state, after.graceEndsAt]).toEqual(['encoder_lost', restartedAt + 30_000]);
    await settle();
    commerce.clock.advance(restartedAt + 29_999 - commerce.clock.nowMs());
    await settle();
    expect(await stateOf(onAir.id)).toBe('encoder_lost');
    await reach(onAir.id, 'ended');
    const { data } = (await owner.get(`/v1/shows/${onAir.id}/transitions`)).json<{ data: { reason: string }[] }>();
    expect(data.at(-1)?.reason).toBe('The encoder did not come back in time.');

    const returned = await commerce.show(owner, 'live');
    await shows.encoderLost(returned.id, 'the news of the return is lost');
    await settle();
    commerce.clock.advance(30_000);
    await reach(returned.id, 'live');
    await shows.stop();
    expect(commerce.clock.timerCount).toBe(0);
  });
});
