// A demo that runs all day would sell its shop empty. Some minutes after something sold out, a delivery comes: long
// enough for everybody to see what sold out looks like.
import { setTimeout as delay } from 'node:timers/promises';

export type StockItem = { sku: string; stockCount: number };
export const RESTOCK_AFTER_MS = 4 * 60_000;
const DELIVERY_COUNT = 40;
const LOOK_INTERVAL_MS = 20_000;

/** Pure: which shelves to fill. `soldOutSince` is kept by the caller between looks. What began empty stays empty. */
export function dueDeliveries(
  stock: readonly StockItem[],
  everStocked: Set<string>,
  soldOutSince: Map<string, number>,
  nowMs: number,
): StockItem[] {
  const due: StockItem[] = [];
  for (const { sku, stockCount } of stock) {
    if (stockCount > 0) {
      everStocked.add(sku);
      soldOutSince.delete(sku);
    } else if (everStocked.has(sku)) {
      const sinceMs = soldOutSince.get(sku) ?? nowMs;
      soldOutSince.set(sku, sinceMs);
      if (nowMs - sinceMs >= RESTOCK_AFTER_MS) due.push({ sku, stockCount: DELIVERY_COUNT });
    }
  }
  return due;
}

export async function keepStocked(options: {
  shopUrl: string;
  simulatorKey: string;
  signal: AbortSignal;
  log?: (line: string) => void;
}): Promise<void> {
  const everStocked = new Set<string>();
  const soldOutSince = new Map<string, number>();
  const { shopUrl, simulatorKey, signal } = options;
  while (!signal.aborted) {
    try {
      const answer = await fetch(`${shopUrl}/api/stock`, { signal: AbortSignal.timeout(5_000) });
      const { items } = (await answer.json()) as { items: StockItem[] };
      const due = dueDeliveries(items, everStocked, soldOutSince, Date.now());
      if (due.length > 0) {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${simulatorKey}` };
        await fetch(`${shopUrl}/api/stock`, {
          method: 'PUT',
          headers,
          body: JSON.stringify({ items: due }),
          signal: AbortSignal.timeout(5_000),
        });
        options.log?.(`delivered again: ${due.map(({ sku }) => sku).join(', ')}`);
      }
    } catch {
      // The shop is restarting; look again.
    }
    await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}
