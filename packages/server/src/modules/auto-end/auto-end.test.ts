// The rules and the machine; the whole of it over a real database is in auto-end.medium.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AUTO_END_LIMITS, deadSince, nextDue, type ShowSight } from './auto-end-rules.ts';
import { type AutoEndAct, type AutoEndEvent, type AutoEndState, CALM, nextAutoEnd } from './auto-end-state.ts';
import { endReason, warningSentence } from './auto-end-words.ts';

const MIN = 60_000;
const T0 = 1_760_000_000_000;
const sight = (change: Partial<ShowSight> = {}): ShowSight => ({
  state: 'live',
  liveAtMs: T0,
  maxLiveMs: 480 * MIN,
  deadSinceMs: null,
  watchedAtMs: T0,
  hostActAtMs: null,
  keptAtMs: null,
  keptUntilMs: null,
  ...change,
});

describe('when a show is due', () => {
  test('[AE2] black or frozen, and silent: warned after 10 minutes, ended 10 later', () => {
    expect(nextDue(sight({ deadSinceMs: T0 + 5 * MIN }))).toEqual({ cause: 'dead_air', warnAtMs: T0 + 15 * MIN, endsAtMs: T0 + 25 * MIN });
  });

  test('[AE2] one of the two is not enough, and what nobody looks at is not dead', () => {
    const since = { blackSinceMs: null, frozenSinceMs: null, silentSinceMs: null };
    expect(deadSince(null)).toBeNull();
    expect(deadSince({ ...since, silentSinceMs: 5 })).toBeNull();
    expect(deadSince({ ...since, blackSinceMs: 5 })).toBeNull();
    expect(deadSince({ ...since, blackSinceMs: 5, silentSinceMs: 9 })).toBe(9);
    expect(deadSince({ blackSinceMs: 30, frozenSinceMs: 20, silentSinceMs: 10 })).toBe(20);
  });

  test('[AE2] a pause is black and silent on purpose', () => {
    expect(nextDue(sight({ state: 'paused', deadSinceMs: T0 }))?.cause).toBe('unwatched');
  });

  test('[AE3] nobody watches and nobody does anything: warned after 45 minutes', () => {
    expect(nextDue(sight({ watchedAtMs: T0 + MIN }))).toEqual({ cause: 'unwatched', warnAtMs: T0 + 46 * MIN, endsAtMs: T0 + 56 * MIN });
    expect(nextDue(sight({ hostActAtMs: T0 + 30 * MIN }))?.warnAtMs).toBe(T0 + 75 * MIN);
  });

  test('[AE4] the cap is the end itself, warned 10 minutes before', () => {
    const busy = sight({ watchedAtMs: T0 + 479 * MIN });
    expect(nextDue(busy)).toEqual({ cause: 'too_long', warnAtMs: T0 + 470 * MIN, endsAtMs: T0 + 480 * MIN });
    expect(nextDue({ ...busy, keptUntilMs: T0 + 535 * MIN })?.cause).toBe('unwatched');
    expect(nextDue({ ...busy, watchedAtMs: T0 + 520 * MIN, keptUntilMs: T0 + 535 * MIN })?.endsAtMs).toBe(T0 + 535 * MIN);
  });

  test('[AE1] an encoder that went away is left to its grace; off air there is nothing to end', () => {
    expect(nextDue(sight({ state: 'encoder_lost', deadSinceMs: T0, watchedAtMs: 0 }))?.cause).toBe('too_long');
    for (const state of ['draft', 'scheduled', 'waiting', 'ended', 'cancelled'] as const)
      expect(nextDue(sight({ state, deadSinceMs: T0 }))).toBeNull();
  });

  test('[AE6] one tap starts every clock anew', () => {
    const forgotten = sight({ deadSinceMs: T0, keptAtMs: T0 + 12 * MIN, keptUntilMs: T0 + 72 * MIN });
    expect(nextDue(forgotten)).toMatchObject({ cause: 'dead_air', warnAtMs: T0 + 22 * MIN });
  });
});

/** Feeds events in turn and gathers what is done. */
function run(events: readonly AutoEndEvent[]): { state: AutoEndState; acts: AutoEndAct[] } {
  let state = CALM;
  const acts: AutoEndAct[] = [];
  for (const event of events) {
    const step = nextAutoEnd(state, event);
    state = step.state;
    acts.push(...step.acts);
  }
  return { state, acts };
}
const due = (min: number, endsAtMin: number, cause: AutoEndAct & { kind: 'end' } = { kind: 'end', cause: 'dead_air' }): AutoEndEvent => ({
  kind: 'due',
  cause: cause.cause,
  endsAtMs: T0 + endsAtMin * MIN,
  nowMs: T0 + min * MIN,
});

