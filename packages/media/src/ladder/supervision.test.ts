import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IDLE, nextSupervision, SUPERVISION_LIMITS, type SupervisionAction, type SupervisionEvent } from './supervision.ts';

/** Failures weigh more, or nothing is ever given up. */
const KINDS = ['source_came', ...Array(7).fill('key_frame'), ...Array(7).fill('failed'), 'source_left'] as SupervisionEvent['kind'][];
const { restartCount, windowMs, pauseMs, maxPauseMs } = SUPERVISION_LIMITS;

function run(events: readonly (readonly [SupervisionEvent['kind'], number])[]) {
  let state = IDLE;
  const actions: [SupervisionAction, number][] = [];
  for (const [kind, atMs] of events) {
    const next = nextSupervision(state, { kind, atMs });
    state = next.state;
    actions.push(...next.actions.map((action): [SupervisionAction, number] => [action, atMs]));
  }
  return { state, actions };
}

describe('[TR7] when ffmpeg runs', () => {
  test('it starts at the first key frame after the encoder came, and ends when that goes', () => {
    expect(
      run([
        ['key_frame', 0],
        ['source_came', 1],
        ['key_frame', 2],
        ['key_frame', 4],
        ['source_left', 5],
        ['key_frame', 6],
      ]).actions,
    ).toEqual([
      ['start', 2],
      ['end', 5],
    ]);
  });

  test('it is started again at the next key frame after it failed', () => {
    const { state, actions } = run([
      ['source_came', 0],
      ['key_frame', 0],
      ['failed', 5_000],
      ['key_frame', 6_000],
    ]);
    expect(actions).toEqual([
      ['start', 0],
      ['start', 6_000],
    ]);
    expect(state).toMatchObject({ kind: 'running', restartCount: 1 });
  });

  /** Fails a second after each start. */
  const crashes = (count: number, everyMs: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        [
          ['key_frame', index * everyMs],
          ['failed', index * everyMs + 1_000],
        ] as const,
    ).flat();

  test('three restarts in 30 s, no fourth: the host is told once', () => {
    const { state, actions } = run([['source_came', 0], ...crashes(4, 2_000), ['key_frame', 9_000], ['key_frame', 11_000]]);
    expect(actions.map(([action]) => action)).toEqual(['start', 'start', 'start', 'start', 'alert']);
    expect(actions.filter(([action]) => action === 'start')).toHaveLength(1 + restartCount);
    expect(state.kind).toBe('given_up');
  });

  test('failures further apart than the window are forgotten', () => {
    const { state } = run([['source_came', 0], ...crashes(20, windowMs / restartCount)]);
    expect(state.kind).toBe('wanted');
    expect(run([['source_came', 0], ...crashes(20, windowMs / restartCount - 1)]).state.kind).toBe('given_up');
  });

  test('given up is tried again after a pause, then after twice the pause, up to ten minutes', () => {
    let { state } = run([['source_came', 0], ...crashes(4, 2_000)]);
    let atMs = 7_000;
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const pausedMs = state.pausedUntilMs - atMs;
      pauses.push(pausedMs);
      expect(nextSupervision(state, { kind: 'key_frame', atMs: state.pausedUntilMs - 1 }).actions).toEqual([]);
      atMs = state.pausedUntilMs;
      for (let crash = 0; crash <= restartCount; crash += 1) {
        state = nextSupervision(state, { kind: 'key_frame', atMs }).state;
        expect(state.kind).toBe('running');
        state = nextSupervision(state, { kind: 'failed', atMs }).state;
      }
      expect(state.kind).toBe('given_up');
    }
    expect(pauses).toEqual([1, 2, 4, 8, 10, 10].map((minutes) => minutes * pauseMs));
    expect(maxPauseMs).toBe(10 * pauseMs);
  });

  test('an encoder that connects anew begins with a clean record', () => {
    const { state } = run([
      ['source_came', 0],
      ...crashes(4, 2_000),
      ['source_left', 10_000],
      ['source_came', 11_000],
      ['key_frame', 12_000],
    ]);
    expect(state).toMatchObject({ kind: 'running', failedAtMs: [] });
  });

  test('every state answers every event, and starts and ends alternate', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.nat(6_000)), { minLength: 20, maxLength: 80, size: 'max' }), (steps) => {
        let state = IDLE;
        let atMs = 0;
        let isRunning = false;
        let starts: number[] = [];
        for (const [kind, stepMs] of steps) {
          atMs += stepMs;
          seen.add(`${state.kind} ${kind}`);
          const next = nextSupervision(state, { kind, atMs });
          if (state.kind === 'running' && kind === 'failed') isRunning = false;
          for (const action of next.actions) {
            if (action === 'start') {
              expect(isRunning).toBe(false);
              isRunning = true;
              starts.push(atMs);
            }
            if (action === 'end') {
              expect(isRunning).toBe(true);
              isRunning = false;
            }
          }
          if (kind === 'source_came' || kind === 'source_left') starts = [];
          state = next.state;
          expect(state.kind === 'running').toBe(isRunning);
          // Never more than one start and its restarts in the window.
          expect(starts.filter((startMs) => atMs - startMs < windowMs).length).toBeLessThanOrEqual(restartCount + 2);
        }
      }),
      { numRuns: 400 },
    );
    expect(seen.size).toBe(16);
  });
});
