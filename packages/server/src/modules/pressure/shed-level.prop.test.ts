// The machine of the levels under anything: any signals, any clock, and loads that answer to what is shed.
import type { ShedLevel } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demandedLevel, initialShedState, nextShedState, SHED_RULES, type ShedState } from './shed-level.ts';
import { DEFAULT_THRESHOLDS, NO_SIGNALS, SIGNAL_NAMES, type SignalName, type Signals } from './thresholds.ts';

const LOOK_MS = 1_000;
const START_MS = 1_760_000_000_000;
const HOUR_LOOKS = 3_600;

/** Values around the thresholds of each signal, and nonsense. */
const valuesAround = (name: SignalName) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 1.2, noNaN: true }).map((share) => share * DEFAULT_THRESHOLDS[name][1] * 2) },
    { weight: 4, arbitrary: fc.constantFrom(...DEFAULT_THRESHOLDS[name]) },
    { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0) },
  );
const signalsArb: fc.Arbitrary<Signals> = fc.record(
  Object.fromEntries(SIGNAL_NAMES.map((name) => [name, valuesAround(name)])) as Record<SignalName, fc.Arbitrary<number | null>>,
);
/** Mostly quiet, so that there is calm to step down in. */
const mostlyCalm = fc.oneof({ weight: 2, arbitrary: signalsArb }, { weight: 3, arbitrary: fc.constant(NO_SIGNALS) });

function walk(
  looks: readonly (readonly [signals: Signals, count: number])[],
  each: (before: ShedState, after: ShedState, s: Signals) => void,
) {
  let state = initialShedState(START_MS);
  let nowMs = START_MS;
  for (const [signals, count] of looks) {
    for (let look = 0; look < count; look += 1) {
      nowMs += LOOK_MS;
      const after = nextShedState(state, signals, nowMs);
      each(state, after, signals);
      state = after;
    }
  }
  return state;
}

const stretches = fc.array(fc.tuple(mostlyCalm, fc.integer({ min: 1, max: 90 })), { minLength: 1, maxLength: 20 });

test('[P1] [P2] up at once to what is asked, down one level at a time and only after the calm that is needed', () => {
  const reached = { up: 0, jump: 0, down: 0, toZero: 0 };
  fc.assert(
    fc.property(stretches, (looks) => {
      let calmLooks = 0;
      walk(looks, (before, after, signals) => {
        const asked = demandedLevel(signals, DEFAULT_THRESHOLDS).level;
        expect(after.level).toBeGreaterThanOrEqual(asked);
        const isCalm = demandedLevel(signals, DEFAULT_THRESHOLDS, SHED_RULES.calmRatio).level < before.level;
        calmLooks = isCalm ? calmLooks + 1 : 0;
        if (after.level > before.level) {
          reached.up += 1;
          if (after.level > before.level + 1) reached.jump += 1;
          expect(after.level).toBe(asked);
          expect(after.cause).not.toBeNull();
          calmLooks = 0;
        }
        if (after.level < before.level) {
          reached.down += 1;
          if (after.level === 0) reached.toZero += 1;
          expect(after.level).toBe(before.level - 1);
          expect(calmLooks * LOOK_MS).toBeGreaterThanOrEqual(SHED_RULES.calmMs);
          calmLooks = 0;
        }
        expect(after.level === 0).toBe(after.cause === null);
      });
    }),
    { numRuns: 100 },
  );
  expect(Math.min(...Object.values(reached)), JSON.stringify(reached)).toBeGreaterThan(20);
});

test('[P1] total: whatever is measured and however the clock jumps, there is a level', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(signalsArb, fc.integer({ min: -(10 ** 9), max: 10 ** 9 }))), (looks) => {
      let state = initialShedState(START_MS);
      for (const [signals, jumpMs] of looks) {
        const before = state.level;
        state = nextShedState(state, signals, state.lookedAtMs + jumpMs);
        expect([0, 1, 2, 3, 4]).toContain(state.level);
        expect(state.calmForMs).toBeGreaterThanOrEqual(0);
        expect(state.calmNeededMs).toBeLessThanOrEqual(SHED_RULES.calmMaxMs);
        expect(state.level).toBeGreaterThanOrEqual(before - 1);
      }
    }),
  );
});

test('[P2] a clock that jumps an hour ahead is no hour of calm', () => {
  const raised = nextShedState(initialShedState(START_MS), { ...NO_SIGNALS, queueAgeMs: 4_000 }, START_MS + LOOK_MS);
  expect(raised.level).toBe(2);
  expect(nextShedState(raised, NO_SIGNALS, START_MS + 3_600_000).level).toBe(2);
});

