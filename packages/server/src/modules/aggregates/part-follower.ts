// One part of the figures following the log in micro-batches, in one process of perhaps several:
//
//   waiting --lease free--> working --appended--> merge until nothing is left --> tell what changed
//      ^                       |
//      +---- fenced: another process took over while we slept ----+
//
// At most one batch is under way. A batch starts as soon as there is something new, but rests after the one before as
// long as that took (at least REST_MIN_MS, at most REST_MAX_MS): many events make one batch of many, which costs less
// than many of one. Ahead by a whole batch it does not rest. Events of a transaction that is still open hold back all
// younger ones (the horizon); the follower then looks again each tick, and says so when it lasts. A slow look each
// IDLE_LOOK_MS finds what other processes appended and keeps the lease.
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import type { AggregatePart } from './definitions.ts';
import {
  type BatchResult,
  isAtOrPast,
  type LogPlace,
  mergeNextBatch,
  readCursor,
  readOldestTransaction,
  releaseLease,
  takeLease,
} from './micro-batch.postgres.ts';

export const REST_MIN_MS = 10;
export const REST_MAX_MS = 25;
export const TICK_MS = 100;
export const IDLE_LOOK_MS = 1_000;
/** Longer than the idle look, which renews it; a process that is dead or stopped is replaced after this. */
export const LEASE_MS = 3_000;
export const RETRY_AFTER_MS = 1_000;
const CATCH_UP_LOOK_MS = 20;
/** A transaction open for longer than this with younger events behind it is said out loud, and again as often. */
export const HELD_BACK_SAY_MS = 10_000;

export type FollowerStats = {
  readonly batchCount: number;
  readonly mergedCount: number;
  readonly failedCount: number;
  /** Batches that found the cursor in other hands. */
  readonly fencedCount: number;
};

export type PartFollower = Service & {
  readonly part: AggregatePart;
  /** Says that the log has grown. */
  wake(): void;
  /** Whether the part has come to that place; merges a batch first if no other process does. Works on a stopped follower too. */
  advance(target: LogPlace): Promise<boolean>;
  stats(): FollowerStats;
};

