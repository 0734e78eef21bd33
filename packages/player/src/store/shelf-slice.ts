// Products and highlights. A highlight shows when the picture gets to the moment the host meant (product.md VI6):
// the server's clock stamps both the act and the frames, so the two can be compared. Price and stock apply at once.
import type { Highlight, Product, ProductId, Push } from '@insp/protocol';
import type { Action } from './action.ts';
import type { PlayerState, ShelfState, ShownHighlight } from './player-state.ts';
import { freshenStock, overlayProducts } from './shop-products.ts';

/** How far the card may lead its frame. */
export const HIGHLIGHT_LEAD_MS = 250;
/** Nobody waits longer for a card than this, however far behind the picture is said to be. */
export const HIGHLIGHT_MAX_DELAY_MS = 30_000;
/** Ended highlights kept for pictures that are behind. */
const MAX_KEPT_HIGHLIGHTS = 12;

export function reduceShelf(shelf: ShelfState, action: Action): ShelfState {
  switch (action.type) {
    case 'session_started':
      return { ...withLineUp(shelf, action.show.products), highlights: action.show.highlights.map(asShown) };
    case 'pushed':
      return reducePush(shelf, action.push);
    case 'shop_products_given': {
      const shopProducts = [
        ...shelf.shopProducts.filter((known) => !action.products.some((given) => given.id === known.id)),
        ...action.products,
      ];
      return { ...shelf, shopProducts, products: overlayProducts(shelf.lineUp, shopProducts) };
    }
    case 'sheet_opened':
      return { ...shelf, sheet: action.sheet, openProductId: shelf.openIn === 'sheet' ? null : shelf.openProductId };
    case 'options_opened':
      return { ...shelf, openProductId: action.productId, openIn: action.openIn };
    case 'options_closed':
      return { ...shelf, openProductId: null };
    case 'option_chosen': {
      const chosen = { ...shelf.choices[action.productId], [action.name]: action.value };
      return { ...shelf, choices: { ...shelf.choices, [action.productId]: chosen } };
    }
    case 'product_linked':
      return { ...shelf, linkedProductId: action.productId };
    case 'highlight_linked': {
      const linked = shelf.highlights.find((highlight) => highlight.id === action.highlightId);
      return linked ? { ...shelf, linkedProductId: linked.productId } : shelf;
    }
    default:
      return shelf;
  }
}

function reducePush(shelf: ShelfState, push: Push): ShelfState {
  switch (push.type) {
    case 'welcome': {
      const { products, highlights } = push.data.snapshot;
      return { ...withLineUp(shelf, products), highlights: highlights.map(asShown) };
    }
    case 'highlight_started':
      return {
        ...shelf,
        highlights: [...shelf.highlights.filter((known) => known.id !== push.data.id), asShown(push.data)].slice(-MAX_KEPT_HIGHLIGHTS),
        linkedProductId: null,
      };
    case 'highlight_ended':
      return {
        ...shelf,
        highlights: shelf.highlights.map((known) =>
          known.id === push.data.highlightId && known.endedAtMs === null ? { ...known, endedAtMs: push.ts } : known,
        ),
      };
    case 'products_changed':
      return withLineUp(
        { ...shelf, shopProducts: freshenStock(shelf.shopProducts, push.data.products) },
        mergeProducts(shelf.lineUp, push.data.products),
      );
    default:
      return shelf;
  }
}

const withLineUp = (shelf: ShelfState, lineUp: readonly Product[]): ShelfState => ({
  ...shelf,
  lineUp,
  products: overlayProducts(lineUp, shelf.shopProducts),
});

const asShown = (highlight: Highlight): ShownHighlight => ({ ...highlight, endedAtMs: null });

/** Replaces products by id, keeping the order of the line-up; unknown ones go to the end. */
export function mergeProducts(known: readonly Product[], changed: readonly Product[]): readonly Product[] {
  const byId = new Map(changed.map((product) => [product.id, product]));
  const merged = known.map((product) => byId.get(product.id) ?? product);
  const ids = new Set(known.map((product) => product.id));
  return [...merged, ...changed.filter((product) => !ids.has(product.id))];
}

/** Highlights on display for this viewer's picture, the newest last. */
export function visibleHighlights(
  highlights: readonly ShownHighlight[],
  programMs: number | null,
  nowMs: number,
): readonly ShownHighlight[] {
  const pictureMs = programMs === null ? nowMs : Math.max(programMs, nowMs - HIGHLIGHT_MAX_DELAY_MS);
  return highlights
    .filter(
      (highlight) =>
        highlight.startedAt - HIGHLIGHT_LEAD_MS <= pictureMs && (highlight.endedAtMs === null || highlight.endedAtMs > pictureMs),
    )
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** Forgets ended highlights no picture can be behind of any more; the same array when there are none. */
export function pruneHighlights(highlights: readonly ShownHighlight[], nowMs: number): readonly ShownHighlight[] {
  const kept = highlights.filter((highlight) => highlight.endedAtMs === null || highlight.endedAtMs > nowMs - 2 * HIGHLIGHT_MAX_DELAY_MS);
  return kept.length === highlights.length ? highlights : kept;
}

/** The card of the moment: what the shopper's link brought, else the newest highlight. */
export function cardOf(state: PlayerState): { product: Product; highlight: ShownHighlight | null } | null {
  const { shelf, video, nowMs } = state;
  // While the shopper chooses options in the card, it does not change under the finger.
  const heldId = shelf.openIn === 'card' ? shelf.openProductId : null;
  const visible = visibleHighlights(shelf.highlights, video.status === 'playing' ? video.programMs : null, nowMs);
  const newest = visible.at(-1) ?? null;
  const productId: ProductId | null = heldId ?? shelf.linkedProductId ?? newest?.productId ?? null;
  const product = shelf.products.find((known) => known.id === productId);
  if (!product) return null;
  return { product, highlight: visible.findLast((highlight) => highlight.productId === product.id) ?? null };
}
