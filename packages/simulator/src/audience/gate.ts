/** At most `limit` at a time; further ones wait in a queue of `maxWaiting`, and beyond that are turned away. */
export type Gate = { run<T>(work: () => Promise<T>): Promise<T | 'turned away'> };

export function createGate(limit: number, maxWaiting: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= limit) {
        if (waiting.length >= maxWaiting) return 'turned away';
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The place is handed on, so `running` stays as it is.
        if (next) next();
        else running -= 1;
      }
    },
  };
}
