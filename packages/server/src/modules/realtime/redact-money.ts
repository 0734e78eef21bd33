/** Fields that tell what was sold or spent. Prices are public and stay. */
const MONEY_FIELDS = new Set(['gmvMinor', 'refundedMinor', 'pastSpendMinor']);

/** Copies `data` with every money field set to null (product.md OR2: a moderator sees no turnover). */
export function redactMoney<T>(data: T): T {
  if (Array.isArray(data)) return data.map(redactMoney) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, MONEY_FIELDS.has(name) ? null : redactMoney(value)])) as T;
}
