// State in memory, journal on disk, and the order between them: decide and apply in one turn, append, answer when
// it is durable. A reader may see a change a moment before it is durable; nobody is told "yes" before.
import { randomInt, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openingStock } from '../catalog/catalog.ts';
import { type AddLine, type CartDecision, decideAdd, decideUpdate, emptyCart } from './carts.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { openJournal, readJournal, rewriteJournal } from './journal.ts';
import { decideOrder, type OrderRefusal, type PlaceOrder, stockChangedMessage } from './place-order.ts';
import { apply, createShopState, entriesOf, type JournalEntry, type ShopCart, type ShopOrder, type ShopState } from './shop-state.ts';

/** Above this many entries the journal is rewritten at start. */
const COMPACT_FROM_ENTRIES = 5_000;

export type ShopStore = {
  state: Readonly<ShopState>;
  cart(id: string): ShopCart;
  addToCart(cartId: string, add: AddLine): Promise<CartDecision>;
  updateCart(cartId: string, update: { sku: string; quantity: number; requestId: string }): Promise<CartDecision>;
  placeOrder(command: PlaceOrder): Promise<{ ok: true; order: ShopOrder } | OrderRefusal>;
  setStock(items: { sku: string; stockCount: number }[]): Promise<void>;
  settleMessage(id: string, outcome: 'delivered' | 'parked'): Promise<void>;
  /** Runs after each change that put something into the outbox. */
  onQueued(listen: () => void): void;
  close(): Promise<void>;
};

/**
 * Opens (or begins) the shop in `dataDir`. `nowMs` is the clock. `onBroken` hears of the first failed write: memory
 * is then ahead of the disk, and the only safe thing left is to stop and start again from the journal.
 */
export async function openShopStore(dataDir: string, nowMs: () => number, onBroken: (error: unknown) => void): Promise<ShopStore> {
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockDataFolder(dataDir);
  const path = join(dataDir, 'journal.ndjson');
  const state = createShopState();
  const { entries, tornBytes } = await readJournal<JournalEntry>(path);
  for (const entry of entries) apply(state, entry);
  if (state.series === '') apply(state, { type: 'series_opened', series: drawSeries() });
  const missing = openingStock().filter(({ sku }) => !state.stock.has(sku));
  if (missing.length > 0) apply(state, { type: 'stock_set', items: missing });
  if (missing.length > 0 || tornBytes > 0 || entries.length > COMPACT_FROM_ENTRIES) await rewriteJournal(path, entriesOf(state));
  const journal = await openJournal<JournalEntry>(path);
  const listeners: (() => void)[] = [];

  function commit(entry: JournalEntry): Promise<void> {
    apply(state, entry);
    if (entry.type === 'order_placed' || entry.type === 'message_queued') for (const listen of listeners) listen();
    const written = journal.append(entry);
    written.catch(onBroken);
    return written;
  }
  const cart = (id: string): ShopCart => state.carts.get(id) ?? emptyCart(id);
  async function save(decision: CartDecision, before: ShopCart): Promise<CartDecision> {
    if (decision.ok && decision.cart !== before) await commit({ type: 'cart_saved', cart: decision.cart });
    return decision;
  }
  let lastOrder: Promise<void> = Promise.resolve();

  return {
    state,
    cart,
    addToCart: (cartId, add) => save(decideAdd(state, cart(cartId), add, nowMs()), cart(cartId)),
    updateCart: (cartId, update) => save(decideUpdate(state, cart(cartId), update, nowMs()), cart(cartId)),
    async placeOrder(command) {
      const decision = decideOrder(state, command, nowMs());
      if (!decision.ok) return decision;
      // A repeat may arrive while the first is still being written: it waits for the same disk.
      if (decision.entry) lastOrder = commit(decision.entry);
      await lastOrder;
      return { ok: true, order: decision.order };
    },
    async setStock(items) {
      const now = nowMs();
      const message = stockChangedMessage(`stock-set-${randomUUID()}`, new Map(items.map((item) => [item.sku, item.stockCount])), now);
      await Promise.all([commit({ type: 'stock_set', items }), commit({ type: 'message_queued', message })]);
    },
    settleMessage: (id, outcome) => commit({ type: 'message_settled', id, outcome }),
    onQueued: (listen) => void listeners.push(listen),
    async close() {
      await journal.close();
      await unlock();
    },
  };
}

/** Four letters and digits that cannot be misread, e.g. `M7KF`. */
function drawSeries(): string {
  const letters = 'ACDEFGHJKLMNPQRTUVWXY34679';
  return `M${Array.from({ length: 3 }, () => letters[randomInt(letters.length)]).join('')}`;
}
