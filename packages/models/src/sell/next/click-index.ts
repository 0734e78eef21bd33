// The sessions and their clicks, learned one click at a time, in bounded memory.
//
//   session slot -> its clicks in order, in chunks of one Int32Array arena
//   item         -> the `recentSessions` sessions that clicked it last, oldest first (a posting list)
//   recency list -> all sessions by their last click; when the index is full the oldest leaves
//
// A click appends one number to the arena and moves its session to the end of the posting lists of the session's items: the
// work is bounded by the length of one session. The lists hold at any moment what a rebuild from the held clicks would give.
import { InputError } from '../../input-error.ts';

export type Click = { readonly sessionId: string; readonly itemId: string; readonly occurredAtMs: number };

export type ClickIndexOptions = {
  /** Sessions held; when full, the one silent longest leaves. */
  readonly maxSessions: number;
  /** Sessions held per item: the m of VMIS-kNN. */
  readonly recentSessions: number;
  /** Clicks kept of one session; later ones are counted in `droppedClickCount` and not learned (robots). */
  readonly maxSessionClicks: number;
};

export const DEFAULT_CLICK_INDEX: ClickIndexOptions = { maxSessions: 500_000, recentSessions: 1_000, maxSessionClicks: 200 };

const NONE = -1;
/** A chunk: the number of the next chunk, then clicks. */
const CHUNK = 8;
const CHUNK_CLICKS = CHUNK - 1;

type Posting = { sessions: Int32Array; length: number };

export class ClickIndex {
  readonly options: ClickIndexOptions;
  /** Clicks taken in since this object was made: tells whether an answer is still of today. */
  clickCount = 0;
  droppedClickCount = 0;
  evictedSessionCount = 0;
  readonly #itemNumbers = new Map<string, number>();
  readonly #itemIds: string[] = [];
  readonly #freeItems: number[] = [];
  readonly #postings: Posting[] = [];
  /** Held sessions that contain the item. */
  #support: Int32Array = new Int32Array(64);
  readonly #sessionSlots = new Map<string, number>();
  readonly #sessionIds: string[] = [];
  readonly #freeSlots: number[] = [];
  #times: Float64Array = new Float64Array(64);
  #lengths: Int32Array = new Int32Array(64);
  #firstChunk: Int32Array = new Int32Array(64);
  #lastChunk: Int32Array = new Int32Array(64);
  #older: Int32Array = new Int32Array(64);
  #newer: Int32Array = new Int32Array(64);
  #oldest = NONE;
  #newest = NONE;
  #arena: Int32Array = new Int32Array(64 * CHUNK);
  #chunkCount = 0;
  readonly #freeChunks: number[] = [];
  readonly #scratch: Int32Array;

  constructor(options: Partial<ClickIndexOptions> = {}) {
    this.options = { ...DEFAULT_CLICK_INDEX, ...options };
    for (const [name, value] of Object.entries(this.options))
      if (!Number.isInteger(value) || value < 1) throw new InputError(`${name} ${value} is not a whole number >= 1`);
    this.#scratch = new Int32Array(this.options.maxSessionClicks);
  }

  get sessionCount(): number {
    return this.#sessionSlots.size;
  }

  get itemCount(): number {
    return this.#itemNumbers.size;
  }

  /** Upper bound of item numbers, for arrays by item. */
  get itemNumberBound(): number {
    return this.#itemIds.length;
  }

  /** Upper bound of session slots, for arrays by session. */
  get slotBound(): number {
    return this.#sessionIds.length;
  }

