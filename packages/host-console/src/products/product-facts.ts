// What a line about a product says: how many are left, and what it costs.
import type { Product } from '@insp/protocol';

/** Units left over all variants; null when the shop told of none. */
export function stockCountOf(product: Product): number | null {
  const told = product.variants.map(({ stockCount }) => stockCount).filter((count) => count !== null);
  return told.length === 0 ? null : told.reduce((sum, count) => sum + count, 0);
}

export const isSoldOut = (product: Product): boolean => product.variants.every(({ isAvailable }) => !isAvailable);

/** Price of the cheapest variant, and whether others cost more. */
export function priceOf(product: Product): { amountMinor: number; currency: string; isFrom: boolean } | null {
  const first = product.variants[0];
  if (!first) return null;
  const prices = product.variants.map(({ priceMinor }) => priceMinor);
  const amountMinor = Math.min(...prices);
  return { amountMinor, currency: first.currency, isFrom: amountMinor < Math.max(...prices) };
}
