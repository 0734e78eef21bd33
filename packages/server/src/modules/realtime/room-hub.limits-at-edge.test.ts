import { SOCKET_CLOSE_CODES } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { chatLine, createRoomFixture, emptySnapshot, epochOf, offsetsOf, ofType, SHOW } from '../../../test-support/room-fixture.ts';

describe('[R11-R14] limits', () => {
  test('a slow socket gets no caches, and the latest once it has caught up', async () => {
    const room = createRoomFixture({ limits: { slowBufferBytes: 2_000, tooSlowBufferBytes: 100_000 } });
    await room.hub.start();
    const socket = await room.join(1);
    room.clock.advance(2_000);
    socket.flush();
    socket.clear();
    for (let seq = 1; seq <= 20; seq += 1) {
      room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
      room.hub.publishLatest(SHOW, 'viewers', 'reactions_counted', { counts: {}, totals: { heart: seq } });
      room.clock.advance(300);
    }
    const whileSlow = socket.pair.flushDown();
    expect(whileSlow).toBeGreaterThan(10);
    expect(offsetsOf(socket.items)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(ofType(socket.items, 'reactions_counted').length).toBeLessThan(15);
    room.clock.advance(1_000);
    socket.flush();
    expect(ofType(socket.items, 'reactions_counted').at(-1)?.data.totals).toEqual({ heart: 20 });
    await room.hub.stop();
  });

  test('one that takes nothing is closed at the byte limit and recovers', async () => {
    const room = createRoomFixture({ limits: { slowBufferBytes: 2_000, tooSlowBufferBytes: 10_000 } });
    const socket = await room.join(1);
    const epoch = epochOf(socket.items);
    let seq = 0;
    while (room.hub.stats().tooSlowCount === 0 && seq < 200) {
      seq += 1;
      room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
      room.clock.advance(60);
    }
    expect(socket.pair.server.bufferedBytes()).toBeLessThan(11_000);
    expect(room.hub.stats()).toMatchObject({ tooSlowCount: 1, socketCount: 0 });
    const back = room.connect();
    await back.hello('t1', [{ channel: 'viewers', epoch, offset: 0 }]);
    expect(offsetsOf(back.items)).toHaveLength(seq);
  });

  test('one that is slow for ten seconds is closed', async () => {
    const room = createRoomFixture({ limits: { slowBufferBytes: 300, tooSlowBufferBytes: 1_000_000 } });
    await room.join(1);
    for (let seq = 1; seq <= 14; seq += 1) {
      room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
      room.clock.advance(1_000);
    }
    expect(room.hub.stats().tooSlowCount).toBe(1);
  });

  test('a large welcome does not count as lagging', async () => {
    const products = Array.from({ length: 50 }, () => ({ filler: 'x'.repeat(1_000) }));
    const room = createRoomFixture({
      limits: { slowBufferBytes: 2_000, tooSlowBufferBytes: 10_000 },
      snapshot: async ({ role }) => emptySnapshot(role, { products: products as never }),
    });
    const socket = room.connect();
    socket.pair.client.send(JSON.stringify({ v: 1, type: 'hello', id: 'h', data: { token: room.know(1), positions: [] } }));
    socket.pair.flushUp();
    await room.settle();
    expect(socket.pair.server.bufferedBytes()).toBeGreaterThan(50_000);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.clock.advance(12_000);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(2));
    room.clock.advance(100);
    expect(room.hub.stats().tooSlowCount).toBe(0);
  });

  test('one who asks and never reads is closed', async () => {
    const room = createRoomFixture({ limits: { tooSlowBufferBytes: 3_000 } });
    const socket = await room.join(1);
    for (let n = 0; n < 30; n += 1) {
      socket.pair.client.send(JSON.stringify({ v: 1, type: 'fly', id: `n${n}`, data: {} }));
      socket.pair.flushUp();
    }
    expect(room.hub.stats().socketCount).toBe(0);
  });

  test('sockets are limited per room, per address and in all', async () => {
    const room = createRoomFixture({ limits: { socketsPerRoomMax: 2, socketsPerAddressMax: 3, socketsPerProcessMax: 5 } });
    await room.join(1);
    await room.join(2);
    const third = await room.join(3);
    expect(third.answerTo('hello')?.data).toMatchObject({ code: 'INSP_REALTIME_FULL', retryAfterMs: expect.any(Number) });
    expect(third.closeCode).toBe(SOCKET_CLOSE_CODES.full);
    const waiting = room.connect();
    expect(room.hub.hasRoomFor('192.0.2.1')).toBe(false);
    expect(room.hub.hasRoomFor('192.0.2.2')).toBe(true);
    const fourth = room.connect();
    fourth.flush();
    expect(fourth.closeCode).toBe(SOCKET_CLOSE_CODES.full);
    waiting.pair.cut();
    expect(room.hub.hasRoomFor('192.0.2.1')).toBe(true);
    // Loopback is exempt from the limit per address, not from the one of the process.
    for (let n = 0; n < 3; n += 1) room.connect(SHOW, { remoteAddress: '127.0.0.1' });
    expect(room.hub.hasRoomFor('127.0.0.1')).toBe(false);
  });

  test('a socket that answers no ping is dead after two; a quiet one is told that we live', async () => {
    const room = createRoomFixture();
    await room.hub.start();
    const alive = await room.join(1);
    const dead = await room.join(2);
    room.clock.advance(5_000);
    alive.flush();
    alive.clear();
    dead.pair.cutSilently();
    room.clock.advance(2 * room.limits.pingEveryMs);
    expect(room.hub.stats()).toMatchObject({ socketCount: 2, deadCount: 0 });
    alive.flush();
    expect(alive.frames).toContainEqual([]);
    room.clock.advance(room.limits.pingEveryMs);
    expect(room.hub.stats()).toMatchObject({ socketCount: 1, deadCount: 1 });
    await room.hub.stop();
    alive.flush();
    expect(alive.closeCode).toBe(SOCKET_CLOSE_CODES.goingAway);
  });

  test('a room is freed when nobody is in it and nothing of it is remembered', async () => {
    const room = createRoomFixture();
    await room.hub.start();
    const socket = await room.join(1);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    await room.clock.advanceAsync(room.limits.historyTtlMs + 60_000);
    expect(room.hub.stats().roomCount).toBe(1);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(2));
    socket.pair.cut();
    room.clock.advance(60_000);
    expect(room.hub.stats().roomCount).toBe(1);
    room.clock.advance(room.limits.historyTtlMs + 60_000);
    expect(room.hub.stats().roomCount).toBe(0);
    await room.hub.stop();
  });
});
