// How much money the coming weeks may bring from one customer: the purchases' distribution, each purchase a draw of the
// Gamma-Gamma model. Given nu, n purchases sum to Gamma(p n, nu); with nu | history ~ Gamma(Q, V), Q = q + p x, V = v + x z,
// the sum over V is beta prime, so that
//
//   P(S <= s) = P(Y = 0) + sum over n >= 1 of P(Y = n) I_{s / (s + V)}(p n, Q).
import { incompleteBeta } from '../../math/incomplete-beta.ts';
import type { GammaGammaParameters, SpendHistory } from './gamma-gamma.ts';
import type { PurchaseTail } from './purchase-tail.ts';

/** P(spend within the horizon <= `spend`). */
export function spendDistribution(
  tail: PurchaseTail,
  { p, q, v }: GammaGammaParameters,
  history: SpendHistory | null,
): (spend: number) => number {
  const shape = q + (history === null ? 0 : p * history.purchaseCount);
  const scale = v + (history === null ? 0 : history.purchaseCount * history.meanSpend);
  return (spend) => {
    if (spend < 0) return 0;
    let sum = 1 - (tail[1] ?? 0);
    for (let n = 1; n < tail.length; n += 1) {
      const mass = (tail[n] as number) - (tail[n + 1] ?? 0);
      if (mass > 0) sum += mass * incompleteBeta(p * n, shape, spend / (spend + scale));
    }
    return sum;
  };
}

/** Least spend s with P(S <= s) >= `probability`, to a thousandth of itself; 0 where nothing is that likely. */
export function spendQuantile(distribution: (spend: number) => number, probability: number, start: number): number {
  if (distribution(0) >= probability) return 0;
  let low = 0;
  let high = Math.max(start, Number.MIN_VALUE);
  for (let doubled = 0; distribution(high) < probability && doubled < 200; doubled += 1) {
    low = high;
    high *= 2;
  }
  while (high - low > 1e-3 * high) {
    const middle = (low + high) / 2;
    if (distribution(middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}
