import { SOCKET_CLOSE_CODES } from '@insp/protocol';
import { captureEvents } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { chatLine, createClientFixture, push, type SentRequest, welcome } from '../test-support/client-fixture.ts';
import { BACKOFF_LAST_CEILING_MS } from './backoff.ts';
import { MAX_OUTSTANDING_REQUESTS, REQUEST_TIMEOUT_MS } from './request-queue.ts';
import { MAX_RENEWALS, MAX_WAY_MS, SILENCE_TIMEOUT_MS, STABLE_AFTER_MS, WELCOME_TIMEOUT_MS } from './room-client.ts';

const kinds = (states: { kind: string }[]) => states.map(({ kind }) => kind);
const cut = { channel: 'viewers', epoch: 'e1', offset: 2, recovered: true } as const;

describe('connecting', () => {
  test('nothing happens before start', () => {
    const { client, servers } = createClientFixture();
    expect(client.state).toEqual({ kind: 'idle' });
    expect(servers).toHaveLength(0);
  });

  test('hello carries token and no positions at first; the welcome opens', async () => {
    const room = createClientFixture();
    const server = await room.open({ serverTime: room.clock.nowMs() + 5_000 });
    expect(server.requests[0]).toMatchObject({ v: 1, type: 'hello', data: { token: 'start-1', positions: [] } });
    expect(kinds(room.states)).toEqual(['connecting', 'open']);
    expect(room.client.clockOffsetMs).toBe(5_000);
  });

  test.each([
    [200, 100],
    [2 * MAX_WAY_MS + 500, MAX_WAY_MS],
  ])('the server’s clock is read half a round trip back (%d ms), and no further than a way can take', async (roundTripMs, wayMs) => {
    const room = createClientFixture();
    room.client.start();
    await room.clock.advanceAsync(0);
    const server = room.server();
    server.pair.open();
    server.pair.flushUp();
    await room.clock.advanceAsync(roundTripMs);
    server.say(push('welcome', welcome({ serverTime: room.clock.nowMs() - wayMs + 5_000 })));
    expect(room.client.clockOffsetMs).toBe(5_000);
  });

  test('a server that does not welcome in time is left', async () => {
    const room = createClientFixture();
    room.client.start();
    await room.clock.advanceAsync(WELCOME_TIMEOUT_MS - 1);
    expect(room.client.state.kind).toBe('connecting');
    await room.clock.advanceAsync(1);
    expect(room.client.state).toMatchObject({ kind: 'offline', error: { code: 'INSP_EMBED_UNREACHABLE' } });
  });

  test('without a session it waits and asks again', async () => {
    let isDown = true;
    const room = createClientFixture({
      getSession: async () => {
        if (isDown) throw new Error('offline');
        return { token: 't', socketUrl: 'ws://room', expiresAt: 9e15 };
      },
    });
    room.client.start();
    await room.clock.advanceAsync(0);
    expect(room.client.state.kind).toBe('offline');
    isDown = false;
    (await room.reconnect()).let();
    expect(room.client.state.kind).toBe('open');
  });

  test('waits grow with full jitter up to the ceiling, and start anew after a stable connection', async () => {
    const room = createClientFixture();
    room.client.start();
    const waits: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      await room.clock.advanceAsync(0);
      room.server().pair.refuse();
      const { state } = room.client;
      if (state.kind !== 'offline') throw new Error(state.kind);
      waits.push(state.retryInMs);
      await room.clock.advanceAsync(state.retryInMs);
    }
    expect(Math.max(...waits.slice(0, 1))).toBeLessThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(BACKOFF_LAST_CEILING_MS);
    expect(Math.max(...waits)).toBeGreaterThan(BACKOFF_LAST_CEILING_MS / 2);
    expect(new Set(waits).size).toBeGreaterThan(20);
    await room.clock.advanceAsync(0);
    room.server().let();
    await room.clock.advanceAsync(STABLE_AFTER_MS);
    room.server().pair.cut();
    expect(room.client.state).toMatchObject({ kind: 'offline' });
    expect((room.client.state as { retryInMs: number }).retryInMs).toBeLessThanOrEqual(1_000);
  });

  test('retryNow does not wait', async () => {
    const room = createClientFixture();
    (await room.open()).pair.cut();
    room.client.retryNow();
    await room.clock.advanceAsync(0);
    expect(room.servers).toHaveLength(2);
  });

  test('stop ends all: no timer, no socket, no answer left open', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const waiting = room.client.request('send_reaction', { kind: 'heart', count: 1 });
    room.client.stop();
    expect(await waiting).toMatchObject({ ok: false });
    expect(room.client.state).toEqual({ kind: 'ended', error: null });
    expect(server.pair.isClosed).toBe(true);
    expect(room.clock.timerCount).toBe(0);
    expect(await room.client.request('send_reaction', { kind: 'heart', count: 1 })).toMatchObject({ ok: false });
  });

  test('stop while the session is on its way leaves nothing behind', async () => {
    const room = createClientFixture();
    room.client.start();
    room.client.stop();
    await room.clock.advanceAsync(60_000);
    expect(room.servers).toHaveLength(0);
    expect(room.clock.timerCount).toBe(0);
  });

  test('silence is a cut; an empty frame is a sign of life', async () => {
    const room = createClientFixture();
    const server = await room.open();
    await room.clock.advanceAsync(SILENCE_TIMEOUT_MS - 1);
    server.say();
    await room.clock.advanceAsync(SILENCE_TIMEOUT_MS - 1);
    expect(room.client.state.kind).toBe('open');
    await room.clock.advanceAsync(1);
    expect(room.client.state.kind).toBe('offline');
  });

  test.each(['{"v":1}', 'not json', 'null', '[null]', '[1]'])('a frame that is no list (%s) is a cut', async (text) => {
    const room = createClientFixture();
    (await room.open()).sayText(text);
    expect(room.client.state).toMatchObject({ kind: 'offline', error: { code: 'INSP_REALTIME_FRAME_MALFORMED' } });
  });
});

