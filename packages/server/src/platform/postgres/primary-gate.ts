// Reads that no replica can serve go to the primary, and it must not drown in them: so many at once, so many waiting, so
// long. What is beyond is refused with INSP_STORE_BUSY. Writes do not pass here.
import { AppError } from '../../kernel/app-error.ts';

export type GateLimits = { readonly atOnce: number; readonly waiting: number; readonly patienceMs: number };
const RETRY_AFTER_MS = 1_000;

export type PrimaryGate = { pass<T>(work: () => Promise<T>): Promise<T>; readonly refusedCount: number };

export function createPrimaryGate(limits: GateLimits): PrimaryGate {
  const queue = new Set<() => void>();
  let busyCount = 0;
  let refusedCount = 0;

  function refuse(): AppError {
    refusedCount += 1;
    return new AppError('INSP_STORE_BUSY', { retryAfterMs: RETRY_AFTER_MS });
  }

  async function takePlace(): Promise<void> {
    if (busyCount < limits.atOnce) {
      busyCount += 1;
      return;
    }
    if (queue.size >= limits.waiting) throw refuse();
    await new Promise<void>((done, fail) => {
      const turn = () => {
        clearTimeout(timer);
        queue.delete(turn);
        done();
      };
      const timer = setTimeout(() => {
        queue.delete(turn);
        fail(refuse());
      }, limits.patienceMs);
      queue.add(turn);
    });
  }

  return {
    async pass(work) {
      await takePlace();
      try {
        return await work();
      } finally {
        // The place goes to who waits longest; it is free only when nobody does.
        const [next] = queue;
        if (next === undefined) busyCount -= 1;
        else next();
      }
    },
    get refusedCount() {
      return refusedCount;
    },
  };
}
