// What is on display in the room, as told to any of the viewers: one view for all of them.
import type { Highlight, Product, ProductId } from '@insp/protocol';

export type RoomView = {
  products: Map<ProductId, Product>;
  highlights: Highlight[];
  isOpen: boolean;
  /** How many different highlights were seen so far: the turn the viewers' responses are drawn for. */
  turnOf(highlight: Highlight): number;
};

/** Turns remembered; a show with more highlights than this repeats old responses. */
const MAX_TURNS = 10_000;

export function createRoomView(): RoomView {
  const turns = new Map<string, number>();
  return {
    products: new Map(),
    highlights: [],
    isOpen: false,
    turnOf(highlight) {
      const known = turns.get(highlight.id);
      if (known !== undefined) return known;
      const turn = turns.size % MAX_TURNS;
      if (turns.size < MAX_TURNS) turns.set(highlight.id, turn);
      return turn;
    },
  };
}

/** The product of the newest highlight. */
export function featuredProduct(view: RoomView): { product: Product; highlight: Highlight } | null {
  const highlight = view.highlights.toSorted((a, b) => a.startedAt - b.startedAt).at(-1);
  const product = highlight && view.products.get(highlight.productId);
  return highlight && product ? { product, highlight } : null;
}
