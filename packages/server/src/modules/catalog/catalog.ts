// The product list of an organization: import, search, stock. An import adds and changes, never deletes: a variant that
// the feed no longer names stays, marked unavailable. Importing the same list twice changes nothing the second time.
import {
  type Actor,
  LIMITS,
  type Product,
  type ProductId,
  type ProductImportRequest,
  type ProductImportResult,
  type ProductImportRow,
} from '@insp/protocol';
import { productFeedSchema } from '@insp/protocol/schemas';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import type { FactRecorder, FetchFeed, NewFact } from './ports.ts';
import { isUnchanged, type NumberedRow, parseRows, type RowError, type StoredProduct, stockOf, toProduct } from './product.ts';
import * as store from './product-store.postgres.ts';

export type CatalogDeps = { database: Database; recorder: FactRecorder; newFact: NewFact; clock: Clock; ids: Ids; fetchFeed: FetchFeed };
export type CatalogChange = { orgId: string; productIds: ProductId[] };
export type ProductPage = { data: Product[]; nextCursor: string | null };
export type StockResult = { changedCount: number; unknownSkus: string[] };
export type Catalog = ReturnType<typeof createCatalog>;

/** Rows compared and written at once. */
const CHUNK_ROWS = 500;

export function createCatalog({ database, recorder, newFact, clock, ids, fetchFeed }: CatalogDeps) {
  const listeners = new Set<(change: CatalogChange) => void>();
  const announce = (orgId: string, productIds: Iterable<ProductId>) => {
    const change = { orgId, productIds: [...new Set(productIds)] };
    if (change.productIds.length > 0) for (const listen of listeners) listen(change);
  };

  /** What a row becomes: ids of what is known are kept, variants it no longer names stay as unavailable. */
  function merge(row: ProductImportRow, stored: StoredProduct | undefined, nowMs: number): StoredProduct {
    const known = new Map(stored?.variants.map((variant) => [variant.sku, variant]));
    const variants = row.variants.map((variant) => {
      const id = known.get(variant.sku)?.id ?? ids.create('var');
      known.delete(variant.sku);
      return { ...variant, id, stockAsOfMs: nowMs };
    });
    const gone = [...known.values()].map((variant) => ({ ...variant, isAvailable: false }));
    return { ...row, id: stored?.id ?? ids.create('prd'), updatedAt: nowMs, variants: [...variants, ...gone] };
  }

  async function importChunk(tx: Sql, orgId: string, rows: readonly NumberedRow[], errors: RowError[]) {
    const nowMs = clock.nowMs();
    const stored = new Map(
      (
        await store.findByExternalIds(
          tx,
          orgId,
          rows.map(({ row }) => row.externalId),
        )
      ).map((product) => [product.externalId, product]),
    );
    const owners = await store.findSkuOwners(
      tx,
      orgId,
      rows.flatMap(({ row }) => row.variants.map(({ sku }) => sku)),
    );
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const changed: StoredProduct[] = [];
    for (const { rowNumber, row } of rows) {
      const foreign = row.variants.findIndex(({ sku }) => owners.has(sku) && owners.get(sku) !== row.externalId);
      if (foreign >= 0) {
        const owner = owners.get(row.variants[foreign]?.sku ?? '');
        errors.push({
          row: rowNumber,
          externalId: row.externalId,
          pointer: `/variants/${foreign}/sku`,
          message: `product ${owner} has this SKU`,
        });
        continue;
      }
      const known = stored.get(row.externalId);
      if (known !== undefined && isUnchanged(known, row)) {
        counts.unchanged += 1;
        continue;
      }
      counts[known === undefined ? 'created' : 'updated'] += 1;
      changed.push(merge(row, known, nowMs));
    }
    await store.saveProducts(tx, orgId, changed);
    return { counts, changedIds: changed.map(({ id }) => id) };
  }

  async function importRows(orgId: string, raw: readonly unknown[], actor: Actor): Promise<ProductImportResult> {
    const { rows, errors } = parseRows(raw);
    const total = { created: 0, updated: 0, unchanged: 0 };
    const changedIds: ProductId[] = [];
    await recorder.commit(async (tx, record) => {
      await store.lockImports(tx, orgId);
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const chunk = await importChunk(tx, orgId, rows.slice(start, start + CHUNK_ROWS), errors);
        for (const key of ['created', 'updated', 'unchanged'] as const) total[key] += chunk.counts[key];
        changedIds.push(...chunk.changedIds);
      }
      const acceptedCount = total.created + total.updated + total.unchanged;
      if (acceptedCount === 0) return;
      const payload = { createdCount: total.created, updatedCount: total.updated, errorCount: raw.length - acceptedCount };
      record(newFact('catalog.products_imported', { orgId, actor, weight: acceptedCount, payload }));
    });
    announce(orgId, changedIds);
    errors.sort((a, b) => a.row - b.row);
    return { createdCount: total.created, updatedCount: total.updated, unchangedCount: total.unchanged, errors };
  }

  return {
    /** Imports rows from the body or from a feed. Rows fail one by one; a list that cannot be read at all is refused. */
    async importProducts(orgId: string, request: ProductImportRequest, actor: Actor): Promise<Outcome<ProductImportResult>> {
      if ('products' in request) return accepted(await importRows(orgId, request.products, actor));
      const feed = await fetchFeed(request.feedUrl);
      if (!feed.ok) return feed;
      const parsed = productFeedSchema.safeParse(feed.value);
      if (!parsed.success)
        return refused('INSP_CATALOG_IMPORT_REFUSED', { detail: 'The feed must be an object with one member, a list `products`.' });
      if (parsed.data.products.length > LIMITS.productImportRows) {
        return refused('INSP_CATALOG_IMPORT_REFUSED', { detail: `The feed has more than ${LIMITS.productImportRows} products.` });
      }
      return accepted(await importRows(orgId, parsed.data.products, actor));
    },

    async list(orgId: string, page: { text: string; cursor: string | null; limit: number }): Promise<Outcome<ProductPage>> {
      const after = page.cursor === null ? null : decodeCursor(page.cursor);
      if (after === undefined) return refused('INSP_HTTP_INVALID_BODY', { detail: 'The cursor is not one of ours.' });
      const found = await store.listProducts(database.read, orgId, { text: page.text, after, limit: page.limit + 1 });
      const data = found.slice(0, page.limit).map(toProduct);
      const last = data.at(-1);
      return accepted({ data, nextCursor: found.length > page.limit && last !== undefined ? encodeCursor(last) : null });
    },

    async read(orgId: string, productId: string): Promise<Outcome<Product>> {
      const [product] = await store.findByIds(database.read, orgId, [productId]);
      return product === undefined ? refused('INSP_CATALOG_PRODUCT_NOT_FOUND') : accepted(toProduct(product));
    },

    /** Products of the organization among `ids`; those of others are simply not there. */
    async products(orgId: string, productIds: readonly string[]): Promise<Map<ProductId, Product>> {
      const found = await store.findByIds(database, orgId, productIds);
      return new Map(found.map((product) => [product.id, toProduct(product)]));
    },

    /** Our ids of the shop's product ids. */
    idsOf: (orgId: string, externalIds: readonly string[]) => store.findIdsByExternalIds(database, orgId, externalIds),

    /** Takes over stock as the shop counted it at `asOfMs`. Older news than known, and repeats, change nothing. */
    async applyStock(orgId: string, items: readonly store.StockItem[], asOfMs: number, actor: Actor): Promise<StockResult> {
      const told = [...new Map(items.map((item) => [item.sku, item])).values()];
      const { changes, known } = await recorder.commit(async (tx, record) => {
        const known = await store.findSkuOwners(
          tx,
          orgId,
          told.map(({ sku }) => sku),
        );
        const changes = await store.saveStock(tx, orgId, told, asOfMs, clock.nowMs());
        const after = new Map(
          (
            await store.findByIds(
              tx,
              orgId,
              changes.map(({ productId }) => productId),
            )
          ).map((product) => [product.id, product]),
        );
        for (const { productId, sku, stockCount } of changes) {
          const product = after.get(productId);
          const amountMinor = (product && stockOf(product)) ?? stockCount;
          record(
            newFact('catalog.stock_changed', {
              orgId,
              actor,
              productId,
              amountMinor,
              occurredAt: asOfMs,
              payload: { sku, stockCount },
            }),
          );
        }
        return { changes, known };
      });
      announce(
        orgId,
        changes.map(({ productId }) => productId),
      );
      return { changedCount: changes.length, unknownSkus: told.map(({ sku }) => sku).filter((sku) => !known.has(sku)) };
    },

    /** Tells of products whose data or stock changed, after the commit. Returns the way to stop. */
    onChanged(listen: (change: CatalogChange) => void): () => void {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}

const encodeCursor = ({ title, id }: Product) => Buffer.from(JSON.stringify([title, id])).toString('base64url');

function decodeCursor(cursor: string): { title: string; id: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return undefined;
    const [title, id] = parsed;
    return typeof title === 'string' && typeof id === 'string' ? { title, id } : undefined;
  } catch {
    return undefined;
  }
}
