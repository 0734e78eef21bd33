import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLoadWatch, LOAD_LIMITS } from './load-watch.ts';
import { nextShedding, SHEDDING_LIMITS, type Shedding, startShedding } from './shedding.ts';

describe('[TR5] is it slow?', () => {
  const run = (speedAt: (sec: number) => number, secs: number) => {
    const watch = createLoadWatch();
    let madeMs = 0;
    return Array.from({ length: secs }, (_, sec) => {
      madeMs += sec === 0 ? 0 : speedAt(sec) * 1_000;
      return watch.observe({ sentMs: sec * 1_000, madeMs }, sec * 1_000);
    });
  };

  test('slower than 0.98 over 10 s, and late for it', () => {
    const readings = run((sec) => (sec > 20 ? 0.9 : 1), 40);
    expect(readings[20]).toMatchObject({ speed: 1, isSlow: false, isCalm: true });
    const firstSlow = readings.findIndex((reading) => reading.isSlow);
    // Half a second late at 26 s, and then for 5 s.
    expect(firstSlow).toBe(31);
    expect(readings[firstSlow]?.lagMs).toBeGreaterThan(LOAD_LIMITS.slowLagMs);
  });

  test('no verdict before the window is full, and none on a little lateness', () => {
    const readings = run(() => 0.97, 17);
    expect(readings.slice(0, 10).every((reading) => reading.speed === null && !reading.isSlow)).toBe(true);
    expect(readings.every((reading) => !reading.isSlow)).toBe(true);
    expect(readings.at(-1)?.speed).toBeCloseTo(0.97, 5);
  });

  test('a moment of a busy machine is no overload', () => {
    const readings = run((sec) => (sec > 20 && sec <= 22 ? 0.2 : sec > 22 && sec <= 26 ? 1.4 : 1), 40);
    expect(readings.some(({ speed, lagMs }) => speed !== null && speed < LOAD_LIMITS.slowSpeed && (lagMs ?? 0) > 1_000)).toBe(true);
    expect(readings.some(({ isSlow }) => isSlow)).toBe(false);
  });

  test('an encoder that stutters is not held against ffmpeg', () => {
    const watch = createLoadWatch();
    for (let sec = 0; sec < 30; sec += 1) {
      const sentMs = Math.min(sec, 12) * 1_000;
      expect(watch.observe({ sentMs, madeMs: sentMs }, sec * 1_000).isSlow).toBe(false);
    }
  });

  test('what was dropped is slow at once, told once, and forgotten with the next ffmpeg', () => {
    const watch = createLoadWatch();
    watch.overflowed();
    expect(watch.observe({ sentMs: null, madeMs: null }, 0)).toMatchObject({ isSlow: true, isCalm: false });
    expect(watch.observe({ sentMs: 0, madeMs: 0 }, 1).isSlow).toBe(false);
    watch.overflowed();
    watch.reset();
    expect(watch.observe({ sentMs: 0, madeMs: 0 }, 2).isSlow).toBe(false);
  });
});

describe('[TR5] the step of the ladder', () => {
  const SLOW = { isSlow: true, isCalm: false };
  const CALM = { isSlow: false, isCalm: true };
  const BOUNDS = { highestStep: 0, lowestStep: 3 };
  const { settleMs, calmBeforeRestoreMs, blameMs } = SHEDDING_LIMITS;

  test('one down when slow, then time to settle, and never below the last', () => {
    let state = startShedding(0, 0);
    state = nextShedding(state, SLOW, BOUNDS, settleMs - 1);
    expect(state.step).toBe(0);
    state = nextShedding(state, SLOW, BOUNDS, settleMs);
    expect(state.step).toBe(1);
    state = nextShedding(state, SLOW, BOUNDS, 2 * settleMs - 1);
    expect(state.step).toBe(1);
    for (let index = 2; index < 10; index += 1) state = nextShedding(state, SLOW, BOUNDS, index * settleMs);
    expect(state.step).toBe(3);
  });

  /** Calm from `fromMs` on, looked at each second, until the step changes. */
  const restoredAfter = (state: Shedding, fromMs: number): { state: Shedding; afterMs: number } => {
    for (let ms = fromMs; ms < fromMs + 40 * 60_000; ms += 1_000) {
      const next = nextShedding(state, CALM, BOUNDS, ms);
      if (next.step !== state.step) return { state: next, afterMs: ms - fromMs };
      state = next;
    }
    throw new Error('never restored');
  };

  test('up after a minute of calm; if that was wrong, twice as long; if it was not, a minute again', () => {
    let state = nextShedding(startShedding(0, 0), SLOW, BOUNDS, settleMs);
    let atMs = 2 * settleMs;
    const waits: number[] = [];
    for (let swing = 0; swing < 7; swing += 1) {
      const restored = restoredAfter(state, atMs);
      waits.push(restored.afterMs);
      atMs += restored.afterMs + blameMs - 1_000;
      state = nextShedding(restored.state, SLOW, BOUNDS, atMs);
      expect(state.step).toBe(1);
      atMs += settleMs;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 16, 16].map((factor) => factor * calmBeforeRestoreMs));
  });

  test('calm that is interrupted begins anew', () => {
    const neither = { isSlow: false, isCalm: false };
    let state = nextShedding(startShedding(0, 0), SLOW, BOUNDS, settleMs);
    state = nextShedding(state, CALM, BOUNDS, 20_000);
    state = nextShedding(state, neither, BOUNDS, 50_000);
    state = nextShedding(state, CALM, BOUNDS, 51_000);
    expect(nextShedding(state, CALM, BOUNDS, 110_999).step).toBe(1);
    expect(nextShedding(state, CALM, BOUNDS, 111_000).step).toBe(0);
  });

  test('whatever is seen: one step at a time, within bounds, and not more often than it may settle', () => {
    let changeCount = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(SLOW, CALM, CALM, CALM), { minLength: 20, maxLength: 300, size: 'max' }), (seen) => {
        let state = startShedding(0, 0);
        for (const [index, one] of seen.entries()) {
          const nowMs = index * 5_000;
          const next = nextShedding(state, one, BOUNDS, nowMs);
          expect(Math.abs(next.step - state.step)).toBeLessThanOrEqual(1);
          expect(next.step).toBeGreaterThanOrEqual(0);
          expect(next.step).toBeLessThanOrEqual(3);
          if (next.step !== state.step) {
            changeCount += 1;
            expect(nowMs - state.changedAtMs).toBeGreaterThanOrEqual(settleMs);
          }
          state = next;
        }
      }),
    );
    expect(changeCount).toBeGreaterThan(50);
  });
});
