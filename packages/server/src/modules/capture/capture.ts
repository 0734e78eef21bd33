// The event log: what happened, kept for good, in one order.
//
//   commit   facts of a change, written in the transaction of that change (outbox): both or neither.
//   accept   counts of the room, queued and appended in batches; may be refused or, at worst, lost and counted.
//
// Both tell the bus after the database has said yes. The log is the truth and the bus a hint: what is lost between
// COMMIT and publish (a crash) is still in the log, and aggregates read the log.
import type { EventName, Fact, ShowId, StoredEvent } from '@insp/protocol';
import { type EventStream, eventDefinitions } from '@insp/protocol/schemas';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EventBus } from '../../kernel/event-bus.ts';
import { createLatencyWindow } from '../../kernel/latency-window.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, type Refusal, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { APPEND_QUEUE_LIMITS, type AppendQueueLimits, createAppendQueue } from './append-queue.ts';
import { createDeadLetters } from './dead-letters.ts';
import { appendRows, insertDeadLetters, insertRows, isPermanentFailure, LOG_START, readShowPage } from './event-log.postgres.ts';
import { factToLogRow, type LogRow } from './log-row.ts';
import { createPublishOrder, type Ticket } from './publish-order.ts';
import { addRejectCounts } from './reject-store.postgres.ts';
import { validateFact } from './validate-fact.ts';

/** More facts than this in one transaction is a loop in the caller. */
const FACTS_PER_COMMIT = 10_000;
const STOP_GRACE_MS = 5_000;
const PAGE_EVENTS = 2_000;
const APPEND_WINDOW_MS = 10_000;
const APPENDS_REMEMBERED = 512;

export type Rejection = { readonly eventId: string | null; readonly refusal: Refusal };

/** Counters since start, for metrics and tests. */
export type CaptureStats = {
  readonly queuedCount: number;
  readonly committedCount: number;
  readonly appendedCount: number;
  readonly duplicateCount: number;
  readonly invalidCount: number;
  readonly overloadedCount: number;
  readonly droppedCount: number;
  /** How long the oldest fact in the queue has waited. */
  readonly oldestQueuedAgeMs: number;
  readonly queueFillRatio: number;
  /** Of the appends of the last 10 s. */
  readonly appendP99Ms: number;
};

export type Capture = Service & {
  /** Runs `work` in one transaction together with the facts it records; after COMMIT they go on the bus, in commit order. */
  commit<T>(work: (tx: Sql, record: (fact: Fact) => void) => Promise<T>): Promise<T>;
  /** Takes engagement facts. A repeated id counts once. Refuses per fact: INSP_CAPTURE_EVENT_INVALID, INSP_CAPTURE_OVERLOADED. */
  accept(facts: readonly Fact[]): { acceptedCount: number; rejected: Rejection[] };
  /** Calls `listen` when the log has grown. Returns how to stop that. */
  onAppended(listen: () => void): () => void;
  /** Writes what is queued now; for tests and before a report. */
  flush(): Promise<void>;
  /** A show's events in log order, page by page; narrowed by name or time of occurrence if told. */
  readShow(showId: ShowId, options?: { names?: readonly EventName[]; sinceMs?: number }): AsyncGenerator<StoredEvent>;
  stats(): CaptureStats;
};

type Queued = { readonly row: LogRow; readonly fact: Fact };

