// What all purchase-count models answer. A model is fitted parameters plus pure functions of (x, t_x, T).
import type { CustomerSummary } from './customer-summary.ts';
import type { PurchaseTail } from './purchase-tail.ts';

export type CountHistory = Pick<CustomerSummary, 'frequency' | 'tRecencyWeeks' | 'ageWeeks'>;

export type PurchaseModel = {
  readonly name: 'bg-nbd' | 'pareto-nbd' | 'mbg-nbd' | 'mbg-cnbd-k' | 'nbd';
  readonly parameters: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  /** Chance that the customer will buy again at all. */
  probabilityAlive(history: CountHistory): number;
  /** Expected purchases within the next `weeks`. */
  expectedPurchases(history: CountHistory, weeks: number): number;
  /** P(Y >= n) for n = 0, 1, ... of the purchases Y within `weeks`: intervals and medians are read off it. */
  purchaseTail(history: CountHistory, weeks: number): PurchaseTail;
};

/** A fit that ran off or carries no information. `reason` is for people. */
export type FitRefused = { readonly ok: false; readonly reason: string };
export type FitResult<M> = { readonly ok: true; readonly model: M; readonly iterationCount: number } | FitRefused;
