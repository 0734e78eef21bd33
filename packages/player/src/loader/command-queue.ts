// The page may call `insp(...)` before this script exists: the snippet keeps the calls in `insp.q`. Taking over
// replays them in the order they were made. A call made by a callback during the replay waits for its turn, and
// a call that throws does not stop the ones behind it.

export type InspFunction = {
  (name: string, ...rest: unknown[]): void;
  /** Calls kept by the snippet of product.md 3.1: `arguments` objects, or plain arrays. */
  q?: ArrayLike<unknown>[];
  /** Set by the loader, so that a second copy of the script on the page steps aside. */
  version?: string;
};

export type PageWithInsp = { insp?: InspFunction };

export type RunCommand = (name: string, args: readonly unknown[]) => void;

/** Replaces the stub by the real function and replays what was kept. Returns false when a loader is there already. */
export function takeOverQueue(page: PageWithInsp, version: string, run: RunCommand, onThrow: (error: unknown) => void): boolean {
  if (page.insp?.version !== undefined) return false;
  const waiting: ArrayLike<unknown>[] = [...(page.insp?.q ?? [])];
  let isDraining = false;

  const drain = () => {
    if (isDraining) return;
    isDraining = true;
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      try {
        const [name, ...args] = Array.from(call);
        run(String(name), args);
      } catch (error) {
        onThrow(error);
      }
    }
    isDraining = false;
  };

  const insp: InspFunction = (...call: unknown[]) => {
    waiting.push(call);
    drain();
  };
  insp.version = version;
  page.insp = insp;
  drain();
  return true;
}
