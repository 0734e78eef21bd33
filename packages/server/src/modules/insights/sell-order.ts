// Sell IQ, the plain rule: recent best sellers. Units sold in the last ten minutes, taps break ties, sold-out
// products leave the ranking. It is what the room order of a later step must beat, and it says its reason.
import type { Product, ProductId, SellOrder } from '@insp/protocol';

export const SELL_WINDOW_MS = 10 * 60_000;
const MAX_ENTRIES_IN_WINDOW = 50_000;

type Deed = { productId: ProductId; occurredAt: number; units: number; clicks: number };

export type RecentDeeds = {
  sold(productId: ProductId, units: number, occurredAt: number): void;
  /** `clicks`: how many this one stands for. */
  clicked(productId: ProductId, clicks: number, occurredAt: number): void;
  /** Units and clicks per product since `now - SELL_WINDOW_MS`. */
  totals(now: number): Map<ProductId, { units: number; clicks: number }>;
};

/** Keeps the deeds of the window, at most `MAX_ENTRIES_IN_WINDOW`; beyond that the oldest leave first. */
export function createRecentDeeds(): RecentDeeds {
  let deeds: Deed[] = [];
  const add = (deed: Deed) => {
    deeds.push(deed);
    if (deeds.length > MAX_ENTRIES_IN_WINDOW) deeds = deeds.slice(-MAX_ENTRIES_IN_WINDOW / 2);
  };
  return {
    sold: (productId, units, occurredAt) => add({ productId, occurredAt, units, clicks: 0 }),
    clicked: (productId, clicks, occurredAt) => add({ productId, occurredAt, units: 0, clicks }),
    totals(now) {
      deeds = deeds.filter((deed) => deed.occurredAt > now - SELL_WINDOW_MS);
      const sums = new Map<ProductId, { units: number; clicks: number }>();
      for (const deed of deeds) {
        const sum = sums.get(deed.productId) ?? { units: 0, clicks: 0 };
        sums.set(deed.productId, { units: sum.units + deed.units, clicks: sum.clicks + deed.clicks });
      }
      return sums;
    },
  };
}

export type SellOrderInput = {
  /** In line-up order. */
  products: readonly Product[];
  recent: ReadonlyMap<ProductId, { units: number; clicks: number }>;
  onDisplay: ReadonlySet<ProductId>;
  now: number;
};

/** Ranks the line-up. Sold-out products come last and say so; ties keep the line-up's order. */
export function buildSellOrder(input: SellOrderInput): SellOrder {
  const entries = input.products.map((product, position) => {
    const { units, clicks } = input.recent.get(product.id) ?? { units: 0, clicks: 0 };
    const known = product.variants.map((variant) => variant.stockCount).filter((count) => count !== null);
    const stockCount = known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : null;
    const isSoldOut = product.variants.every((variant) => !variant.isAvailable);
    return { product, position, units, clicks, stockCount, isSoldOut };
  });
  entries.sort((a, b) => Number(a.isSoldOut) - Number(b.isSoldOut) || b.units - a.units || b.clicks - a.clicks || a.position - b.position);
  return {
    entries: entries.map((entry, index) => ({
      productId: entry.product.id,
      rank: index + 1,
      unitsRecent: entry.units,
      clicksRecent: entry.clicks,
      stockCount: entry.stockCount,
      isOnDisplay: input.onDisplay.has(entry.product.id),
      isSoldOut: entry.isSoldOut,
      reason: reasonOf(entry),
    })),
    rule: 'Most units sold in the last 10 minutes, then most taps, then your line-up order.',
    updatedAt: input.now,
  };
}

function reasonOf(entry: { units: number; clicks: number; stockCount: number | null; isSoldOut: boolean; position: number }): string {
  if (entry.isSoldOut) return 'sold out';
  const left = entry.stockCount === null ? '' : `, ${entry.stockCount} left`;
  if (entry.units === 0 && entry.clicks === 0)
    return `no sale or tap in the last 10 min, number ${entry.position + 1} in your line-up${left}`;
  return `${entry.units} sold and ${entry.clicks} ${entry.clicks === 1 ? 'tap' : 'taps'} in the last 10 min${left}`;
}
