// The shop's whole memory, and the one function that changes it. Every change is an entry of the journal;
// state = fold(apply, entries). So a restart is a replay, and what is not in the journal did not happen.
//
// Stock is taken by `order_placed` and by nothing else: a cart reserves nothing, the order decides. Entries are
// built by the pure deciders in place-order.ts and carts.ts, which look at this state and never change it.

export type CartLine = {
  sku: string;
  quantity: number;
  /** As given by `addToCart` of the show; passed through unchanged into the order webhook. */
  showToken: string | null;
};
/** What an add or update answered; a repeat of the same requestId gets the same answer and changes nothing. */
export type RememberedAnswer = { requestId: string; ok: boolean };
export type ShopCart = { id: string; lines: CartLine[]; coupon: string | null; recent: RememberedAnswer[]; changedAt: number };

export type OrderedLine = CartLine & { lineId: string; productId: string; unitPriceMinor: number; amountMinor: number };
export type Buyer = { name: string; email: string; customerRef: string | null };
export type ShopOrder = {
  orderRef: string;
  /** Chosen by the client: the same key is the same order, however often it is sent. */
  key: string;
  cartId: string | null;
  buyer: Buyer;
  lines: OrderedLine[];
  coupon: string | null;
  itemsMinor: number;
  shippingMinor: number;
  placedAt: number;
  isSimulated: boolean;
};
export type WebhookMessage = { id: string; body: string };

export type JournalEntry =
  | { type: 'series_opened'; series: string }
  | { type: 'stock_set'; items: { sku: string; stockCount: number }[] }
  | { type: 'cart_saved'; cart: ShopCart }
  | { type: 'order_placed'; order: ShopOrder; messages: WebhookMessage[] }
  | { type: 'message_queued'; message: WebhookMessage }
  | { type: 'message_settled'; id: string; outcome: 'delivered' | 'parked' };

export type ShopState = {
  stock: Map<string, number>;
  carts: Map<string, ShopCart>;
  orders: Map<string, ShopOrder>;
  orderByKey: Map<string, string>;
  /** Webhook messages nobody has acknowledged yet, oldest first. */
  outbox: Map<string, WebhookMessage>;
  parkedCount: number;
  /** First half of every order reference: drawn once per data folder, so that a shop begun anew repeats none. */
  series: string;
  nextOrderNumber: number;
};

/** Carts and orders kept in memory; the oldest go first. An unacknowledged message is never dropped. */
export const STATE_LIMITS = { carts: 20_000, orders: 50_000, outbox: 100_000 } as const;
export const FIRST_ORDER_NUMBER = 10_001;

export const createShopState = (): ShopState => ({
  stock: new Map(),
  carts: new Map(),
  orders: new Map(),
  orderByKey: new Map(),
  outbox: new Map(),
  parkedCount: 0,
  series: '',
  nextOrderNumber: FIRST_ORDER_NUMBER,
});

export function apply(state: ShopState, entry: JournalEntry): void {
  switch (entry.type) {
    case 'series_opened':
      state.series = entry.series;
      return;
    case 'stock_set':
      for (const { sku, stockCount } of entry.items) state.stock.set(sku, stockCount);
      return;
    case 'cart_saved':
      state.carts.delete(entry.cart.id); // re-inserted last: the map is ordered by last change
      state.carts.set(entry.cart.id, entry.cart);
      forgetOldest(state.carts, STATE_LIMITS.carts, () => {});
      return;
    case 'order_placed':
      applyOrder(state, entry.order);
      for (const message of entry.messages) state.outbox.set(message.id, message);
      return;
    case 'message_queued':
      state.outbox.set(entry.message.id, entry.message);
      return;
    case 'message_settled':
      if (state.outbox.delete(entry.id) && entry.outcome === 'parked') state.parkedCount += 1;
  }
}

function applyOrder(state: ShopState, order: ShopOrder): void {
  for (const line of order.lines) state.stock.set(line.sku, (state.stock.get(line.sku) ?? 0) - line.quantity);
  state.orders.set(order.orderRef, order);
  state.orderByKey.set(order.key, order.orderRef);
  if (order.cartId) state.carts.delete(order.cartId);
  state.nextOrderNumber = Math.max(state.nextOrderNumber, Number(order.orderRef.split('-')[1]) + 1);
  forgetOldest(state.orders, STATE_LIMITS.orders, (forgotten) => state.orderByKey.delete(forgotten.key));
}

function forgetOldest<T>(map: Map<string, T>, limit: number, onForgotten: (value: T) => void): void {
  while (map.size > limit) {
    const [key, value] = map.entries().next().value as [string, T];
    map.delete(key);
    onForgotten(value);
  }
}

/** The shortest journal that replays into this state; used to compact it at start. */
export function* entriesOf(state: ShopState): Generator<JournalEntry> {
  yield { type: 'series_opened', series: state.series };
  for (const order of state.orders.values()) yield { type: 'order_placed', order, messages: [] };
  yield { type: 'stock_set', items: [...state.stock].map(([sku, stockCount]) => ({ sku, stockCount })) };
  for (const cart of state.carts.values()) yield { type: 'cart_saved', cart };
  for (const message of state.outbox.values()) yield { type: 'message_queued', message };
}
