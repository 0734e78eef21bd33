// Which product "Next" shows, and what a line of the line-up says about its product.
import type { LineUpItem, Product, SellOrder } from '@insp/protocol';

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

/** The line after the one on display that can still be sold; from the top again after the last. */
export function nextInLineUp(
  lineUp: readonly LineUpItem[],
  products: ReadonlyMap<string, Product>,
  onDisplay: ReadonlySet<string>,
  featuredId: string | null,
): string | null {
  const start = featuredId === null ? -1 : lineUp.findIndex(({ productId }) => productId === featuredId);
  for (let step = 1; step <= lineUp.length; step += 1) {
    const candidate = lineUp[(start + step) % lineUp.length];
    const product = candidate ? products.get(candidate.productId) : undefined;
    if (product && !onDisplay.has(product.id) && !isSoldOut(product)) return product.id;
  }
  return null;
}

/** The product Sell IQ would show next, with its reason. */
export function suggestedNext(sellOrder: SellOrder | null): { productId: string; reason: string } | null {
  return sellOrder?.entries.toSorted((a, b) => a.rank - b.rank).find((entry) => !entry.isOnDisplay && !entry.isSoldOut) ?? null;
}
