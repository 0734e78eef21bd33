// A contingency table of true classes by found groups; the clustering metrics are read off it.
import { pairedLength } from '../input-error.ts';

export type Contingency = {
  /** counts[class][group] */
  readonly counts: readonly Map<number, number>[];
  readonly classSizes: readonly number[];
  readonly groupSizes: readonly number[];
  readonly total: number;
};

/** Counts rows by (class, group). Labels may be any strings or numbers. */
export function contingency(classes: ArrayLike<string | number>, groups: ArrayLike<string | number>): Contingency {
  const total = pairedLength(classes, groups, ['classes', 'groups']);
  const classIndex = new Map<string | number, number>();
  const groupIndex = new Map<string | number, number>();
  const counts: Map<number, number>[] = [];
  const classSizes: number[] = [];
  const groupSizes: number[] = [];
  for (let i = 0; i < total; i += 1) {
    const c = indexOf(classIndex, classes[i] as string | number);
    const g = indexOf(groupIndex, groups[i] as string | number);
    const row = counts[c] ?? new Map<number, number>();
    counts[c] = row;
    row.set(g, (row.get(g) ?? 0) + 1);
    classSizes[c] = (classSizes[c] ?? 0) + 1;
    groupSizes[g] = (groupSizes[g] ?? 0) + 1;
  }
  return { counts, classSizes, groupSizes, total };
}

function indexOf(index: Map<string | number, number>, key: string | number): number {
  const known = index.get(key);
  if (known !== undefined) return known;
  index.set(key, index.size);
  return index.size - 1;
}

export const pairsOf = (n: number): number => (n * (n - 1)) / 2;
