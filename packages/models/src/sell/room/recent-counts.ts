// How much each item was clicked within the last hour, the last day, ...: sliding windows over one bounded queue of clicks,
// brought up to date by moving one pointer a window. A click costs a step a window; nothing is recounted.
import { InputError } from '../../input-error.ts';

export type CountedClick = { readonly itemId: string; readonly occurredAtMs: number; readonly weight: number };

type Window = { readonly lengthMs: number; head: number; readonly sums: Map<string, { sum: number; clicks: number }> };

export const DEFAULT_MAX_RECENT_CLICKS = 1_000_000;

export class RecentCounts {
  readonly #windows: readonly Window[];
  readonly #maxClicks: number;
  /** Clicks in order of time; the ones before `#start` have left every window. */
  #clicks: CountedClick[] = [];
  #start = 0;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** Clicks that left early because the queue was full. */
  droppedClickCount = 0;

  constructor(windowsMs: readonly number[], maxClicks = DEFAULT_MAX_RECENT_CLICKS) {
    if (windowsMs.length === 0 || windowsMs.some((lengthMs) => !(lengthMs > 0)))
      throw new InputError('every window needs a length above 0');
    this.#windows = windowsMs.map((lengthMs) => ({ lengthMs, head: 0, sums: new Map() }));
    this.#maxClicks = maxClicks;
  }

  /** Counts a click. One that comes late counts as of the latest time known; refuses a weight below 0. */
  add({ itemId, occurredAtMs, weight }: CountedClick): void {
    if (!Number.isFinite(occurredAtMs)) throw new InputError(`${occurredAtMs} is not a time`, { column: 'occurredAtMs' });
    if (!(weight >= 0 && Number.isFinite(weight))) throw new InputError(`${weight} is not a weight >= 0`, { column: 'weight' });
    this.advance(Math.max(this.#nowMs, occurredAtMs));
    if (this.#clicks.length - this.#start >= this.#maxClicks) this.#dropOldest();
    this.#clicks.push({ itemId, occurredAtMs: this.#nowMs, weight });
    for (const { sums } of this.#windows) {
      const held = sums.get(itemId);
      if (held === undefined) sums.set(itemId, { sum: weight, clicks: 1 });
      else {
        held.sum += weight;
        held.clicks += 1;
      }
    }
  }

  /** Moves the windows on; a click exactly as old as a window is still in it. Time does not run back. */
  advance(nowMs: number): void {
    if (!(nowMs > this.#nowMs)) return;
    this.#nowMs = nowMs;
    for (const window of this.#windows) {
      while (window.head < this.#clicks.length && (this.#clicks[window.head] as CountedClick).occurredAtMs < nowMs - window.lengthMs) {
        this.#leave(window);
      }
    }
    this.#compact();
  }

  /** Weight of an item's clicks within window `place`. */
  sumOf(place: number, itemId: string): number {
    return this.#windows[place]?.sums.get(itemId)?.sum ?? 0;
  }

  /** Items of window `place`, most clicked first (equal ones by id). */
  ranked(place: number): { itemId: string; sum: number }[] {
    const items = [...(this.#windows[place]?.sums ?? [])].map(([itemId, { sum }]) => ({ itemId, sum }));
    return items.sort((a, b) => b.sum - a.sum || (a.itemId < b.itemId ? -1 : 1));
  }

  /** The clicks held, oldest first: learning them again gives the same counts. */
  dump(): CountedClick[] {
    return this.#clicks.slice(this.#start);
  }

  #leave(window: Window): void {
    const { itemId, weight } = this.#clicks[window.head] as CountedClick;
    window.head += 1;
    const held = window.sums.get(itemId);
    if (held === undefined) return;
    held.sum -= weight;
    held.clicks -= 1;
    // Deleted at the last click, so that rounding never outlives it.
    if (held.clicks === 0) window.sums.delete(itemId);
  }

  #dropOldest(): void {
    for (const window of this.#windows) if (window.head === this.#start) this.#leave(window);
    this.droppedClickCount += 1;
    this.#compact();
  }

  #compact(): void {
    this.#start = Math.min(...this.#windows.map(({ head }) => head));
    if (this.#start < 1_024 || this.#start * 2 < this.#clicks.length) return;
    this.#clicks = this.#clicks.slice(this.#start);
    for (const window of this.#windows) window.head -= this.#start;
    this.#start = 0;
  }
}
