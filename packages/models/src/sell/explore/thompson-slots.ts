// Thompson sampling (Thompson 1933; Chapelle & Li 2011) of a slate: draw a value for every candidate from its posterior, rank.
import { InputError } from '../../input-error.ts';
import { sampleBeta } from '../../math/sampling.ts';
import type { Uniform } from '../../math/seeded-random.ts';
import { TopSelector } from '../next/top-selector.ts';

/** Draws one value of candidate i from its posterior. */
export type Draw = (candidate: number, uniform: Uniform) => number;

/** Draws from Beta(alpha_i, beta_i). Refuses parameters that are not above 0, by row. */
export function betaDraw(alphas: ArrayLike<number>, betas: ArrayLike<number>): Draw {
  if (alphas.length !== betas.length) throw new InputError(`${alphas.length} alphas, ${betas.length} betas`);
  for (let i = 0; i < alphas.length; i += 1) {
    for (const [column, value] of [
      ['alpha', alphas[i]],
      ['beta', betas[i]],
    ] as const)
      if (!(Number.isFinite(value) && (value as number) > 0)) throw new InputError(`${value} is not above 0`, { row: i + 1, column });
  }
  return (candidate, uniform) => sampleBeta(uniform, alphas[candidate] as number, betas[candidate] as number);
}

/** `drawCount` rankings: row d holds the candidates of slots 0..slotCount-1, row-major. */
export function drawSlates(draw: Draw, candidateCount: number, slotCount: number, drawCount: number, uniform: Uniform): Int32Array {
  if (slotCount < 1 || slotCount > candidateCount) throw new InputError(`${slotCount} slots for ${candidateCount} candidates`);
  const slates = new Int32Array(drawCount * slotCount);
  const best = new TopSelector(slotCount);
  for (let d = 0; d < drawCount; d += 1) {
    for (let candidate = 0; candidate < candidateCount; candidate += 1) best.offer(candidate, draw(candidate, uniform));
    best.drain(slates.subarray(d * slotCount, (d + 1) * slotCount));
  }
  return slates;
}

/** Chance of candidate c in slot s, at [c * slotCount + s]: the share of the slates that have it there. */
export function slotChances(slates: Int32Array, candidateCount: number, slotCount: number): Float64Array {
  const counts = new Float64Array(candidateCount * slotCount);
  for (let i = 0; i < slates.length; i += 1) {
    const at = (slates[i] as number) * slotCount + (i % slotCount);
    counts[at] = (counts[at] as number) + 1;
  }
  return counts.map((count) => (count * slotCount) / slates.length);
}
