// What the shopper's side tells the server, in batches over the room socket. Each event has an id of its own, so a
// repeat counts once; a batch nobody answered goes again. Memory only, and bounded: the oldest are dropped first.
import { LIMITS, type PlayerEvent } from '@insp/protocol';
import { newEventId } from '../loader/event-id.ts';

export const REPORT_INTERVAL_MS = 2_000;
export const MAX_WAITING_EVENTS = 200;
const MAX_TRIES = 3;

type EventBody = PlayerEvent extends infer E ? (E extends PlayerEvent ? Omit<E, 'id' | 'occurredAt'> : never) : never;

/** Buying and its failures are essential; the rest is analytics, which a shopper may refuse. */
const ESSENTIAL: readonly PlayerEvent['name'][] = ['cart.added', 'cart.failed', 'cart.checkout', 'player.failed'];

export type EventReporter = {
  report(event: EventBody): void;
  flush(): void;
  stop(): void;
  readonly droppedCount: number;
};

export type EventReporterDeps = {
  nowMs(): number;
  every(intervalMs: number, work: () => void): () => void;
  /** False once the shop said that the shopper refused analytics. */
  mayMeasure(): boolean;
  /** Resolves to false when it should be tried again. */
  send(events: PlayerEvent[]): Promise<boolean>;
};

export function createEventReporter(deps: EventReporterDeps): EventReporter {
  let waiting: PlayerEvent[] = [];
  let isSending = false;
  let failedTries = 0;
  let droppedCount = 0;

  const keepNewest = () => {
    const surplus = waiting.length - MAX_WAITING_EVENTS;
    if (surplus <= 0) return;
    waiting = waiting.slice(surplus);
    droppedCount += surplus;
  };

  const flush = () => {
    if (isSending || waiting.length === 0) return;
    const batch = waiting.slice(0, LIMITS.playerEventsPerRequest);
    isSending = true;
    void deps.send(batch).then((isDone) => {
      isSending = false;
      failedTries = isDone ? 0 : failedTries + 1;
      if (!isDone && failedTries < MAX_TRIES) return;
      if (!isDone) droppedCount += batch.length;
      failedTries = 0;
      const sent = new Set(batch.map((event) => event.id));
      waiting = waiting.filter((event) => !sent.has(event.id));
    });
  };

  const stop = deps.every(REPORT_INTERVAL_MS, flush);
  return {
    report(event) {
      if (!deps.mayMeasure() && !ESSENTIAL.includes(event.name)) return;
      const occurredAt = deps.nowMs();
      waiting.push({ ...event, id: newEventId(occurredAt), occurredAt } as PlayerEvent);
      keepNewest();
    },
    flush,
    stop,
    get droppedCount() {
      return droppedCount;
    },
  };
}
