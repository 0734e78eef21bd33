// The score behind the Audience View: expected spend of a customer over the coming weeks, as an order that must beat
// past spend (copilot.md 2.1: the textbook product of models ranks customers worse than past spend alone).
//
// The blend is learned on the merchant's own past only: the history is cut at an inner date, the models are fitted before
// it, and a small regression learns how model value, past spend (whole, and fading), recency and count foretell the spend between that date and the
// end. Then the models are fitted again on the whole history. No later row is ever seen.
//
// Where the data cannot carry that (too few customers or later buyers, a fit refused), the score is past spend times
// expected purchases, or past spend fading with absence: the reason is told.
import { InputError } from '../input-error.ts';
import { fitTweedie, predictTweedie, type TweedieModel } from '../math/tweedie-regression.ts';
import { type CustomerSummary, summarizeCustomers, type Transaction } from './lifetime/customer-summary.ts';
import { fitGammaGamma, type GammaGammaParameters, gammaGamma, type SpendModel } from './lifetime/gamma-gamma.ts';
import { fitMbgNbd } from './lifetime/mbg-nbd.ts';
import { fitNbd } from './lifetime/nbd.ts';
import { spendHistoryOf } from './lifetime/outlook.ts';
import type { PurchaseModel } from './lifetime/purchase-model.ts';
import { type KeptModel, keepModel, makeModel } from './lifetime/purchase-model-snapshot.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

export type ValueScoreOptions = {
  /** Where the inner cut lies within the history, 0..1. */
  innerCutRatio?: number;
  minCustomers?: number;
  /** Customers who must have bought after the inner cut. */
  minLaterBuyers?: number;
  ridge?: number;
  power?: number;
};

const DEFAULTS: Required<ValueScoreOptions> = { innerCutRatio: 0.5, minCustomers: 200, minLaterBuyers: 50, ridge: 100, power: 1.5 };

type Models = {
  readonly purchases: PurchaseModel | null;
  readonly spend: SpendModel | null;
  readonly weeks: number;
  /** Money below which the logarithms of the features turn linear: a fixed share of an average purchase, so that no currency matters. */
  readonly moneyUnit: number;
};

/** How far what came after the inner cut may correct the models' total, up or down. */
const MAX_CORRECTION = 3;
/** An average purchase in units of money. */
const UNITS_OF_A_PURCHASE = 30;

type ScoreKind = 'blend' | 'spend_times_purchases' | 'fading_spend';

export type ValueScore = {
  readonly kind: ScoreKind;
  /** Why it is not the blend; empty for the blend. */
  readonly reason: string;
  /** The models behind it, fitted on the whole history; null where a fit was refused. */
  readonly purchases: PurchaseModel | null;
  readonly spend: SpendModel | null;
  /** Expected spend within the horizon for `blend`, else a figure good for ordering only; >= 0. Under 5 us. */
  score(customer: CustomerSummary): number;
  toBytes(): Uint8Array;
};

/**
 * Learns the score from transactions up to `endDay`. `horizonWeeks` is how far ahead the models look.
 * Refusals become a simpler score with its reason; it throws only for input that `summarizeCustomers` refuses.
 */
export function learnValueScore(
  transactions: readonly Transaction[],
  endDay: number,
  horizonWeeks: number,
  options: ValueScoreOptions = {},
): ValueScore {
  const { innerCutRatio, minCustomers, minLaterBuyers, ridge, power } = { ...DEFAULTS, ...options };
  const past = transactions.filter(({ day }) => day <= endDay);
  const { customers } = summarizeCustomers(past, endDay);
  const models = fitModels(customers, horizonWeeks);
  if (models.purchases === null) return valueScore('fading_spend', 'the purchase model could not be fitted', models);
  if (customers.length < minCustomers)
    return valueScore('spend_times_purchases', `${customers.length} customers are fewer than ${minCustomers}`, models);

  const firstDay = past.reduce((min, { day }) => Math.min(min, day), Number.POSITIVE_INFINITY);
  const cutDay = Math.round(firstDay + innerCutRatio * (endDay - firstDay));
  const inner = summarizeCustomers(past, cutDay, endDay);
  const laterBuyers = inner.holdout.filter(({ spend }) => spend > 0).length;
  if (laterBuyers < minLaterBuyers)
    return valueScore('spend_times_purchases', `only ${laterBuyers} customers bought again after the inner cut`, models);
  const innerModels = fitModels(inner.customers, (endDay - cutDay) / 7);
  if (innerModels.purchases === null)
    return valueScore('spend_times_purchases', 'the purchase model could not be fitted before the inner cut', models);
  const blend = fitTweedie(
    inner.customers.map((customer) => featuresOf(customer, innerModels)),
    inner.holdout.map(({ spend }) => spend),
    { ridge, power },
  );
  if (blend === null) return valueScore('spend_times_purchases', 'the blend did not settle', models);
  const foretold = inner.customers.reduce((sum, customer) => sum + modelValue(customer, innerModels), 0);
  const came = inner.holdout.reduce((sum, { spend }) => sum + spend, 0);
  const trust = foretold > 0 ? Math.min(MAX_CORRECTION, Math.max(1 / MAX_CORRECTION, came / foretold)) : 1;
  return valueScore('blend', '', models, levelled(blend, customers, models, trust));
}

