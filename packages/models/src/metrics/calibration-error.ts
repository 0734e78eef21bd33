import { pairedLength } from '../input-error.ts';

/**
 * Expected calibration error over `binCount` bins of (nearly) equal count: mean over rows of |mean forecast - share of
 * positives| of the row's bin. Rows of equal forecast are ordered as given. 0 = perfectly calibrated.
 */
export function calibrationError(labels: ArrayLike<number>, probabilities: ArrayLike<number>, binCount = 10): number {
  const n = pairedLength(labels, probabilities, ['labels', 'probabilities']);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number));
  let error = 0;
  for (let bin = 0; bin < binCount; bin += 1) {
    const start = Math.floor((bin * n) / binCount);
    const end = Math.floor(((bin + 1) * n) / binCount);
    let difference = 0;
    for (let k = start; k < end; k += 1) {
      const i = order[k] as number;
      difference += (probabilities[i] as number) - (labels[i] as number);
    }
    error += Math.abs(difference);
  }
  return error / n;
}
