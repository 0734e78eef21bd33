// Customers as MBG/CNBD-k says they are: the simulator behind the recovery test, and for trying a cohort size.
import { sampleBeta, sampleGamma } from '../../math/sampling.ts';
import { seededUniform } from '../../math/seeded-random.ts';
import type { MbgCnbdParameters, RhythmHistory } from './mbg-cnbd-k.ts';

/** Simulates histories of customers of one age; k = 1 is MBG/NBD. */
export function simulateRhythm(
  { k, r, alpha, a, b }: MbgCnbdParameters,
  { customerCount, ageWeeks, seed }: { customerCount: number; ageWeeks: number; seed: number },
): RhythmHistory[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: customerCount }, () => {
    const lambda = sampleGamma(uniform, r, alpha);
    const p = sampleBeta(uniform, a, b);
    let frequency = 0;
    let at = 0;
    let sumLogIntervals = 0;
    while (uniform() >= p) {
      const interval = sampleGamma(uniform, k, lambda);
      if (at + interval > ageWeeks) break;
      at += interval;
      frequency += 1;
      sumLogIntervals += Math.log(interval);
    }
    return { frequency, tRecencyWeeks: at, ageWeeks, sumLogIntervals };
  });
}
