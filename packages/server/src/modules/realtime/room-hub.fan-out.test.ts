import type { LiveKpis } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import {
  chatLine,
  createRoomFixture,
  emptySnapshot,
  offsetsOf,
  ofType,
  SHOW,
  testId,
  type WireItem,
  welcomeOf,
} from '../../../test-support/room-fixture.ts';
import { accepted } from '../../kernel/outcome.ts';

const kpis = { totals: { gmvMinor: 5, refundedMinor: 1, orderCount: 2 }, minutes: [{ gmvMinor: 3 }], products: [], highlights: [] };

describe('[R5-R7] pushes', () => {
  test('a lone message goes out with the next turn; the next ones of the same 50 ms together', async () => {
    const room = createRoomFixture();
    const socket = await room.join(1);
    await room.clock.advanceAsync(2_000);
    socket.flush();
    socket.clear();
    for (let seq = 1; seq <= 4; seq += 1) {
      room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
      room.clock.advance(0);
    }
    socket.flush();
    expect(socket.frames.map((frame) => offsetsOf(frame))).toEqual([[1]]);
    room.clock.advance(room.limits.streamFlushMs);
    socket.flush();
    expect(socket.frames.map((frame) => offsetsOf(frame))).toEqual([[1], [2, 3, 4]]);
  });

  test('all members of a role get the very same frame object', async () => {
    const room = createRoomFixture();
    const sockets = await Promise.all([room.join(1), room.join(2), room.join(3)]);
    await room.clock.advanceAsync(2_000);
    const sent: unknown[] = [];
    for (const { pair } of sockets) {
      const send = pair.server.send;
      pair.server.send = (frame) => {
        sent.push(frame);
        send(frame);
      };
    }
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
    room.clock.advance(0);
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
  });

  test('of a cache only the latest value is sent, at most every 250 ms', async () => {
    const room = createRoomFixture();
    const socket = await room.join(1);
    await room.clock.advanceAsync(2_000);
    socket.flush();
    socket.clear();
    for (let n = 1; n <= 10; n += 1) {
      room.hub.publishLatest(SHOW, 'viewers', 'reactions_counted', { counts: { heart: 1 }, totals: { heart: n } });
      room.clock.advance(60);
    }
    room.clock.advance(250);
    socket.flush();
    const totals = ofType(socket.items, 'reactions_counted').map(({ data }) => (data.totals as { heart: number }).heart);
    expect(totals).toEqual([1, 5, 9, 10]);
    expect(offsetsOf(socket.items)).toEqual([]);
  });

  test('the answer to a request comes before the push it caused', async () => {
    const room = createRoomFixture({
      handlers: {
        send_chat_message: {
          permission: null,
          async handle() {
            room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
            return accepted({ messageId: testId('msg', 1), seq: 1 });
          },
        },
      },
    });
    const socket = await room.join(1);
    await room.clock.advanceAsync(2_000);
    socket.flush();
    socket.clear();
    await socket.send('send_chat_message', { key: 'key-0001', text: 'hi' });
    room.clock.advance(0);
    socket.flush();
    expect(socket.items.map(({ type }) => type)).toEqual(['ok', 'chat_message_posted']);
  });

  test('staff pushes reach no viewer', async () => {
    const room = createRoomFixture();
    const viewer = await room.join(1);
    room.hub.publish(SHOW, 'staff', 'viewer_unbanned', { viewerId: testId('vwr', 9) });
    room.hub.publishLatest(SHOW, 'staff', 'kpis_changed', kpis as unknown as LiveKpis);
    room.clock.advance(5_000);
    viewer.flush();
    expect(viewer.items.map(({ type }) => type).filter((type) => type !== 'presence_changed')).toEqual(['ok', 'welcome']);
  });

  test('money is hidden from a moderator, also in the snapshot, and shown to a producer', async () => {
    const snapshot = async () => {
      const empty = emptySnapshot('owner');
      return { ...empty, staff: empty.staff && { ...empty.staff, kpis: kpis as unknown as LiveKpis } };
    };
    const room = createRoomFixture({ snapshot });
    const moderator = await room.join(1, { role: 'moderator' });
    const producer = await room.join(2, { role: 'producer' });
    room.hub.publishLatest(SHOW, 'staff', 'kpis_changed', kpis as unknown as LiveKpis);
    room.clock.advance(5_000);
    const gmvSeenBy = (socket: typeof producer) => {
      socket.flush();
      const inWelcome = welcomeOf(socket.items).snapshot.staff?.kpis as unknown as typeof kpis;
      const pushed = ofType(socket.items, 'kpis_changed')[0]?.data as unknown as typeof kpis;
      return [inWelcome, pushed].flatMap(({ totals, minutes }) => [
        totals.gmvMinor,
        totals.refundedMinor,
        minutes[0]?.gmvMinor,
        totals.orderCount,
      ]);
    };
    expect(gmvSeenBy(moderator)).toEqual([null, null, null, 2, null, null, null, 2]);
    expect(gmvSeenBy(producer)).toEqual([5, 1, 3, 2, 5, 1, 3, 2]);
  });

  test('a cue reaches who may use the copilot; a moderator gets a placeholder with its offset', async () => {
    const room = createRoomFixture();
    const moderator = await room.join(1, { role: 'moderator' });
    const host = await room.join(2, { role: 'host' });
    room.hub.publish(SHOW, 'staff', 'cue_ended', { cueId: testId('cue', 1), outcome: 'taken' });
    room.hub.publish(SHOW, 'staff', 'viewer_unbanned', { viewerId: testId('vwr', 9) });
    room.clock.advance(100);
    moderator.flush();
    host.flush();
    const staffItems = (items: WireItem[]) => items.filter(({ channel }) => channel === 'staff').map(({ type, offset }) => [type, offset]);
    expect(staffItems(moderator.items)).toEqual([
      ['withheld', 1],
      ['viewer_unbanned', 2],
    ]);
    expect(staffItems(host.items)).toEqual([
      ['cue_ended', 1],
      ['viewer_unbanned', 2],
    ]);
  });
});