  /** Bytes of the typed arrays (ids and maps of the host language not counted). */
  get byteLength(): number {
    const arrays = [this.#support, this.#times, this.#lengths, this.#firstChunk, this.#lastChunk, this.#older, this.#newer, this.#arena];
    return (
      arrays.reduce((sum, array) => sum + array.byteLength, 0) + this.#postings.reduce((sum, { sessions }) => sum + sessions.byteLength, 0)
    );
  }

  /** Number of an item, or -1 when no held session contains it. */
  itemNumberOf(itemId: string): number {
    return this.#itemNumbers.get(itemId) ?? NONE;
  }

  itemIdOf(item: number): string {
    return this.#itemIds[item] as string;
  }

  slotOf(sessionId: string): number {
    return this.#sessionSlots.get(sessionId) ?? NONE;
  }

  timeOf(slot: number): number {
    return this.#times[slot] as number;
  }

  /** Held sessions that contain the item. */
  supportOf(item: number): number {
    return this.#support[item] as number;
  }

  /** The item's most recent sessions, oldest first; a view, valid until the next click. */
  sessionsOf(item: number): Int32Array {
    const { sessions, length } = this.#postings[item] as Posting;
    return sessions.subarray(0, length);
  }

  /** Copies the clicks of a session, in order, into `out`; returns how many. */
  copyClicks(slot: number, out: Int32Array): number {
    const length = this.#lengths[slot] as number;
    let chunk = this.#firstChunk[slot] as number;
    for (let i = 0; i < length; ) {
      const base = chunk * CHUNK;
      const end = Math.min(length, i + CHUNK_CLICKS);
      for (let at = base + 1; i < end; i += 1, at += 1) out[i] = this.#arena[at] as number;
      chunk = this.#arena[base] as number;
    }
    return length;
  }

  /** The most recently active session, or -1. */
  get newestSlot(): number {
    return this.#newest;
  }

  /** The session active before this one, or -1. */
  olderSlot(slot: number): number {
    return this.#older[slot] as number;
  }

  /** All held sessions, oldest first, in a form that `add` can learn again. */
  dump(): { sessionId: string; lastAtMs: number; itemIds: string[] }[] {
    const sessions: { sessionId: string; lastAtMs: number; itemIds: string[] }[] = [];
    for (let slot = this.#oldest; slot !== NONE; slot = this.#newer[slot] as number) {
      const length = this.copyClicks(slot, this.#scratch);
      const itemIds = Array.from(this.#scratch.subarray(0, length), (item) => this.itemIdOf(item));
      sessions.push({ sessionId: this.#sessionIds[slot] as string, lastAtMs: this.timeOf(slot), itemIds });
    }
    return sessions;
  }

  /** Learns one click. Clicks of a session count in the order given; times may come out of order. Refuses a time that is not finite. */
  add({ sessionId, itemId, occurredAtMs }: Click): void {
    if (!Number.isFinite(occurredAtMs)) throw new InputError(`${occurredAtMs} is not a time`, { column: 'occurredAtMs' });
    this.clickCount += 1;
    let slot = this.slotOf(sessionId);
    if (slot === NONE) {
      if (this.sessionCount >= this.options.maxSessions) this.#evictOldest();
      slot = this.#openSession(sessionId, occurredAtMs);
    } else if ((this.#lengths[slot] as number) >= this.options.maxSessionClicks) {
      this.droppedClickCount += 1;
      return;
    } else {
      this.#unlink(slot);
      this.#times[slot] = Math.max(occurredAtMs, this.#times[slot] as number);
      this.#link(slot);
    }
    this.#append(slot, this.#numberItem(itemId));
    const length = this.copyClicks(slot, this.#scratch);
    const clicks = this.#scratch.subarray(0, length);
    const isNewItem = clicks.indexOf(clicks[length - 1] as number) === length - 1;
    if (isNewItem) this.#support[clicks[length - 1] as number] = this.supportOf(clicks[length - 1] as number) + 1;
    for (let i = 0; i < length; i += 1) if (clicks.indexOf(clicks[i] as number) === i) this.#moveToEnd(clicks[i] as number, slot);
  }

  /** True when `a` was active before `b`. Of equal times the one that clicked last counts as the newer, here and in every list. */
  #isOlder(a: number, b: number): boolean {
    return (this.#times[a] as number) < (this.#times[b] as number);
  }

  #moveToEnd(item: number, slot: number): void {
    const posting = this.#postings[item] as Posting;
    let { sessions, length } = posting;
    let at = length - 1;
    while (at >= 0 && sessions[at] !== slot) at -= 1;
    if (at >= 0) {
      sessions.copyWithin(at, at + 1, length);
      length -= 1;
    } else if (length === this.options.recentSessions) {
      if (this.#isOlder(slot, sessions[0] as number)) return;
      sessions.copyWithin(0, 1, length);
      length -= 1;
    } else if (length === sessions.length) {
      const larger = new Int32Array(Math.min(this.options.recentSessions, 2 * length));
      larger.set(sessions);
      sessions = larger;
      posting.sessions = larger;
    }
    let place = length;
    while (place > 0 && this.#isOlder(slot, sessions[place - 1] as number)) {
      sessions[place] = sessions[place - 1] as number;
      place -= 1;
    }
    sessions[place] = slot;
    posting.length = length + 1;
  }

  #append(slot: number, item: number): void {
    const length = this.#lengths[slot] as number;
    const offset = length % CHUNK_CLICKS;
    if (offset === 0) {
      const chunk = this.#takeChunk();
      if (length === 0) this.#firstChunk[slot] = chunk;
      else this.#arena[(this.#lastChunk[slot] as number) * CHUNK] = chunk;
      this.#lastChunk[slot] = chunk;
    }
    this.#arena[(this.#lastChunk[slot] as number) * CHUNK + 1 + offset] = item;
    this.#lengths[slot] = length + 1;
  }

  #takeChunk(): number {
    const free = this.#freeChunks.pop();
    if (free !== undefined) return free;
    if ((this.#chunkCount + 1) * CHUNK > this.#arena.length) {
      const larger = new Int32Array(this.#arena.length * 2);
      larger.set(this.#arena);
      this.#arena = larger;
    }
    this.#chunkCount += 1;
    return this.#chunkCount - 1;
  }

  #openSession(sessionId: string, atMs: number): number {
    const slot = this.#freeSlots.pop() ?? this.#sessionIds.length;
    if (slot === this.#times.length) this.#growSlots();
    this.#sessionIds[slot] = sessionId;
    this.#sessionSlots.set(sessionId, slot);
    this.#times[slot] = atMs;
    this.#lengths[slot] = 0;
    this.#link(slot);
    return slot;
  }

  #growSlots(): void {
    const grow = (array: Int32Array) => {
      const larger = new Int32Array(array.length * 2);
      larger.set(array);
      return larger;
    };
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    this.#lengths = grow(this.#lengths);
    this.#firstChunk = grow(this.#firstChunk);
    this.#lastChunk = grow(this.#lastChunk);
    this.#older = grow(this.#older);
    this.#newer = grow(this.#newer);
  }

  #link(slot: number): void {
    let before = this.#newest;
    while (before !== NONE && this.#isOlder(slot, before)) before = this.#older[before] as number;
    const after = before === NONE ? this.#oldest : (this.#newer[before] as number);
    this.#older[slot] = before;
    this.#newer[slot] = after;
    if (before === NONE) this.#oldest = slot;
    else this.#newer[before] = slot;
    if (after === NONE) this.#newest = slot;
    else this.#older[after] = slot;
  }

  #unlink(slot: number): void {
    const before = this.#older[slot] as number;
    const after = this.#newer[slot] as number;
    if (before === NONE) this.#oldest = after;
    else this.#newer[before] = after;
    if (after === NONE) this.#newest = before;
    else this.#older[after] = before;
  }

  #evictOldest(): void {
    const slot = this.#oldest;
    const length = this.copyClicks(slot, this.#scratch);
    const clicks = this.#scratch.subarray(0, length);
    for (let i = 0; i < length; i += 1) {
      const item = clicks[i] as number;
      if (clicks.indexOf(item) !== i) continue;
      const posting = this.#postings[item] as Posting;
      const at = posting.sessions.subarray(0, posting.length).indexOf(slot);
      if (at >= 0) {
        posting.sessions.copyWithin(at, at + 1, posting.length);
        posting.length -= 1;
      }
      this.#support[item] = this.supportOf(item) - 1;
      if (this.supportOf(item) === 0) this.#forgetItem(item);
    }
    for (let n = 0, chunk = this.#firstChunk[slot] as number; n < length; n += CHUNK_CLICKS) {
      this.#freeChunks.push(chunk);
      chunk = this.#arena[chunk * CHUNK] as number;
    }
    this.#unlink(slot);
    this.#sessionSlots.delete(this.#sessionIds[slot] as string);
    this.#freeSlots.push(slot);
    this.evictedSessionCount += 1;
  }

  #numberItem(itemId: string): number {
    const known = this.#itemNumbers.get(itemId);
    if (known !== undefined) return known;
    const item = this.#freeItems.pop() ?? this.#itemIds.length;
    this.#itemIds[item] = itemId;
    this.#itemNumbers.set(itemId, item);
    this.#postings[item] = { sessions: new Int32Array(1), length: 0 };
    if (item === this.#support.length) {
      const larger = new Int32Array(item * 2);
      larger.set(this.#support);
      this.#support = larger;
    }
    this.#support[item] = 0;
    return item;
  }

  #forgetItem(item: number): void {
    this.#itemNumbers.delete(this.#itemIds[item] as string);
    this.#postings[item] = { sessions: new Int32Array(0), length: 0 };
    this.#freeItems.push(item);
  }
}
