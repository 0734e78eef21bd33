import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORGIVEN_AFTER_MS, freshRecovery, MAX_NETWORK_TRIES, MAX_REBUILDS, nextRemedy } from './recovery.ts';

test('media errors are recovered twice, then the engine is made anew, the second time without low latency', () => {
  let state = freshRecovery;
  const remedies = Array.from({ length: 7 }, (_, index) => {
    const next = nextRemedy(state, 'media', 1_000 + index);
    state = next.state;
    return next.remedy;
  });
  const recover = { do: 'recover' };
  expect(remedies).toEqual([
    recover,
    recover,
    { do: 'rebuild', isLowLatency: true },
    recover,
    recover,
    { do: 'rebuild', isLowLatency: false },
    recover,
  ]);
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
  const { state } = nextRemedy(nextRemedy(freshRecovery, 'media', 999).state, 'media', 1_000);
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
