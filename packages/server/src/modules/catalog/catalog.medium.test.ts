// Products over HTTP, with the real event log, accounts and database.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorCode, Product, ProductImportResult } from '@insp/protocol';
import { LIMITS } from '@insp/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Commerce, createCommerce, productRow, variantRow } from '../../../test-support/commerce-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../../test-support/test-database.ts';
import type { TestPerson } from '../../../test-support/test-server.ts';

let db: TestDatabase;
let commerce: Commerce;
let owner: TestPerson;
const servers: Server[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  commerce = await createCommerce(db.database);
  owner = await commerce.shop();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await commerce.close();
  await db.drop();
});

type Page = { data: Product[]; nextCursor: string | null };
const codeOf = (answer: { json(): unknown }) => (answer.json() as { code?: ErrorCode }).code;
const importRows = async (products: unknown[], by = owner) =>
  (await by.post('/v1/products/import', { products })).json<ProductImportResult>();
const factsOf = (orgId: string, name: string) => commerce.facts.filter((fact) => fact.orgId === orgId && fact.name === name);
const only = async (by: TestPerson, externalId: string) => (await by.get(`/v1/products?q=${externalId}`)).json<Page>().data[0]!;

describe('import', () => {
  test('[PR1] creates, changes, leaves alone; the same list twice changes nothing; ids stay', async () => {
    const shop = await commerce.shop();
    const rows = ['a', 'b', 'c'].map((id) => productRow(id));
    expect(await importRows(rows, shop)).toEqual({ createdCount: 3, updatedCount: 0, unchangedCount: 0, errors: [] });
    const before = await only(shop, 'a');
    expect(await importRows(rows, shop)).toEqual({ createdCount: 0, updatedCount: 0, unchangedCount: 3, errors: [] });
    const changed = [productRow('a', { title: 'New name' }), rows[1], productRow('d'), { externalId: 'bad' }];
    const result = await importRows(changed, shop);
    expect(result).toMatchObject({ createdCount: 1, updatedCount: 1, unchangedCount: 1 });
    expect(new Set(result.errors.map(({ row, externalId }) => `${row} ${externalId}`))).toEqual(new Set(['4 bad']));
    const after = await only(shop, 'a');
    expect(after).toMatchObject({ id: before.id, title: 'New name' });
    expect(after.variants.map(({ id }) => id)).toEqual(before.variants.map(({ id }) => id));
    expect((await shop.get('/v1/products')).json<Page>().data).toHaveLength(4);
    expect(factsOf(shop.orgId, 'catalog.products_imported').map(({ weight, payload }) => [weight, payload])).toEqual([
      [3, { createdCount: 3, updatedCount: 0, errorCount: 0 }],
      [3, { createdCount: 0, updatedCount: 0, errorCount: 0 }],
      [3, { createdCount: 1, updatedCount: 1, errorCount: 1 }],
    ]);
  });

  test('[PR1] nothing is deleted: a variant that is no longer named stays, unavailable, and comes back', async () => {
    const both = productRow('chair', { variants: [variantRow('chair-s'), variantRow('chair-l')] });
    const one = productRow('chair', { variants: [variantRow('chair-s')] });
    await importRows([both]);
    expect(await importRows([one])).toMatchObject({ updatedCount: 1 });
    const available = async () => (await only(owner, 'chair')).variants.map(({ sku, isAvailable }) => [sku, isAvailable]);
    expect(await available()).toEqual([
      ['chair-s', true],
      ['chair-l', false],
    ]);
    expect(await importRows([one])).toMatchObject({ unchangedCount: 1 });
    await importRows([both]);
    expect(await available()).toEqual([
      ['chair-s', true],
      ['chair-l', true],
    ]);
  });

  test('a SKU that another product has is an error of the row', async () => {
    await importRows([productRow('lamp')]);
    const result = await importRows([productRow('torch', { variants: [variantRow('lamp-m')] })]);
    expect(result).toMatchObject({
      createdCount: 0,
      errors: [{ row: 1, externalId: 'torch', pointer: '/variants/0/sku', message: 'product lamp has this SKU' }],
    });
  });

  test('an import of nothing but faults writes no fact and no product', async () => {
    const shop = await commerce.shop();
    expect(await importRows([{}, 1], shop)).toMatchObject({ createdCount: 0 });
    expect(factsOf(shop.orgId, 'catalog.products_imported')).toEqual([]);
  });

  test('[PR1] 10,000 rows go in at once, one more is refused; two imports at once do not collide', async () => {
    const shop = await commerce.shop();
    const rows = Array.from({ length: LIMITS.productImportRows }, (_, index) => productRow(`bulk-${index}`));
    expect(await importRows(rows, shop)).toMatchObject({ createdCount: LIMITS.productImportRows, errors: [] });
    expect(codeOf(await shop.post('/v1/products/import', { products: [...rows, productRow('one-more')] }))).toBe('INSP_HTTP_INVALID_BODY');
    const few = rows.slice(0, 1_200).map((row) => ({ ...row, title: 'Twice' }));
    const results = await Promise.all([importRows(few, shop), importRows(few, shop)]);
    expect(results.map(({ updatedCount, unchangedCount }) => [updatedCount, unchangedCount]).sort()).toEqual([
      [0, 1_200],
      [1_200, 0],
    ]);
  });

  test('a feed is read and imported; what is not a feed is refused', async () => {
    const shop = await commerce.shop();
    let body: unknown = { products: [productRow('from-feed')] };
    const server = createServer((_request, response) => response.end(JSON.stringify(body))).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((done) => server.once('listening', done));
    const feedUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`;
    const read = () => shop.post('/v1/products/import', { feedUrl });
    expect((await read()).json()).toMatchObject({ createdCount: 1 });
    body = [productRow('from-feed')];
    expect(codeOf(await read())).toBe('INSP_CATALOG_IMPORT_REFUSED');
    body = { products: Array.from({ length: LIMITS.productImportRows + 1 }, () => 0) };
    expect(codeOf(await read())).toBe('INSP_CATALOG_IMPORT_REFUSED');
    expect(codeOf(await shop.post('/v1/products/import', { feedUrl: 'https://10.0.0.1/feed.json' }))).toBe(
      'INSP_CATALOG_FEED_ADDRESS_REFUSED',
    );
    expect(codeOf(await shop.post('/v1/products/import', { feedUrl: 'http://127.0.0.1:1/feed.json' }))).toBe(
      'INSP_CATALOG_FEED_UNREACHABLE',
    );
  });

  test('whoever may not manage products is refused, whoever is of another shop finds nothing', async () => {
    const analyst = await commerce.server.member(owner, 'analyst');
    expect(codeOf(await analyst.post('/v1/products/import', { products: [] }))).toBe('INSP_ACCOUNTS_FORBIDDEN');
    const product = await only(owner, 'lamp');
    const stranger = await commerce.shop();
    expect((await owner.get(`/v1/products/${product.id}`)).json()).toEqual(product);
    expect(codeOf(await stranger.get(`/v1/products/${product.id}`))).toBe('INSP_CATALOG_PRODUCT_NOT_FOUND');
    expect((await stranger.get('/v1/products')).json()).toEqual({ data: [], nextCursor: null });
    expect((await commerce.catalog.products(stranger.orgId, [product.id])).size).toBe(0);
  });
});

describe('list', () => {
  test('pages by title without a gap or a repeat, equal titles included', async () => {
    const shop = await commerce.shop();
    await importRows(
      Array.from({ length: 7 }, (_, index) => productRow(`p${index}`, { title: index < 4 ? 'Same' : `Title ${index}` })),
      shop,
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 10; page += 1) {
      const answer: Page = (await shop.get(`/v1/products?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)).json<Page>();
      seen.push(...answer.data.map(({ externalId }) => externalId));
      cursor = answer.nextCursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(codeOf(await shop.get('/v1/products?cursor=nonsense'))).toBe('INSP_HTTP_INVALID_BODY');
    expect(codeOf(await shop.get('/v1/products?limit=101'))).toBe('INSP_HTTP_INVALID_BODY');
  });

  test('finds by title, brand, category, id and SKU, and takes % and _ by the letter', async () => {
    const shop = await commerce.shop();
    await importRows(
      [
        productRow('x1', { title: 'Linen throw', brand: 'Alder', category: 'bed' }),
        productRow('x2', { title: '100% wool', brand: 'Birch', category: 'feet', variants: [variantRow('SOCK_42')] }),
      ],
      shop,
    );
    const find = async (text: string) =>
      (await shop.get(`/v1/products?q=${encodeURIComponent(text)}`)).json<Page>().data.map(({ externalId }) => externalId);
    expect(await find('LINEN')).toEqual(['x1']);
    expect(await find('birch')).toEqual(['x2']);
    expect(await find('bed')).toEqual(['x1']);
    expect(await find('sock_')).toEqual(['x2']);
    expect(await find('%')).toEqual(['x2']);
    expect(await find('_')).toEqual(['x2']);
    expect(await find('x')).toEqual(['x2', 'x1']);
  });
});

