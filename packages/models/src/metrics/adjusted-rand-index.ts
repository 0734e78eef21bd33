import { contingency, pairsOf } from './clustering.ts';

/** Adjusted Rand index (Hubert & Arabie 1985): pair agreement corrected for chance. 1 = same partition, about 0 = random. */
export function adjustedRandIndex(classes: ArrayLike<string | number>, groups: ArrayLike<string | number>): number {
  const { counts, classSizes, groupSizes, total } = contingency(classes, groups);
  const together = counts.reduce((sum, row) => [...row.values()].reduce((inner, count) => inner + pairsOf(count), sum), 0);
  const byClass = classSizes.reduce((sum, size) => sum + pairsOf(size), 0);
  const byGroup = groupSizes.reduce((sum, size) => sum + pairsOf(size), 0);
  const expected = total > 1 ? (byClass * byGroup) / pairsOf(total) : 0;
  const greatest = (byClass + byGroup) / 2;
  return greatest === expected ? 1 : (together - expected) / (greatest - expected);
}
