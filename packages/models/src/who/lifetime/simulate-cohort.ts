// Customers as BG/NBD, Pareto/NBD and Gamma-Gamma say they are, with what they do after the fit's end: behind the recovery tests, and
// for trying what a cohort of a given size can tell. MBG/NBD and MBG/CNBD-k: simulate-rhythm.ts.
import { sampleBeta, sampleGamma } from '../../math/sampling.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import type { BgNbdParameters } from './bg-nbd.ts';
import type { GammaGammaParameters, SpendHistory } from './gamma-gamma.ts';
import type { ParetoNbdParameters } from './pareto-nbd.ts';
import type { CountHistory } from './purchase-model.ts';

export type CohortShape = {
  readonly customerCount: number;
  readonly ageWeeks: number;
  readonly laterWeeks?: number;
  readonly seed: number;
};
export type SimulatedHistory = CountHistory & { readonly laterCount: number };

/** BG/NBD: after each repeat purchase the customer leaves with chance p. */
export function simulateBgNbd({ r, alpha, a, b }: BgNbdParameters, shape: CohortShape): SimulatedHistory[] {
  const uniform = seededUniform(shape.seed);
  return Array.from({ length: shape.customerCount }, () => {
    const lambda = sampleGamma(uniform, r, alpha);
    const p = sampleBeta(uniform, a, b);
    let isGone = false;
    return collect(shape, (at) => {
      if (isGone) return Number.POSITIVE_INFINITY;
      const next = at - Math.log(1 - uniform()) / lambda;
      isGone = uniform() < p;
      return next;
    });
  });
}

/** Pareto/NBD: the lifetime is exponential with rate mu. */
export function simulateParetoNbd({ r, alpha, s, beta }: ParetoNbdParameters, shape: CohortShape): SimulatedHistory[] {
  const uniform = seededUniform(shape.seed);
  return Array.from({ length: shape.customerCount }, () => {
    const lambda = sampleGamma(uniform, r, alpha);
    const leaves = -Math.log(1 - uniform()) / sampleGamma(uniform, s, beta);
    return collect(shape, (at) => {
      const next = at - Math.log(1 - uniform()) / lambda;
      return next > leaves ? Number.POSITIVE_INFINITY : next;
    });
  });
}

/** Counts purchases up to `ageWeeks`, and those in the `laterWeeks` after. */
function collect({ ageWeeks, laterWeeks = 0 }: CohortShape, next: (at: number) => number): SimulatedHistory {
  let frequency = 0;
  let laterCount = 0;
  let tRecencyWeeks = 0;
  for (let at = next(0); at <= ageWeeks + laterWeeks; at = next(at)) {
    if (at <= ageWeeks) {
      frequency += 1;
      tRecencyWeeks = at;
    } else laterCount += 1;
  }
  return { frequency, tRecencyWeeks, ageWeeks, laterCount };
}

/** Mean spends over the counts given, by Gamma-Gamma. */
export function simulateSpend({ p, q, v }: GammaGammaParameters, purchaseCounts: readonly number[], seed: number): SpendHistory[] {
  const uniform = seededUniform(seed);
  return purchaseCounts.map((purchaseCount) => {
    const nu = sampleGamma(uniform, q, v);
    return { purchaseCount, meanSpend: sampleGamma(uniform, p * purchaseCount, nu) / purchaseCount };
  });
}
