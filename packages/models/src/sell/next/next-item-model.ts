// The next item of one viewer, learned click by click.
//
//   stage 1  candidate-pool.ts: VMIS-kNN, sequential rules and revisits, blended; the best hundred
//   stage 2  a conditional logit over their features: weights shipped here, learned again on a shop's own last sessions by
//            tune-next-item.ts
//   fill     what the most recent sessions looked at, when the session says too little
//
// No time, no randomness, no I/O: a prediction is a function of the clicks held and the session asked about.
import { InputError } from '../../input-error.ts';
import { bytesToJson, jsonToBytes } from '../../say/group/json-bytes.ts';
import { CandidatePool, FEATURE_COUNT, FEATURES, type Pool } from './candidate-pool.ts';
import { type Click, ClickIndex, type ClickIndexOptions } from './click-index.ts';
import { checkedPool, DEFAULT_POOL, type PoolOptions } from './pool-options.ts';

export type NextItemOptions = {
  readonly index: Partial<ClickIndexOptions>;
  readonly pool: Partial<PoolOptions>;
  /** One weight a feature, in the order of FEATURES. */
  readonly weights: readonly number[];
};

/** Learned on seven days of one shop, earlier than any day measured, and rounded; a shop's own sessions pull them away (tune-next-item.ts). */
export const SHIPPED_WEIGHTS: readonly number[] = [1.1, -0.25, 0.25, -0.05, 0.05, 0.1, 0.05, 0.4, 0.65, 0.8, -0.25, 0.55, -0.15];

/** Clicks of the asking session that count; older ones are forgotten. */
const MAX_ASKED_CLICKS = 200;
/** Most recent sessions asked for a fill. */
const FILL_SESSIONS = 200;
const SNAPSHOT_VERSION = 1;

export type RankedItem = { readonly itemId: string; readonly score: number };
export type PredictOptions = {
  /** The viewer's own session, if the index holds it: it is no evidence for itself. */
  readonly ownSessionId?: string;
  /** Items that may be shown (in stock, in the line-up). */
  readonly isAllowed?: (itemId: string) => boolean;
};

type Saved = {
  readonly version: number;
  readonly options: NextItemOptions;
  readonly counts: readonly [dropped: number, evicted: number];
  readonly items: readonly string[];
  readonly sessions: readonly (readonly [sessionId: string, lastAtMs: number, items: readonly number[]])[];
};

export class NextItemModel {
  readonly index: ClickIndex;
  readonly #pool: CandidatePool;
  #weights: Float64Array;

  /** Refuses options out of range by name. */
  constructor(options: Partial<NextItemOptions> = {}, index = new ClickIndex(options.index)) {
    this.index = index;
    this.#pool = new CandidatePool(this.index, checkedPool({ ...DEFAULT_POOL, ...options.pool }));
    this.#weights = checkedWeights(options.weights ?? SHIPPED_WEIGHTS);
  }

