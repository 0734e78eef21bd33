import { expect, test } from 'vitest';
import { nextInLineUp, suggestedNext } from './next-product.ts';
import { product, productId } from './test-room.ts';

const lineUp = [1, 2, 3].map((n) => ({ productId: productId(n), note: '' }));
const products = (soldOut: number[] = []) =>
  new Map([1, 2, 3].map((n) => [productId(n) as string, product(n, soldOut.includes(n) ? 0 : 4)]));
const next = (featured: number | null, soldOut: number[] = []) =>
  nextInLineUp(
    lineUp,
    products(soldOut),
    new Set(featured === null ? [] : [productId(featured)]),
    featured === null ? null : productId(featured),
  );

test('starts at the top, goes on in order, wraps at the end', () => {
  expect([next(null), next(1), next(3)]).toEqual([productId(1), productId(2), productId(1)]);
});

test('skips what is sold out', () => expect([next(1, [2]), next(1, [2, 3]), next(null, [1, 2, 3])]).toEqual([productId(3), null, null]));

test('an empty line-up has no next', () => expect(nextInLineUp([], new Map(), new Set(), null)).toBeNull());

test('the suggestion is the best ranked that is not on display or sold out', () => {
  const entry = (n: number, rank: number, more = {}) => ({
    productId: productId(n),
    rank,
    unitsRecent: 0,
    clicksRecent: 0,
    stockCount: 1,
    isOnDisplay: false,
    isSoldOut: false,
    reason: `r${n}`,
    ...more,
  });
  const order = { rule: '', updatedAt: 0, entries: [entry(3, 3), entry(1, 1, { isOnDisplay: true }), entry(2, 2)] };
  expect([suggestedNext(order)?.productId, suggestedNext(null)]).toEqual([productId(2), null]);
});