describe('stock', () => {
  test('[PR8] new stock is taken over once, older news are not, unknown SKUs are named', async () => {
    const shop = await commerce.shop();
    await importRows([productRow('s', { variants: [variantRow('s-m'), variantRow('s-l', { stockCount: 3 })] })], shop);
    const told: unknown[] = [];
    const stop = commerce.catalog.onChanged((change) => told.push(change));
    const actor = { kind: 'shop' as const, id: shop.orgId };
    const importedAt = commerce.clock.nowMs();
    const apply = (stockCount: number, asOfMs: number) =>
      commerce.catalog.applyStock(
        shop.orgId,
        [
          { sku: 's-m', stockCount: 99 },
          { sku: 's-m', stockCount },
          { sku: 'nope', stockCount: 1 },
        ],
        asOfMs,
        actor,
      );
    expect(await apply(5, importedAt + 20)).toEqual({ changedCount: 1, unknownSkus: ['nope'] });
    expect(await apply(5, importedAt + 30)).toEqual({ changedCount: 0, unknownSkus: ['nope'] });
    expect(await apply(50, importedAt + 10)).toEqual({ changedCount: 0, unknownSkus: ['nope'] });
    expect(await apply(0, importedAt + 40)).toMatchObject({ changedCount: 1 });
    stop();
    const product = await only(shop, 's');
    expect(product.variants.map(({ stockCount, isAvailable }) => [stockCount, isAvailable])).toEqual([
      [0, false],
      [3, true],
    ]);
    expect(told).toEqual([1, 2].map(() => ({ orgId: shop.orgId, productIds: [product.id] })));
    expect(
      factsOf(shop.orgId, 'catalog.stock_changed').map(({ productId, amountMinor, payload }) => [productId, amountMinor, payload]),
    ).toEqual([
      [product.id, 8, { sku: 's-m', stockCount: 5 }],
      [product.id, 3, { sku: 's-m', stockCount: 0 }],
    ]);
  });

  test('over HTTP, for a shop without webhooks', async () => {
    await importRows([productRow('http-stock')]);
    const answer = await owner.post('/v1/products/stock', { items: [{ sku: 'http-stock-m', stockCount: 1 }] });
    expect(answer.json()).toEqual({ changedCount: 1, unknownSkus: [] });
    expect(codeOf(await owner.post('/v1/products/stock', { items: [{ sku: 'http-stock-m', stockCount: -1 }] }))).toBe(
      'INSP_HTTP_INVALID_BODY',
    );
  });
});
