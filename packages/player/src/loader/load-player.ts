// Fetches the player chunk, once for all elements of the page. A phone in a lift gets three tries.
import type { PlayerModule } from './mount-contract.ts';

const TRY_DELAYS_MS = [0, 800, 2_500] as const;

export function createPlayerLoader(load: (attempt: number) => Promise<PlayerModule>, wait: (delayMs: number) => Promise<void>) {
  let running: Promise<PlayerModule> | null = null;

  const tryAll = async () => {
    let lastError: unknown;
    for (const [attempt, delayMs] of TRY_DELAYS_MS.entries()) {
      await wait(delayMs);
      try {
        return await load(attempt);
      } catch (error) {
        lastError = error;
      }
    }
    throw lastError;
  };

  return () => {
    running ??= tryAll().catch((error) => {
      running = null;
      throw error;
    });
    return running;
  };
}
