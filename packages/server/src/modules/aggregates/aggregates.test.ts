// The loop of the engine over a database of one answer: when it looks, when it waits, how it recovers.
import { createFakeClock } from '@insp/test-kit';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/app-error.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { BATCH_EVERY_MS, createAggregates } from './aggregates.ts';
import { AGGREGATES } from './definitions.ts';
import { isAtOrPast } from './micro-batch.postgres.ts';

function setUp() {
  const clock = createFakeClock();
  const state = { leftCount: 0, hasMore: false, isAway: false, batchCount: 0, openHolder: false };
  const query = async (text: string, params: readonly unknown[] = []) => {
    if (text.includes('is_restored')) return [{ is_restored: false }];
    if (text.startsWith('SELECT xid, seq FROM ev')) return [{ xid: '10', seq: 10 }];
    state.batchCount += 1;
    if (state.isAway) throw new Error('away');
    const merged = Math.min(state.leftCount, params[1] as number);
    state.leftCount -= merged;
    const xid = state.openHolder ? '9' : '10';
    return [
      { xid, seq: 10, merged_count: merged, show_ids: merged > 0 ? ['shw_a'] : null, has_more: state.leftCount > 0 || state.hasMore },
    ];
  };
  const database = { query, read: { query } } as unknown as Database;
  let wake = () => {};
  const aggregates = createAggregates({
    database,
    clock,
    logger: silentLogger,
    batchMaxRows: 100,
    onAppended(listen) {
      wake = listen;
      return () => {
        wake = () => {};
      };
    },
  });
  return { clock, state, aggregates, wake: () => wake() };
}

describe('the loop', () => {
  test('many appends within a tick make one batch, at most one each 100 ms', async () => {
    const { clock, state, aggregates, wake } = setUp();
    await aggregates.start();
    await clock.advanceAsync(0);
    expect(state.batchCount).toBe(1);
    for (let at = 0; at < 50; at += 1) wake();
    await clock.advanceAsync(BATCH_EVERY_MS - 1);
    expect(state.batchCount).toBe(1);
    await clock.advanceAsync(1);
    expect(state.batchCount).toBe(2);
    await aggregates.stop();
    expect(clock.timerCount).toBe(0);
  });

  test('behind by a whole batch it does not pause', async () => {
    const { clock, state, aggregates } = setUp();
    state.leftCount = 1_050;
    const changed: string[] = [];
    aggregates.onChanged((showId) => void changed.push(showId));
    await aggregates.start();
    await clock.advanceAsync(5);
    expect(state.leftCount).toBe(0);
    expect(state.batchCount).toBe(11);
    expect(changed).toHaveLength(11);
    await aggregates.stop();
  });

  test('events held back by an open transaction are looked for each tick, an idle log each second', async () => {
    const { clock, state, aggregates } = setUp();
    state.hasMore = true;
    await aggregates.start();
    await clock.advanceAsync(1_000);
    expect(state.batchCount).toBe(11);
    state.hasMore = false;
    await clock.advanceAsync(BATCH_EVERY_MS);
    const beforeCount = state.batchCount;
    await clock.advanceAsync(3_000);
    expect(state.batchCount - beforeCount).toBe(3);
    await aggregates.stop();
  });

  test('a database that goes away is tried again each second, and a listener that fails harms nobody', async () => {
    const { clock, state, aggregates } = setUp();
    aggregates.onChanged(() => {
      throw new Error('bad listener');
    });
    state.isAway = true;
    state.leftCount = 5;
    await aggregates.start();
    await clock.advanceAsync(3_000);
    expect(aggregates.stats()).toEqual({ batchCount: 0, mergedCount: 0, failedCount: 4 });
    state.isAway = false;
    await clock.advanceAsync(1_000);
    expect(aggregates.stats()).toMatchObject({ mergedCount: 5 });
    await aggregates.stop();
  });

  test('settle gives up on a transaction that never ends', async () => {
    const { clock, state, aggregates } = setUp();
    state.openHolder = true;
    const settled = aggregates.settle().then(
      () => null,
      (cause: unknown) => cause,
    );
    await clock.advanceAsync(31_000);
    expect(await settled).toBeInstanceOf(AppError);
  });
});

test('places in the log compare as numbers, not as text', () => {
  expect(isAtOrPast({ xid: '1000', seq: 1 }, { xid: '999', seq: 5 })).toBe(true);
  expect(isAtOrPast({ xid: '999', seq: 5 }, { xid: '999', seq: 5 })).toBe(true);
  expect(isAtOrPast({ xid: '999', seq: 4 }, { xid: '999', seq: 5 })).toBe(false);
  expect(isAtOrPast({ xid: '18446744073709551615', seq: 0 }, { xid: '18446744073709551614', seq: 9 })).toBe(true);
});

test('every table has a name of its own and carries its organization', () => {
  expect(new Set(AGGREGATES.map(({ name }) => name)).size).toBe(AGGREGATES.length);
  for (const { measures } of AGGREGATES) expect(measures).toHaveProperty('org_id');
});
