// A suggestion whose chance is known. The policy is: draw `drawCount` rankings from the posteriors, take one of them at random.
// So the chance of a lot in a slot, given the draws, is exactly the share of the rankings that have it there: no estimate. With
// the exploration chance the lots that are nearly as good as the best are shuffled instead, each order equally likely.
//
//   propensity(lot, slot) = (1 - explore) share of rankings + explore / near-equal lots   (slot among the first n near-equal)
//
// A policy without that floor destroys the evidence by which it is later judged.
import { InputError } from '../../input-error.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import { type Draw, drawSlates, slotChances } from './thompson-slots.ts';

export type SlateCandidate = {
  readonly lotId: string;
  /** Expected worth; the posterior's mean on the scale of `draw`. */
  readonly score: number;
};

export type SlateOptions = {
  readonly slotCount: number;
  /** Chance of exploring, 0..1. */
  readonly exploreRatio: number;
  /** Lots within this share of the best score are near-equal, 0..1. */
  readonly nearRatio: number;
  readonly maxNearEqual: number;
  readonly drawCount: number;
};

export const DEFAULT_SLATE: SlateOptions = { slotCount: 1, exploreRatio: 0.03, nearRatio: 0.2, maxNearEqual: 10, drawCount: 1_000 };

export type SuggestedSlot = {
  readonly lotId: string;
  /** Chance that the policy puts this lot here; above 0. */
  readonly propensity: number;
};

export type Slate = {
  readonly slots: readonly SuggestedSlot[];
  readonly isExploration: boolean;
  readonly seed: number;
  /** Chance of every candidate in every slot: candidate-major, as the candidates were given. */
  readonly propensities: Float64Array;
};

/** Suggests a slate; the same seed and arguments give the same. Refuses no candidates, repeated ids, figures out of range. */
export function suggestSlate(candidates: readonly SlateCandidate[], draw: Draw, seed: number, given: Partial<SlateOptions> = {}): Slate {
  const options = { ...DEFAULT_SLATE, ...given };
  check(candidates, options);
  const count = candidates.length;
  const slotCount = Math.min(options.slotCount, count);
  const uniform = seededUniform(seed);
  const slates = drawSlates(draw, count, slotCount, options.drawCount, uniform);
  const shares = slotChances(slates, count, slotCount);
  const near = nearEqual(candidates, options);
  const others = byScore(candidates).filter((candidate) => !near.includes(candidate));
  const exploreRatio = near.length < 2 ? 0 : options.exploreRatio;
  const isExploration = uniform() < exploreRatio;
  const chosen = isExploration
    ? [...shuffled(near, uniform), ...others].slice(0, slotCount)
    : Array.from(slates.subarray(Math.floor(uniform() * options.drawCount) * slotCount).subarray(0, slotCount));
  const propensities = shares.map((share, at) => {
    const candidate = Math.floor(at / slotCount);
    const slot = at % slotCount;
    const explored =
      slot < near.length ? (near.includes(candidate) ? 1 / near.length : 0) : others[slot - near.length] === candidate ? 1 : 0;
    // Rounding must not make a chance of more than 1.
    return Math.min(1, (1 - exploreRatio) * share + exploreRatio * explored);
  });
  const slots = chosen.map((candidate, slot) => ({
    lotId: (candidates[candidate] as SlateCandidate).lotId,
    propensity: propensities[candidate * slotCount + slot] as number,
  }));
  return { slots, isExploration, seed, propensities };
}

function byScore(candidates: readonly SlateCandidate[]): number[] {
  return candidates.map((_, i) => i).sort((a, b) => (candidates[b] as SlateCandidate).score - (candidates[a] as SlateCandidate).score);
}

function nearEqual(candidates: readonly SlateCandidate[], { nearRatio, maxNearEqual }: SlateOptions): number[] {
  const order = byScore(candidates);
  const best = (candidates[order[0] as number] as SlateCandidate).score;
  return order.filter((i) => (candidates[i] as SlateCandidate).score >= best - nearRatio * Math.abs(best)).slice(0, maxNearEqual);
}

function shuffled(values: readonly number[], uniform: () => number): number[] {
  const list = [...values];
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [list[i], list[j]] = [list[j] as number, list[i] as number];
  }
  return list;
}

function check(candidates: readonly SlateCandidate[], { slotCount, exploreRatio, nearRatio, maxNearEqual, drawCount }: SlateOptions): void {
  if (candidates.length === 0) throw new InputError('there are no candidates');
  const seen = new Set<string>();
  for (const [index, { lotId, score }] of candidates.entries()) {
    if (!Number.isFinite(score)) throw new InputError(`${score} is not a score`, { row: index + 1, column: 'score' });
    if (seen.has(lotId)) throw new InputError(`lot ${lotId} is given twice`, { row: index + 1, column: 'lotId' });
    seen.add(lotId);
  }
  for (const [column, value] of Object.entries({ slotCount, maxNearEqual, drawCount }))
    if (!Number.isInteger(value) || value < 1) throw new InputError(`${value} is not a whole number >= 1`, { column });
  for (const [column, value] of Object.entries({ exploreRatio, nearRatio }))
    if (!(value >= 0 && value <= 1)) throw new InputError(`${value} is not within 0..1`, { column });
}
