import { pairedLength } from '../input-error.ts';

/**
 * Average precision: sum over thresholds of (recall step) * precision, one threshold a distinct score, so ties are
 * taken together (the definition of scikit-learn's average_precision_score). Labels 0 or 1; refuses without positives.
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const n = pairedLength(labels, scores, ['labels', 'scores']);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let positives = 0;
  for (let i = 0; i < n; i += 1) positives += labels[i] as number;
  if (positives === 0) throw new RangeError('average precision needs a positive');
  let sum = 0;
  let hits = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let tied = 0;
    while (end < n && scores[order[end] as number] === scores[order[start] as number]) {
      tied += labels[order[end] as number] as number;
      end += 1;
    }
    hits += tied;
    sum += (tied / positives) * (hits / end);
    start = end;
  }
  return sum;
}
