import type { FactOf } from '@insp/protocol';
import { factSchema } from '@insp/protocol/schemas';
import { expect, test } from 'vitest';
import { createRoomFixture, type RoomFixture, SHOW, testId } from '../../../test-support/room-fixture.ts';

const factsNamed = <N extends 'realtime.viewer_joined' | 'realtime.viewer_left' | 'realtime.concurrency_sampled'>(
  room: RoomFixture,
  name: N,
) => room.facts.filter((fact) => fact.name === name) as FactOf<N>[];

test('[R16] a visit is one joined and one left, with source, device and the time watched', async () => {
  const room = createRoomFixture();
  const startMs = room.clock.nowMs();
  const socket = await room.join(1, { source: 'newsletter', isReturning: true });
  room.clock.advance(65_000);
  socket.pair.cut();
  expect(factsNamed(room, 'realtime.viewer_left')).toEqual([]);
  room.clock.advance(room.limits.visitGapMs);
  const [joined] = factsNamed(room, 'realtime.viewer_joined');
  const [left] = factsNamed(room, 'realtime.viewer_left');
  expect(joined).toMatchObject({
    viewerId: testId('vwr', 1),
    kind: 'newsletter',
    occurredAt: startMs,
    payload: { sessionId: testId('ses', 1), device: 'phone', isReturning: true },
  });
  expect(left).toMatchObject({ occurredAt: startMs + 65_000, payload: { sessionId: testId('ses', 1), watchedMs: 65_000 } });
  for (const fact of room.facts) expect(factSchema.safeParse(fact).error).toBeUndefined();
});

test('[R16] back within ten seconds is the same visit, and the cut is not time watched', async () => {
  const room = createRoomFixture();
  const first = await room.join(1);
  room.clock.advance(20_000);
  first.pair.cut();
  room.clock.advance(room.limits.visitGapMs - 1);
  const second = await room.join(1);
  room.clock.advance(30_000);
  second.pair.cut();
  room.clock.advance(room.limits.visitGapMs);
  expect(factsNamed(room, 'realtime.viewer_joined')).toHaveLength(1);
  expect(factsNamed(room, 'realtime.viewer_left').map(({ payload }) => payload.watchedMs)).toEqual([50_000]);
});

test('[R16] back later is a new visit', async () => {
  const room = createRoomFixture();
  (await room.join(1)).pair.cut();
  room.clock.advance(room.limits.visitGapMs);
  await room.join(1);
  expect(factsNamed(room, 'realtime.viewer_joined')).toHaveLength(2);
  expect(factsNamed(room, 'realtime.viewer_left')).toHaveLength(1);
});

test('[R15] two tabs are one viewer, who is here until both are closed', async () => {
  const room = createRoomFixture();
  const tab1 = await room.join(1);
  const tab2 = await room.join(1);
  expect(room.hub.watchingCount(SHOW)).toBe(1);
  expect(room.hub.presence(SHOW)).toHaveLength(1);
  tab1.pair.cut();
  expect(room.hub.watchingCount(SHOW)).toBe(1);
  tab2.pair.cut();
  expect(room.hub.watchingCount(SHOW)).toBe(0);
  expect(room.hub.presence(SHOW)).toEqual([]);
  expect(factsNamed(room, 'realtime.viewer_joined')).toHaveLength(1);
});

test('[R15] staff are present, are not counted and make no visits', async () => {
  const room = createRoomFixture();
  const staff = await room.join(1, { role: 'moderator', memberId: 'm1' });
  await room.join(2);
  expect(room.hub.presence(SHOW).map(({ role }) => role)).toEqual(['moderator', 'viewer']);
  expect(room.hub.watchingCount(SHOW)).toBe(1);
  staff.pair.cut();
  room.clock.advance(60_000);
  expect(room.facts.map(({ name }) => name)).toEqual(['realtime.viewer_joined']);
});

test('the room is told the count at once, then at most once a second', async () => {
  const room = createRoomFixture();
  const told: number[] = [];
  room.hub.onPresenceChanged((showId) => told.push(room.hub.watchingCount(showId)));
  const first = await room.join(1);
  room.clock.advance(0);
  expect(told).toEqual([1]);
  for (let n = 2; n <= 9; n += 1) await room.join(n);
  await room.clock.advanceAsync(room.limits.presenceTellMs + room.limits.cacheFlushMs);
  expect(told).toEqual([1, 9]);
  first.flush();
  expect(first.items.filter(({ type }) => type === 'presence_changed').map(({ data }) => data.watchingCount)).toEqual([1, 9]);
});

test('[R17] concurrency is sampled every ten seconds, zeros for a minute after the last viewer', async () => {
  const room = createRoomFixture();
  await room.hub.start();
  const real = await room.join(1);
  room.clock.advance(10_000);
  const bot = await room.join(2, { isSimulated: true });
  room.clock.advance(10_000);
  real.pair.cut();
  bot.pair.cut();
  room.clock.advance(200_000);
  const samples = factsNamed(room, 'realtime.concurrency_sampled').map(({ amountMinor, isSimulated }) => [amountMinor, isSimulated]);
  expect(samples.slice(0, 2)).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(samples.slice(2).every(([count]) => count === 0)).toBe(true);
  expect(samples).toHaveLength(8);
  await room.hub.stop();
});

test('a new name shows in presence and in what handlers see', async () => {
  const seen: string[] = [];
  const room = createRoomFixture({
    handlers: {
      set_display_name: {
        permission: null,
        async handle(session, { name }) {
          seen.push(session.displayName);
          room.hub.renameViewer(session.showId, session.viewerId, name);
          return { ok: true, value: { name } };
        },
      },
    },
  });
  const socket = await room.join(1);
  await socket.send('set_display_name', { name: 'Ann' });
  await socket.send('set_display_name', { name: 'Bea' });
  expect(seen).toEqual(['Viewer 1', 'Ann']);
  expect(room.hub.presence(SHOW)[0]?.displayName).toBe('Bea');
});

test('a socket that goes away while it comes in was never here', async () => {
  let release = (): void => {};
  const room = createRoomFixture({
    snapshot: () =>
      new Promise((_, reject) => {
        release = () => reject(new Error('late'));
      }),
  });
  const socket = await room.join(1);
  socket.pair.cut();
  release();
  await room.settle();
  expect(room.hub.presence(SHOW)).toEqual([]);
  expect(room.facts).toEqual([]);
});

test('stopping ends all visits', async () => {
  const room = createRoomFixture();
  await room.hub.start();
  await room.join(1);
  room.clock.advance(5_000);
  await room.hub.stop();
  expect(factsNamed(room, 'realtime.viewer_left').map(({ payload }) => payload.watchedMs)).toEqual([5_000]);
  expect(room.hub.stats().socketCount).toBe(0);
});

test('a wall clock that is set back makes no negative time', async () => {
  const room = createRoomFixture();
  const socket = await room.join(1);
  room.clock.advance(5_000);
  room.clock.jump(-3_600_000);
  socket.pair.cut();
  room.clock.advance(room.limits.visitGapMs);
  expect(factsNamed(room, 'realtime.viewer_left').map(({ payload }) => payload.watchedMs)).toEqual([0]);
});