export function createPartFollower(deps: {
  part: AggregatePart;
  database: Database;
  clock: Clock;
  logger: Logger;
  maxRows: number;
  onMerged(changes: BatchResult['changes']): void;
}): PartFollower {
  const { part, database, clock, logger, maxRows } = deps;
  const counters = { batchCount: 0, mergedCount: 0, failedCount: 0, fencedCount: 0 };
  let fence: number | null = null;
  let isRunning = false;
  let cancelTimer: (() => void) | null = null;
  let timerDueMs = 0;
  let restUntilMs = 0;
  let heldBackSinceMs: number | null = null;
  let saidHeldBackMs = 0;
  let wasWoken = false;
  let isTicking = false;
  /** Batches of this process, one behind the other. */
  let tail: Promise<unknown> = Promise.resolve();

  async function mergeOnce(): Promise<BatchResult | null> {
    fence ??= await takeLease(database, part.cursorName, LEASE_MS);
    if (fence === null) return null;
    const startedMs = clock.steadyMs();
    const result = await mergeNextBatch(database.log, part, { fence, maxRows, leaseMs: LEASE_MS });
    restUntilMs = clock.steadyMs() + Math.min(REST_MAX_MS, Math.max(REST_MIN_MS, clock.steadyMs() - startedMs));
    if (result === null) {
      counters.fencedCount += 1;
      fence = null;
      return null;
    }
    counters.batchCount += 1;
    counters.mergedCount += result.mergedCount;
    if (result.changes.size > 0) deps.onMerged(result.changes);
    return result;
  }

  /** An open transaction freezes the horizon for everybody: figures stand still until it ends, and nobody would know why. */
  async function noteHeldBack(isHeldBack: boolean): Promise<void> {
    const nowMs = clock.steadyMs();
    if (!isHeldBack) {
      if (heldBackSinceMs !== null && saidHeldBackMs > heldBackSinceMs) logger.info({ part: part.cursorName }, 'the figures go on');
      heldBackSinceMs = null;
      return;
    }
    heldBackSinceMs ??= nowMs;
    if (nowMs - Math.max(heldBackSinceMs, saidHeldBackMs) < HELD_BACK_SAY_MS) return;
    saidHeldBackMs = nowMs;
    const holder = await readOldestTransaction(database);
    logger.warn(
      { part: part.cursorName, heldBackMs: Math.round(nowMs - heldBackSinceMs), ...holder },
      'a transaction that stays open holds the figures back: nothing younger is counted before it ends',
    );
  }

  /** Null while another process works on the part. */
  function runBatch(): Promise<BatchResult | null> {
    const batch = tail.then(mergeOnce);
    tail = batch.catch(() => {});
    return batch;
  }

  /** Sees to it that a batch starts within `delayMs`. */
  function scheduleIn(delayMs: number): void {
    if (!isRunning) return;
    const dueMs = clock.steadyMs() + delayMs;
    if (cancelTimer && timerDueMs <= dueMs) return;
    cancelTimer?.();
    timerDueMs = dueMs;
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null;
      void tick();
    });
  }

  const restMs = () => Math.max(0, restUntilMs - clock.steadyMs());

  async function tick(): Promise<void> {
    wasWoken = false;
    isTicking = true;
    try {
      const result = await runBatch();
      if (result === null) scheduleIn(IDLE_LOOK_MS);
      else if (result.hasMore && result.mergedCount >= maxRows) scheduleIn(0);
      else if (wasWoken) scheduleIn(restMs());
      else scheduleIn(result.hasMore ? TICK_MS : IDLE_LOOK_MS);
      if (result !== null) await noteHeldBack(result.hasMore && result.mergedCount === 0);
    } catch (err) {
      counters.failedCount += 1;
      logger.warn({ err, part: part.cursorName }, 'a batch of figures failed; it is tried again');
      scheduleIn(RETRY_AFTER_MS);
    } finally {
      isTicking = false;
    }
  }

  return {
    part,
    wake() {
      wasWoken = true;
      // A batch under way may or may not have seen it; its end decides when the next begins.
      if (fence !== null && !isTicking) scheduleIn(restMs());
    },

    async advance(target) {
      let result = await runBatch();
      while (result !== null && result.mergedCount >= maxRows && !isAtOrPast(result.cursor, target)) result = await runBatch();
      if (result !== null) {
        // Stopped, we only help out; whoever runs must not wait for the end of our lease.
        if (!isRunning) await letGo();
        return isAtOrPast(result.cursor, target);
      }
      const cursor = await readCursor(database, part.cursorName);
      return cursor !== null && isAtOrPast(cursor, target);
    },

    stats: () => ({ ...counters }),

    async start() {
      if (isRunning) return;
      isRunning = true;
      scheduleIn(0);
    },

    async stop() {
      isRunning = false;
      cancelTimer?.();
      cancelTimer = null;
      await tail;
      await letGo().catch((err: unknown) => logger.warn({ err, part: part.cursorName }, 'a lease runs out by itself'));
    },
  };

  async function letGo(): Promise<void> {
    const held = fence;
    fence = null;
    if (held !== null) await releaseLease(database, part.cursorName, held);
  }
}

/** Waits until every follower has come to `target`. Answers false when that takes longer than `patienceMs`. */
export async function catchUp(followers: readonly PartFollower[], target: LogPlace, clock: Clock, patienceMs: number): Promise<boolean> {
  const giveUpAtMs = clock.steadyMs() + patienceMs;
  const arrive = async (follower: PartFollower): Promise<boolean> => {
    while (!(await follower.advance(target))) {
      if (clock.steadyMs() > giveUpAtMs) return false;
      await new Promise<void>((done) => clock.after(CATCH_UP_LOOK_MS, done));
    }
    return true;
  };
  return (await Promise.all(followers.map(arrive))).every((hasArrived) => hasArrived);
}
