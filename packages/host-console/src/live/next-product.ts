// Which product "Next" shows, and which one Sell IQ would.
import type { LineUpItem, Product, SellOrder } from '@insp/protocol';
import { isSoldOut } from '../products/product-facts.ts';

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
