// RFM: recency, frequency and money of a customer as scores from 1 to 5, against the merchant's own customers.
// 5 is the best fifth. Equal values get equal scores, so where most customers bought once they all share one.
import { InputError } from '../../input-error.ts';
import type { CustomerSummary } from './customer-summary.ts';

export type RfmScale = {
  /** Four rising cuts each; a value above `cuts[i]` is past fifth i. */
  readonly daysSinceLastPurchase: readonly number[];
  readonly purchaseCount: readonly number[];
  readonly spend: readonly number[];
};

export type RfmScore = { readonly recency: number; readonly frequency: number; readonly money: number; readonly cell: string };

type RfmCustomer = Pick<CustomerSummary, 'daysSinceLastPurchase' | 'frequency' | 'firstSpend' | 'repeatSpend'>;
const spendOf = ({ firstSpend, repeatSpend }: RfmCustomer) => firstSpend + repeatSpend;

/** Learns the fifths. Refuses no customers. */
export function learnRfm(customers: readonly RfmCustomer[]): RfmScale {
  if (customers.length === 0) throw new InputError('there are no customers to take fifths of');
  const cuts = (of: (customer: RfmCustomer) => number) => {
    const sorted = customers.map(of).sort((a, b) => a - b);
    return [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number);
  };
  return {
    daysSinceLastPurchase: cuts(({ daysSinceLastPurchase }) => daysSinceLastPurchase),
    purchaseCount: cuts(({ frequency }) => frequency + 1),
    spend: cuts(spendOf),
  };
}

/** Scores one customer, also one the scale was not learned from. `cell` is the usual three digits, e.g. "545". */
export function scoreRfm(scale: RfmScale, customer: RfmCustomer): RfmScore {
  const above = (cuts: readonly number[], value: number) => cuts.filter((cut) => value > cut).length;
  const recency = 5 - above(scale.daysSinceLastPurchase, customer.daysSinceLastPurchase);
  const frequency = 1 + above(scale.purchaseCount, customer.frequency + 1);
  const money = 1 + above(scale.spend, spendOf(customer));
  return { recency, frequency, money, cell: `${recency}${frequency}${money}` };
}
