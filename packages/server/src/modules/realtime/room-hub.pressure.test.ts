// The room at another pace: fewer frames, no presence for viewers, news for every room at once.
import { expect, test } from 'vitest';
import { chatLine, createRoomFixture, offsetsOf, ofType, SHOW, testId } from '../../../test-support/room-fixture.ts';
import { NORMAL_PACE } from './limits.ts';
import type { RoomPace } from './ports.ts';

const SLOW: RoomPace = { streamFlushMs: 1_000, cacheFlushMs: 1_000, tellsPresence: false, takesNewViewers: true };

test('[R6] [R18] slowed down, lines of a second travel in one frame, in order and none lost; calm again, at once', async () => {
  let pace = NORMAL_PACE;
  const room = createRoomFixture({ pace: () => pace });
  const socket = await room.join(1);
  await room.clock.advanceAsync(2_000);
  socket.flush();
  socket.clear();
  pace = SLOW;
  for (let seq = 1; seq <= 40; seq += 1) {
    room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
    room.clock.advance(50);
  }
  room.clock.advance(1_000);
  socket.flush();
  expect(offsetsOf(socket.items)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  expect(socket.frames.length).toBeLessThanOrEqual(3);
  socket.clear();
  pace = NORMAL_PACE;
  room.clock.advance(1_000);
  room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(41));
  room.clock.advance(0);
  socket.flush();
  expect(offsetsOf(socket.items)).toEqual([41]);
});

test('[R18] viewers are not told how many watch, staff are', async () => {
  const room = createRoomFixture({ pace: () => SLOW });
  const viewer = await room.join(1);
  const staff = await room.join(2, { role: 'producer', memberId: 'm' });
  await room.join(3);
  await room.clock.advanceAsync(3_000);
  viewer.flush();
  staff.flush();
  expect(ofType(viewer.items, 'presence_changed')).toEqual([]);
  expect(ofType(staff.items, 'presence_changed').at(-1)?.data).toEqual({ watchingCount: 2 });
});

test('[R18] news of the process reach the staff of every room, and who comes in later by the snapshot', async () => {
  const room = createRoomFixture();
  const staff = await room.join(2, { role: 'producer', memberId: 'm' });
  const viewer = await room.join(1);
  room.hub.publishLatestToAll('staff', 'pressure_changed', { level: 2, sinceMs: 1, cause: 'queueAgeMs', isForced: false, disk: 'open' });
  await room.clock.advanceAsync(1_000);
  staff.flush();
  viewer.flush();
  expect(ofType(staff.items, 'pressure_changed')).toMatchObject([{ data: { level: 2 } }]);
  expect(ofType(viewer.items, 'pressure_changed')).toEqual([]);
});

test('[R20] pushes that wait are bounded: at the limit the frame goes out early, in order, and it is counted', async () => {
  const room = createRoomFixture({ pace: () => SLOW, limits: { pendingStreamMax: 5 } });
  const socket = await room.join(1);
  await room.clock.advanceAsync(2_000);
  // The first takes the free slot; the next ones wait for their second.
  room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(1));
  room.clock.advance(0);
  socket.flush();
  socket.clear();
  for (let seq = 2; seq <= 5; seq += 1) room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(seq));
  socket.flush();
  expect([offsetsOf(socket.items), room.hub.stats().earlyFlushCount]).toEqual([[], 0]);
  room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(6));
  socket.flush();
  expect([offsetsOf(socket.items), room.hub.stats().earlyFlushCount]).toEqual([[2, 3, 4, 5, 6], 1]);
  room.hub.publish(SHOW, 'viewers', 'chat_message_posted', chatLine(7));
  room.clock.advance(1_000);
  socket.flush();
  expect(offsetsOf(socket.items)).toEqual([2, 3, 4, 5, 6, 7]);
});

test('[R20] rooms are bounded: one more is not made, its pushes are dropped and counted, who wants in is told it is full', async () => {
  const room = createRoomFixture({ limits: { roomsMax: 1 } });
  await room.join(1);
  const other = testId('shw', 2);
  room.hub.publish(other, 'viewers', 'chat_message_posted', chatLine(1));
  expect(room.hub.stats()).toMatchObject({ roomCount: 1, droppedPushCount: 1 });
  const socket = room.connect(other);
  await socket.hello(room.know(2, { showId: other }));
  expect(socket.answerTo('hello')?.data.code).toBe('INSP_REALTIME_FULL');
});
