import { contingency } from './clustering.ts';

/**
 * Normalized mutual information of two labelings, arithmetic mean of the entropies as normalizer (scikit-learn's
 * default). 1 = same partition, 0 = independent; two single-group partitions give 1.
 */
export function normalizedMutualInformation(classes: ArrayLike<string | number>, groups: ArrayLike<string | number>): number {
  const { counts, classSizes, groupSizes, total } = contingency(classes, groups);
  const entropy = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum - (size / total) * Math.log(size / total), 0);
  let information = 0;
  for (const [c, row] of counts.entries()) {
    for (const [g, count] of row) {
      information += (count / total) * Math.log((count * total) / ((classSizes[c] as number) * (groupSizes[g] as number)));
    }
  }
  const normalizer = (entropy(classSizes) + entropy(groupSizes)) / 2;
  return normalizer === 0 ? 1 : Math.max(0, information / normalizer);
}
