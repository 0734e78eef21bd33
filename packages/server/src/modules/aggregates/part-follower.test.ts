// The loop of a follower over a database of one answer: when it looks, when it rests, how it recovers, whose turn it is.
import { createFakeClock } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { AGGREGATES, PARTS } from './definitions.ts';
import { isAtOrPast } from './micro-batch.postgres.ts';
import { catchUp, createPartFollower, HELD_BACK_SAY_MS, IDLE_LOOK_MS, REST_MAX_MS, REST_MIN_MS, TICK_MS } from './part-follower.ts';

function setUp() {
  const clock = createFakeClock();
  const state = {
    leftCount: 0,
    hasMore: false,
    isAway: false,
    isTaken: false,
    isFenced: false,
    batchCount: 0,
    batchTakesMs: 0,
    isHeldBack: false,
    releasedCount: 0,
  };
  const query = async (text: string, params: readonly unknown[] = []) => {
    if (text.includes('pg_stat_activity')) return [{ pid: 7, application: 'psql', state: 'idle in transaction', openForSec: 12 }];
    if (text.includes('SET fence')) return state.isTaken ? [] : [{ fence: 1 }];
    if (text.includes('-infinity')) {
      state.releasedCount += 1;
      return [];
    }
    if (text.startsWith('SELECT xid, seq FROM log_cursor')) return [{ xid: '10', seq: 10 }];
    state.batchCount += 1;
    if (state.isAway) throw new Error('away');
    if (state.isFenced) return [];
    if (state.batchTakesMs > 0) await new Promise<void>((done) => clock.after(state.batchTakesMs, done));
    const merged = Math.min(state.leftCount, params[1] as number);
    state.leftCount -= merged;
    const minutes = merged > 0 ? [['shw_a', 1]] : null;
    return [{ xid: state.isHeldBack ? '9' : '10', seq: 10, merged_count: merged, minutes, has_more: state.leftCount > 0 || state.hasMore }];
  };
  const database = { query, log: { query } } as unknown as Database;
  const changed: string[] = [];
  const [part] = PARTS as [(typeof PARTS)[number]];
  const said: [string, object][] = [];
  const say = (fields: object, message: string) => void said.push([message, fields]);
  const follower = createPartFollower({
    ...{ part, database, clock, logger: { ...silentLogger, warn: say, info: say }, maxRows: 100 },
    onMerged: (changes) => void changed.push(...changes.keys()),
  });
  return { clock, state, follower, changed, said };
}

describe('the loop', () => {
  test('many appends within a rest make one batch; the rest is short when the batch was', async () => {
    const { clock, state, follower } = setUp();
    await follower.start();
    await clock.advanceAsync(0);
    expect(state.batchCount).toBe(1);
    for (let at = 0; at < 50; at += 1) follower.wake();
    await clock.advanceAsync(REST_MIN_MS - 1);
    expect(state.batchCount).toBe(1);
    await clock.advanceAsync(1);
    expect(state.batchCount).toBe(2);
    await follower.stop();
    expect(clock.timerCount).toBe(0);
  });

  test.each([
    [15, 15],
    [5_000, REST_MAX_MS],
  ])('after a batch of %d ms it rests %d ms', async (takesMs, restsMs) => {
    const { clock, state, follower } = setUp();
    state.batchTakesMs = takesMs;
    await follower.start();
    await clock.advanceAsync(takesMs - 1);
    follower.wake();
    await clock.advanceAsync(1);
    expect(state.batchCount).toBe(1);
    await clock.advanceAsync(restsMs - 1);
    expect(state.batchCount).toBe(1);
    await clock.advanceAsync(1);
    expect(state.batchCount).toBe(2);
    state.batchTakesMs = 0;
    await clock.advanceAsync(takesMs);
    await follower.stop();
  });

  test('behind by a whole batch it does not rest', async () => {
    const { clock, state, follower, changed } = setUp();
    state.leftCount = 1_050;
    await follower.start();
    await clock.advanceAsync(5);
    expect(state.leftCount).toBe(0);
    expect(state.batchCount).toBe(11);
    expect(changed).toHaveLength(11);
    await follower.stop();
  });

  test('events held back by an open transaction are looked for each tick, an idle log each second', async () => {
    const { clock, state, follower } = setUp();
    state.hasMore = true;
    await follower.start();
    await clock.advanceAsync(1_000);
    expect(state.batchCount).toBe(11);
    state.hasMore = false;
    await clock.advanceAsync(TICK_MS);
    const beforeCount = state.batchCount;
    await clock.advanceAsync(3 * IDLE_LOOK_MS);
    expect(state.batchCount - beforeCount).toBe(3);
    await follower.stop();
  });

  test('events held back for long are said, with who holds them, and again while it lasts', async () => {
    const { clock, state, follower, said } = setUp();
    state.hasMore = true;
    await follower.start();
    await clock.advanceAsync(HELD_BACK_SAY_MS - 200);
    expect(said).toEqual([]);
    await clock.advanceAsync(2 * HELD_BACK_SAY_MS);
    expect(said).toEqual(Array(2).fill([expect.stringContaining('transaction'), expect.objectContaining({ pid: 7, application: 'psql' })]));
    state.hasMore = false;
    await clock.advanceAsync(IDLE_LOOK_MS);
    expect(said.at(-1)?.[0]).toBe('the figures go on');
    await follower.stop();
  });

  test('a clock that steps back stops nothing', async () => {
    const { clock, state, follower } = setUp();
    await follower.start();
    await clock.advanceAsync(IDLE_LOOK_MS);
    clock.jump(-600_000);
    follower.wake();
    const before = state.batchCount;
    await clock.advanceAsync(REST_MAX_MS);
    expect(state.batchCount).toBe(before + 1);
    await follower.stop();
  });

  test('a database that goes away is tried again each second', async () => {
    const { clock, state, follower } = setUp();
    state.isAway = true;
    state.leftCount = 5;
    await follower.start();
    await clock.advanceAsync(3_000);
    expect(follower.stats()).toMatchObject({ batchCount: 0, mergedCount: 0, failedCount: 4 });
    state.isAway = false;
    await clock.advanceAsync(1_000);
    expect(follower.stats()).toMatchObject({ mergedCount: 5 });
    await follower.stop();
  });
});

