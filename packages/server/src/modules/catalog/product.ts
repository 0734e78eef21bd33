// An import row against what is stored: what is wrong with it, whether it changes anything. Pure.
import type { Product, ProductImportResult, ProductImportRow, Variant } from '@insp/protocol';
import { productImportRowSchema } from '@insp/protocol/schemas';

export type RowError = ProductImportResult['errors'][number];
export type NumberedRow = { readonly rowNumber: number; readonly row: ProductImportRow };

/** A stored variant: as the protocol's, with the raw `isAvailable` of the shop and how fresh the stock is. */
export type StoredVariant = Variant & { stockAsOfMs: number };
export type StoredProduct = Omit<Product, 'variants'> & { variants: StoredVariant[] };

const MAX_ERRORS_PER_ROW = 3;

/**
 * Parses rows one by one; a bad row harms no other. Row numbers count from 1. A second row with the same external id,
 * or a SKU that an earlier row has, is an error of the later row.
 */
export function parseRows(rows: readonly unknown[]): { rows: NumberedRow[]; errors: RowError[] } {
  const good: NumberedRow[] = [];
  const errors: RowError[] = [];
  const rowOfProduct = new Map<string, number>();
  const rowOfSku = new Map<string, number>();
  for (const [index, raw] of rows.entries()) {
    const rowNumber = index + 1;
    const parsed = productImportRowSchema.safeParse(raw);
    const fail = (pointer: string, message: string) => errors.push({ row: rowNumber, externalId: externalIdOf(raw), pointer, message });
    if (!parsed.success) {
      for (const issue of parsed.error.issues.slice(0, MAX_ERRORS_PER_ROW)) fail(pointerOf(issue.path), issue.message);
      continue;
    }
    const row = parsed.data;
    const sameProduct = rowOfProduct.get(row.externalId);
    if (sameProduct !== undefined) {
      fail('/externalId', `row ${sameProduct} has the same externalId`);
      continue;
    }
    const own = new Set<string>();
    const taken = row.variants.findIndex(({ sku }) => rowOfSku.has(sku) || own.size === own.add(sku).size);
    const sku = row.variants[taken]?.sku;
    if (sku !== undefined) {
      fail(`/variants/${taken}/sku`, `row ${rowOfSku.get(sku) ?? rowNumber} has the same SKU`);
      continue;
    }
    rowOfProduct.set(row.externalId, rowNumber);
    for (const each of own) rowOfSku.set(each, rowNumber);
    good.push({ rowNumber, row });
  }
  return { rows: good, errors };
}

/** JSON Pointer (RFC 6901) of a place in a row. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function externalIdOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'externalId' in raw ? raw.externalId : null;
  return typeof id === 'string' ? id.slice(0, 100) : null;
}

/** Tells whether the row says exactly what is stored; variants that the row no longer names must already be unavailable. */
export function isUnchanged(stored: StoredProduct, row: ProductImportRow): boolean {
  const named = new Set(row.variants.map(({ sku }) => sku));
  const left = stored.variants.filter(({ sku }) => !named.has(sku));
  return (
    left.every(({ isAvailable }) => !isAvailable) &&
    canonical(withoutVariants(stored)) === canonical(withoutVariants(row)) &&
    canonical(stored.variants.filter(({ sku }) => named.has(sku)).map(comparable)) === canonical(row.variants.map(comparable))
  );
}

function withoutVariants({
  externalId,
  title,
  brand,
  description,
  category,
  url,
  imageUrl,
  facts,
  optionNames,
}: Omit<ProductImportRow, 'variants'>) {
  return { externalId, title, brand, description, category, url, imageUrl, facts, optionNames };
}

function comparable({ sku, options, priceMinor, originalPriceMinor, currency, stockCount, isAvailable }: Omit<Variant, 'id'>) {
  return { sku, options: Object.entries(options).sort(), priceMinor, originalPriceMinor, currency, stockCount, isAvailable };
}

const canonical = (value: unknown) => JSON.stringify(value);

/** As the world sees it: a variant without stock is not available, whatever the feed said last. */
export function toProduct({ variants, ...product }: StoredProduct): Product {
  return {
    ...product,
    variants: variants.map(({ stockAsOfMs: _stockAsOfMs, ...variant }) => ({
      ...variant,
      isAvailable: variant.isAvailable && variant.stockCount !== 0,
    })),
  };
}

/** Units left of a product as far as told; null when no variant has a count. */
export function stockOf(product: Pick<Product, 'variants'>): number | null {
  const counts = product.variants.map(({ stockCount }) => stockCount).filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
