import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HealthEvent, MAX_LAG_MS, NEW_REPLICA, nextHealth, type ReplicaHealth, WELL_LAG_MS } from './replica-health.ts';
import { createPrimaryTrack } from './replica-lag.ts';

const asked = (lagMs: number, isOnTimeline = true): HealthEvent => ({ kind: 'asked', lagMs, isOnTimeline });
const FAILED: HealthEvent = { kind: 'failed' };
const WENT_WELL: HealthEvent = { kind: 'read_went_well' };
const IN: ReplicaHealth = { state: 'in' };
const play = (events: readonly HealthEvent[], from: ReplicaHealth, nowMs = 0) =>
  events.reduce((health, event) => nextHealth(health, event, nowMs), from);

test('[ST14] a new reader is in after one answer and one read that went well', () => {
  expect(play([asked(0)], NEW_REPLICA).state).toBe('probing');
  expect(play([asked(0), WENT_WELL], NEW_REPLICA)).toEqual(IN);
});

test('[ST12] out at more than 2 s, not at 2 s; back at 1 s, not above', () => {
  expect(play([asked(MAX_LAG_MS)], IN)).toEqual(IN);
  const out = play([asked(MAX_LAG_MS + 1)], IN);
  expect(out).toMatchObject({ state: 'out', reason: 'lagging' });
  expect(play([asked(WELL_LAG_MS + 1)], out).state).toBe('out');
  expect(play([asked(WELL_LAG_MS)], out).state).toBe('probing');
});

test('[ST12] out on another timeline, and back as soon as it follows', () => {
  const out = play([asked(0, false)], IN);
  expect(out).toMatchObject({ state: 'out', reason: 'other_timeline' });
  expect(play([asked(0)], out).state).toBe('probing');
});

test('[ST14] one that cannot be reached waits 0.25 s, twice as long each time it fails again, 10 s at most', () => {
  let health: ReplicaHealth = IN;
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    health = nextHealth(health, FAILED, 0);
    if (health.state !== 'out') throw new Error('not out');
    expect(nextHealth(health, asked(0), health.untilMs - 1)).toBe(health);
    waits.push(health.untilMs);
    health = nextHealth(health, asked(0), health.untilMs);
    expect(health.state).toBe('probing');
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(play([WENT_WELL, FAILED], health)).toMatchObject({ untilMs: 250 });
});

test('whatever happens: only a read that went well brings it in, and what is bad is out at once', () => {
  const event = fc.oneof(
    fc.constant(FAILED),
    fc.constant(WENT_WELL),
    fc.record({
      kind: fc.constant('asked' as const),
      lagMs: fc.constantFrom(0, 1_000, 1_001, 2_000, 2_001),
      isOnTimeline: fc.constantFrom(true, true, true, false),
    }),
  );
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 500 })), { maxLength: 60 }), (steps) => {
      let health: ReplicaHealth = NEW_REPLICA;
      let nowMs = 0;
      for (const [one, passedMs] of steps) {
        nowMs += passedMs;
        const next: ReplicaHealth = nextHealth(health, one, nowMs);
        reached.add(`${health.state} -> ${next.state}`);
        if (health.state !== 'in' && next.state === 'in') expect(one.kind).toBe('read_went_well');
        if (one.kind === 'failed' || (one.kind === 'asked' && (one.lagMs > MAX_LAG_MS || !one.isOnTimeline)))
          expect(next.state).toBe('out');
        health = next;
      }
    }),
  );
  expect([...reached].sort()).toEqual(
    ['in -> in', 'in -> out', 'out -> out', 'out -> probing', 'probing -> in', 'probing -> out', 'probing -> probing'].sort(),
  );
});

test('[ST13] lag is the time since the primary went beyond the replica; a quiet primary makes none', () => {
  const track = createPrimaryTrack();
  track.add(10n, 0);
  track.add(10n, 500);
  expect(track.lagMs(10n, 60_000)).toBe(0);
  track.add(20n, 60_000);
  track.add(30n, 61_000);
  expect(track.lagMs(10n, 62_000)).toBe(2_000);
  expect(track.lagMs(25n, 62_000)).toBe(1_000);
  expect(track.lagMs(40n, 62_000)).toBe(0);
});

test('[ST13] a long lag never looks short, and the track stays small', () => {
  const track = createPrimaryTrack();
  for (let second = 0; second < 20_000; second += 1) track.add(BigInt(second), second * 20);
  expect(track.lagMs(0n, 400_000)).toBeGreaterThan(MAX_LAG_MS);
  expect(track.lagMs(19_999n, 400_000)).toBe(0);
});