describe('coming back', () => {
  test('hello names the last position; what follows continues it; no gap is told', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const events = captureEvents<unknown>();
    room.client.on('gap', events.record);
    room.client.on('chat_message_posted', ({ seq }) => events.record(seq));
    server.say(push('chat_message_posted', chatLine(1), 1), push('chat_message_posted', chatLine(2), 2));
    server.pair.cut();
    const next = await room.reconnect();
    const hello = next.let({ positions: [cut] }, push('chat_message_posted', chatLine(3), 3));
    expect(hello.data.positions).toEqual([{ channel: 'viewers', epoch: 'e1', offset: 2 }]);
    expect(events.rest).toEqual([1, 2, 3]);
  });

  test('a past that is lost is told once per channel, and reading goes on from the new position', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const events = captureEvents<unknown>();
    room.client.on('gap', events.record);
    room.client.on('chat_message_posted', ({ seq }) => events.record(seq));
    server.pair.cut();
    (await room.reconnect()).let(
      { positions: [{ channel: 'viewers', epoch: 'e2', offset: 40, recovered: false }] },
      push('chat_message_posted', chatLine(41), 41),
    );
    expect(events.rest).toEqual([{ channel: 'viewers' }, 41]);
  });

  test('a server that claims to recover another epoch is not believed', async () => {
    const room = createClientFixture();
    const events = captureEvents<unknown>();
    room.client.on('gap', events.record);
    (await room.open()).pair.cut();
    (await room.reconnect()).let({ positions: [{ channel: 'viewers', epoch: 'e9', offset: 7, recovered: true }] });
    events.expectNext({ channel: 'viewers' });
    events.expectNothingElse();
  });

  test('a push seen before is dropped; a hole makes the connection anew, at once, from the last good position', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const seen: number[] = [];
    room.client.on('chat_message_posted', ({ seq }) => seen.push(seq));
    const at = (offset: number) => push('chat_message_posted', chatLine(offset), offset);
    server.say(at(1), at(1), at(2), at(5), at(6));
    expect(seen).toEqual([1, 2]);
    expect(room.client.state).toMatchObject({ kind: 'offline', retryInMs: 0 });
    await room.clock.advanceAsync(0);
    expect(room.server().let({ positions: [cut] }).data.positions).toEqual([{ channel: 'viewers', epoch: 'e1', offset: 2 }]);
  });

  test('a socket that was given up says nothing any more', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const seen: number[] = [];
    room.client.on('chat_message_posted', ({ seq }) => seen.push(seq));
    await room.clock.advanceAsync(SILENCE_TIMEOUT_MS);
    server.say(push('chat_message_posted', chatLine(1), 1));
    expect(seen).toEqual([]);
  });
});

