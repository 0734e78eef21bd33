// A server that takes no new viewers: the client waits as told and goes on being told of the room by its cached page.
import type { Push, RoomPage, RoomSnapshot } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { chatLine, createClientFixture, type SentRequest, welcome } from '../test-support/client-fixture.ts';
import { TOLD_WAIT_MAX_MS } from './room-client.ts';
import { POLL_EVERY_MS, pushesBetween } from './room-poll.ts';
import { reduceRoom } from './room-reducer.ts';
import { initialRoomState } from './room-state.ts';
import { createRoomStore } from './room-store.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const snapshot = (change: Partial<RoomSnapshot> = {}): RoomSnapshot => ({ ...welcome().snapshot, ...change });
const highlight = (n: number) => ({ id: `hlt_${hex(n)}`, kind: 'product', productId: `prd_${hex(n)}`, startedAt: n }) as const;

function createShedRoom(page: { current: RoomPage | null }) {
  let readCount = 0;
  const room = createClientFixture({
    poll: async () => {
      readCount += 1;
      if (page.current === null) throw new Error('unreachable');
      return page.current;
    },
  });
  return { room, reads: () => readCount };
}

describe('the door', () => {
  test('a refused handshake asks the page why, waits as told and more, each client another time', async () => {
    const waits = new Set<number>();
    for (let seed = 1; seed <= 10; seed += 1) {
      const room = createClientFixture({ seed, poll: async () => ({ snapshot: snapshot(), retryAfterMs: 20_000 }) });
      room.client.start();
      await room.clock.advanceAsync(0);
      room.server().pair.cut();
      await room.clock.advanceAsync(0);
      const { state } = room.client;
      if (state.kind !== 'offline') throw new Error(state.kind);
      expect(state.error.code).toBe('INSP_REALTIME_SHEDDING');
      expect(state.retryInMs).toBeGreaterThanOrEqual(20_000);
      expect(state.retryInMs).toBeLessThanOrEqual(40_000);
      waits.add(state.retryInMs);
    }
    expect(waits.size).toBe(10);
  });

  test('a refused hello waits as the server says, not less; nonsense is not believed', async () => {
    for (const [told, waited] of [
      [31_000, 31_000],
      [10 ** 9, TOLD_WAIT_MAX_MS],
    ] as const) {
      const { room } = createShedRoom({ current: null });
      room.client.start();
      await room.clock.advanceAsync(0);
      room.server().pair.open();
      room.server().refuse((room.server().read() as SentRequest).id, 'INSP_REALTIME_SHEDDING', { retryAfterMs: told });
      expect(room.client.state).toMatchObject({ kind: 'offline', retryInMs: waited });
    }
  });

  test('a handshake refused for another reason backs off as ever', async () => {
    const { room } = createShedRoom({ current: { snapshot: snapshot(), retryAfterMs: null } });
    room.client.start();
    await room.clock.advanceAsync(0);
    room.server().pair.cut();
    await room.clock.advanceAsync(0);
    expect(room.client.state).toMatchObject({ kind: 'offline', error: { code: 'INSP_EMBED_UNREACHABLE' } });
    const { room: unreachable } = createShedRoom({ current: null });
    unreachable.client.start();
    await unreachable.clock.advanceAsync(0);
    unreachable.server().pair.cut();
    await unreachable.clock.advanceAsync(0);
    expect(unreachable.client.state).toMatchObject({ kind: 'offline', error: { code: 'INSP_EMBED_UNREACHABLE' } });
  });

  test('who was in the room says so at the door; who never was does not', async () => {
    const { room } = createShedRoom({ current: null });
    await room.open();
    room.server().pair.cut();
    await room.reconnect();
    expect(room.urls).toEqual(['ws://room', 'ws://room?pass=returning']);
  });
});

describe('the page', () => {
  test('while waiting it is read about every ten seconds and told as pushes, and the screen goes on', async () => {
    const page = { current: { snapshot: snapshot({ recentMessages: [chatLine(1)], watchingCount: 40 }), retryAfterMs: 25_000 } };
    const { room, reads } = createShedRoom(page);
    const store = createRoomStore(room);
    room.client.start();
    await room.clock.advanceAsync(0);
    room.server().pair.cut();
    await room.clock.advanceAsync(0);
    expect(store.getState()).toMatchObject({ showState: 'live', watchingCount: 40, messages: [{ seq: 1 }] });
    page.current = { snapshot: snapshot({ recentMessages: [chatLine(1), chatLine(2)], highlights: [highlight(1)] }), retryAfterMs: 25_000 };
    await room.clock.advanceAsync(POLL_EVERY_MS * 1.25);
    expect(reads()).toBe(2);
    expect(store.getState()).toMatchObject({ messages: [{ seq: 1 }, { seq: 2 }], highlights: [{ productId: highlight(1).productId }] });
    // The wait is over: a socket again, and no more pages.
    const server = await room.reconnect();
    server.let();
    const before = reads();
    await room.clock.advanceAsync(30_000);
    expect(reads()).toBe(before);
    expect(room.client.state.kind).toBe('open');
  });

  test('what changed between two pages, as pushes, makes the state of the second', () => {
    const products = [{ id: `prd_${hex(1)}` }] as RoomSnapshot['products'];
    const pages = [
      snapshot(),
      snapshot({ highlights: [highlight(1)], recentMessages: [chatLine(1), chatLine(2)], pinnedMessage: chatLine(1), products }),
      snapshot({ highlights: [highlight(2)], recentMessages: [chatLine(2), chatLine(3)], watchingCount: 9, reactionCounts: { heart: 3 } }),
      snapshot({ recentMessages: [chatLine(2), chatLine(3)], startOverUrl: 'https://insp.example/replay/p/start.m3u8' }),
      snapshot({ showState: 'paused', recentMessages: [chatLine(2), chatLine(4)], slowModeSec: 5, pinnedMessage: chatLine(4) }),
    ];
    let state = initialRoomState;
    let previous: RoomSnapshot | null = null;
    for (const page of pages) {
      const pushes: Push[] = pushesBetween(previous, page, 1);
      // Twice, for a page may be read twice.
      for (const push of [...pushes, ...pushes]) state = reduceRoom(state, { type: 'push', push });
      expect(pushesBetween(page, page, 1)).toEqual([]);
      expect(state).toMatchObject({
        ...{ showState: page.showState, products: page.products, highlights: page.highlights, pinnedMessage: page.pinnedMessage },
        ...{ slowModeSec: page.slowModeSec, watchingCount: page.watchingCount, reactionTotals: page.reactionCounts },
      });
      previous = page;
    }
    // 3 was taken down while the page reached back that far; 1 only left its window.
    expect(state.startOverUrl).toBe('https://insp.example/replay/p/start.m3u8');
    expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 4]);
  });
});

test('a line the room is not shown is on its author\u2019s screen', async () => {
  const room = createClientFixture();
  const store = createRoomStore(room);
  const server = await room.open();
  const sent = store.sendChatMessage('hello');
  server.ok((server.read() as SentRequest).id, { messageId: chatLine(7).id, seq: 7, message: chatLine(7, 1, 'hello') });
  expect(await sent).toMatchObject({ ok: true });
  expect(store.getState()).toMatchObject({ pendingMessages: [], messages: [{ seq: 7, text: 'hello' }] });
});
