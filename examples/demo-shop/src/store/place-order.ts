// The decision to sell. It runs in one turn of the event loop on the shop's one state, so two buyers of the last
// unit cannot both win: either every line is in stock and the order exists, or nothing changed.
import { findVariant } from '../catalog/catalog.ts';
import { CURRENCY } from '../catalog/product.ts';
import { COUPONS } from './carts.ts';
import type { Buyer, CartLine, JournalEntry, OrderedLine, ShopOrder, ShopState, WebhookMessage } from './shop-state.ts';

export const SHIPPING_MINOR = 490;
export const FREE_SHIPPING_FROM_MINOR = 6_000;

export type PlaceOrder = {
  key: string;
  cartId: string | null;
  lines: CartLine[];
  coupon: string | null;
  buyer: Buyer;
  isSimulated: boolean;
};
export type OrderRefusal = {
  ok: false;
  reason: 'empty' | 'out_of_stock' | 'unknown_variant';
  message: string;
  sku?: string;
  available?: number;
};
export type OrderDecision = { ok: true; order: ShopOrder; entry: JournalEntry | null } | OrderRefusal;

/** Prices lines and takes the coupon off each line, rounded half up: the sum of lines is the total, to the cent. */
export function priceLines(lines: readonly CartLine[], coupon: string | null): Omit<OrderedLine, 'lineId'>[] {
  const offPct = coupon === null ? 0 : (COUPONS[coupon] ?? 0);
  return lines.flatMap((line) => {
    const found = findVariant(line.sku);
    if (!found) return [];
    const fullMinor = found.variant.priceMinor * line.quantity;
    const amountMinor = fullMinor - Math.floor((fullMinor * offPct + 50) / 100);
    return [{ ...line, productId: found.product.id, unitPriceMinor: found.variant.priceMinor, amountMinor }];
  });
}

export const sumMinor = (lines: readonly { amountMinor: number }[]): number => lines.reduce((sum, line) => sum + line.amountMinor, 0);
export const shippingFor = (itemsMinor: number): number =>
  itemsMinor === 0 || itemsMinor >= FREE_SHIPPING_FROM_MINOR ? 0 : SHIPPING_MINOR;

/** Decides an order. A key seen before answers with the order it made then and no new entry. */
export function decideOrder(state: ShopState, command: PlaceOrder, nowMs: number): OrderDecision {
  const existing = state.orders.get(state.orderByKey.get(command.key) ?? '');
  if (existing) return { ok: true, order: existing, entry: null };
  if (command.lines.length === 0) return { ok: false, reason: 'empty', message: 'Your bag is empty.' };
  const wanted = new Map<string, number>();
  for (const { sku, quantity } of command.lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  for (const [sku, quantity] of wanted) {
    const found = findVariant(sku);
    if (!found) return { ok: false, reason: 'unknown_variant', message: 'We do not carry this any more.', sku };
    const available = Math.max(0, state.stock.get(sku) ?? 0);
    if (available < quantity) {
      const left = available === 0 ? 'is sold out' : `has only ${available} left`;
      return { ok: false, reason: 'out_of_stock', message: `${found.product.name} ${left}.`, sku, available };
    }
  }
  const orderRef = `${state.series}-${state.nextOrderNumber}`;
  const lines = priceLines(command.lines, command.coupon).map((line, index) => ({ ...line, lineId: `${orderRef}-${index + 1}` }));
  const itemsMinor = sumMinor(lines);
  const order: ShopOrder = {
    orderRef,
    key: command.key,
    cartId: command.cartId,
    buyer: command.buyer,
    lines,
    coupon: command.coupon,
    itemsMinor,
    shippingMinor: shippingFor(itemsMinor),
    placedAt: nowMs,
    isSimulated: command.isSimulated,
  };
  return { ok: true, order, entry: { type: 'order_placed', order, messages: [orderPaidMessage(order), stockMessage(state, order)] } };
}

/** The webhook that tells Insp of the sale. Its id and text are fixed here, once: a repeat is byte for byte the same. */
export function orderPaidMessage(order: ShopOrder): WebhookMessage {
  const at = new Date(order.placedAt).toISOString();
  const body = JSON.stringify({
    type: 'order.paid',
    timestamp: at,
    data: {
      orderRef: order.orderRef,
      ...(order.buyer.customerRef === null ? {} : { customerRef: order.buyer.customerRef, customerName: order.buyer.name.slice(0, 60) }),
      currency: CURRENCY,
      placedAt: at,
      simulated: order.isSimulated,
      // What was paid for the line: after coupons; shipping is not in it, and the shop charges no VAT.
      lines: order.lines.map((line) => ({
        lineId: line.lineId,
        sku: line.sku,
        productRef: line.productId,
        quantity: line.quantity,
        amountMinor: line.amountMinor,
        ...(line.showToken === null ? {} : { showToken: line.showToken }),
      })),
    },
  });
  return { id: `order-paid-${order.orderRef}`, body };
}

/** Stock of the sold variants right after the sale; distinct lines may share a sku, each sku is told once. */
function stockMessage(state: ShopState, order: ShopOrder): WebhookMessage {
  const left = new Map<string, number>();
  for (const line of order.lines) left.set(line.sku, (left.get(line.sku) ?? state.stock.get(line.sku) ?? 0) - line.quantity);
  return stockChangedMessage(`stock-after-${order.orderRef}`, left, order.placedAt);
}

export function stockChangedMessage(id: string, left: ReadonlyMap<string, number>, nowMs: number): WebhookMessage {
  const items = [...left].map(([sku, stockCount]) => ({ sku, stockCount: Math.max(0, stockCount) }));
  return { id, body: JSON.stringify({ type: 'stock.changed', timestamp: new Date(nowMs).toISOString(), data: { items } }) };
}
