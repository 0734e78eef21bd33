// What may be put into a cart. Pure: looks at the state, answers with the cart to save or with the reason not to,
// in the words of the embed API (out_of_stock, not_enough_stock ...), so the integration can pass them on as they are.
import { findVariant } from '../catalog/catalog.ts';
import type { ShopCart, ShopState } from './shop-state.ts';

export const CART_LIMITS = { linesPerCart: 40, quantityPerLine: 20, rememberedRequests: 50, showTokenLength: 2_048 } as const;

/** Code -> percent off all items. */
export const COUPONS: Readonly<Record<string, number>> = { LIVE10: 10 };

export type CartRefusal = {
  ok: false;
  reason: 'out_of_stock' | 'not_enough_stock' | 'unknown_variant' | 'coupon_rejected' | 'custom';
  message: string;
  available?: number;
};
export type CartDecision = { ok: true; cart: ShopCart } | CartRefusal;

export const emptyCart = (id: string): ShopCart => ({ id, lines: [], coupon: null, recent: [], changedAt: 0 });

export type AddLine = { sku: string; quantity: number; requestId: string; coupon: string | null; showToken: string | null };

/** Puts `quantity` more of a variant into the cart. The same requestId adds once. */
export function decideAdd(state: ShopState, cart: ShopCart, add: AddLine, nowMs: number): CartDecision {
  if (cart.recent.some((answer) => answer.requestId === add.requestId && answer.ok)) return { ok: true, cart };
  const held = cart.lines.find((line) => line.sku === add.sku)?.quantity ?? 0;
  const checked = checkQuantity(state, add.sku, held + add.quantity);
  if (!checked.ok) return checked;
  if (add.coupon !== null && COUPONS[add.coupon.toUpperCase()] === undefined) {
    return { ok: false, reason: 'coupon_rejected', message: `The code ${add.coupon} is not valid.` };
  }
  if (held === 0 && cart.lines.length >= CART_LIMITS.linesPerCart) {
    return { ok: false, reason: 'custom', message: `A bag holds at most ${CART_LIMITS.linesPerCart} different things.` };
  }
  const showToken = add.showToken?.slice(0, CART_LIMITS.showTokenLength) ?? null;
  const lines =
    held === 0
      ? [...cart.lines, { sku: add.sku, quantity: add.quantity, showToken }]
      : cart.lines.map((line) =>
          line.sku === add.sku ? { ...line, quantity: held + add.quantity, showToken: showToken ?? line.showToken } : line,
        );
  return { ok: true, cart: next(cart, lines, add.requestId, nowMs, add.coupon?.toUpperCase() ?? cart.coupon) };
}

/** Sets the quantity of a line; 0 takes it out. */
export function decideUpdate(
  state: ShopState,
  cart: ShopCart,
  update: { sku: string; quantity: number; requestId: string },
  nowMs: number,
): CartDecision {
  if (cart.recent.some((answer) => answer.requestId === update.requestId && answer.ok)) return { ok: true, cart };
  if (update.quantity > 0) {
    const checked = checkQuantity(state, update.sku, update.quantity);
    if (!checked.ok) return checked;
  }
  const lines = cart.lines
    .map((line) => (line.sku === update.sku ? { ...line, quantity: update.quantity } : line))
    .filter((line) => line.quantity > 0);
  return { ok: true, cart: next(cart, lines, update.requestId, nowMs, cart.coupon) };
}

function checkQuantity(state: ShopState, sku: string, wanted: number): { ok: true } | CartRefusal {
  if (!findVariant(sku)) return { ok: false, reason: 'unknown_variant', message: 'We do not carry this.' };
  const available = state.stock.get(sku) ?? 0;
  if (available <= 0) return { ok: false, reason: 'out_of_stock', message: 'Sold out.', available: 0 };
  const most = Math.min(available, CART_LIMITS.quantityPerLine);
  if (wanted > most) {
    const message = available < wanted ? `Only ${available} left.` : `At most ${most} in one order.`;
    return { ok: false, reason: 'not_enough_stock', message, available: most };
  }
  return { ok: true };
}

function next(cart: ShopCart, lines: ShopCart['lines'], requestId: string, nowMs: number, coupon: string | null): ShopCart {
  const recent = [...cart.recent, { requestId, ok: true }].slice(-CART_LIMITS.rememberedRequests);
  return { id: cart.id, lines, coupon, recent, changedAt: nowMs };
}