describe('sessions', () => {
  test('are renewed over the open socket before they run out', async () => {
    const room = createClientFixture();
    const server = await room.open({ serverTime: room.clock.nowMs() });
    for (let sec = 0; sec < 850; sec += 10) {
      await room.clock.advanceAsync(10_000);
      server.say();
    }
    server.read();
    expect(room.causes).toEqual(['start', 'expired']);
    expect(server.requests.map(({ type, data }) => [type, data.token])).toEqual([
      ['hello', 'start-1'],
      ['hello', 'expired-2'],
    ]);
    expect(kinds(room.states)).toEqual(['connecting', 'open']);
  });

  test.each([
    ['over already', -1_000, 9],
    ['without an end', 9e15, 0],
    ['that tell no end', Number.NaN, 0],
  ])('%s make no storm of renewals', async (_, ttlMs, renewalsPer90Sec) => {
    const room = createClientFixture({
      getSession: async () => ({ token: 't', socketUrl: 'ws://room', expiresAt: room.clock.nowMs() + ttlMs }),
    });
    const server = await room.open({ serverTime: room.clock.nowMs() });
    for (let sec = 0; sec < 90; sec += 10) {
      await room.clock.advanceAsync(10_000);
      server.say();
    }
    expect(room.causes.length - 1).toBe(renewalsPer90Sec);
  });

  test('that are refused as expired are replaced at once', async () => {
    const room = createClientFixture();
    room.client.start();
    await room.clock.advanceAsync(0);
    room.server().pair.open();
    const hello = room.server().read() as SentRequest;
    room.server().refuse(hello.id, 'INSP_EMBED_SESSION_EXPIRED');
    await room.clock.advanceAsync(0);
    room.server().let();
    expect(room.causes).toEqual(['start', 'expired']);
    expect(room.client.state.kind).toBe('open');
  });

  test('that are refused again and again end it', async () => {
    const room = createClientFixture();
    room.client.start();
    await room.clock.advanceAsync(0);
    for (let n = 0; n <= MAX_RENEWALS; n += 1) {
      const server = n === 0 ? room.server() : await room.reconnect();
      server.pair.open();
      server.refuse((server.read() as SentRequest).id, 'INSP_EMBED_SESSION_INVALID');
    }
    expect(room.client.state).toMatchObject({ kind: 'ended', error: { code: 'INSP_EMBED_SESSION_INVALID' } });
  });

  test('an ended session is not started again and says why', async () => {
    const room = createClientFixture();
    const server = await room.open();
    server.say(push('session_ended', { code: 'INSP_CHAT_BANNED', title: '', fix: '' }));
    server.close(SOCKET_CLOSE_CODES.ended);
    await room.clock.advanceAsync(60_000);
    expect(room.client.state).toMatchObject({ kind: 'ended', error: { code: 'INSP_CHAT_BANNED' } });
    expect(room.servers).toHaveLength(1);
  });

  test.each([
    ['too slow', SOCKET_CLOSE_CODES.tooSlow, 'offline'],
    ['going away', SOCKET_CLOSE_CODES.goingAway, 'offline'],
    ['full', SOCKET_CLOSE_CODES.full, 'offline'],
    ['expired', SOCKET_CLOSE_CODES.sessionExpired, 'offline'],
    ['ended', SOCKET_CLOSE_CODES.ended, 'ended'],
    ['protocol broken', SOCKET_CLOSE_CODES.protocolBroken, 'ended'],
  ])('closed as %s (%d) means %s', async (_, code, kind) => {
    const room = createClientFixture();
    (await room.open()).close(code);
    expect(room.client.state.kind).toBe(kind);
  });
});

