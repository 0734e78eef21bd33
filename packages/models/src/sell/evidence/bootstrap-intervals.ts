import type { Uniform } from '../../math/seeded-random.ts';
import type { Interval } from './bernstein-interval.ts';

/** More units than this are first put into as many random groups: the variance is the same, the work bounded. */
const MAX_UNITS = 20_000;

export type BootstrapOptions = { readonly uniform: Uniform; readonly resampleCount: number; readonly confidenceRatio: number };

/**
 * Percentile bootstrap (Efron 1979) of statistics that are functions of sums over independent units. `columns[c][u]` = sum of
 * column c in unit u; `statisticsOf` maps one total a column to the statistics. Null with fewer than two units.
 */
export function bootstrapIntervals(
  columns: readonly Float64Array[],
  unitCount: number,
  statisticsOf: (totals: Float64Array) => number[],
  { uniform, resampleCount, confidenceRatio }: BootstrapOptions,
): Interval[] | null {
  if (unitCount < 2) return null;
  const width = columns.length;
  const count = Math.min(unitCount, MAX_UNITS);
  const rows = new Float64Array(count * width);
  for (let unit = 0; unit < unitCount; unit += 1) {
    const row = unitCount <= MAX_UNITS ? unit : Math.floor(uniform() * count);
    for (let c = 0; c < width; c += 1)
      rows[row * width + c] = (rows[row * width + c] as number) + ((columns[c] as Float64Array)[unit] as number);
  }
  const draws: number[][] = [];
  const totals = new Float64Array(width);
  for (let resample = 0; resample < resampleCount; resample += 1) {
    totals.fill(0);
    for (let n = 0; n < count; n += 1) {
      const at = Math.floor(uniform() * count) * width;
      for (let c = 0; c < width; c += 1) totals[c] = (totals[c] as number) + (rows[at + c] as number);
    }
    for (const [k, value] of statisticsOf(totals).entries()) {
      const list = draws[k] ?? [];
      draws[k] = list;
      if (Number.isFinite(value)) list.push(value);
    }
  }
  const tail = (1 - confidenceRatio) / 2;
  return draws.map((list) => {
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
