// FTRL-proximal logistic regression (McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1):
//
//   w_i = 0 if |z_i| <= l1, else -(z_i - sign(z_i) l1) / ((beta + sqrt(n_i)) / alpha + l2)
//   after a row: g_i = (p - y) v_i;  s_i = (sqrt(n_i + g_i^2) - sqrt(n_i)) / alpha;  z_i += g_i - s_i w_i;  n_i += g_i^2
//
// One pass, one row at a time; rare features learn fast, frequent ones settle.
import { InputError } from '../../input-error.ts';
import { logistic } from './boosted-trees.ts';
import type { HashedFeatures } from './visit-features.ts';

export type FtrlOptions = { bits: number; alpha: number; beta: number; l1: number; l2: number };
export const DEFAULT_FTRL: FtrlOptions = { bits: 16, alpha: 0.05, beta: 1, l1: 0.1, l2: 1 };

export class FtrlLogistic {
  readonly options: FtrlOptions;
  readonly #z: Float64Array;
  readonly #n: Float64Array;

  constructor(options: Partial<FtrlOptions> = {}) {
    this.options = { ...DEFAULT_FTRL, ...options };
    const { bits } = this.options;
    if (!Number.isInteger(bits) || bits < 4 || bits > 24) throw new RangeError(`bits ${bits} is not a whole number from 4 to 24`);
    this.#z = new Float64Array(2 ** bits);
    this.#n = new Float64Array(2 ** bits);
  }

  #weight(slot: number): number {
    const { alpha, beta, l1, l2 } = this.options;
    const z = this.#z[slot] as number;
    if (Math.abs(z) <= l1) return 0;
    return -(z - Math.sign(z) * l1) / ((beta + Math.sqrt(this.#n[slot] as number)) / alpha + l2);
  }

  /** Log-odds of yes. */
  logit({ slots, values }: HashedFeatures): number {
    let sum = 0;
    for (let i = 0; i < slots.length; i += 1) sum += this.#weight(slots[i] as number) * (values[i] as number);
    return sum;
  }

  /** Learns one outcome (0 or 1); answers the log-odds it had before it learned. */
  learn(features: HashedFeatures, outcome: number): number {
    if (outcome !== 0 && outcome !== 1) throw new InputError(`outcome ${outcome} is not 0 or 1`);
    const logit = this.logit(features);
    const error = logistic(logit) - outcome;
    const { slots, values } = features;
    for (let i = 0; i < slots.length; i += 1) {
      const slot = slots[i] as number;
      const gradient = error * (values[i] as number);
      const n = this.#n[slot] as number;
      const next = n + gradient * gradient;
      const step = (Math.sqrt(next) - Math.sqrt(n)) / this.options.alpha;
      this.#z[slot] = (this.#z[slot] as number) + gradient - step * this.#weight(slot);
      this.#n[slot] = next;
    }
    return logit;
  }

  /** Slots ever touched, as [slot, z, n]; what a snapshot keeps. */
  entries(): [number, number, number][] {
    const list: [number, number, number][] = [];
    for (let slot = 0; slot < this.#n.length; slot += 1) {
      if ((this.#n[slot] as number) > 0) list.push([slot, this.#z[slot] as number, this.#n[slot] as number]);
    }
    return list;
  }

  /** Puts back what `entries` gave. */
  restore(entries: readonly (readonly [number, number, number])[]): void {
    for (const [slot, z, n] of entries) {
      if (!(slot >= 0 && slot < this.#n.length && Number.isFinite(z) && n >= 0))
        throw new InputError('the snapshot does not fit the model');
      this.#z[slot] = z;
      this.#n[slot] = n;
    }
  }
}
