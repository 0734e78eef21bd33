import { productImportRowSchema } from '@insp/protocol/schemas';
import { expect, test } from 'vitest';
import { productFeed } from '../insp/feed.ts';
import { renderPicture } from '../pictures/canvas.ts';
import { openingStock } from './catalog.ts';
import { GROUPS } from './product.ts';
import { RANGE } from './range.ts';

const stock = new Map(openingStock().map(({ sku, stockCount }) => [sku, stockCount]));

test('twenty products in four groups, with unique ids and skus', () => {
  expect(RANGE).toHaveLength(20);
  for (const group of GROUPS) expect(RANGE.filter((product) => product.group === group)).toHaveLength(5);
  expect(new Set(RANGE.map(({ id }) => id)).size).toBe(20);
  const skus = RANGE.flatMap(({ variants }) => variants.map(({ sku }) => sku));
  expect(new Set(skus).size).toBe(skus.length);
  expect(stock.size).toBe(skus.length);
});

test('some things have two options, some are sold out', () => {
  expect(RANGE.filter(({ optionNames }) => optionNames.length === 2).length).toBeGreaterThanOrEqual(3);
  expect(stock.get('WS-MOSS-36')).toBe(0);
});

test('every row of the feed fits the import schema of Insp', () => {
  for (const row of productFeed('http://localhost:4700', stock).products)
    expect(productImportRowSchema.safeParse(row).error).toBeUndefined();
});

test('every picture is whole SVG with its own label', () => {
  for (const product of RANGE)
    for (const picture of Object.values(product.pictures)) {
      const text = renderPicture(picture.draw());
      expect(text).toMatch(/^<svg .*<\/svg>$/s);
      expect(text).not.toContain('undefined');
      expect(text).not.toContain('NaN');
      for (const [, id] of text.matchAll(/url\(#([\w-]+)\)/g)) expect(text).toContain(`id="${id}"`);
    }
});
