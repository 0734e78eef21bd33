// What the coming weeks may bring from one customer, with intervals: the figures of the viewer's card. Intervals are of
// the outcome itself (how many purchases, how much money), given the fitted parameters; the error of the parameters is not in them.
import type { CustomerSummary } from './customer-summary.ts';
import type { SpendHistory, SpendModel } from './gamma-gamma.ts';
import type { RhythmModel } from './mbg-cnbd-k.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { purchaseQuantile } from './purchase-tail.ts';
import { spendDistribution, spendQuantile } from './spend-interval.ts';

export type Range = { readonly expected: number; readonly low: number; readonly high: number };

export type Outlook = {
  /** Chance to buy again at all. */
  readonly probabilityAlive: number;
  /** Chance to buy within the horizon. */
  readonly probabilityBuys: number;
  readonly purchases: Range;
  /** In the currency of the amounts; null where no spend model stands. */
  readonly spend: Range | null;
};

/** Outlook of a customer over `weeks`; `level` is the share of outcomes inside the interval. */
export function outlookOf(
  { purchases: model, spend }: { readonly purchases: PurchaseModel; readonly spend: SpendModel | null },
  customer: CustomerSummary,
  weeks: number,
  level = 0.8,
): Outlook {
  const tail = model.purchaseTail(customer, weeks);
  const [below, above] = [(1 - level) / 2, (1 + level) / 2];
  const expected = model.expectedPurchases(customer, weeks);
  const range = (value: number, quantile: (probability: number) => number): Range => ({
    expected: value,
    low: quantile(below),
    high: quantile(above),
  });
  let spendRange: Range | null = null;
  if (spend !== null) {
    const history = spendHistoryOf(customer);
    const value = expected * spend.expectedSpend(history);
    const distribution = spendDistribution(tail, spend.parameters, history);
    spendRange = range(value, (probability) => spendQuantile(distribution, probability, value));
  }
  return {
    probabilityAlive: model.probabilityAlive(customer),
    probabilityBuys: tail[1] ?? 0,
    purchases: range(expected, (probability) => purchaseQuantile(tail, probability)),
    spend: spendRange,
  };
}

/** Mean spend over all purchases, the first included; null for a customer who never paid anything. */
export function spendHistoryOf({ frequency, firstSpend, repeatSpend }: CustomerSummary): SpendHistory | null {
  const total = firstSpend + repeatSpend;
  return total > 0 ? { purchaseCount: frequency + 1, meanSpend: total / (frequency + 1) } : null;
}

export type DueInDays = { readonly likely: number; readonly earliest: number; readonly latest: number };

/**
 * "Due in n days": median and quartiles of the days to the next purchase, given that the customer is still alive. Null when the
 * rhythm says less than a quarter chance within ten years. An irregular customer (k = 1) gets a wide range, not a false date.
 */
export function dueInDays(model: RhythmModel, customer: CustomerSummary): DueInDays | null {
  const [earliest, likely, latest] = [0.25, 0.5, 0.75].map((probability) => 7 * model.dueInWeeks(customer, probability)) as [
    number,
    number,
    number,
  ];
  return Number.isFinite(earliest) ? { likely, earliest, latest } : null;
}

/** What a stranger brings, who has bought nothing yet: the cohort's newcomer, times the chance that a first purchase happens. */
export function outlookOfStranger(
  models: { readonly purchases: PurchaseModel; readonly spend: SpendModel | null },
  firstPurchaseChance: number,
  weeks: number,
  level = 0.8,
): Outlook {
  if (!(firstPurchaseChance >= 0 && firstPurchaseChance <= 1)) throw new RangeError(`${firstPurchaseChance} is not a chance`);
  const newcomer = { frequency: 0, tRecencyWeeks: 0, ageWeeks: 0 };
  // The first purchase itself, then what a newcomer does: P(Y >= n) = chance * P(repeats >= n - 1).
  const repeats = models.purchases.purchaseTail(newcomer, weeks);
  const tail = [1, ...repeats.map((value) => firstPurchaseChance * value)];
  const expected = firstPurchaseChance * (1 + models.purchases.expectedPurchases(newcomer, weeks));
  const [below, above] = [(1 - level) / 2, (1 + level) / 2];
  const value = models.spend === null ? 0 : expected * models.spend.expectedSpend(null);
  const distribution = models.spend === null ? null : spendDistribution(tail, models.spend.parameters, null);
  return {
    probabilityAlive: firstPurchaseChance * models.purchases.probabilityAlive(newcomer),
    probabilityBuys: firstPurchaseChance,
    purchases: { expected, low: purchaseQuantile(tail, below), high: purchaseQuantile(tail, above) },
    spend:
      distribution === null
        ? null
        : { expected: value, low: spendQuantile(distribution, below, value), high: spendQuantile(distribution, above, value) },
  };
}