describe('whose turn it is', () => {
  test('while another process holds the lease it only asks, each second', async () => {
    const { clock, state, follower } = setUp();
    state.isTaken = true;
    state.leftCount = 5;
    await follower.start();
    follower.wake();
    await clock.advanceAsync(3 * IDLE_LOOK_MS);
    expect(state.batchCount).toBe(0);
    state.isTaken = false;
    await clock.advanceAsync(IDLE_LOOK_MS);
    expect(follower.stats().mergedCount).toBe(5);
    await follower.stop();
    expect(state.releasedCount).toBe(1);
  });

  test('fenced off, it lets go, merges nothing, and asks again', async () => {
    const { clock, state, follower } = setUp();
    await follower.start();
    await clock.advanceAsync(0);
    state.isFenced = true;
    state.isTaken = true;
    state.leftCount = 5;
    follower.wake();
    await clock.advanceAsync(IDLE_LOOK_MS);
    expect(follower.stats()).toMatchObject({ mergedCount: 0, fencedCount: 1 });
    state.isFenced = false;
    state.isTaken = false;
    await clock.advanceAsync(IDLE_LOOK_MS);
    expect(follower.stats()).toMatchObject({ mergedCount: 5, fencedCount: 1 });
    await follower.stop();
  });

  test('stopped, it helps to catch up and gives the lease back at once', async () => {
    const { clock, state, follower } = setUp();
    state.leftCount = 250;
    expect(await catchUp([follower], { xid: '10', seq: 10 }, clock, 1_000)).toBe(true);
    expect(state.releasedCount).toBe(1);
  });

  test('catching up ends when a transaction never does', async () => {
    const { clock, state, follower } = setUp();
    state.isHeldBack = true;
    const caught = catchUp([follower], { xid: '10', seq: 10 }, clock, 30_000);
    await clock.advanceAsync(31_000);
    expect(await caught).toBe(false);
  });
});

test('places in the log compare as numbers, not as text', () => {
  expect(isAtOrPast({ xid: '1000', seq: 1 }, { xid: '999', seq: 5 })).toBe(true);
  expect(isAtOrPast({ xid: '999', seq: 5 }, { xid: '999', seq: 5 })).toBe(true);
  expect(isAtOrPast({ xid: '999', seq: 4 }, { xid: '999', seq: 5 })).toBe(false);
  expect(isAtOrPast({ xid: '18446744073709551615', seq: 0 }, { xid: '18446744073709551614', seq: 9 })).toBe(true);
});

test('every table has a name of its own, carries its organization, and belongs to one part', () => {
  expect(new Set(AGGREGATES.map(({ name }) => name)).size).toBe(AGGREGATES.length);
  for (const { keys, measures } of AGGREGATES) expect([...keys, ...Object.keys(measures)]).toContain('org_id');
  const names = PARTS.flatMap(({ definitions }) => definitions.map(({ name }) => name));
  expect(names.toSorted()).toEqual(AGGREGATES.map(({ name }) => name).toSorted());
});
