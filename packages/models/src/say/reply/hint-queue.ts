// What may interrupt the host, and when. Hints wait in a bounded queue, the most useful first; one is let through only while
// fewer than the cap were shown in the last minute, whatever the load. Help past a point hurts sales, so the cap has no
// exceptions: topic and game hints count like any other.
import { InputError } from '../../input-error.ts';
import { bytesToSnapshot, jsonToBytes } from '../group/json-bytes.ts';

export type Hint = {
  readonly id: string;
  /** Usefulness; the greater goes first, of equals the older. */
  readonly score: number;
  /** From then on it is not worth showing. */
  readonly expiresAtMs: number;
};

export type HintQueueOptions = {
  /** Hints shown in any 60 seconds, at most. */
  readonly maxPerMinute: number;
  /** Hints waiting; when full the least useful goes, and is counted. */
  readonly maxWaiting: number;
};
export const DEFAULT_HINT_QUEUE: HintQueueOptions = { maxPerMinute: 2, maxWaiting: 64 };

const MINUTE_MS = 60_000;
const SNAPSHOT_VERSION = 1;

export class HintQueue {
  readonly options: HintQueueOptions;
  #waiting: Hint[] = [];
  /** When the last `maxPerMinute` hints were shown. */
  #shownAtMs: number[] = [];
  #nowMs = Number.NEGATIVE_INFINITY;
  #droppedCount = 0;
  #expiredCount = 0;

  /** Refuses a cap that is no whole number from 0 (no hints at all) to 60, and a queue without room. */
  constructor(options: HintQueueOptions = DEFAULT_HINT_QUEUE) {
    const { maxPerMinute, maxWaiting } = options;
    if (!Number.isInteger(maxPerMinute) || maxPerMinute < 0 || maxPerMinute > 60)
      throw new InputError(`${maxPerMinute} is not a whole number from 0 to 60`, { column: 'maxPerMinute' });
    if (!Number.isInteger(maxWaiting) || maxWaiting < 1) throw new InputError(`${maxWaiting} leaves no room`, { column: 'maxWaiting' });
    this.options = options;
  }

  /** For the host's screen: cap, and how many of it are used up now. */
  usage(nowMs: number): { readonly maxPerMinute: number; readonly shownInLastMinute: number } {
    const now = this.#advance(nowMs);
    return { maxPerMinute: this.options.maxPerMinute, shownInLastMinute: this.#shownAtMs.filter((at) => now - at < MINUTE_MS).length };
  }

  get counts(): { readonly waiting: number; readonly dropped: number; readonly expired: number } {
    return { waiting: this.#waiting.length, dropped: this.#droppedCount, expired: this.#expiredCount };
  }

  /** Puts a hint in, or in the place of the waiting one with its id. Refuses a score or time that is no number. */
  offer(hint: Hint): void {
    if (!Number.isFinite(hint.score)) throw new InputError(`${hint.score} is not a score`, { column: 'score' });
    if (Number.isNaN(hint.expiresAtMs)) throw new InputError('NaN is not a time in ms', { column: 'expiresAtMs' });
    this.withdraw(hint.id);
    const place = this.#waiting.findIndex(({ score }) => score < hint.score);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, hint);
    if (this.#waiting.length > this.options.maxWaiting) {
      this.#waiting.pop();
      this.#droppedCount += 1;
    }
  }

  /** Takes a hint back, e.g. because the question was answered; false when it does not wait. */
  withdraw(id: string): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((hint) => hint.id !== id);
    return this.#waiting.length < before;
  }

  /** The hint to show now, or null: nothing waits, or the cap is used up. A clock that goes back is taken as standing still. */
  next(nowMs: number): Hint | null {
    const now = this.#advance(nowMs);
    const { maxPerMinute } = this.options;
    const alive = this.#waiting.filter(({ expiresAtMs }) => expiresAtMs > now);
    this.#expiredCount += this.#waiting.length - alive.length;
    this.#waiting = alive;
    if (this.#shownAtMs.filter((at) => now - at < MINUTE_MS).length >= maxPerMinute) return null;
    const hint = this.#waiting.shift() ?? null;
    if (hint !== null) this.#shownAtMs = [...this.#shownAtMs, now].slice(-maxPerMinute);
    return hint;
  }

  snapshot(): Uint8Array {
    return jsonToBytes({
      version: SNAPSHOT_VERSION,
      waiting: this.#waiting.map((hint) => ({ ...hint, expiresAtMs: Number.isFinite(hint.expiresAtMs) ? hint.expiresAtMs : null })),
      shownAtMs: this.#shownAtMs,
      nowMs: Number.isFinite(this.#nowMs) ? this.#nowMs : null,
      dropped: this.#droppedCount,
      expired: this.#expiredCount,
    });
  }

  /** Refuses bytes of another kind or version. A hint without an end keeps none. */
  static restore(bytes: Uint8Array, options: HintQueueOptions = DEFAULT_HINT_QUEUE): HintQueue {
    const saved = bytesToSnapshot<{
      version: number;
      waiting: { id: string; score: number; expiresAtMs: number | null }[];
      shownAtMs: number[];
      nowMs: number | null;
      dropped: number;
      expired: number;
    }>(bytes, SNAPSHOT_VERSION, 'a hint queue');
    const queue = new HintQueue(options);
    queue.#waiting = saved.waiting.map((hint) => ({ ...hint, expiresAtMs: hint.expiresAtMs ?? Number.POSITIVE_INFINITY }));
    queue.#shownAtMs = saved.shownAtMs;
    queue.#nowMs = saved.nowMs ?? Number.NEGATIVE_INFINITY;
    queue.#droppedCount = saved.dropped;
    queue.#expiredCount = saved.expired;
    return queue;
  }

  #advance(nowMs: number): number {
    if (nowMs > this.#nowMs) this.#nowMs = nowMs;
    return this.#nowMs;
  }
}
