// Products and variants in Postgres. Lists of any length go in as one JSON parameter.
import type { ProductId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';
import type { StoredProduct } from './product.ts';

export type StockItem = { sku: string; stockCount: number };
export type StockChange = { productId: ProductId; sku: string; stockCount: number };

type ProductRow = Omit<StoredProduct, 'variants'>;
type VariantRow = StoredProduct['variants'][number] & { productId: ProductId };

const PRODUCT_COLUMNS = `p.id, p.external_id AS "externalId", p.title, p.brand, p.description, p.category, p.url,
  p.image_url AS "imageUrl", p.facts, p.option_names AS "optionNames", p.updated_at_ms AS "updatedAt"`;
const VARIANT_COLUMNS = `v.product_id AS "productId", v.id, v.sku, v.options, v.price_minor AS "priceMinor",
  v.original_price_minor AS "originalPriceMinor", v.currency, v.stock_count AS "stockCount",
  v.is_available AS "isAvailable", v.stock_as_of_ms AS "stockAsOfMs"`;

async function withVariants(sql: Sql, rows: ProductRow[]): Promise<StoredProduct[]> {
  if (rows.length === 0) return [];
  const products = new Map(rows.map((row) => [row.id, { ...row, variants: [] as StoredProduct['variants'] }]));
  const variants = await sql.query<VariantRow>(
    `SELECT ${VARIANT_COLUMNS} FROM product_variant v WHERE v.product_id = ANY($1) ORDER BY v.product_id, v.position, v.id`,
    [[...products.keys()]],
  );
  for (const { productId, ...variant } of variants) products.get(productId)?.variants.push(variant);
  return [...products.values()];
}

/** One import of an organization at a time: waits for the lock until the end of the transaction. */
export async function lockImports(tx: Sql, orgId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(727002, hashtext($1))', [orgId]);
}

export async function findByIds(sql: Sql, orgId: string, ids: readonly string[]): Promise<StoredProduct[]> {
  if (ids.length === 0) return [];
  return withVariants(
    sql,
    await sql.query<ProductRow>(`SELECT ${PRODUCT_COLUMNS} FROM product p WHERE p.org_id = $1 AND p.id = ANY($2)`, [orgId, ids]),
  );
}

export async function findByExternalIds(sql: Sql, orgId: string, externalIds: readonly string[]): Promise<StoredProduct[]> {
  const rows = await sql.query<ProductRow>(`SELECT ${PRODUCT_COLUMNS} FROM product p WHERE p.org_id = $1 AND p.external_id = ANY($2)`, [
    orgId,
    externalIds,
  ]);
  return withVariants(sql, rows);
}

/** Which external product each known SKU belongs to. */
export async function findSkuOwners(sql: Sql, orgId: string, skus: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ sku: string; externalId: string }>(
    `SELECT v.sku, p.external_id AS "externalId" FROM product_variant v JOIN product p ON p.id = v.product_id
     WHERE v.org_id = $1 AND v.sku = ANY($2)`,
    [orgId, skus],
  );
  return new Map(rows.map(({ sku, externalId }) => [sku, externalId]));
}

