/** Time is a dependency: modules ask the clock, tests turn it. */
export type Clock = {
  /** Wall time, ms since the epoch. */
  nowMs(): number;
  /** Time that never steps back or jumps, ms since some moment: for how long something took or is to wait. */
  steadyMs(): number;
  /** Runs `work` once after `delayMs`; the return value cancels it. */
  after(delayMs: number, work: () => void): () => void;
  /** Runs `work` every `intervalMs`; the return value stops it. */
  every(intervalMs: number, work: () => void): () => void;
};

/** The real clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(intervalMs, work) {
    const timer = setInterval(work, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
