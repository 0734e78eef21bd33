// Money is an integer of minor units with its currency, everywhere: no floats, no bare numbers.

export type Currency = string; // ISO 4217, upper case

export type Money = { readonly amountMinor: number; readonly currency: Currency };

/** Formats for people, e.g. `formatMoney({ amountMinor: 1250, currency: 'EUR' }, 'de-DE')` gives `12,50 €`. */
export function formatMoney(money: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: money.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(money.amountMinor / 10 ** digits);
}
