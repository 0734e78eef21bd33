import { pairedLength } from '../input-error.ts';

/**
 * Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half
 * (Mann-Whitney U / (positives * negatives)). Labels are 0 or 1. Refuses when one class is missing.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const n = pairedLength(labels, scores, ['labels', 'scores']);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let tiedPositives = 0;
    while (end < n && scores[order[end] as number] === scores[order[start] as number]) {
      tiedPositives += labels[order[end] as number] as number;
      end += 1;
    }
    rankSum += tiedPositives * ((start + 1 + end) / 2);
    positives += tiedPositives;
    start = end;
  }
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) throw new RangeError('AUC needs both classes');
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
