// A clock that stands still until a test moves it. Timers run in the order they fall due (ties: in the order they
// were set), each at its own instant, and a timer set by a timer runs too if it falls due within the same advance.

export type FakeClock = {
  nowMs(): number;
  /** Runs on whatever `jump` does to the wall. */
  steadyMs(): number;
  after(delayMs: number, work: () => void): () => void;
  every(intervalMs: number, work: () => void): () => void;
  /** Moves time forward and runs all that falls due. `advance(0)` runs what is due now. */
  advance(byMs: number): void;
  /** As `advance`, and lets promises settle before it starts, after every timer, and at the end. */
  advanceAsync(byMs: number): Promise<void>;
  /** Moves wall time without running timers: what a stepped system clock does. */
  jump(byMs: number): void;
  /** Timers that are set and have not run; a leak check for the end of a test. */
  readonly timerCount: number;
};

type Timer = { dueMs: number; order: number; intervalMs: number | null; work: () => void };

/** An advance that runs more timers than this is a loop in the code under test. */
const MAX_TIMERS_PER_ADVANCE = 1_000_000;

/** Lets everything that waits on settled promises run. */
export function settlePromises(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

export function createFakeClock(startMs = 1_760_000_000_000): FakeClock {
  // `elapsedMs` is the steady clock timers run on; `offsetMs` makes wall time of it.
  let elapsedMs = 0;
  let offsetMs = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  function add(delayMs: number, intervalMs: number | null, work: () => void): () => void {
    const timer: Timer = { dueMs: elapsedMs + Math.max(0, delayMs), order: order++, intervalMs, work };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function nextDue(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs > untilMs) continue;
      if (!first || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.order < first.order)) first = timer;
    }
    return first;
  }

  function runOne(untilMs: number): boolean {
    const timer = nextDue(untilMs);
    if (!timer) return false;
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    if (timer.intervalMs === null) timers.delete(timer);
    else {
      timer.dueMs += Math.max(1, timer.intervalMs);
      timer.order = order++;
    }
    timer.work();
    return true;
  }

  const tooMany = () => new Error(`more than ${MAX_TIMERS_PER_ADVANCE} timers in one advance: a timer that sets itself again at once?`);

  return {
    nowMs: () => offsetMs + elapsedMs,
    steadyMs: () => elapsedMs,
    after: (delayMs, work) => add(delayMs, null, work),
    every: (intervalMs, work) => add(intervalMs, intervalMs, work),
    advance(byMs) {
      const untilMs = elapsedMs + byMs;
      for (let ran = 0; runOne(untilMs); ran += 1) if (ran === MAX_TIMERS_PER_ADVANCE) throw tooMany();
      elapsedMs = untilMs;
    },
    async advanceAsync(byMs) {
      const untilMs = elapsedMs + byMs;
      await settlePromises();
      for (let ran = 0; runOne(untilMs); ran += 1) {
        if (ran === MAX_TIMERS_PER_ADVANCE) throw tooMany();
        await settlePromises();
      }
      elapsedMs = untilMs;
      await settlePromises();
    },
    jump(byMs) {
      offsetMs += byMs;
    },
    get timerCount() {
      return timers.size;
    },
  };
}
