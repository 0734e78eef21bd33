import { RESTREAM_STATES, type RestreamState } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BACK_OFF, backOffMs } from './back-off.ts';
import { INITIAL_STATE, isChange, nextTargetState, STATE_LIMITS, type TargetEvent, type TargetState } from './target-state.ts';

const EVENTS: readonly TargetEvent[] = [
  { kind: 'wanted', reason: 'show_on_air' },
  { kind: 'wanted', reason: 'started_by_host' },
  { kind: 'unwanted', reason: 'waits_for_show' },
  { kind: 'unwanted', reason: 'stopped_by_host' },
  { kind: 'finished', reason: 'show_ended' },
  { kind: 'retry_due', reason: 'next_try' },
  { kind: 'resolved', reason: 'name_resolved' },
  { kind: 'connected', reason: 'connection_made' },
  { kind: 'asked', reason: 'key_sent' },
  { kind: 'picture_sent', reason: 'picture_sent' },
  { kind: 'source_lost', reason: 'waits_for_encoder' },
  { kind: 'slow', reason: 'too_slow' },
  { kind: 'recovered', reason: 'caught_up' },
  { kind: 'broke', reason: 'connection_lost' },
  { kind: 'rejected', reason: 'key_rejected', detail: 'no' },
  { kind: 'barred', reason: 'address_refused' },
  { kind: 'steady' },
];
const run = (events: readonly TargetEvent[], from: TargetState = INITIAL_STATE) => events.reduce(nextTargetState, from);
const event = (kind: TargetEvent['kind']) => EVENTS.find((one) => one.kind === kind) as TargetEvent;
const go = (...kinds: TargetEvent['kind'][]) => run(kinds.map(event));
const UP = ['wanted', 'resolved', 'connected', 'asked', 'picture_sent'] as const;

describe('the state table', () => {
  test('[RS-5] the way up, one step for each event', () => {
    const kinds: RestreamState[] = [];
    UP.reduce((state, kind) => {
      const next = nextTargetState(state, event(kind));
      kinds.push(next.kind);
      return next;
    }, INITIAL_STATE);
    expect(kinds).toEqual(['resolving', 'connecting', 'handshaking', 'publishing', 'live']);
  });

  test('[RS-5] every state is reached, and every event has an answer in each', () => {
    const reached = new Set<RestreamState>();
    fc.assert(
      // From some way up: chance alone seldom climbs to the top.
      fc.property(fc.nat(UP.length), fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (height, events) => {
        let state = go(...UP.slice(0, height));
        for (const one of events) {
          state = nextTargetState(state, one);
          reached.add(state.kind);
          expect(state.rejectCount).toBeLessThanOrEqual(STATE_LIMITS.rejectCount);
          expect(state.attemptCount).toBeGreaterThanOrEqual(state.rejectCount);
        }
      }),
      { numRuns: 2_000 },
    );
    expect([...reached].sort()).toEqual([...RESTREAM_STATES].sort());
  });

  test('[RS-6] network faults never fail a target, however many', () => {
    let state = go('wanted');
    for (let count = 1; count <= 500; count += 1) {
      state = run([event('broke')], state);
      expect([state.kind, state.attemptCount]).toEqual(['backoff', count]);
      state = run([event('retry_due')], state);
      expect(state.kind).toBe('resolving');
    }
  });

  test('[RS-7] the third refusal fails it, faults between do not count, and nothing but the host wakes it', () => {
    const tries: TargetEvent['kind'][] = ['rejected', 'retry_due', 'broke', 'retry_due', 'rejected', 'retry_due'];
    expect(go('wanted', ...tries).kind).toBe('resolving');
    const failed = go('wanted', ...tries, 'rejected');
    expect(failed).toMatchObject({ kind: 'failed', reason: 'key_rejected', detail: 'no', rejectCount: 3 });
    for (const one of EVENTS) {
      const isByHost = 'reason' in one && (one.reason === 'started_by_host' || one.reason === 'stopped_by_host');
      expect([one, nextTargetState(failed, one).kind !== 'failed']).toEqual([one, isByHost]);
    }
    expect(run([{ kind: 'wanted', reason: 'started_by_host' }], failed)).toMatchObject({
      kind: 'resolving',
      rejectCount: 0,
      attemptCount: 0,
    });
  });

  test('[RS-7] an address the guard refuses fails at once', () => {
    expect(go('wanted', 'barred')).toMatchObject({ kind: 'failed', reason: 'address_refused' });
  });

  test('[RS-6] a minute on air forgets what was before; getting on air alone does not', () => {
    const again = go('wanted', 'rejected', 'retry_due', 'broke', 'retry_due', 'resolved', 'connected', 'asked', 'picture_sent');
    expect(again).toMatchObject({ kind: 'live', attemptCount: 2, rejectCount: 1 });
    expect(run([event('steady')], again)).toMatchObject({ kind: 'live', reason: 'picture_sent', attemptCount: 0, rejectCount: 0 });
  });

  test('[RS-2] a lost encoder keeps the connection where there is one, and ends the attempt where there is none', () => {
    expect(go(...UP, 'source_lost').kind).toBe('publishing');
    expect(go(...UP, 'slow', 'source_lost').kind).toBe('publishing');
    expect(go(...UP, 'source_lost', 'source_lost').kind).toBe('publishing');
    for (const steps of [['wanted'], ['wanted', 'resolved'], ['wanted', 'resolved', 'connected'], ['wanted', 'broke']] as const)
      expect([steps, go(...steps, 'source_lost').kind]).toEqual([steps, 'idle']);
  });

  test('a change is another state or another reason', () => {
    const live = go(...UP);
    expect(isChange(live, nextTargetState(live, event('steady')))).toBe(false);
    expect(isChange(INITIAL_STATE, go('unwanted'))).toBe(true);
    expect(isChange(live, nextTargetState(live, event('slow')))).toBe(true);
  });
});

test('[RS-6] pauses double from half a second to half a minute, half more or less by chance', () => {
  const at = (chance: number) => [1, 2, 3, 6, 7, 8, 100].map((attempt) => backOffMs(attempt, chance));
  expect(at(0.5)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
  expect(at(0)).toEqual([250, 500, 1_000, 8_000, 15_000, 15_000, 15_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
      const ms = backOffMs(attempt, chance);
      expect(ms).toBeGreaterThanOrEqual(BACK_OFF.firstMs / 2);
      expect(ms).toBeLessThanOrEqual(BACK_OFF.capMs);
    }),
  );
});
