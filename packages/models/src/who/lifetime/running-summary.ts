// A customer's summary kept up to date purchase by purchase, so that a viewer who just bought is scored anew at once.
// O(1) a purchase: no history is kept, only what the summary needs.
import { InputError } from '../../input-error.ts';
import { type CustomerSummary, FADE_WEEKS, type Transaction } from './customer-summary.ts';

/** Plain data: fit for a snapshot or a database row. */
export type RunningSummary = {
  readonly customer: string;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly frequency: number;
  readonly sumLogIntervals: number;
  readonly firstSpend: number;
  readonly repeatSpend: number;
  /** As of `lastDay`. */
  readonly fadedSpend: readonly number[];
};

/**
 * Takes one purchase. `null` = the customer's first. Purchases of the last day join it. Refuses an amount below 0 or not finite, a day
 * that is not whole, and a day before the last one: an interval already counted cannot be cut in two (summarize again instead).
 */
export function addPurchase(known: RunningSummary | null, { customer, day, amount }: Transaction): RunningSummary {
  if (!Number.isInteger(day)) throw new InputError(`${day} is not a day`, { column: 'date' });
  if (!Number.isFinite(amount) || amount < 0) throw new InputError(`${amount} is not an amount >= 0`, { column: 'amount' });
  if (known === null) {
    return {
      customer,
      firstDay: day,
      lastDay: day,
      frequency: 0,
      sumLogIntervals: 0,
      firstSpend: amount,
      repeatSpend: 0,
      fadedSpend: FADE_WEEKS.map(() => amount),
    };
  }
  if (day < known.lastDay) throw new InputError(`day ${day} lies before the last purchase, day ${known.lastDay}`, { column: 'date' });
  const weeks = (day - known.lastDay) / 7;
  const isFirstDay = day === known.firstDay;
  const isNewDay = weeks > 0;
  return {
    ...known,
    lastDay: day,
    frequency: known.frequency + (isNewDay ? 1 : 0),
    sumLogIntervals: known.sumLogIntervals + (isNewDay ? Math.log(weeks) : 0),
    firstSpend: known.firstSpend + (isFirstDay ? amount : 0),
    repeatSpend: known.repeatSpend + (isFirstDay ? 0 : amount),
    fadedSpend: FADE_WEEKS.map((h, i) => (known.fadedSpend[i] as number) * Math.exp(-weeks / h) + amount),
  };
}

/** The summary as of `today` (whole days since the epoch); refuses a day before the last purchase. */
export function summaryAt(running: RunningSummary, today: number): CustomerSummary {
  if (today < running.lastDay) throw new InputError(`day ${today} lies before the last purchase, day ${running.lastDay}`);
  const { customer, firstDay, lastDay, frequency, sumLogIntervals, firstSpend, repeatSpend } = running;
  return {
    customer,
    frequency,
    tRecencyWeeks: (lastDay - firstDay) / 7,
    ageWeeks: (today - firstDay) / 7,
    sumLogIntervals,
    firstSpend,
    repeatSpend,
    daysSinceLastPurchase: today - lastDay,
    fadedSpend: FADE_WEEKS.map((h, i) => (running.fadedSpend[i] as number) * Math.exp(-(today - lastDay) / 7 / h)),
  };
}