/** A page by title; `after` is the last product of the page before. `text` searches names, brand, category, ids and SKUs. */
export async function listProducts(
  sql: Sql,
  orgId: string,
  page: { text: string; after: { title: string; id: string } | null; limit: number },
): Promise<StoredProduct[]> {
  const pattern = page.text === '' ? null : `%${page.text.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql.query<ProductRow>(
    `SELECT ${PRODUCT_COLUMNS} FROM product p
     WHERE p.org_id = $1
       AND ($2::text IS NULL OR p.title ILIKE $2 OR p.brand ILIKE $2 OR p.category ILIKE $2 OR p.external_id ILIKE $2
            OR EXISTS (SELECT 1 FROM product_variant v WHERE v.product_id = p.id AND v.sku ILIKE $2))
       AND ($3::text IS NULL OR (p.title, p.id) > ($3, $4))
     ORDER BY p.title, p.id LIMIT $5`,
    [orgId, pattern, page.after?.title ?? null, page.after?.id ?? null, page.limit],
  );
  return withVariants(sql, rows);
}

/** Writes new and changed products with all their variants, in the given order. */
export async function saveProducts(tx: Sql, orgId: string, products: readonly StoredProduct[]): Promise<void> {
  if (products.length === 0) return;
  await tx.query(
    `INSERT INTO product (id, org_id, external_id, title, brand, description, category, url, image_url, facts, option_names, updated_at_ms)
     SELECT r.id, $1, r."externalId", r.title, r.brand, r.description, r.category, r.url, r."imageUrl", r.facts, r."optionNames", r."updatedAt"
     FROM jsonb_to_recordset($2::jsonb) AS r(id text, "externalId" text, title text, brand text, description text, category text,
       url text, "imageUrl" text, facts jsonb, "optionNames" jsonb, "updatedAt" bigint)
     ON CONFLICT (org_id, external_id) DO UPDATE SET title = EXCLUDED.title, brand = EXCLUDED.brand, description = EXCLUDED.description,
       category = EXCLUDED.category, url = EXCLUDED.url, image_url = EXCLUDED.image_url, facts = EXCLUDED.facts,
       option_names = EXCLUDED.option_names, updated_at_ms = EXCLUDED.updated_at_ms`,
    [orgId, JSON.stringify(products.map(({ variants: _variants, ...product }) => product))],
  );
  const variants = products.flatMap((product) =>
    product.variants.map((variant, position) => ({ ...variant, productId: product.id, position })),
  );
  await tx.query(
    `INSERT INTO product_variant (id, org_id, product_id, position, sku, options, price_minor, original_price_minor, currency,
       stock_count, stock_as_of_ms, is_available)
     SELECT r.id, $1, r."productId", r.position, r.sku, r.options, r."priceMinor", r."originalPriceMinor", r.currency,
       r."stockCount", r."stockAsOfMs", r."isAvailable"
     FROM jsonb_to_recordset($2::jsonb) AS r(id text, "productId" text, position int, sku text, options jsonb, "priceMinor" bigint,
       "originalPriceMinor" bigint, currency text, "stockCount" bigint, "stockAsOfMs" bigint, "isAvailable" boolean)
     ON CONFLICT (id) DO UPDATE SET position = EXCLUDED.position, options = EXCLUDED.options, price_minor = EXCLUDED.price_minor,
       original_price_minor = EXCLUDED.original_price_minor, currency = EXCLUDED.currency, stock_count = EXCLUDED.stock_count,
       stock_as_of_ms = EXCLUDED.stock_as_of_ms, is_available = EXCLUDED.is_available`,
    [orgId, JSON.stringify(variants)],
  );
}

/** Sets stock where the message is newer than what is known and differs; answers what changed. */
export async function saveStock(
  tx: Sql,
  orgId: string,
  items: readonly StockItem[],
  asOfMs: number,
  nowMs: number,
): Promise<StockChange[]> {
  const changed = await tx.query<StockChange & { hasChanged: boolean }>(
    `WITH told AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS r(sku text, "stockCount" bigint)),
     known AS (
       SELECT v.id, v.stock_count IS DISTINCT FROM told."stockCount" AS has_changed, told."stockCount" AS stock_count
       FROM product_variant v JOIN told ON told.sku = v.sku
       WHERE v.org_id = $1 AND v.stock_as_of_ms <= $3 ORDER BY v.id FOR UPDATE OF v)
     UPDATE product_variant v SET stock_count = known.stock_count, stock_as_of_ms = $3 FROM known WHERE v.id = known.id
     RETURNING v.product_id AS "productId", v.sku, v.stock_count AS "stockCount", known.has_changed AS "hasChanged"`,
    [orgId, JSON.stringify(items), asOfMs],
  );
  const real = changed.filter(({ hasChanged }) => hasChanged);
  await tx.query('UPDATE product SET updated_at_ms = $3 WHERE org_id = $1 AND id = ANY($2)', [
    orgId,
    [...new Set(real.map(({ productId }) => productId))],
    nowMs,
  ]);
  return real.map(({ productId, sku, stockCount }) => ({ productId, sku, stockCount }));
}

/** Products by the shop's own ids: for order lines. */
export async function findIdsByExternalIds(sql: Sql, orgId: string, externalIds: readonly string[]): Promise<Map<string, ProductId>> {
  const rows = await sql.query<{ id: ProductId; externalId: string }>(
    'SELECT id, external_id AS "externalId" FROM product WHERE org_id = $1 AND external_id = ANY($2)',
    [orgId, externalIds],
  );
  return new Map(rows.map(({ id, externalId }) => [externalId, id]));
}
