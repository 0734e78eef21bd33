import { describe, expect, test } from 'vitest';
import { chatLine, createRoomFixture, emptySnapshot, epochOf, offsetsOf, SHOW, welcomeOf } from '../../../test-support/room-fixture.ts';

describe('[R3] [R8] coming back', () => {
  test('with the last position one gets exactly what was missed', async () => {
    const room = createRoomFixture();
    const first = await room.join(1);
    const epoch = epochOf(first.items);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.clock.advance(100);
    first.pair.cut();
    for (let seq = 2; seq <= 5; seq += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
    const second = room.connect();
    await second.hello('t1', [{ channel: 'viewers', epoch, offset: 1 }]);
    expect(welcomeOf(second.items).positions).toEqual([{ channel: 'viewers', epoch, offset: 1, recovered: true }]);
    expect(offsetsOf(second.items)).toEqual([2, 3, 4, 5]);
  });

  test.each([
    ['more was missed than is remembered', { historyMaxCount: 3 }],
    ['what was missed is too old', { historyTtlMs: 500 }],
    ['what was missed is too large', { historyMaxBytes: 900 }],
  ])('when %s the gap is told', async (_, limits) => {
    const room = createRoomFixture({ limits });
    const first = await room.join(1);
    const epoch = epochOf(first.items);
    first.pair.cut();
    for (let seq = 1; seq <= 4; seq += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
    room.clock.advance(2_000);
    const second = room.connect();
    await second.hello('t1', [{ channel: 'viewers', epoch, offset: 0 }]);
    expect(welcomeOf(second.items).positions).toEqual([{ channel: 'viewers', epoch, offset: 4, recovered: false }]);
    expect(offsetsOf(second.items)).toEqual([]);
  });

  test('at the edge of what is remembered all is recovered', async () => {
    const room = createRoomFixture({ limits: { historyMaxCount: 4 } });
    const first = await room.join(1);
    const epoch = epochOf(first.items);
    first.pair.cut();
    for (let seq = 1; seq <= 4; seq += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
    const second = room.connect();
    await second.hello('t1', [{ channel: 'viewers', epoch, offset: 0 }]);
    expect(offsetsOf(second.items)).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['another epoch', (epoch: string) => ({ epoch: `${epoch}x`, offset: 1 })],
    ['an offset from the future', (epoch: string) => ({ epoch, offset: 99 })],
  ])('a position of %s is not recovered', async (_, claim) => {
    const room = createRoomFixture();
    const first = await room.join(1);
    const epoch = epochOf(first.items);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.clock.advance(100);
    const second = room.connect();
    await second.hello('t1', [{ channel: 'viewers', ...claim(epoch) }]);
    expect(welcomeOf(second.items).positions).toEqual([{ channel: 'viewers', epoch, offset: expect.any(Number), recovered: false }]);
  });

  test('pushes that land while the snapshot is read come after it, streams and caches', async () => {
    let release = (): void => {};
    const room = createRoomFixture({
      snapshot: ({ role }) =>
        new Promise((done) => {
          release = () => done(emptySnapshot(role));
        }),
    });
    const socket = await room.join(1);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.hub.publishLatest(SHOW, 'viewers', 'products_changed', { products: [] });
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(2));
    release();
    await room.settle();
    socket.flush();
    expect(socket.items.map(({ type }) => type)).toEqual([
      'ok',
      'welcome',
      'chat_message_posted',
      'products_changed',
      'chat_message_posted',
    ]);
    expect(welcomeOf(socket.items).positions).toMatchObject([{ offset: 0, recovered: false }]);
  });

  test('when more lands during the snapshot than is remembered, it is taken again: no hole', async () => {
    let readCount = 0;
    const room = createRoomFixture({
      limits: { historyMaxCount: 3 },
      snapshot: async ({ role }) => {
        readCount += 1;
        if (readCount === 1) for (let seq = 1; seq <= 9; seq += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
        return emptySnapshot(role);
      },
    });
    const socket = await room.join(1);
    expect(readCount).toBe(2);
    expect(welcomeOf(socket.items).positions).toMatchObject([{ offset: 9, recovered: false }]);
    expect(offsetsOf(socket.items)).toEqual([]);
  });

  test('when the room always outruns its snapshot the socket is refused, not fooled', async () => {
    let seq = 0;
    const room = createRoomFixture({
      limits: { historyMaxCount: 2 },
      snapshot: async ({ role }) => {
        for (let n = 0; n < 5; n += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(++seq));
        return emptySnapshot(role);
      },
    });
    const socket = await room.join(1);
    expect(socket.answerTo('hello')?.data.code).toBe('INSP_HTTP_NOT_READY');
  });

  test('who comes in between two flushes gets each push once', async () => {
    const room = createRoomFixture();
    await room.join(1);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.clock.advance(0);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(2));
    const late = await room.join(2);
    expect(late.items).toEqual([]);
    await room.clock.advanceAsync(room.limits.streamFlushMs);
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(3));
    await room.clock.advanceAsync(room.limits.streamFlushMs);
    late.flush();
    expect(offsetsOf(late.items)).toEqual([1, 2, 3]);
  });
});
