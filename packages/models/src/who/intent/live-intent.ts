// Purchase intent that keeps learning while the show is on: the hashed logistic model takes each outcome as it becomes known
// (within seconds; nothing is retrained), and a sliding window of (log-odds before learning, outcome) keeps its chances
// honest when the mood of the room shifts. Before enough outcomes are seen it answers the share of buyers seen so far.
import { InputError } from '../../input-error.ts';
import { readSnapshot, writeSnapshot } from '../snapshot.ts';
import { logistic } from './boosted-trees.ts';
import { FtrlLogistic, type FtrlOptions } from './ftrl-logistic.ts';
import { calibratedLogit, fitPlatt, type Platt } from './platt.ts';
import { hashVisit, type Visit } from './visit-features.ts';

export type LiveIntentOptions = {
  /** Outcomes the calibration looks back on. */
  windowCount: number;
  /** Outcomes between two fits of the calibration. */
  refitEveryCount: number;
  /** Outcomes before the model is trusted at all. */
  warmUpCount: number;
  ftrl: Partial<FtrlOptions>;
};

export const DEFAULT_LIVE_INTENT: LiveIntentOptions = {
  windowCount: 2_000,
  refitEveryCount: 100,
  warmUpCount: 100,
  ftrl: { bits: 16, alpha: 0.1, l2: 5 },
};

const KIND = 'insp/live-intent@1';
type Kept = {
  options: LiveIntentOptions;
  logits: number[];
  outcomes: number[];
  seenCount: number;
  positiveCount: number;
  calibration: Platt;
  entries: [number, number, number][];
};

export class LiveIntent {
  readonly #options: LiveIntentOptions;
  readonly #model: FtrlLogistic;
  /** Ring of the last `windowCount` outcomes. */
  readonly #logits: number[] = [];
  readonly #outcomes: number[] = [];
  #seenCount = 0;
  #positiveCount = 0;
  #calibration: Platt = { offset: 0, slopes: [1] };

  constructor(options: Partial<LiveIntentOptions> = {}) {
    this.#options = { ...DEFAULT_LIVE_INTENT, ...options };
    this.#model = new FtrlLogistic(this.#options.ftrl);
  }

  get seenCount(): number {
    return this.#seenCount;
  }

  /** Chance, 0..1, that the visit ends in a purchase. */
  chance(visit: Visit): number {
    if (this.#seenCount < this.#options.warmUpCount) return (this.#positiveCount + 1) / (this.#seenCount + 2);
    return logistic(calibratedLogit(this.#calibration, [this.#model.logit(hashVisit(visit, this.#model.options.bits))]));
  }

  /** Takes the outcome of a visit: 1 = bought, 0 = left. Order of time is the order of calls. */
  observe(visit: Visit, outcome: 0 | 1): void {
    const { windowCount, refitEveryCount } = this.#options;
    const logit = this.#model.learn(hashVisit(visit, this.#model.options.bits), outcome);
    const place = this.#seenCount % windowCount;
    this.#logits[place] = logit;
    this.#outcomes[place] = outcome;
    this.#seenCount += 1;
    this.#positiveCount += outcome;
    if (this.#seenCount % refitEveryCount === 0) this.#calibration = fitPlatt([this.#logits], this.#outcomes, [1]);
  }

  toBytes(): Uint8Array {
    return writeSnapshot(KIND, {
      options: this.#options,
      logits: this.#logits,
      outcomes: this.#outcomes,
      seenCount: this.#seenCount,
      positiveCount: this.#positiveCount,
      calibration: this.#calibration,
      entries: this.#model.entries(),
    });
  }

  /** Goes on exactly where `toBytes` stood; refuses bytes of another kind. */
  static fromBytes(bytes: Uint8Array): LiveIntent {
    const kept = readSnapshot(KIND, bytes) as Kept;
    if (kept.logits.length !== kept.outcomes.length || kept.logits.length > kept.options.windowCount)
      throw new InputError('the snapshot holds a broken window');
    const live = new LiveIntent(kept.options);
    live.#model.restore(kept.entries);
    live.#logits.push(...kept.logits);
    live.#outcomes.push(...kept.outcomes);
    live.#seenCount = kept.seenCount;
    live.#positiveCount = kept.positiveCount;
    live.#calibration = kept.calibration;
    return live;
  }
}
