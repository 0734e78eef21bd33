// What the held sessions say about the next item of one session: six signals by item, each scaled to sum 1, blended into a
// first order; the best form the pool, each with the features that the second stage (next-item-model.ts) weighs.
//
//   near        items of similar sessions: VMIS-kNN (Kersbergen et al. 2022, alg. 2): similarity = sum over shared items of
//               their position decay; score = idf x position weight of the last shared item x similarity
//   close       the same, fading with the distance to the shared item inside the similar session (as in STAN, Garg et al. 2019)
//   after       sequential rules (Ludewig & Jannach 2018): b came within `ruleSteps` after the item just seen, 1 / distance
//   before      the same, the other way round
//   next        b came directly after the item just seen
//   afterOther  sequential rules of the last other item of the session
//
// Rules are read off the item's most recent sessions at the time of asking, not stored: nothing to update, nothing to evict.
// All arrays are kept between calls; a call allocates little and its work is bounded by lastItems x recentSessions sessions.
import type { ClickIndex } from './click-index.ts';
import type { PoolOptions } from './pool-options.ts';
import { TopSelector } from './top-selector.ts';

export const FEATURES = [
  'blend',
  'near',
  'close',
  'after',
  'before',
  'next',
  'afterOther',
  'seen',
  'seenStepsAgo',
  'seenTimes',
  'seenInLongSession',
  'seenJustBefore',
  'support',
] as const;
export const FEATURE_COUNT = FEATURES.length;
const SIGNAL_COUNT = 6;
/** A share this small looks like none: features are ln(1 + share / SMALL_SHARE). */
const SMALL_SHARE = 0.003;

export type Pool = {
  /** Item numbers, best of the blend first; views valid until the next call. */
  readonly items: Int32Array;
  readonly blend: Float64Array;
  /** items x FEATURE_COUNT, row-major. */
  readonly features: Float64Array;
};

export class CandidatePool {
  readonly #index: ClickIndex;
  readonly options: PoolOptions;
  #similarity: Float64Array = new Float64Array(0);
  #signals: Float64Array[] = Array.from({ length: SIGNAL_COUNT }, () => new Float64Array(0));
  /** Steps back to the last time the session saw the item, + 1; 0 = never. */
  #stepsAgo: Int32Array = new Int32Array(0);
  #timesSeen: Int32Array = new Int32Array(0);
  #isTouched: Uint8Array = new Uint8Array(0);
  #touched: Int32Array = new Int32Array(0);
  /** The neighbour that mentioned the item last, as a running number. */
  #visitOf: Float64Array = new Float64Array(0);
  #visit = 0;
  #touchedCount = 0;
  #metSessions: Int32Array = new Int32Array(64);
  readonly #clicks: Int32Array;
  readonly #neighbours: TopSelector;
  readonly #best: TopSelector;
  readonly #neighbourSlots: Int32Array;
  readonly #poolItems: Int32Array;
  readonly #poolBlend: Float64Array;
  readonly #features: Float64Array;
  readonly #scales: Float64Array = new Float64Array(SIGNAL_COUNT);
  /** exp(-steps / closeSteps) */
  readonly #fading: Float64Array;

  constructor(index: ClickIndex, options: PoolOptions) {
    this.#index = index;
    this.options = options;
    this.#clicks = new Int32Array(index.options.maxSessionClicks);
    this.#fading = Float64Array.from({ length: index.options.maxSessionClicks }, (_, steps) => Math.exp(-steps / options.closeSteps));
    this.#neighbours = new TopSelector(options.neighbours);
    this.#neighbourSlots = new Int32Array(options.neighbours);
    this.#best = new TopSelector(options.poolSize);
    this.#poolItems = new Int32Array(options.poolSize);
    this.#poolBlend = new Float64Array(options.poolSize);
    this.#features = new Float64Array(options.poolSize * FEATURE_COUNT);
  }

  /**
   * Candidates for the item after `session` (item numbers, oldest first; -1 = an item the index does not hold). The last
   * item is never a candidate. `ownSlot` = the viewer's own session in the index, or -1. `isAllowed` filters.
   */
  gather(session: readonly number[], ownSlot: number, isAllowed: ((item: number) => boolean) | null): Pool {
    this.#reserve();
    const last = session.at(-1) ?? -1;
    this.#markSession(session);
    this.#addNeighbours(session, ownSlot);
    this.#weighByRarity();
    this.#addRules(last, ownSlot, true);
    let other = session.length - 2;
    while (other >= 0 && (session[other] === last || session[other] === -1)) other -= 1;
    if (other >= 0) this.#addRules(session[other] as number, ownSlot, false);
    this.#scaleSignals(last);
    const count = this.#selectPool(last, isAllowed);
    this.#writeFeatures(count, session.length);
    this.#reset(session);
    return {
      items: this.#poolItems.subarray(0, count),
      blend: this.#poolBlend.subarray(0, count),
      features: this.#features.subarray(0, count * FEATURE_COUNT),
    };
  }

