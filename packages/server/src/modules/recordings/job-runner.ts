// Works the jobs of replays one after another, in the background and behind everything else. A job that fails is tried
// again, JOB_LIMITS.attempts times in all; one that was running when the process died begins anew.
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { JobKind, JobRow } from './job-store.postgres.ts';
import { JOB_LIMITS } from './limits.ts';

const LOOK_AGAIN_MS = 30_000;
const PROGRESS_SAVED_EVERY_MS = 1_000;

export type JobContext = {
  /** Aborted when the server stops or the show's replay is removed. */
  readonly signal: AbortSignal;
  /** 0 to 1. */
  progress(ratio: number): void;
};
export type Work = (job: JobRow, context: JobContext) => Promise<unknown>;

export type JobRunner = Service & {
  /** There may be something to do. */
  wake(): void;
  /** Stops the job of that show that runs now, if one does; it fails without another try. */
  cancel(showId: string): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
};

export function createJobRunner(deps: {
  store: {
    requeue(): Promise<void>;
    claim(): Promise<JobRow | null>;
    progress(id: number, ratio: number): Promise<void>;
    finish(id: number, end: { state: 'done' | 'failed' | 'queued'; failure: string | null; result: unknown }): Promise<void>;
  };
  work: Readonly<Record<JobKind, Work>>;
  clock: Clock;
  logger: Logger;
  onFinished(job: JobRow): void;
}): JobRunner {
  const { store, clock, logger } = deps;
  let isRunning = false;
  let isAskedAgain = false;
  let loop: Promise<void> | null = null;
  let cancelTimer = () => {};
  let current: { job: JobRow; abort: AbortController; isCancelled: boolean } | null = null;

  async function workOne(job: JobRow): Promise<void> {
    const abort = new AbortController();
    const mine = { job, abort, isCancelled: false };
    current = mine;
    let savedAtMs = clock.steadyMs();
    const startedAtMs = savedAtMs;
    const context: JobContext = {
      signal: abort.signal,
      progress(ratio) {
        if (clock.steadyMs() - savedAtMs < PROGRESS_SAVED_EVERY_MS) return;
        savedAtMs = clock.steadyMs();
        store.progress(job.id, Math.min(0.99, ratio)).catch(() => {});
      },
    };
    try {
      const result = await deps.work[job.kind](job, context);
      await store.finish(job.id, { state: 'done', failure: null, result: result ?? null });
      logger.info({ showId: job.showId, kind: job.kind, tookMs: Math.round(clock.steadyMs() - startedAtMs) }, 'a job of a replay is done');
    } catch (err) {
      // Stopped with the server: as if it had never begun.
      const isStopped = abort.signal.aborted && !mine.isCancelled;
      const isLast = mine.isCancelled || job.attemptCount >= JOB_LIMITS.attempts;
      if (!isStopped) logger[isLast ? 'error' : 'warn']({ err, showId: job.showId, kind: job.kind, isLast }, 'a job of a replay failed');
      await store
        .finish(job.id, {
          state: isStopped || !isLast ? 'queued' : 'failed',
          failure: String((err as Error)?.message ?? err).slice(0, 500),
          result: null,
        })
        .catch(() => {});
    } finally {
      current = null;
    }
    deps.onFinished(job);
  }

  async function run(): Promise<void> {
    while (isRunning) {
      const job = await store.claim();
      if (job === null) return;
      await workOne(job);
    }
  }

  function wake(): void {
    if (!isRunning) return;
    cancelTimer();
    cancelTimer = clock.after(LOOK_AGAIN_MS, wake);
    isAskedAgain = loop !== null;
    loop ??= run()
      .catch((err: unknown) => logger.warn({ err }, 'jobs of replays could not be read; trying again'))
      .finally(() => {
        loop = null;
        if (isAskedAgain) wake();
      });
  }
  return {
    wake,
    cancel(showId) {
      if (current?.job.showId !== showId || current.job.kind === 'purge') return;
      current.isCancelled = true;
      current.abort.abort();
    },
    async idle() {
      wake();
      while (loop !== null) await loop;
    },
    async start() {
      isRunning = true;
      await store.requeue();
      wake();
    },
    async stop() {
      isRunning = false;
      cancelTimer();
      current?.abort.abort();
      await loop;
    },
  };
}
