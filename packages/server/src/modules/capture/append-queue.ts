// The queue between the room and the log. Engagement events wait here at most `batchEveryMs`, then go out in one
// statement of up to `batchMaxCount` rows; one batch is on its way at a time, so order holds.
//
//   offer -> [queue, bounded] -> write --ok--> gone
//                                  |-- fails --> wait (doubling, capped) and write the same batch again,
//                                                until it is `retryForMs` old, then drop and count it
//
// Writing again is safe: the log skips ids it has. A full queue refuses; it never forgets what it took silently.
import type { Clock } from '../../kernel/clock.ts';

export type AppendQueueLimits = {
  readonly maxQueuedCount: number;
  readonly batchMaxCount: number;
  readonly batchEveryMs: number;
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  readonly retryForMs: number;
};

export const APPEND_QUEUE_LIMITS: AppendQueueLimits = {
  maxQueuedCount: 50_000,
  batchMaxCount: 2_000,
  batchEveryMs: 25,
  retryFirstMs: 100,
  retryMaxMs: 2_000,
  retryForMs: 60_000,
};

export type AppendQueue<Row> = {
  /** Takes a row, or says there is no room. */
  offer(row: Row): boolean;
  /** Writes what is queued without waiting for the tick; resolves when the queue has run empty. */
  flush(): Promise<void>;
  /** Flushes, without waiting for a database that stays away: what is left after `graceMs` is dropped and counted. */
  stop(graceMs: number): Promise<void>;
  readonly queuedCount: number;
  /** What has waited longest, on its way or not; undefined when nothing waits. */
  readonly oldest: Row | undefined;
};

export function createAppendQueue<Row>(options: {
  clock: Clock;
  limits: AppendQueueLimits;
  /** Writes all or throws. */
  write(rows: readonly Row[]): Promise<void>;
  onDropped(rows: readonly Row[], cause: unknown): void;
}): AppendQueue<Row> {
  const { clock, limits } = options;
  const queue: Row[] = [];
  let inFlight: readonly Row[] = [];
  let pumping: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let giveUpAtMs = Number.POSITIVE_INFINITY;
  let wakeRetry: (() => void) | null = null;

  function wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      wakeRetry = () => {
        cancel();
        resolve();
      };
    });
  }

  async function writeOrDrop(rows: readonly Row[]): Promise<void> {
    const startedMs = clock.steadyMs();
    for (let delayMs = limits.retryFirstMs; ; delayMs = Math.min(delayMs * 2, limits.retryMaxMs)) {
      try {
        return await options.write(rows);
      } catch (cause) {
        const nowMs = clock.steadyMs();
        if (nowMs - startedMs >= limits.retryForMs || nowMs >= giveUpAtMs) return options.onDropped(rows, cause);
      }
      await wait(Math.max(1, Math.min(delayMs, giveUpAtMs - clock.steadyMs())));
    }
  }

  async function pump(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, limits.batchMaxCount);
      inFlight = batch;
      await writeOrDrop(batch);
      inFlight = [];
    }
  }

  function startPump(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    pumping ??= pump().finally(() => {
      pumping = null;
      if (queue.length > 0) schedule();
    });
    return pumping;
  }

  function schedule(): void {
    if (pumping) return;
    if (queue.length >= limits.batchMaxCount) void startPump();
    else cancelTimer ??= clock.after(limits.batchEveryMs, () => void startPump());
  }

  const queuedCount = () => queue.length + inFlight.length;

  return {
    offer(row) {
      if (queuedCount() >= limits.maxQueuedCount) return false;
      queue.push(row);
      schedule();
      return true;
    },
    flush: () => startPump(),
    async stop(graceMs) {
      giveUpAtMs = clock.steadyMs() + graceMs;
      wakeRetry?.();
      await startPump();
    },
    get queuedCount() {
      return queuedCount();
    },
    get oldest() {
      return inFlight[0] ?? queue[0];
    },
  };
}
