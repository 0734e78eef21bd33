// Products and highlights. A highlight shows when the picture gets to the moment the host meant (product.md VI6):
// the server's clock stamps both the act and the frames, so the two can be compared. Price and stock apply at once.
import type { Highlight, HighlightId, Product, ProductId, Push } from '@insp/protocol';
import type { ProductMoment } from '../video/program-time.ts';
import type { Action } from './action.ts';
import type { PlayerState, ShelfState, ShownHighlight } from './player-state.ts';
import { freshenStock, overlayProducts } from './shop-products.ts';

/** A frame lasts 33 to 42 ms: nearer than this to a moment, the picture is there. */
const SAME_FRAME_MS = 20;
/** Highlights kept for shoppers who look back, the newest; a show has fewer. */
export const MAX_KEPT_HIGHLIGHTS = 500;

export function reduceShelf(shelf: ShelfState, action: Action): ShelfState {
  switch (action.type) {
    case 'session_started':
      return { ...withLineUp(shelf, action.show.products), highlights: withSnapshot(shelf.highlights, action.show.highlights, null) };
    case 'moments_told':
      return withMoments(shelf, action.moments);
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
      return { ...withLineUp(shelf, products), highlights: withSnapshot(shelf.highlights, highlights, push.ts) };
    }
    case 'highlight_started':
      return {
        ...shelf,
        highlights: keepNewest([...shelf.highlights.filter((known) => known.id !== push.data.id), asShown(push.data)]),
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

/**
 * What is on display now, with what is known of before: the picture may still be there. `endedAtMs`: when what is not in
 * the snapshot must have ended at the latest; null keeps it (the playlist may know it, the socket not yet).
 */
function withSnapshot(known: readonly ShownHighlight[], now: readonly Highlight[], endedAtMs: number | null): readonly ShownHighlight[] {
  const isOn = new Set(now.map(({ id }) => id));
  const before = known
    .filter(({ id }) => !isOn.has(id))
    .map((one) => (one.endedAtMs === null && endedAtMs !== null ? { ...one, endedAtMs } : one));
  return keepNewest([...before, ...now.map(asShown)]);
}

/** What the playlist says of products on display: a replay has no room that would tell. What the room said stands. */
function withMoments(shelf: ShelfState, moments: readonly ProductMoment[]): ShelfState {
  const byId = new Map<string, ShownHighlight>(shelf.highlights.map((known) => [known.id, known]));
  let isChanged = false;
  for (const { id, productId, startMs, endMs } of moments) {
    const known = byId.get(id);
    if (known !== undefined && (known.endedAtMs !== null || endMs === null)) continue;
    const told = { id: id as HighlightId, kind: 'product' as const, productId: productId as ProductId, startedAt: startMs };
    byId.set(id, { ...(known ?? told), endedAtMs: endMs });
    isChanged = true;
  }
  return isChanged ? { ...shelf, highlights: keepNewest([...byId.values()]) } : shelf;
}

const keepNewest = (highlights: readonly ShownHighlight[]): readonly ShownHighlight[] =>
  highlights.toSorted((a, b) => a.startedAt - b.startedAt).slice(-MAX_KEPT_HIGHLIGHTS);

/**
 * The server's time that cards go by: of the frame on screen, live, behind, looking back and in a replay, also while
 * the picture stands still. Without a picture, or with one the host does not send any more, it is now.
 */
export function pictureMsOf({ video, room, nowMs }: Pick<PlayerState, 'video' | 'room' | 'nowMs'>): number {
  const isPictureShown = video.hasPicture && video.programMs !== null && video.status !== 'failed' && video.status !== 'none';
  if (!isPictureShown || room.showState === 'encoder_lost' || room.showState === 'paused') return nowMs;
  return video.programMs;
}

/** Highlights on display at that time, the newest last. */
export function visibleHighlights(highlights: readonly ShownHighlight[], pictureMs: number): readonly ShownHighlight[] {
  const atMs = pictureMs + SAME_FRAME_MS;
  return highlights
    .filter(({ startedAt, endedAtMs }) => startedAt <= atMs && (endedAtMs === null || endedAtMs > atMs))
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** When a card comes or goes next after that time; null when nothing is known to. */
export function nextMomentMs(highlights: readonly ShownHighlight[], pictureMs: number): number | null {
  const nextMs = highlights
    .flatMap(({ startedAt, endedAtMs }) => [startedAt, endedAtMs ?? Number.POSITIVE_INFINITY])
    .reduce((next, momentMs) => (momentMs > pictureMs + SAME_FRAME_MS ? Math.min(next, momentMs) : next), Number.POSITIVE_INFINITY);
  return Number.isFinite(nextMs) ? nextMs : null;
}

/** The card of the moment: what the shopper's link brought, else the newest highlight. */
export function cardOf(state: PlayerState): { product: Product; highlight: ShownHighlight | null } | null {
  const { shelf } = state;
  // While the shopper chooses options in the card, it does not change under the finger.
  const heldId = shelf.openIn === 'card' ? shelf.openProductId : null;
  const visible = visibleHighlights(shelf.highlights, pictureMsOf(state));
  const newest = visible.at(-1) ?? null;
  const productId: ProductId | null = heldId ?? shelf.linkedProductId ?? newest?.productId ?? null;
  const product = shelf.products.find((known) => known.id === productId);
  if (!product) return null;
  return { product, highlight: visible.findLast((highlight) => highlight.productId === product.id) ?? null };
}
