// Choosing a variant by any number of option dimensions (product.md EM3). A value is offered as long as some
// variant has it together with what is chosen in the other dimensions; if none has, choosing it lets go of the
// choices that stand against it, so that nobody gets stuck.
import type { Product, Variant } from '@insp/protocol';

export type Choices = Readonly<Record<string, string>>;
export type OptionValue = {
  readonly value: string;
  readonly isChosen: boolean;
  readonly isPossible: boolean;
  readonly isAvailable: boolean;
};
export type OptionGroup = { readonly name: string; readonly values: readonly OptionValue[] };

const fits = (variant: Variant, choices: Choices) => Object.entries(choices).every(([name, value]) => variant.options[name] === value);

/** The names of the dimensions: as the product lists them, then any others its variants use. */
export function optionNames(product: Product): readonly string[] {
  const names = new Set(product.optionNames);
  for (const variant of product.variants) for (const name of Object.keys(variant.options)) names.add(name);
  return [...names].filter((name) => product.variants.some((variant) => name in variant.options));
}

/** What to draw: every dimension with its values, in the order the variants bring them. */
export function optionGroups(product: Product, choices: Choices): readonly OptionGroup[] {
  return optionNames(product).map((name) => {
    const { [name]: chosen, ...others } = choices;
    const values = new Set(product.variants.map((variant) => variant.options[name]).filter((value) => value !== undefined));
    return {
      name,
      values: [...values].map((value) => {
        const matching = product.variants.filter((variant) => variant.options[name] === value && fits(variant, others));
        return { value, isChosen: chosen === value, isPossible: matching.length > 0, isAvailable: matching.some(isBuyable) };
      }),
    };
  });
}

/** Takes a choice; choices of other dimensions that no variant has together with it are dropped, the last made first kept. */
export function choose(product: Product, choices: Choices, name: string, value: string): Choices {
  const next: Record<string, string> = { [name]: value };
  for (const [other, otherValue] of Object.entries(choices).reverse()) {
    if (other !== name && product.variants.some((variant) => fits(variant, { ...next, [other]: otherValue }))) next[other] = otherValue;
  }
  // Insertion order is the order of choosing: the newest stays last.
  return Object.fromEntries(Object.entries(next).reverse());
}

/** The one variant that is meant, or null while something is still to be chosen. */
export function chosenVariant(product: Product, choices: Choices): Variant | null {
  if (product.variants.length === 1) return product.variants[0]!;
  const names = optionNames(product);
  if (!names.every((name) => name in choices)) return null;
  return product.variants.find((variant) => fits(variant, choices)) ?? null;
}

export function isBuyable(variant: Variant): boolean {
  return variant.isAvailable && variant.stockCount !== 0;
}

export function isSoldOut(product: Product): boolean {
  return !product.variants.some(isBuyable);
}

/** What the price line shows: the chosen variant, else the cheapest that can be bought, marked as "from". */
export function priceOf(
  product: Product,
  choices: Choices,
): { priceMinor: number; originalMinor: number | null; currency: string; isFrom: boolean } {
  const chosen = chosenVariant(product, choices);
  const buyable = product.variants.filter(isBuyable);
  const candidates = chosen ? [chosen] : (buyable.length > 0 ? buyable : product.variants).filter((variant) => fits(variant, choices));
  const pool = candidates.length > 0 ? candidates : product.variants;
  const cheapest = pool.reduce((best, variant) => (variant.priceMinor < best.priceMinor ? variant : best));
  const isFrom = !chosen && pool.some((variant) => variant.priceMinor !== cheapest.priceMinor);
  const { priceMinor, originalPriceMinor, currency } = cheapest;
  return {
    priceMinor,
    originalMinor: originalPriceMinor !== null && originalPriceMinor > priceMinor ? originalPriceMinor : null,
    currency,
    isFrom,
  };
}
