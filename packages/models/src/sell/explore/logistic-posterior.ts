// Chance of success from features, with its doubt: online Bayesian logistic regression by a diagonal Laplace approximation
// (Chapelle & Li 2011, algorithm 3). Weight j is normal with mean m_j and precision q_j. A batch moves the mean to the mode of
//   1/2 sum q_j (w_j - m_j)^2 + sum log(1 + exp(-y_i w.x_i))        y in {-1, 1}
// and adds sum x_ij^2 p_i (1 - p_i) to the precision.
import { InputError } from '../../input-error.ts';
import { sampleNormal } from '../../math/sampling.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { bytesToJson, jsonToBytes } from '../../say/group/json-bytes.ts';

const SNAPSHOT_VERSION = 1;
const SWEEPS = 25;
const NEWTON_TOLERANCE = 1e-9;

export type LabelledRow = { readonly features: ArrayLike<number>; readonly isSuccess: boolean };

const chanceOf = (margin: number) => 1 / (1 + Math.exp(-margin));

export class LogisticPosterior {
  readonly means: Float64Array;
  readonly precisions: Float64Array;

  /** `width` features, the intercept among them if one is wanted; `priorPrecision` > 0. */
  constructor(width: number, priorPrecision = 1) {
    if (!Number.isInteger(width) || width < 1) throw new InputError(`width ${width} is not a whole number >= 1`);
    if (!(priorPrecision > 0)) throw new InputError(`prior precision ${priorPrecision} is not above 0`);
    this.means = new Float64Array(width);
    this.precisions = new Float64Array(width).fill(priorPrecision);
  }

  /** Learns a batch by coordinate-wise Newton sweeps. Refuses rows of another width or not finite, by row. */
  learn(rows: readonly LabelledRow[]): void {
    for (const [index, { features }] of rows.entries()) {
      if (features.length !== this.means.length)
        throw new InputError(`${features.length} features where there should be ${this.means.length}`, { row: index + 1 });
      for (let j = 0; j < features.length; j += 1)
        if (!Number.isFinite(features[j])) throw new InputError(`${features[j]} is not a feature`, { row: index + 1, column: String(j) });
    }
    const before = Float64Array.from(this.means);
    const margins = Float64Array.from(rows, ({ features }) => this.#margin(this.means, features));
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      let longest = 0;
      for (let j = 0; j < before.length; j += 1) longest = Math.max(longest, Math.abs(this.#step(rows, margins, before, j)));
      if (longest < NEWTON_TOLERANCE) break;
    }
    for (const [i, { features }] of rows.entries()) {
      const p = chanceOf(margins[i] as number);
      for (let j = 0; j < features.length; j += 1)
        this.precisions[j] = (this.precisions[j] as number) + (features[j] as number) ** 2 * p * (1 - p);
    }
  }

  /** Chance at the mean weights. */
  chance(features: ArrayLike<number>): number {
    return chanceOf(this.#margin(this.means, features));
  }

  /** One set of weights from the posterior: Thompson sampling scores all candidates by the same draw. */
  drawWeights(uniform: Uniform): Float64Array {
    return this.means.map((mean, j) => mean + sampleNormal(uniform) / Math.sqrt(this.precisions[j] as number));
  }

  chanceUnder(weights: Float64Array, features: ArrayLike<number>): number {
    return chanceOf(this.#margin(weights, features));
  }

  snapshot(): Uint8Array {
    return jsonToBytes({ version: SNAPSHOT_VERSION, means: [...this.means], precisions: [...this.precisions] });
  }

  /** Refuses bytes that are not a snapshot of this version. */
  static restore(bytes: Uint8Array): LogisticPosterior {
    let saved: { version: number; means: number[]; precisions: number[] };
    try {
      saved = bytesToJson(bytes) as typeof saved;
    } catch (cause) {
      throw new InputError(`the bytes are not a snapshot of a logistic posterior: ${String(cause)}`);
    }
    if (saved?.version !== SNAPSHOT_VERSION) throw new InputError(`the snapshot is of version ${saved?.version}, not ${SNAPSHOT_VERSION}`);
    const posterior = new LogisticPosterior(saved.means.length);
    posterior.means.set(saved.means);
    posterior.precisions.set(saved.precisions);
    return posterior;
  }

  #margin(weights: Float64Array, features: ArrayLike<number>): number {
    let sum = 0;
    for (let j = 0; j < weights.length; j += 1) sum += (weights[j] as number) * (features[j] as number);
    return sum;
  }

  /** A Newton step in one weight, bounded by the curvature's upper bound 1 / 4 so that it cannot overshoot. */
  #step(rows: readonly LabelledRow[], margins: Float64Array, before: Float64Array, j: number): number {
    const precision = this.precisions[j] as number;
    let gradient = precision * ((this.means[j] as number) - (before[j] as number));
    let curvature = precision;
    for (const [i, { features, isSuccess }] of rows.entries()) {
      const x = features[j] as number;
      if (x === 0) continue;
      gradient += (chanceOf(margins[i] as number) - (isSuccess ? 1 : 0)) * x;
      curvature += (x * x) / 4;
    }
    const step = -gradient / curvature;
    this.means[j] = (this.means[j] as number) + step;
    for (const [i, { features }] of rows.entries()) margins[i] = (margins[i] as number) + step * (features[j] as number);
    return step;
  }
}
