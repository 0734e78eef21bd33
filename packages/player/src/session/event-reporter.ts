// What the shopper's side tells the server, in batches over the room socket. Each event has an id of its own, so a
// repeat counts once; a batch nobody took goes again, and what is left when the page goes is handed to the browser.
// Memory only, and bounded: what buying does not need is dropped first, the oldest of it.
import type { Answer } from '@insp/client';
import { LIMITS, type PlayerEvent, type WireError } from '@insp/protocol';
import { newEventId } from '../loader/event-id.ts';

export const REPORT_INTERVAL_MS = 2_000;
export const MAX_WAITING_EVENTS = 200;
/** A batch and its envelope fit a frame of the socket (LIMITS.socketFrameBytes). */
export const MAX_BATCH_BYTES = LIMITS.socketFrameBytes - 512;
/** A batch that gets no answer this often is given up: it may be what breaks the line. */
const MAX_UNANSWERED = 3;

type EventBody = PlayerEvent extends infer E ? (E extends PlayerEvent ? Omit<E, 'id' | 'occurredAt'> : never) : never;

/** Buying and its failures are essential; the rest is analytics, which a shopper may refuse. */
const ESSENTIAL: readonly PlayerEvent['name'][] = ['cart.added', 'cart.failed', 'cart.checkout', 'player.failed'];

/** Answers that ask for patience: the batch waits, however long. */
const PASSING: readonly WireError['code'][] = [
  'INSP_REALTIME_TOO_FAST',
  'INSP_REALTIME_QUEUE_FULL',
  'INSP_CAPTURE_OVERLOADED',
  'INSP_CAPTURE_DISK_FULL',
];

/** `sentAt` and `occurredAt` are of the same clock, the device's own, whatever it shows. */
export type ReportBatch = { readonly events: PlayerEvent[]; readonly sentAt: number };
/** `waits`: nobody is there to take it yet. `unanswered`: sent, and nobody knows. `refused`: never to be taken. */
export type SendResult = 'taken' | 'waits' | 'unanswered' | 'refused';

export function sendResultOf(answer: Answer<'report_player_events'>): SendResult {
  if (answer.ok) return 'taken';
  if (PASSING.includes(answer.error.code)) return 'waits';
  return answer.error.code === 'INSP_REALTIME_NO_ANSWER' ? 'unanswered' : 'refused';
}

export type EventReporter = {
  report(event: EventBody): void;
  flush(): void;
  /** The page goes: all that waits, and what is on its way unanswered, goes to the browser to be sent. */
  handOver(): void;
  stop(): void;
  readonly droppedCount: number;
};

export type EventReporterDeps = {
  /** The device's clock. */
  nowMs(): number;
  /** The server's clock as well as we know it: an event's id says the day it is filed under. */
  serverNowMs(): number;
  every(intervalMs: number, work: () => void): () => void;
  /** False once the shop said that the shopper refused analytics. */
  mayMeasure(): boolean;
  send(batch: ReportBatch): Promise<SendResult>;
  /** Queues a batch with the browser; false when it takes no more. */
  beacon(batch: ReportBatch): boolean;
};

export function createEventReporter(deps: EventReporterDeps): EventReporter {
  let waiting: PlayerEvent[] = [];
  let isSending = false;
  let unansweredCount = 0;
  let droppedCount = 0;

  const isEssential = ({ name }: PlayerEvent) => ESSENTIAL.includes(name);
  const keepWithinLimit = () => {
    while (waiting.length > MAX_WAITING_EVENTS) {
      const least = waiting.findIndex((event) => !isEssential(event));
      waiting.splice(Math.max(0, least), 1);
      droppedCount += 1;
    }
  };
  const forget = (batch: readonly PlayerEvent[]) => {
    const gone = new Set(batch.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => !gone.has(id));
  };

  const flush = () => {
    if (isSending || waiting.length === 0) return;
    const batch = nextBatch(waiting);
    isSending = true;
    void deps.send({ events: batch, sentAt: deps.nowMs() }).then((result) => {
      isSending = false;
      if (result === 'waits') return;
      unansweredCount = result === 'unanswered' ? unansweredCount + 1 : 0;
      if (result === 'unanswered' && unansweredCount < MAX_UNANSWERED) return;
      if (result !== 'taken') droppedCount += batch.length;
      unansweredCount = 0;
      forget(batch);
    });
  };

  const stop = deps.every(REPORT_INTERVAL_MS, flush);
  return {
    report(event) {
      if (!deps.mayMeasure() && !ESSENTIAL.includes(event.name)) return;
      waiting.push({ ...event, id: newEventId(deps.serverNowMs()), occurredAt: deps.nowMs() } as PlayerEvent);
      keepWithinLimit();
    },
    flush,
    handOver() {
      // The browser's room for beacons is small: what buying needs goes first.
      const inOrder = [...waiting.filter(isEssential), ...waiting.filter((event) => !isEssential(event))];
      while (inOrder.length > 0) {
        const batch = nextBatch(inOrder);
        if (!deps.beacon({ events: batch, sentAt: deps.nowMs() })) return;
        inOrder.splice(0, batch.length);
        forget(batch);
      }
    },
    stop,
    get droppedCount() {
      return droppedCount;
    },
  };
}

/** As many of the first events as one request may hold, by count and by bytes; at least one. */
function nextBatch(events: readonly PlayerEvent[]): PlayerEvent[] {
  let bytes = 0;
  const end = events.findIndex((event, at) => {
    bytes += utf8Bytes(JSON.stringify(event)) + 1;
    return at > 0 && (at >= LIMITS.playerEventsPerRequest || bytes > MAX_BATCH_BYTES);
  });
  return events.slice(0, end < 0 ? events.length : end);
}

const utf8Bytes = (text: string) => new TextEncoder().encode(text).length;
