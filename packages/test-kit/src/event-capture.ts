// Records what something emits and holds the test to all of it: what was expected came, in order, and nothing else.
import { deepStrictEqual } from 'node:assert';

export type EventCapture<E> = {
  /** Hand this to the emitter. */
  readonly record: (event: E) => void;
  /** All events not yet taken by an expectation. */
  readonly rest: readonly E[];
  /** Takes the next event; it must match `expected` in every field that `expected` has. */
  expectNext(expected: Partial<E> | ((event: E) => boolean)): E;
  /** Fails if anything was emitted that no expectation took. */
  expectNothingElse(): void;
  /** Forgets what was emitted so far. */
  clear(): void;
};

function pickLike(event: unknown, expected: object): unknown {
  if (typeof event !== 'object' || event === null) return event;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, (event as Record<string, unknown>)[key]]));
}

export function captureEvents<E>(): EventCapture<E> {
  const events: E[] = [];
  return {
    record: (event) => {
      events.push(event);
    },
    get rest() {
      return events;
    },
    expectNext(expected) {
      if (events.length === 0) throw new Error(`nothing was emitted; expected ${JSON.stringify(expected)}`);
      const event = events.shift() as E;
      if (typeof expected === 'function') {
        if (!expected(event)) throw new Error(`unexpected event ${JSON.stringify(event)}`);
      } else deepStrictEqual(pickLike(event, expected), expected);
      return event;
    },
    expectNothingElse() {
      if (events.length > 0) throw new Error(`${events.length} more emitted: ${JSON.stringify(events.slice(0, 5))}`);
    },
    clear() {
      events.length = 0;
    },
  };
}