  get options(): NextItemOptions {
    return { index: this.index.options, pool: this.#pool.options, weights: [...this.#weights] };
  }

  /** Replaces the weights of the second stage. */
  setWeights(weights: readonly number[]): void {
    this.#weights = checkedWeights(weights);
  }

  /** The same index asked by other settings of the first stage. */
  withPool(pool: Partial<PoolOptions>): NextItemModel {
    return new NextItemModel({ ...this.options, pool: { ...this.#pool.options, ...pool } }, this.index);
  }

  /** Learns one click: work bounded by the clicks of its session. */
  add(click: Click): void {
    this.index.add(click);
  }

  /**
   * The `count` likeliest next items after `itemIds` (oldest first), best first; never the item just seen. Items unknown to the
   * index may be among `itemIds`. Fewer than `count` only when the index holds too few items.
   */
  predict(itemIds: readonly string[], count: number, given: PredictOptions = {}): RankedItem[] {
    if (!Number.isInteger(count) || count < 0) throw new InputError(`count ${count} is not a whole number >= 0`);
    const { ownSessionId, isAllowed } = given;
    const asked = itemIds.slice(-MAX_ASKED_CLICKS);
    const session = asked.map((itemId) => this.index.itemNumberOf(itemId));
    const allows = isAllowed === undefined ? null : (item: number) => isAllowed(this.index.itemIdOf(item));
    const ownSlot = ownSessionId === undefined ? -1 : this.index.slotOf(ownSessionId);
    const pool = this.#pool.gather(session, ownSlot, allows);
    const ranked = this.#rank(pool).slice(0, count);
    if (ranked.length < count) this.#fill(ranked, count, asked.at(-1), ownSlot, isAllowed);
    return ranked;
  }

  /** The same for a session the index holds; empty for one it does not hold. */
  predictFor(sessionId: string, count: number, isAllowed?: PredictOptions['isAllowed']): RankedItem[] {
    const itemIds = this.itemsOf(sessionId);
    if (itemIds.length === 0) return [];
    return this.predict(itemIds, count, { ownSessionId: sessionId, ...(isAllowed === undefined ? {} : { isAllowed }) });
  }

  /** Items of a held session, oldest first; empty for one the index does not hold. */
  itemsOf(sessionId: string): string[] {
    const slot = this.index.slotOf(sessionId);
    if (slot < 0) return [];
    const clicks = new Int32Array(this.index.options.maxSessionClicks);
    const length = this.index.copyClicks(slot, clicks);
    return Array.from(clicks.subarray(0, length), (item) => this.index.itemIdOf(item));
  }

  /** Chance of each candidate to come next (they sum to 1: the conditional logit's softmax); empty when the session says nothing. */
  chances(itemIds: readonly string[], ownSessionId?: string): Map<string, number> {
    const session = itemIds.slice(-MAX_ASKED_CLICKS).map((itemId) => this.index.itemNumberOf(itemId));
    const ownSlot = ownSessionId === undefined ? -1 : this.index.slotOf(ownSessionId);
    const ranked = this.#rank(this.#pool.gather(session, ownSlot, null));
    const best = ranked[0]?.score ?? 0;
    const sum = ranked.reduce((total, { score }) => total + Math.exp(score - best), 0);
    return new Map(ranked.map(({ itemId, score }) => [itemId, Math.exp(score - best) / sum]));
  }

  /** Candidates of the first stage with their features, for learning the weights; copies. */
  candidates(itemIds: readonly string[]): { itemIds: string[]; features: Float64Array } {
    const session = itemIds.slice(-MAX_ASKED_CLICKS).map((itemId) => this.index.itemNumberOf(itemId));
    const { items, features } = this.#pool.gather(session, -1, null);
    return { itemIds: Array.from(items, (item) => this.index.itemIdOf(item)), features: features.slice() };
  }

  /** Everything needed to go on after a restart: UTF-8 JSON with a version. Holds session ids: personal data. */
  snapshot(): Uint8Array {
    const items: string[] = [];
    const numbers = new Map<string, number>();
    const numberOf = (itemId: string) => {
      let number = numbers.get(itemId);
      if (number === undefined) {
        number = items.push(itemId) - 1;
        numbers.set(itemId, number);
      }
      return number;
    };
    const sessions = this.index.dump().map(({ sessionId, lastAtMs, itemIds }) => [sessionId, lastAtMs, itemIds.map(numberOf)] as const);
    const counts = [this.index.droppedClickCount, this.index.evictedSessionCount] as const;
    return jsonToBytes({ version: SNAPSHOT_VERSION, options: this.options, counts, items, sessions } satisfies Saved);
  }

  /** Takes up a snapshot; refuses bytes that are not one of this version. */
  static restore(bytes: Uint8Array): NextItemModel {
    let saved: Saved;
    try {
      saved = bytesToJson(bytes) as Saved;
    } catch (cause) {
      throw new InputError(`the bytes are not a snapshot of a next-item model: ${String(cause)}`);
    }
    if (saved?.version !== SNAPSHOT_VERSION || !Array.isArray(saved.sessions) || !Array.isArray(saved.items))
      throw new InputError(`the snapshot is of version ${saved?.version}, not ${SNAPSHOT_VERSION}`);
    const model = new NextItemModel(saved.options);
    for (const [sessionId, occurredAtMs, items] of saved.sessions) {
      for (const item of items) {
        const itemId = saved.items[item];
        if (itemId === undefined) throw new InputError(`the snapshot names item ${item}, which it does not hold`);
        model.add({ sessionId, itemId, occurredAtMs });
      }
    }
    [model.index.droppedClickCount, model.index.evictedSessionCount] = saved.counts;
    return model;
  }

  #rank({ items, features }: Pool): RankedItem[] {
    const scored: RankedItem[] = [];
    for (let row = 0; row < items.length; row += 1) {
      let score = 0;
      for (let j = 0; j < FEATURE_COUNT; j += 1) score += (this.#weights[j] as number) * (features[row * FEATURE_COUNT + j] as number);
      scored.push({ itemId: this.index.itemIdOf(items[row] as number), score });
    }
    // The sort is stable: of equal scores the better blend stands first.
    return scored.sort((a, b) => b.score - a.score);
  }

  /** Adds what the most recent sessions looked at most, below everything ranked. */
  #fill(ranked: RankedItem[], count: number, last: string | undefined, ownSlot: number, isAllowed: PredictOptions['isAllowed']): void {
    const known = new Set(ranked.map(({ itemId }) => itemId));
    const sessionsWith = new Map<number, number>();
    const clicks = new Int32Array(this.index.options.maxSessionClicks);
    for (let slot = this.index.newestSlot, n = 0; slot >= 0 && n < FILL_SESSIONS; slot = this.index.olderSlot(slot), n += 1) {
      if (slot === ownSlot) continue;
      const length = this.index.copyClicks(slot, clicks);
      for (const item of new Set(clicks.subarray(0, length))) sessionsWith.set(item, (sessionsWith.get(item) ?? 0) + 1);
    }
    const floor = ranked.at(-1)?.score ?? 0;
    for (const [item, sessions] of [...sessionsWith].sort((a, b) => b[1] - a[1])) {
      if (ranked.length >= count) return;
      const itemId = this.index.itemIdOf(item);
      if (itemId === last || known.has(itemId) || isAllowed?.(itemId) === false) continue;
      ranked.push({ itemId, score: floor - 1 / sessions });
    }
  }
}

function checkedWeights(weights: readonly number[]): Float64Array {
  if (weights.length !== FEATURE_COUNT) throw new InputError(`${weights.length} weights, there are ${FEATURE_COUNT} features`);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) throw new InputError(`${weights[wrong]} is not a weight`, { column: FEATURES[wrong] ?? null });
  return Float64Array.from(weights);
}
