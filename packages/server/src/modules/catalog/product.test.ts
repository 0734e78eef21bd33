import type { ProductImportRow } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { productRow, variantRow } from '../../../test-support/commerce-fixture.ts';
import { isUnchanged, parseRows, type StoredProduct, stockOf, toProduct } from './product.ts';

const stored = (row: ProductImportRow): StoredProduct => ({
  ...row,
  id: 'prd_00000000000000000000000000000001',
  updatedAt: 1,
  variants: row.variants.map((variant) => ({ ...variant, id: 'var_00000000000000000000000000000001', stockAsOfMs: 1 })),
});
const row = (more: Record<string, unknown> = {}) => productRow('mug', more) as ProductImportRow;

test('bad rows fail one by one with their place, good rows go through', () => {
  const { rows, errors } = parseRows([
    productRow('a'),
    productRow('b', { variants: [variantRow('b-1', { priceMinor: 1.5 })] }),
    'nonsense',
    productRow('c', { extra: true }),
    productRow('d'),
  ]);
  expect(rows.map(({ rowNumber, row }) => [rowNumber, row.externalId])).toEqual([
    [1, 'a'],
    [5, 'd'],
  ]);
  expect(errors.map(({ row, externalId, pointer }) => [row, externalId, pointer])).toEqual([
    [2, 'b', '/variants/0/priceMinor'],
    [3, null, ''],
    [4, 'c', ''],
  ]);
});

test('a second row with the same product or the same SKU is the one at fault', () => {
  const { rows, errors } = parseRows([
    productRow('a'),
    productRow('a', { variants: [variantRow('other')] }),
    productRow('b', { variants: [variantRow('b-1'), variantRow('a-m')] }),
    productRow('c', { variants: [variantRow('c-1'), variantRow('c-1')] }),
    productRow('d', { variants: [variantRow('b-1')] }),
  ]);
  expect(rows.map(({ row }) => row.externalId)).toEqual(['a', 'd']);
  expect(errors.map(({ row, pointer, message }) => `${row} ${pointer} ${message}`)).toEqual([
    '2 /externalId row 1 has the same externalId',
    '3 /variants/1/sku row 1 has the same SKU',
    '4 /variants/1/sku row 4 has the same SKU',
  ]);
});

test('pointers escape what JSON Pointer escapes', () => {
  const { errors } = parseRows([productRow('a', { variants: [variantRow('a', { options: { 'a/b~c': '' } })] })]);
  expect(errors[0]?.pointer).toBe('/variants/0/options/a~1b~0c');
});

test('any change of a field is a change, the order of options is not', () => {
  expect(isUnchanged(stored(row()), row())).toBe(true);
  const two = row({ variants: [variantRow('m', { options: { Size: 'M', Colour: 'sand' } })] });
  expect(isUnchanged(stored(two), row({ variants: [variantRow('m', { options: { Colour: 'sand', Size: 'M' } })] }))).toBe(true);
  const changes = [
    ...[
      { title: 'x' },
      { brand: 'x' },
      { description: 'x' },
      { category: 'x' },
      { url: 'https://x.example' },
      { imageUrl: 'https://x.example' },
    ],
    ...[{ facts: [] }, { optionNames: [] }, { variants: [variantRow('mug-m'), variantRow('mug-l')] }, { variants: [variantRow('mug-l')] }],
    ...[
      { sku: 'x' },
      { options: {} },
      { priceMinor: 1 },
      { originalPriceMinor: 9_000 },
      { currency: 'CHF' },
      { stockCount: null },
      { isAvailable: false },
    ].map((change) => ({ variants: [variantRow('mug-m', change)] })),
  ];
  for (const change of changes) expect([change, isUnchanged(stored(row()), row(change))]).toEqual([change, false]);
});

test('a variant without stock is not available, one without a count may be', () => {
  fc.assert(
    fc.property(fc.option(fc.nat(3)), fc.boolean(), (stockCount, isAvailable) => {
      const [variant] = toProduct(stored(row({ variants: [variantRow('m', { stockCount, isAvailable })] }))).variants;
      expect(variant?.isAvailable).toBe(isAvailable && stockCount !== 0);
      expect(variant).not.toHaveProperty('stockAsOfMs');
    }),
  );
});

test('stock of a product is the sum of what was told, or unknown', () => {
  const of = (...counts: (number | null)[]) =>
    stockOf({ variants: counts.map((stockCount, i) => ({ ...row().variants[0]!, id: `var_${i}`, stockCount })) });
  expect([of(1, 2), of(1, null), of(null), of(0)]).toEqual([3, 1, null, 0]);
});
