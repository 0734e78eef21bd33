import type { Uniform } from '../../math/seeded-random.ts';
import type { Interval } from './bernstein-interval.ts';

export type BootstrapOptions = { readonly uniform: Uniform; readonly resampleCount: number; readonly confidenceRatio: number };

/**
 * Percentile bootstrap (Efron 1979) over independent units. `statisticsOf` gets how often each unit was drawn and returns the
 * statistics; those that are not finite are left out. Null with fewer than two units.
 */
export function bootstrapIntervals(
  unitCount: number,
  statisticsOf: (drawnCounts: Float64Array) => readonly number[],
  { uniform, resampleCount, confidenceRatio }: BootstrapOptions,
): Interval[] | null {
  if (unitCount < 2) return null;
  const drawn: number[][] = [];
  const counts = new Float64Array(unitCount);
  for (let resample = 0; resample < resampleCount; resample += 1) {
    counts.fill(0);
    for (let n = 0; n < unitCount; n += 1) {
      const unit = Math.floor(uniform() * unitCount);
      counts[unit] = (counts[unit] as number) + 1;
    }
    for (const [k, value] of statisticsOf(counts).entries()) {
      const list = drawn[k] ?? [];
      drawn[k] = list;
      if (Number.isFinite(value)) list.push(value);
    }
  }
  const tail = (1 - confidenceRatio) / 2;
  return drawn.map((list) => {
    list.sort((a, b) => a - b);
    return { low: quantileOf(list, tail), high: quantileOf(list, 1 - tail) };
  });
}

/** Linear between neighbours, as numpy does by default. */
function quantileOf(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}