export function createCapture(deps: {
  database: Database;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
  queueLimits?: Partial<AppendQueueLimits>;
  /** Whether the events of a day are no longer kept: then a repeat can no longer be told from a first. */
  isRetired?: (stream: EventStream, logDay: number) => boolean;
  /** The gate before the queue (pressure): the fact to append, null when others stand for it, or a refusal. */
  admit?: (fact: Fact) => Outcome<Fact | null>;
}): Capture {
  const { database, bus, clock, logger, isRetired = () => false, admit = accepted } = deps;
  const limits = { ...APPEND_QUEUE_LIMITS, ...deps.queueLimits };
  const appends = createLatencyWindow(APPEND_WINDOW_MS, APPENDS_REMEMBERED);
  const counters = { committedCount: 0, appendedCount: 0, duplicateCount: 0, invalidCount: 0, overloadedCount: 0, droppedCount: 0 };
  const appendedListeners = new Set<() => void>();
  const order = createPublishOrder<Fact>((facts) => bus.publish(facts), {
    onPassedBy: () => logger.warn({}, 'a commit without an answer holds up the news of others; it is passed by'),
  });
  const deadLetters = createDeadLetters({
    clock,
    write: (letters) => insertDeadLetters(database, letters),
    addCounts: (counts) => addRejectCounts(database, counts),
    onFailed: (err) => logger.warn({ err }, 'dead letters could not be kept'),
  });
  let isStopping = false;

  const queue = createAppendQueue<Queued>({
    clock,
    limits,
    write: appendBatch,
    onDropped(rows, cause) {
      counters.droppedCount += rows.length;
      logger.error({ err: cause, droppedCount: rows.length }, 'engagement events were dropped: the log could not be written');
    },
  });

  const tellAppended = () => {
    for (const listen of appendedListeners) listen();
  };

  async function appendBatch(batch: readonly Queued[]): Promise<void> {
    const startedMs = clock.nowMs();
    // A repeat inside the batch counts once too: the first of its id is stored.
    const firsts = new Map<string, Queued>();
    for (const queued of batch) if (!firsts.has(queued.row.id)) firsts.set(queued.row.id, queued);
    const distinct = [...firsts.values()];
    try {
      const added = await appendRows(
        database,
        distinct.map(({ row }) => row),
      );
      appends.note(clock.nowMs() - startedMs, clock.nowMs());
      const fresh = distinct.filter(({ row }) => added.has(row.id)).map(({ fact }) => fact);
      counters.appendedCount += fresh.length;
      counters.duplicateCount += batch.length - fresh.length;
      bus.publish(fresh);
      if (fresh.length > 0) tellAppended();
    } catch (cause) {
      appends.note(clock.nowMs() - startedMs, clock.nowMs());
      if (!isPermanentFailure(cause)) throw cause;
      // One row the database will never take must not hold up the others: halve until it stands alone.
      if (batch.length > 1) {
        const middle = batch.length >> 1;
        await appendBatch(batch.slice(0, middle));
        await appendBatch(batch.slice(middle));
        return;
      }
      for (const { fact } of batch) bury(fact, `refused by the database: ${(cause as Error).message}`);
    }
  }

  function bury(candidate: unknown, reason: string): void {
    counters.invalidCount += 1;
    deadLetters.bury(candidate, reason);
  }

  return {
    async commit(work) {
      let ticket: Ticket | null = null;
      const facts: Fact[] = [];
      try {
        const result = await database.transaction(async (tx) => {
          let isOpen = true;
          const value = await work(tx, (fact) => {
            if (!isOpen) throw new Error(`${fact.name} was recorded after its transaction`);
            const verdict = validateFact(fact);
            if (!verdict.ok) throw new AppError(verdict.code, { detail: `${fact.name}: ${verdict.detail ?? ''}` });
            if (facts.length >= FACTS_PER_COMMIT) throw new RangeError(`more than ${FACTS_PER_COMMIT} facts in one transaction`);
            facts.push(verdict.value);
          });
          isOpen = false;
          if (facts.length > 0) {
            const nowMs = clock.nowMs();
            await insertRows(
              tx,
              facts.map((fact) => factToLogRow(fact, nowMs)),
            );
            ticket = order.take(facts);
          }
          return value;
        });
        counters.committedCount += facts.length;
        (ticket as Ticket | null)?.settle(true);
        if (facts.length > 0) tellAppended();
        return result;
      } catch (cause) {
        (ticket as Ticket | null)?.settle(false);
        throw cause;
      }
    },

    accept(facts) {
      const rejected: Rejection[] = [];
      const reject = (fact: unknown, refusal: Refusal) => {
        const id = (fact as { id?: unknown } | null)?.id;
        rejected.push({ eventId: typeof id === 'string' ? id : null, refusal });
      };
      const nowMs = clock.nowMs();
      for (const candidate of facts) {
        const verdict = validateFact(candidate);
        if (!verdict.ok) {
          bury(candidate, verdict.detail ?? verdict.code);
          reject(candidate, verdict);
          continue;
        }
        const fact = verdict.value;
        if (eventDefinitions[fact.name].stream !== 'engage') {
          const detail = `${fact.name} belongs to a change: write it with commit`;
          logger.error({ event: fact.name }, detail);
          reject(fact, refused('INSP_CAPTURE_EVENT_INVALID', { detail }));
          continue;
        }
        const admitted = admit(fact);
        if (!admitted.ok) {
          reject(fact, admitted);
          continue;
        }
        const kept = admitted.value;
        if (kept === null) continue;
        const row = factToLogRow(kept, nowMs);
        if (isRetired(row.stream, row.log_day)) {
          bury(candidate, 'its day is no longer kept');
          reject(fact, refused('INSP_CAPTURE_EVENT_TOO_OLD'));
          continue;
        }
        if (isStopping || !queue.offer({ row, fact: kept })) {
          counters.overloadedCount += 1;
          reject(fact, refused('INSP_CAPTURE_OVERLOADED', { retryAfterMs: 1_000 }));
        }
      }
      return { acceptedCount: facts.length - rejected.length, rejected };
    },

    onAppended(listen) {
      appendedListeners.add(listen);
      return () => appendedListeners.delete(listen);
    },

    async flush() {
      await Promise.all([queue.flush(), deadLetters.flush()]);
    },

    async *readShow(showId, options = {}) {
      let after = LOG_START;
      for (;;) {
        const page = await readShowPage(database, showId, { ...options, after, limit: PAGE_EVENTS });
        yield* page.events;
        if (page.next === null) return;
        after = page.next;
      }
    },

    stats() {
      const nowMs = clock.nowMs();
      const { oldest, queuedCount } = queue;
      return {
        ...counters,
        queuedCount,
        oldestQueuedAgeMs: oldest === undefined ? 0 : Math.max(0, nowMs - oldest.row.received_at_ms),
        queueFillRatio: queuedCount / limits.maxQueuedCount,
        appendP99Ms: appends.p99Ms(nowMs),
      };
    },

    async start() {
      isStopping = false;
    },

    async stop() {
      isStopping = true;
      await queue.stop(STOP_GRACE_MS);
      await deadLetters.flush();
    },
  };
}
