import type { Product } from '@insp/protocol';
import { useLive } from './live-context.tsx';
import { nextInLineUp } from './next-product.ts';
import { featuredHighlight } from './room-state.ts';

/** The product that "Next" shows: the line-up's order, skipping what is sold out or on display. */
export function useNext(): { product: Product; note: string } | null {
  const { show, room } = useLive();
  const onDisplay = new Set<string>(room.highlights.map(({ productId }) => productId));
  const featuredId = featuredHighlight(room.highlights)?.productId ?? null;
  const productId = nextInLineUp(show.lineUp, room.products, onDisplay, featuredId);
  const product = productId ? room.products.get(productId as Product['id']) : undefined;
  return product ? { product, note: show.lineUp.find((item) => item.productId === productId)?.note ?? '' } : null;
}
