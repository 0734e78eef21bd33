// Sees to it that rejects end: once at the start and then every hour.
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';

const PURGE_EVERY_MS = 3_600_000;

export function createRejectKeeper(deps: {
  clock: Clock;
  logger: Logger;
  purge(nowMs: number): Promise<{ letterCount: number }>;
}): Service {
  let stopTimer: (() => void) | null = null;
  let running: Promise<void> = Promise.resolve();
  const purge = () => {
    running = running
      .then(() => deps.purge(deps.clock.nowMs()))
      .then(
        ({ letterCount }) => letterCount > 0 && deps.logger.info({ letterCount }, 'old rejected events were deleted'),
        (err: unknown) => deps.logger.warn({ err }, 'old rejected events could not be deleted; tried again in an hour'),
      )
      .then(() => {});
  };
  return {
    async start() {
      stopTimer ??= deps.clock.every(PURGE_EVERY_MS, purge);
      purge();
    },
    async stop() {
      stopTimer?.();
      stopTimer = null;
      await running;
    },
  };
}