describe('requests', () => {
  test('are answered by id, refusals are values', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const name = room.client.request('set_display_name', { name: 'Ann' });
    const line = room.client.request('send_chat_message', { key: 'key-0001', text: 'hi' });
    server.read();
    const [, first, second] = server.requests as SentRequest[];
    server.refuse(second?.id as string, 'INSP_CHAT_SLOW_MODE');
    server.ok(first?.id as string, { name: 'Ann' });
    expect(await name).toEqual({ ok: true, data: { name: 'Ann' } });
    expect(await line).toMatchObject({ ok: false, error: { code: 'INSP_CHAT_SLOW_MODE' } });
  });

  test('made while offline go out in order once open', async () => {
    const room = createClientFixture();
    room.client.start();
    void room.client.request('set_display_name', { name: 'a' });
    void room.client.request('set_display_name', { name: 'b' });
    await room.clock.advanceAsync(0);
    room.server().let();
    room.server().read();
    expect(
      room
        .server()
        .requests.slice(1)
        .map(({ data }) => data.name),
    ).toEqual(['a', 'b']);
  });

  test('in flight at a cut: what may be repeated is, a reaction is given up', async () => {
    const room = createClientFixture();
    const server = await room.open();
    const line = room.client.request('send_chat_message', { key: 'key-0001', text: 'hi' });
    const reaction = room.client.request('send_reaction', { kind: 'heart', count: 3 });
    server.read();
    server.pair.cut();
    expect(await reaction).toMatchObject({ ok: false, error: { code: 'INSP_REALTIME_NO_ANSWER' } });
    const next = await room.reconnect();
    next.let();
    next.read();
    const again = next.requests.at(-1) as SentRequest;
    expect(next.requests.map(({ type }) => type)).toEqual(['hello', 'send_chat_message']);
    expect(again.data.key).toBe('key-0001');
    next.ok(again.id, { messageId: 'msg_1', seq: 1 });
    expect(await line).toMatchObject({ ok: true });
  });

  test('without an answer time out, and the connection is suspect', async () => {
    const room = createClientFixture();
    await room.open();
    const waiting = room.client.request('set_display_name', { name: 'Ann' });
    await room.clock.advanceAsync(REQUEST_TIMEOUT_MS);
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'INSP_REALTIME_NO_ANSWER' } });
    expect(room.client.state.kind).toBe('offline');
  });

  test('time out while offline too, without another harm', async () => {
    const room = createClientFixture();
    (await room.open()).pair.cut();
    const waiting = room.client.request('set_display_name', { name: 'Ann' }, { timeoutMs: 500 });
    await room.clock.advanceAsync(500);
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'INSP_REALTIME_NO_ANSWER' } });
  });

  test('wait in a bounded queue', async () => {
    const room = createClientFixture();
    const answers = Array.from({ length: MAX_OUTSTANDING_REQUESTS + 1 }, () => room.client.request('set_display_name', { name: 'a' }));
    expect(await answers.at(-1)).toMatchObject({ ok: false, error: { code: 'INSP_REALTIME_QUEUE_FULL' } });
    room.client.stop();
    expect(await answers[MAX_OUTSTANDING_REQUESTS - 1]).toMatchObject({ error: { code: 'INSP_REALTIME_NO_ANSWER' } });
  });
});

test('a listener may stop the client in the middle of a frame', async () => {
  const room = createClientFixture();
  const server = await room.open();
  const seen: number[] = [];
  room.client.on('chat_message_posted', ({ seq }) => {
    seen.push(seq);
    room.client.stop();
  });
  server.say(push('chat_message_posted', chatLine(1), 1), push('chat_message_posted', chatLine(2), 2));
  expect(seen).toEqual([1]);
});
