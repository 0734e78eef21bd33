import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionAtProgramTime } from './hls-engine.ts';
import { FORGIVEN_AFTER_MS, freshRecovery, MAX_NETWORK_TRIES, MAX_REBUILDS, nextRemedy } from './recovery.ts';

test('a media error is recovered once, then the engine is made anew', () => {
  const first = nextRemedy(freshRecovery, 'media', 1_000);
  expect(first.remedy).toEqual({ do: 'recover' });
  const second = nextRemedy(first.state, 'media', 2_000);
  expect(second.remedy).toEqual({ do: 'rebuild' });
});

test('network errors are tried again after 0.5 to 8 s', () => {
  let state = freshRecovery;
  const waits: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const next = nextRemedy(state, 'network', 1_000 + i);
    state = next.state;
    if (next.remedy.do === 'retry') waits.push(next.remedy.inMs);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test('good play for a while forgives all; one millisecond less does not', () => {
  const { state } = nextRemedy(freshRecovery, 'media', 1_000);
  expect(nextRemedy(state, 'media', 1_000 + FORGIVEN_AFTER_MS).remedy.do).toBe('rebuild');
  expect(nextRemedy(state, 'media', 1_001 + FORGIVEN_AFTER_MS).remedy.do).toBe('recover');
});

test('whatever breaks, however often, it ends', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('media' as const, 'network' as const), { minLength: 400, maxLength: 400 }), (failures) => {
      let state = freshRecovery;
      let rebuilds = 0;
      let retries = 0;
      for (const failure of failures) {
        const next = nextRemedy(state, failure, 1);
        state = next.state;
        if (next.remedy.do === 'rebuild') rebuilds += 1;
        if (next.remedy.do === 'retry') retries += 1;
      }
      expect(rebuilds).toBeLessThanOrEqual(MAX_REBUILDS);
      expect(retries).toBeLessThanOrEqual(MAX_NETWORK_TRIES);
    }),
    { numRuns: 20 },
  );
});

test('a wall time is found in the playlist, and outside of it is not', () => {
  const fragments = [
    { start: 0, duration: 2, programDateTime: 10_000 },
    { start: 2, duration: 2, programDateTime: 12_000 },
    { start: 4, duration: 2, programDateTime: null },
  ];
  expect(positionAtProgramTime(fragments, 12_500)).toBe(2.5);
  expect(positionAtProgramTime(fragments, 9_999)).toBeNull();
  expect(positionAtProgramTime(fragments, 14_000)).toBeNull();
});
