import type { ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import { createIds } from '../../kernel/ids.ts';
import { systemRandom } from '../../kernel/random.ts';
import type { ChatPorts } from './ports.ts';
import { createRooms } from './rooms.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const clock = createFakeClock();
const ids = createIds(clock, systemRandom);
const ports = { reactionTotals: async () => ({}) } as unknown as ChatPorts;

test('rooms are loaded once, also when asked for at the same time', async () => {
  const rooms = createRooms({ database: db.database, clock, ports, isBusy: () => false });
  const showId = ids.create('shw');
  const [first, together] = await Promise.all([rooms.open(showId, 'org'), rooms.open(showId, 'org')]);
  expect(together).toBe(first);
  expect(await rooms.open(showId, 'org')).toBe(first);
});

test('the room unused for longest is forgotten when there are too many, never a busy one', async () => {
  const busy = new Set<ShowId>();
  const rooms = createRooms({ database: db.database, clock, ports, isBusy: (showId) => busy.has(showId), maxRooms: 2 });
  const [a, b, c, d] = [ids.create('shw'), ids.create('shw'), ids.create('shw'), ids.create('shw')];
  const open = async (showId: ShowId) => {
    clock.advance(1);
    return rooms.open(showId, 'org');
  };
  const loaded = () => new Set(rooms.loadedOf('org').map(({ showId }) => showId));
  await open(a);
  await open(b);
  await open(a);
  await open(c);
  expect(loaded()).toEqual(new Set([a, c]));
  busy.add(a);
  await open(d);
  expect(loaded()).toEqual(new Set([a, d]));
  expect(rooms.loadedOf('other')).toEqual([]);
});

test('a load that failed is tried again', async () => {
  let isAway = true;
  const failing = {
    ...db.database,
    query: (...args: Parameters<typeof db.database.query>) => (isAway ? Promise.reject(new Error('away')) : db.database.query(...args)),
  };
  const rooms = createRooms({ database: failing as typeof db.database, clock, ports, isBusy: () => false });
  const showId = ids.create('shw');
  await expect(rooms.open(showId, 'org')).rejects.toThrow('away');
  isAway = false;
  expect((await rooms.open(showId, 'org')).showId).toBe(showId);
});