describe('the machine', () => {
  test('[AE5] warned at 10 and at 2 minutes, then ended', () => {
    const minutes = Array.from({ length: 12 }, (_, minute) => due(10 + minute, 20));
    const { acts, state } = run(minutes);
    expect(acts.slice(0, 3)).toEqual([
      { kind: 'warn', isLast: false, cause: 'dead_air', endsAtMs: T0 + 20 * MIN },
      { kind: 'warn', isLast: true, cause: 'dead_air', endsAtMs: T0 + 20 * MIN },
      { kind: 'end', cause: 'dead_air' },
    ]);
    expect(state.kind).toBe('ending');
  });

  test('[AE5] a machine that slept past the end still warns twice, ten and two minutes long', () => {
    const { acts } = run([due(300, 20), due(310, 20), due(311.9, 20), due(312, 20)]);
    expect(acts).toEqual([
      { kind: 'warn', isLast: false, cause: 'dead_air', endsAtMs: T0 + 310 * MIN },
      { kind: 'warn', isLast: true, cause: 'dead_air', endsAtMs: T0 + 312 * MIN },
      { kind: 'end', cause: 'dead_air' },
    ]);
  });

  test.each(['fine', 'kept', 'off_air'] as const)('[AE6] %s withdraws a warning, from each state', (kind) => {
    const warned = [due(10, 20)];
    const last = [...warned, due(18, 20)];
    const ending = [...last, due(20, 20)];
    for (const before of [warned, last, ending]) expect(run([...before, { kind }])).toMatchObject({ state: CALM });
    for (const before of [warned, last, ending]) expect(run([...before, { kind }]).acts.at(-1)).toEqual({ kind: 'withdraw' });
    expect(run([{ kind }]).acts).toEqual([]);
  });

  test('[AE5] another cause is another warning', () => {
    const { acts } = run([due(10, 20), due(18, 20), due(19, 40, { kind: 'end', cause: 'unwatched' })]);
    expect(acts.at(-1)).toEqual({ kind: 'warn', isLast: false, cause: 'unwatched', endsAtMs: T0 + 40 * MIN });
  });

  test('[AE7] an end that could not be written is tried again at every look', () => {
    const { acts } = run([due(10, 20), due(18, 20), due(20, 20), due(20.1, 20), due(20.2, 20)]);
    expect(acts.filter(({ kind }) => kind === 'end')).toHaveLength(3);
  });

  test('[AE5] whatever happens, no end comes within ten minutes of the first warning or two of the last', () => {
    let endCount = 0;
    const event = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('due' as const),
          cause: fc.constantFrom('dead_air' as const, 'too_long' as const),
          stepMs: fc.integer({ min: 0, max: 9 * MIN }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('fine' as const, 'kept' as const, 'off_air' as const),
          stepMs: fc.integer({ min: 0, max: MIN }),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), (events, isOneCause) => {
        let state = CALM;
        let nowMs = T0;
        let firstMs = Number.POSITIVE_INFINITY;
        let lastMs = Number.POSITIVE_INFINITY;
        for (const one of events) {
          nowMs += one.stepMs;
          const step = nextAutoEnd(
            state,
            one.kind === 'due' ? { kind: 'due', cause: isOneCause ? 'dead_air' : one.cause, endsAtMs: T0, nowMs } : { kind: one.kind },
          );
          state = step.state;
          for (const act of step.acts) {
            if (act.kind === 'warn' && act.isLast) lastMs = nowMs;
            else if (act.kind === 'warn') firstMs = nowMs;
            else if (act.kind === 'end') {
              endCount += 1;
              expect(nowMs - firstMs).toBeGreaterThanOrEqual(AUTO_END_LIMITS.firstWarningMs);
              expect(nowMs - lastMs).toBeGreaterThanOrEqual(AUTO_END_LIMITS.lastWarningMs);
            }
          }
        }
      }),
    );
    expect(endCount).toBeGreaterThan(20);
  });
});

test('[AE5] the words say when, why and what to do', () => {
  expect(warningSentence('unwatched', 10 * MIN)).toBe(
    'The show ends by itself in 10 minutes, because nobody watches and nobody was at the console: tap Keep live if it goes on.',
  );
  expect(warningSentence('dead_air', 20_000)).toMatch(/in 1 minute, /);
  expect(endReason('too_long').length).toBeLessThanOrEqual(200);
});
