// Conditional logit (McFadden 1974): one of n alternatives is chosen with probability proportional to exp(w . x).
// Maximum a posteriori with a normal prior around given weights, by damped Newton steps: the likelihood is concave, so the
// maximum is the only one, and with few choices the answer stays near the prior.
import { InputError } from '../input-error.ts';
import { solvePositiveDefinite } from './solve-linear.ts';

export type Choice = {
  /** n x width, row-major. */
  readonly features: Float64Array;
  /** Row that was chosen. */
  readonly chosen: number;
  /** What the choice counts. */
  readonly weight: number;
};

const MAX_STEPS = 30;
const MAX_HALVINGS = 20;

/** Fits the weights (as many as `prior`). `ridge` > 0 counts in choices: the pull towards the prior. */
export function fitConditionalLogit(choices: readonly Choice[], prior: Float64Array, ridge: number): Float64Array {
  const width = prior.length;
  if (!(ridge > 0)) throw new InputError(`ridge ${ridge} is not above 0`);
  for (const [index, { features, chosen }] of choices.entries()) {
    if (features.length % width !== 0 || chosen < 0 || chosen >= features.length / width)
      throw new InputError(`${features.length} features and alternative ${chosen} do not fit a width of ${width}`, { row: index + 1 });
  }
  let weights = Float64Array.from(prior);
  let value = posterior(choices, weights, prior, ridge);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const direction = newtonDirection(choices, weights, prior, ridge);
    if (direction === null || Math.max(...direction.map(Math.abs)) < 1e-7) break;
    let factor = 1;
    let next = weights;
    let nextValue = Number.NEGATIVE_INFINITY;
    for (let halving = 0; halving < MAX_HALVINGS && !(nextValue > value); halving += 1, factor /= 2) {
      next = weights.map((w, j) => w + factor * (direction[j] as number));
      nextValue = posterior(choices, next, prior, ridge);
    }
    if (!(nextValue > value)) break;
    weights = next;
    value = nextValue;
  }
  return weights;
}

/** Chances of the alternatives of one choice; returns the log of the normalizer. */
function chancesOf(features: Float64Array, weights: Float64Array, out: Float64Array): number {
  const width = weights.length;
  const count = features.length / width;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row += 1) {
    let score = 0;
    for (let j = 0; j < width; j += 1) score += (weights[j] as number) * (features[row * width + j] as number);
    out[row] = score;
    if (score > largest) largest = score;
  }
  let sum = 0;
  for (let row = 0; row < count; row += 1) {
    out[row] = Math.exp((out[row] as number) - largest);
    sum += out[row] as number;
  }
  for (let row = 0; row < count; row += 1) out[row] = (out[row] as number) / sum;
  return largest + Math.log(sum);
}

function posterior(choices: readonly Choice[], weights: Float64Array, prior: Float64Array, ridge: number): number {
  let value = 0;
  for (let j = 0; j < weights.length; j += 1) value -= (ridge / 2) * ((weights[j] as number) - (prior[j] as number)) ** 2;
  for (const { features, chosen, weight } of choices) {
    let score = 0;
    for (let j = 0; j < weights.length; j += 1) score += (weights[j] as number) * (features[chosen * weights.length + j] as number);
    value += weight * (score - chancesOf(features, weights, new Float64Array(features.length / weights.length)));
  }
  return value;
}

function newtonDirection(choices: readonly Choice[], weights: Float64Array, prior: Float64Array, ridge: number): Float64Array | null {
  const width = weights.length;
  const gradient = weights.map((w, j) => -ridge * (w - (prior[j] as number)));
  const hessian = new Float64Array(width * width);
  for (let j = 0; j < width; j += 1) hessian[j * width + j] = ridge;
  const mean = new Float64Array(width);
  for (const { features, chosen, weight } of choices) {
    const count = features.length / width;
    const chances = new Float64Array(count);
    chancesOf(features, weights, chances);
    mean.fill(0);
    for (let row = 0; row < count; row += 1) {
      for (let j = 0; j < width; j += 1) mean[j] = (mean[j] as number) + (chances[row] as number) * (features[row * width + j] as number);
    }
    for (let j = 0; j < width; j += 1)
      gradient[j] = (gradient[j] as number) + weight * ((features[chosen * width + j] as number) - (mean[j] as number));
    for (let row = 0; row < count; row += 1) {
      const share = weight * (chances[row] as number);
      if (share < 1e-9) continue;
      for (let j = 0; j < width; j += 1) {
        const off = share * ((features[row * width + j] as number) - (mean[j] as number));
        if (off === 0) continue;
        for (let k = 0; k <= j; k += 1)
          hessian[j * width + k] = (hessian[j * width + k] as number) + off * ((features[row * width + k] as number) - (mean[k] as number));
      }
    }
  }
  return solvePositiveDefinite(hessian, gradient);
}
