import type { ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createEventBus } from '../kernel/event-bus.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createConsistencyScopes } from '../platform/postgres/consistency-scope.ts';
import { createRoomViews, type RoomViews } from './room-views.ts';

const SHOW = 'shw_1' as ShowId;

function create() {
  const clock = createFakeClock(1_790_000_000_000);
  const store = { lsn: 1n, title: 'before', loadCount: 0 };
  const consistency = createConsistencyScopes({
    key: Buffer.alloc(32),
    nowMs: clock.nowMs,
    readPrimaryPosition: async () => ({ timeline: 1, lsn: store.lsn }),
  });
  const rooms = createRoomViews({
    shows: {
      room: async () => {
        store.loadCount += 1;
        return { title: store.title } as never;
      },
      onChanged: () => () => {},
    },
    orders: { buyersInShow: async () => [] } as never,
    bus: createEventBus(silentLogger),
    clock,
    consistency,
  });
  return { clock, store, consistency, rooms };
}
const titleOf = async (rooms: RoomViews) => ((await rooms.room(SHOW)) as unknown as { title: string }).title;

test('[ST5] what another process changed may be a second old, but not for who changed it there', async () => {
  const { clock, store, consistency, rooms } = create();
  expect(await titleOf(rooms)).toBe('before');
  const there = consistency.open(undefined);
  Object.assign(store, { lsn: 2n, title: 'after' });
  there.run(() => consistency.noteCommit({ timeline: 1, lsn: 2n }));
  expect(await titleOf(rooms)).toBe('before');
  expect(await consistency.open(there.token() ?? undefined).run(() => titleOf(rooms))).toBe('after');
  // Read again for one, it is there for all.
  expect(await titleOf(rooms)).toBe('after');
  expect(store.loadCount).toBe(2);
  await clock.advance(1_000);
  await titleOf(rooms);
  expect(store.loadCount).toBe(3);
});

test('many who ask at once cause one read', async () => {
  const { store, rooms } = create();
  await Promise.all(Array.from({ length: 50 }, () => rooms.room(SHOW)));
  expect(store.loadCount).toBe(1);
});
