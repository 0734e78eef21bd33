// Half a year of purchases before the first show, so that "who is here" has something true to say: loyal customers come
// back every few weeks, others twice, many once. Pure: seed, customers, products and the last day give the same orders,
// id for id, so sending them again changes nothing.
import type { SimulatedCustomer } from '../plan/people.ts';
import { createSeeded } from '../plan/seeded.ts';

export type SoldProduct = { externalId: string; group: string; variants: readonly { sku: string; priceMinor: number }[] };
export type PastOrder = {
  orderRef: string;
  customerRef: string;
  customerName: string;
  placedAtMs: number;
  lines: { lineId: string; sku: string; productRef: string; quantity: number; amountMinor: number }[];
};

const DAY_MS = 24 * 60 * 60_000;
const SPAN_DAYS = 180;
/** Mean days between two purchases, and how likely a customer is gone for good after each. */
const HABITS = {
  loyal: { gapDays: 24, dropRatio: 0.05, most: 12 },
  regular: { gapDays: 45, dropRatio: 0.2, most: 6 },
  once: { gapDays: 120, dropRatio: 0.85, most: 2 },
} as const;

export type PastOrdersOptions = {
  seed: string | number;
  customers: readonly SimulatedCustomer[];
  products: readonly SoldProduct[];
  /** Midnight after the last day, UTC ms. */
  untilMs: number;
  orderCount: number;
};

export function createPastOrders({ seed, customers, products, untilMs, orderCount }: PastOrdersOptions): PastOrder[] {
  if (products.length === 0) return [];
  const groups = [...new Set(products.map(({ group }) => group))];
  const orders: Omit<PastOrder, 'orderRef' | 'lines'>[] = [];
  const random = createSeeded(`${seed}/history`);
  for (const customer of customers) {
    const own = random.fork(customer.customerRef);
    const { gapDays, dropRatio, most } = HABITS[customer.habit];
    let atMs = untilMs - SPAN_DAYS * DAY_MS + own.float() * SPAN_DAYS * DAY_MS * (customer.habit === 'once' ? 0.95 : 0.35);
    for (let count = 0; count < most && atMs < untilMs; count += 1) {
      orders.push({ customerRef: customer.customerRef, customerName: customer.name, placedAtMs: Math.floor(atMs / 1_000) * 1_000 });
      if (own.chance(dropRatio)) break;
      atMs += DAY_MS * (1 + own.exponential(gapDays));
    }
  }
  orders.sort((a, b) => a.placedAtMs - b.placedAtMs);
  const habitOf = new Map(customers.map((customer) => [customer.customerRef, customer]));
  return orders.slice(-orderCount).map((order, index) => {
    const orderRef = `HIST-${seed}-${String(index + 1).padStart(4, '0')}`;
    const own = createSeeded(`${seed}/${orderRef}`);
    const favourite = groups[(habitOf.get(order.customerRef)?.favouriteGroup ?? 0) % groups.length];
    const lineCount = own.chance(0.62) ? 1 : own.chance(0.7) ? 2 : 3;
    const lines = Array.from({ length: lineCount }, (_, line) => {
      const liked = products.filter(({ group }) => group === favourite);
      const product = own.pick(liked.length > 0 && own.chance(0.65) ? liked : products);
      const variant = own.pick(product.variants);
      const quantity = own.chance(0.85) ? 1 : 2;
      return {
        lineId: `${orderRef}-${line + 1}`,
        sku: variant.sku,
        productRef: product.externalId,
        quantity,
        amountMinor: variant.priceMinor * quantity,
      };
    });
    return { orderRef, ...order, lines };
  });
}
