import { describe, expect, test } from 'vitest';
import { chooseReader, type ReaderView } from './read-router.ts';

const at = (lsn: number, timeline = 1) => ({ timeline, lsn: BigInt(lsn) });
const replica = (lsn: number, change: Partial<ReaderView> = {}): ReaderView => ({
  kind: 'replica',
  health: { state: 'in' },
  replayed: at(lsn),
  inFlightCount: 0,
  ...change,
});
const OUT: ReaderView['health'] = { state: 'out', reason: 'lagging', failureCount: 1, untilMs: 0 };
const PROBING: ReaderView['health'] = { state: 'probing', failureCount: 1 };
const choose = (readers: readonly ReaderView[], demand: ReaderView['replayed'] = null, turn = 0) =>
  chooseReader({ demand, primaryTimeline: 1, readers, turn });

test('[ST6] without a position the least busy one reads, and equals take turns', () => {
  expect(choose([replica(5, { inFlightCount: 2 }), replica(1, { inFlightCount: 1 })])).toEqual({ to: 'reader', index: 1 });
  const taken = [0, 1, 2, 3].map((turn) => choose([replica(5), replica(5)], null, turn));
  expect(new Set(taken.map((decision) => (decision.to === 'reader' ? decision.index : null)))).toEqual(new Set([0, 1]));
});

test('[ST7] with a position: one that has replayed it, at the very byte; else wait', () => {
  expect(choose([replica(9), replica(10)], at(10))).toEqual({ to: 'reader', index: 1 });
  expect(choose([replica(9), replica(9)], at(10))).toEqual({ to: 'wait' });
  expect(choose([replica(0, { replayed: null })], at(10))).toEqual({ to: 'wait' });
});

test('[ST8] a position of another timeline goes to the primary, however far the replica is', () => {
  expect(choose([replica(99)], at(10, 0))).toEqual({ to: 'primary', reason: 'other_timeline' });
  expect(choose([replica(99)], at(10, 2))).toEqual({ to: 'primary', reason: 'other_timeline' });
  expect(chooseReader({ demand: at(10, 2), primaryTimeline: 2, readers: [replica(99)], turn: 0 })).toEqual({ to: 'wait' });
});

describe('[ST9] an endpoint', () => {
  const endpoint = replica(0, { kind: 'endpoint', replayed: null });
  test('reads without a position, and nobody waits for it', () => {
    expect(choose([endpoint])).toEqual({ to: 'reader', index: 0 });
    expect(choose([endpoint], at(1))).toEqual({ to: 'primary', reason: 'not_replayed' });
  });
  test('reads all when it is globally consistent, also across timelines', () => {
    const global = { ...endpoint, kind: 'global_endpoint' as const };
    expect(choose([global], at(1))).toEqual({ to: 'reader', index: 0 });
    expect(choose([global], at(1, 7))).toEqual({ to: 'reader', index: 0 });
  });
});

test('[ST10] nobody in rotation: the primary', () => {
  expect(choose([])).toEqual({ to: 'primary', reason: 'no_reader' });
  expect(choose([replica(99, { health: OUT })], at(1))).toEqual({ to: 'primary', reason: 'no_reader' });
});

test('[ST14] one on probation gets the next read, and no second one meanwhile', () => {
  expect(choose([replica(5), replica(5, { health: PROBING })])).toEqual({ to: 'reader', index: 1 });
  expect(choose([replica(5), replica(5, { health: PROBING, inFlightCount: 1 })])).toEqual({ to: 'reader', index: 0 });
  expect(choose([replica(5), replica(1, { health: PROBING })], at(5))).toEqual({ to: 'reader', index: 0 });
});