test('[P1] more of any signal never makes the level lower', () => {
  fc.assert(
    fc.property(signalsArb, fc.constantFrom(...SIGNAL_NAMES), fc.double({ min: 1, max: 20, noNaN: true }), (signals, name, times) => {
      const value = signals[name];
      if (value === null || Number.isNaN(value) || value < 0) return;
      const more = { ...signals, [name]: value * times };
      expect(demandedLevel(more, DEFAULT_THRESHOLDS).level).toBeGreaterThanOrEqual(demandedLevel(signals, DEFAULT_THRESHOLDS).level);
    }),
  );
});

test('[P3] it never flaps: steps down are at least the calm apart, and signals that flicker around a threshold hold the level', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SIGNAL_NAMES), fc.constantFrom(0, 1), fc.integer({ min: 1, max: 29 }), (name, at, everyLooks) => {
      const value = DEFAULT_THRESHOLDS[name][at] as number;
      const flicker = Array.from(
        { length: 600 },
        (_, look) => [{ ...NO_SIGNALS, [name]: look % everyLooks === 0 ? value : 0 }, 1] as const,
      );
      let changes = 0;
      walk(flicker, (before, after) => {
        if (before.level !== after.level) changes += 1;
      });
      expect(changes).toBe(1);
    }),
  );
});

test('[P3] a load that stays finds its level: each relapse doubles the calm that is needed', () => {
  const reached = { settled: 0, relapsed: 0 };
  fc.assert(
    fc.property(
      // How much of the load is left at each level: shedding helps, more or less.
      fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: 1_500, max: 20_000, noNaN: true }),
      (reliefs, offered) => {
        const left = [1];
        for (const relief of reliefs) left.push((left.at(-1) as number) * relief);
        let state = initialShedState(START_MS);
        const ups: number[] = [];
        for (let look = 1; look <= HOUR_LOOKS; look += 1) {
          const queueAgeMs = offered * (left[state.level] as number);
          const next = nextShedState(state, { ...NO_SIGNALS, queueAgeMs }, START_MS + look * LOOK_MS);
          if (next.level > state.level) ups.push(look);
          state = next;
        }
        // Calm of 30 s, 1, 2, 4, 8 min, then every 10 min: in an hour at most 11 rises.
        expect(ups.length).toBeLessThanOrEqual(11);
        if (ups.length > 3) {
          reached.relapsed += 1;
          const gaps = ups.slice(1).map((at, index) => at - (ups[index] as number));
          expect(gaps.at(-1)).toBeGreaterThanOrEqual(2 * (gaps[0] as number));
        } else reached.settled += 1;
      },
    ),
    { numRuns: 120 },
  );
  expect(Math.min(reached.settled, reached.relapsed), JSON.stringify(reached)).toBeGreaterThan(10);
});

test('[P3] a step down that held is forgiven: the next calm is short again', () => {
  const pressed: Signals = { ...NO_SIGNALS, loopLagMs: 250 };
  let state = initialShedState(START_MS);
  let nowMs = START_MS;
  const look = (signals: Signals, count: number) => {
    for (let at = 0; at < count; at += 1) {
      nowMs += LOOK_MS;
      state = nextShedState(state, signals, nowMs);
    }
  };
  look(pressed, 1);
  look(NO_SIGNALS, 30);
  expect(state).toMatchObject({ level: 0, calmNeededMs: 30_000 });
  look(pressed, 1);
  expect(state).toMatchObject({ level: 1, calmNeededMs: 60_000 });
  look(NO_SIGNALS, 59);
  expect(state.level).toBe(1);
  look(NO_SIGNALS, 1);
  expect(state.level).toBe(0);
  look(NO_SIGNALS, 121);
  expect(state.calmNeededMs).toBe(30_000);
});

test('[P1] each signal raises each of its levels at its value, not before', () => {
  for (const name of SIGNAL_NAMES) {
    for (const [at, value] of DEFAULT_THRESHOLDS[name].entries()) {
      if (!Number.isFinite(value)) continue;
      const level = (at + 1) as ShedLevel;
      expect(demandedLevel({ ...NO_SIGNALS, [name]: value }, DEFAULT_THRESHOLDS)).toEqual({ level, cause: name });
      expect(demandedLevel({ ...NO_SIGNALS, [name]: value * 0.999 }, DEFAULT_THRESHOLDS).level).toBe(level - 1);
    }
  }
});
