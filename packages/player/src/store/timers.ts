// All timers of one player, so that unmounting leaves none behind.

export type Timers = {
  after(delayMs: number, work: () => void): () => void;
  every(intervalMs: number, work: () => void): () => void;
  stopAll(): void;
};

export function createTimers(): Timers {
  const cancels = new Set<() => void>();
  const keep = (cancel: () => void) => {
    const once = () => {
      cancels.delete(once);
      cancel();
    };
    cancels.add(once);
    return once;
  };
  return {
    after(delayMs, work) {
      const timer = setTimeout(() => {
        cancel();
        work();
      }, delayMs);
      const cancel = keep(() => clearTimeout(timer));
      return cancel;
    },
    every(intervalMs, work) {
      const timer = setInterval(work, intervalMs);
      return keep(() => clearInterval(timer));
    },
    stopAll() {
      for (const cancel of [...cancels]) cancel();
    },
  };
}