  #reserve(): void {
    const items = this.#index.itemNumberBound;
    if (this.#isTouched.length < items) {
      const size = Math.max(64, items * 2);
      this.#signals = this.#signals.map(() => new Float64Array(size));
      this.#stepsAgo = new Int32Array(size);
      this.#timesSeen = new Int32Array(size);
      this.#isTouched = new Uint8Array(size);
      this.#touched = new Int32Array(size);
      this.#visitOf = new Float64Array(size);
    }
    const slots = this.#index.slotBound;
    if (this.#similarity.length < slots) this.#similarity = new Float64Array(Math.max(64, slots * 2));
  }

  #touch(item: number): void {
    if (this.#isTouched[item] === 1) return;
    this.#isTouched[item] = 1;
    this.#touched[this.#touchedCount] = item;
    this.#touchedCount += 1;
  }

  #markSession(session: readonly number[]): void {
    for (let i = 0; i < session.length; i += 1) {
      const item = session[i] as number;
      if (item < 0) continue;
      this.#stepsAgo[item] = session.length - i;
      this.#timesSeen[item] = (this.#timesSeen[item] as number) + 1;
      this.#touch(item);
    }
  }

  #addNeighbours(session: readonly number[], ownSlot: number): void {
    const index = this.#index;
    const length = Math.min(session.length, this.options.lastItems);
    let met = 0;
    for (let back = 0; back < length; back += 1) {
      const item = session[session.length - 1 - back] as number;
      // The latest place of an item counts.
      if (item < 0 || (this.#stepsAgo[item] as number) !== back + 1) continue;
      const decay = (length - back) / length;
      const slots = index.sessionsOf(item);
      for (let i = slots.length - 1; i >= 0; i -= 1) {
        const slot = slots[i] as number;
        const before = this.#similarity[slot] as number;
        if (before === 0) {
          if (slot === ownSlot) continue;
          if (met === this.#metSessions.length) this.#metSessions = grown(this.#metSessions);
          this.#metSessions[met] = slot;
          met += 1;
        }
        this.#similarity[slot] = before + decay;
      }
    }
    for (let i = 0; i < met; i += 1) {
      const slot = this.#metSessions[i] as number;
      this.#neighbours.offer(slot, this.#similarity[slot] as number, index.timeOf(slot));
    }
    const count = this.#neighbours.drain(this.#neighbourSlots);
    for (let i = 0; i < count; i += 1) this.#addNeighbour(this.#neighbourSlots[i] as number);
    for (let i = 0; i < met; i += 1) this.#similarity[this.#metSessions[i] as number] = 0;
  }

  #addNeighbour(slot: number): void {
    const [near, close] = this.#signals as [Float64Array, Float64Array];
    const clicks = this.#clicks;
    const length = this.#index.copyClicks(slot, clicks);
    let stepsAgo = Number.POSITIVE_INFINITY;
    let place = 0;
    for (let i = 0; i < length; i += 1) {
      const steps = this.#stepsAgo[clicks[i] as number] as number;
      if (steps > 0 && steps <= stepsAgo) {
        stepsAgo = steps;
        place = i;
      }
    }
    const weight = (stepsAgo < 10 ? 1 - 0.1 * stepsAgo : 0) * (this.#similarity[slot] as number);
    if (weight === 0) return;
    this.#visit += 1;
    for (let i = 0; i < length; i += 1) {
      const item = clicks[i] as number;
      this.#touch(item);
      close[item] = (close[item] as number) + weight * (this.#fading[Math.abs(i - place)] as number);
      if (this.#visitOf[item] === this.#visit) continue;
      this.#visitOf[item] = this.#visit;
      near[item] = (near[item] as number) + weight;
    }
  }

  #addRules(from: number, ownSlot: number, isLast: boolean): void {
    if (from < 0) return;
    const [, , after, before, next, afterOther] = this.#signals as Float64Array[] as [never, never, ...Float64Array[]];
    const forward = (isLast ? after : afterOther) as Float64Array;
    const backward = before as Float64Array;
    const direct = next as Float64Array;
    const clicks = this.#clicks;
    const slots = this.#index.sessionsOf(from);
    const oldest = Math.max(0, slots.length - this.options.ruleSessions);
    for (let s = slots.length - 1; s >= oldest; s -= 1) {
      const slot = slots[s] as number;
      if (slot === ownSlot) continue;
      const length = this.#index.copyClicks(slot, clicks);
      for (let i = 0; i < length; i += 1) {
        if (clicks[i] !== from) continue;
        const end = Math.min(length - 1, i + this.options.ruleSteps);
        for (let j = i + 1; j <= end; j += 1) {
          const item = clicks[j] as number;
          this.#touch(item);
          forward[item] = (forward[item] as number) + 1 / (j - i);
        }
        if (!isLast) continue;
        if (i + 1 < length) direct[clicks[i + 1] as number] = (direct[clicks[i + 1] as number] as number) + 1;
        const start = Math.max(0, i - this.options.ruleSteps);
        for (let j = i - 1; j >= start; j -= 1) {
          const item = clicks[j] as number;
          this.#touch(item);
          backward[item] = (backward[item] as number) + 1 / (i - j);
        }
      }
    }
  }

  /** Rare items first: ln(1 + sessions / sessions with the item) on both neighbour signals. */
  #weighByRarity(): void {
    const [near, close] = this.#signals as [Float64Array, Float64Array];
    const sessionCount = this.#index.sessionCount;
    for (let i = 0; i < this.#touchedCount; i += 1) {
      const item = this.#touched[i] as number;
      if (near[item] === 0) continue;
      const idf = Math.log(1 + sessionCount / this.#index.supportOf(item));
      near[item] = (near[item] as number) * idf;
      close[item] = (close[item] as number) * idf;
    }
  }

  /** Scale of each signal: 1 / sum over the candidates, 0 where the signal is silent. */
  #scaleSignals(last: number): void {
    for (let s = 0; s < SIGNAL_COUNT; s += 1) {
      const signal = this.#signals[s] as Float64Array;
      let sum = 0;
      for (let i = 0; i < this.#touchedCount; i += 1) {
        const item = this.#touched[i] as number;
        if (item !== last) sum += signal[item] as number;
      }
      this.#scales[s] = sum > 0 ? 1 / sum : 0;
    }
  }

  #selectPool(last: number, isAllowed: ((item: number) => boolean) | null): number {
    const { nearShare, afterShare, beforeShare, revisitShare } = this.options;
    const [near, , after, before] = this.#signals as [Float64Array, Float64Array, Float64Array, Float64Array];
    const nearScale = nearShare * (this.#scales[0] as number);
    const afterScale = afterShare * (this.#scales[2] as number);
    const beforeScale = beforeShare * (this.#scales[3] as number);
    for (let i = 0; i < this.#touchedCount; i += 1) {
      const item = this.#touched[i] as number;
      if (item === last || (isAllowed !== null && !isAllowed(item))) continue;
      const steps = (this.#stepsAgo[item] as number) - 1;
      const revisit = steps > 0 ? revisitShare / steps : 0;
      const blend =
        nearScale * (near[item] as number) + afterScale * (after[item] as number) + beforeScale * (before[item] as number) + revisit;
      if (blend > 0) this.#best.offer(item, blend);
    }
    return this.#best.drain(this.#poolItems, this.#poolBlend);
  }

  #writeFeatures(count: number, sessionLength: number): void {
    const features = this.#features;
    for (let row = 0; row < count; row += 1) {
      const item = this.#poolItems[row] as number;
      let at = row * FEATURE_COUNT;
      features[at] = Math.log1p((this.#poolBlend[row] as number) / SMALL_SHARE);
      at += 1;
      for (let s = 0; s < SIGNAL_COUNT; s += 1, at += 1) {
        const share = ((this.#signals[s] as Float64Array)[item] as number) * (this.#scales[s] as number);
        features[at] = share > 0 ? Math.log1p(share / SMALL_SHARE) : 0;
      }
      const steps = (this.#stepsAgo[item] as number) - 1;
      const seen = steps > 0;
      features[at] = seen ? 1 : 0;
      features[at + 1] = seen ? Math.log(steps) : 0;
      features[at + 2] = seen ? Math.log(this.#timesSeen[item] as number) : 0;
      features[at + 3] = seen ? Math.log(sessionLength) : 0;
      features[at + 4] = steps === 1 ? 1 : 0;
      features[at + 5] = Math.log(this.#index.supportOf(item));
    }
  }

  #reset(session: readonly number[]): void {
    for (let i = 0; i < this.#touchedCount; i += 1) {
      const item = this.#touched[i] as number;
      for (const signal of this.#signals) signal[item] = 0;
      this.#isTouched[item] = 0;
    }
    this.#touchedCount = 0;
    for (const item of session) {
      if (item < 0) continue;
      this.#stepsAgo[item] = 0;
      this.#timesSeen[item] = 0;
    }
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
