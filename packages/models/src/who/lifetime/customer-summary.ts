// What the purchase-count models need of a customer. Times in weeks (days / 7), measured from the customer's first
// purchase; purchases of one day are one purchase.
//
//   frequency (x)       repeat purchase days up to the end of calibration (the first does not count)
//   tRecencyWeeks (t_x) age at the last purchase: large is good; 0 for x = 0
//   ageWeeks (T)        age at the end of calibration
import { InputError } from '../../input-error.ts';

/** One purchase. `day` = whole days since the epoch; `amount` in any one currency, >= 0. */
export type Transaction = { readonly customer: string; readonly day: number; readonly amount: number };

export type CustomerSummary = {
  readonly customer: string;
  readonly frequency: number;
  readonly tRecencyWeeks: number;
  readonly ageWeeks: number;
  /** Sum of ln(weeks between purchase days); 0 for x = 0. Carries the rhythm (MBG/CNBD-k). */
  readonly sumLogIntervals: number;
  /** Spend of the first purchase day, and of all repeat days together. */
  readonly firstSpend: number;
  readonly repeatSpend: number;
  /** Whole days from the last purchase to the end of calibration: small is good (the "recency" of RFM, not t_x). */
  readonly daysSinceLastPurchase: number;
  /** All spend, each purchase weighing exp(-(weeks ago) / h), for h in `FADE_WEEKS`. */
  readonly fadedSpend: readonly number[];
};

/** Memories of `fadedSpend`, in weeks: from a month to most of a year. */
export const FADE_WEEKS = [4, 8, 16, 32] as const;

/** Spend and purchase days of the holdout. */
export type HoldoutTruth = { readonly purchaseCount: number; readonly spend: number };

export type Summarized = { readonly customers: readonly CustomerSummary[]; readonly holdout: readonly HoldoutTruth[] };

/**
 * Summarizes customers whose first purchase lies on or before `calibrationEndDay`; later purchases up to `holdoutEndDay`
 * become the truth, in the same order. Refuses amounts below 0, NaN, and an end before the start.
 */
export function summarizeCustomers(
  transactions: readonly Transaction[],
  calibrationEndDay: number,
  holdoutEndDay: number = calibrationEndDay,
): Summarized {
  if (transactions.length === 0) throw new InputError('there are no transactions');
  if (holdoutEndDay < calibrationEndDay) throw new InputError('the holdout ends before the calibration');
  const byCustomer = new Map<string, Map<number, number>>();
  for (const [index, { customer, day, amount }] of transactions.entries()) {
    if (!Number.isInteger(day)) throw new InputError(`${day} is not a day`, { row: index + 1, column: 'date' });
    if (!Number.isFinite(amount) || amount < 0)
      throw new InputError(`${amount} is not an amount >= 0`, { row: index + 1, column: 'amount' });
    const days = byCustomer.get(customer) ?? new Map<number, number>();
    byCustomer.set(customer, days);
    days.set(day, (days.get(day) ?? 0) + amount);
  }
  const customers: CustomerSummary[] = [];
  const holdout: HoldoutTruth[] = [];
  for (const [customer, amounts] of byCustomer) {
    const days = [...amounts.keys()].sort((a, b) => a - b);
    const first = days[0] as number;
    if (first > calibrationEndDay) continue;
    const calibration = days.filter((day) => day <= calibrationEndDay);
    const later = days.filter((day) => day > calibrationEndDay && day <= holdoutEndDay);
    const spendOf = (some: readonly number[]) => some.reduce((sum, day) => sum + (amounts.get(day) as number), 0);
    customers.push({
      customer,
      frequency: calibration.length - 1,
      tRecencyWeeks: ((calibration.at(-1) as number) - first) / 7,
      ageWeeks: (calibrationEndDay - first) / 7,
      sumLogIntervals: calibration.slice(1).reduce((sum, day, i) => sum + Math.log((day - (calibration[i] as number)) / 7), 0),
      firstSpend: amounts.get(first) as number,
      repeatSpend: spendOf(calibration.slice(1)),
      daysSinceLastPurchase: calibrationEndDay - (calibration.at(-1) as number),
      fadedSpend: FADE_WEEKS.map((weeks) =>
        calibration.reduce((sum, day) => sum + (amounts.get(day) as number) * Math.exp((day - calibrationEndDay) / 7 / weeks), 0),
      ),
    });
    holdout.push({ purchaseCount: later.length, spend: spendOf(later) });
  }
  if (customers.length === 0) throw new InputError('no customer bought before the end of calibration');
  return { customers, holdout };
}