/**
 * The blend learned what follows an inner cut, over another span than the horizon: its order is kept, its level is set so that the cohort
 * as a whole is worth what the models say for the horizon, corrected by how right they were after the inner cut (`trust`).
 */
function levelled(blend: TweedieModel, customers: readonly CustomerSummary[], models: Models, trust: number): TweedieModel {
  let blended = 0;
  let modelled = 0;
  for (const customer of customers) {
    blended += predictTweedie(blend, featuresOf(customer, models));
    modelled += modelValue(customer, models);
  }
  return modelled > 0 && blended > 0 ? { ...blend, intercept: blend.intercept + Math.log((trust * modelled) / blended) } : blend;
}

function fitModels(customers: readonly CustomerSummary[], weeks: number): Models {
  const leaving = fitMbgNbd(customers);
  // Where nobody seems to leave, the model without drop-out is the right one, not a failure.
  const purchases = leaving.ok ? leaving : fitNbd(customers);
  const spend = fitGammaGamma(
    customers
      .filter(({ frequency, repeatSpend }) => frequency > 0 && repeatSpend > 0)
      .map(({ frequency, repeatSpend }) => ({ purchaseCount: frequency, meanSpend: repeatSpend / frequency })),
  );
  const [money, purchaseCount] = customers.reduce(([m, n], customer) => [m + spendOf(customer), n + customer.frequency + 1], [0, 0]);
  const moneyUnit = money > 0 ? money / purchaseCount / UNITS_OF_A_PURCHASE : 1;
  return { purchases: purchases.ok ? purchases.model : null, spend: spend.ok ? spend.model : null, weeks, moneyUnit };
}

const spendOf = (customer: CustomerSummary) => customer.firstSpend + customer.repeatSpend;

const perPurchaseOf = (customer: CustomerSummary, spend: SpendModel | null) =>
  spend?.expectedSpend(spendHistoryOf(customer)) ?? spendOf(customer) / (customer.frequency + 1);

/** Expected purchases times expected spend: the textbook's value. */
const modelValue = (customer: CustomerSummary, { purchases, spend, weeks }: Models) =>
  (purchases?.expectedPurchases(customer, weeks) ?? 0) * perPurchaseOf(customer, spend);

/** Logs, so that the regression multiplies; recency as a share of age, so that it knows no unit. */
function featuresOf(customer: CustomerSummary, models: Models): number[] {
  const { purchases, spend, moneyUnit } = models;
  const absence = customer.ageWeeks - customer.tRecencyWeeks;
  return [
    Math.log1p(modelValue(customer, models) / moneyUnit),
    Math.log1p(spendOf(customer) / moneyUnit),
    Math.log1p(customer.repeatSpend / moneyUnit),
    customer.ageWeeks > 0 ? absence / customer.ageWeeks : 0,
    purchases?.probabilityAlive(customer) ?? 0,
    Math.log1p(customer.frequency),
    Math.log1p(absence),
    Math.log1p(perPurchaseOf(customer, spend) / moneyUnit),
    ...customer.fadedSpend.map((money) => Math.log1p(money / moneyUnit)),
  ];
}

/** Puts the score together from its parts: the same for a fresh one and for one read from bytes. */
function valueScore(kind: ScoreKind, reason: string, models: Models, blend: TweedieModel | null = null): ValueScore {
  const { purchases, spend, weeks, moneyUnit } = models;
  const scores: Record<ScoreKind, (customer: CustomerSummary) => number> = {
    blend: (customer) => predictTweedie(blend as TweedieModel, featuresOf(customer, models)),
    spend_times_purchases: (customer) => spendOf(customer) * (purchases?.expectedPurchases(customer, weeks) ?? 0),
    fading_spend: (customer) =>
      spendOf(customer) * Math.exp(customer.ageWeeks > 0 ? -(customer.ageWeeks - customer.tRecencyWeeks) / customer.ageWeeks : 0),
  };
  return {
    kind,
    reason,
    purchases,
    spend,
    score: scores[kind],
    toBytes: () => {
      const kept: Kept = {
        kind,
        reason,
        weeks,
        moneyUnit,
        purchases: purchases && keepModel(purchases),
        spend: spend?.parameters ?? null,
        blend,
      };
      return writeSnapshot(KIND, kept);
    },
  };
}

const KIND = 'insp/value-score@1';
type Kept = {
  kind: ScoreKind;
  reason: string;
  weeks: number;
  moneyUnit: number;
  purchases: KeptModel | null;
  spend: GammaGammaParameters | null;
  blend: TweedieModel | null;
};

/** Reads what `toBytes` wrote; refuses bytes of another kind and a blend without its weights. */
export function bytesToValueScore(bytes: Uint8Array): ValueScore {
  const { kind, reason, weeks, moneyUnit, purchases, spend, blend } = readSnapshot(KIND, bytes) as Kept;
  if (kind === 'blend' && (blend === null || purchases === null)) throw new InputError('the snapshot holds a blend without its parts');
  const models = { purchases: purchases && makeModel(purchases), spend: spend && gammaGamma(spend), weeks, moneyUnit };
  return valueScore(kind, reason, models, blend);
}
