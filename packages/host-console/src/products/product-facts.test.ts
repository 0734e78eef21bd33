import { expect, test } from 'vitest';
import { product } from '../live/test-room.ts';
import { isSoldOut, priceOf, stockCountOf } from './product-facts.ts';

test('stock is the sum of what was told', () => {
  expect([stockCountOf(product(1, null)), stockCountOf(product(1, 7)), isSoldOut(product(1, 0))]).toEqual([null, 7, true]);
});

test('a price is "from" when variants differ', () => {
  const base = product(2);
  const dear = { ...base, variants: [...base.variants, { ...base.variants[0]!, priceMinor: 9_000 }] };
  expect([priceOf(base)?.isFrom, priceOf(dear)]).toEqual([false, { amountMinor: 2_000, currency: 'EUR', isFrom: true }]);
});
