import { contingency, pairsOf } from './clustering.ts';

/** Precision, recall and F1 over pairs of rows: a pair is positive when both rows share the class. No pair found = precision 0. */
export function pairF1(
  classes: ArrayLike<string | number>,
  groups: ArrayLike<string | number>,
): { precision: number; recall: number; f1: number } {
  const { counts, classSizes, groupSizes } = contingency(classes, groups);
  const together = counts.reduce((sum, row) => [...row.values()].reduce((inner, count) => inner + pairsOf(count), sum), 0);
  const found = groupSizes.reduce((sum, size) => sum + pairsOf(size), 0);
  const wanted = classSizes.reduce((sum, size) => sum + pairsOf(size), 0);
  const precision = found === 0 ? 0 : together / found;
  const recall = wanted === 0 ? 0 : together / wanted;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
