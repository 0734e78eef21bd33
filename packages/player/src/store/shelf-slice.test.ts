import type { EmbedProduct, Highlight, Product, Push } from '@insp/protocol';
import { expect, test } from 'vitest';
import { initialState, type PlayerState } from './player-state.ts';
import { reduce } from './reduce.ts';
import { cardOf, HIGHLIGHT_LEAD_MS, HIGHLIGHT_MAX_DELAY_MS, mergeProducts, pruneHighlights, visibleHighlights } from './shelf-slice.ts';

const settings = {
  show: 'shw_1',
  mode: 'overlay',
  isAutoplay: false,
  fit: 'auto',
  corner: 'bottom-right',
  locale: 'en',
  currency: null,
  isDataLayerOn: false,
} as const;
const product = (n: number, stockCount: number | null = 5): Product =>
  ({
    id: `prd_${n}`,
    externalId: `p${n}`,
    title: `P${n}`,
    brand: '',
    url: 'https://s',
    imageUrl: null,
    optionNames: [],
    variants: [
      {
        id: 'var_1',
        sku: `s${n}`,
        options: {},
        priceMinor: 1_000,
        originalPriceMinor: null,
        currency: 'EUR',
        stockCount,
        isAvailable: stockCount !== 0,
      },
    ],
  }) as unknown as Product;
const highlight = (n: number, startedAt: number): Highlight => ({ id: `hlt_${n}`, kind: 'product', productId: `prd_${n}`, startedAt });
const push = (type: Push['type'], data: unknown, ts = 0) => ({
  type: 'pushed' as const,
  isRecovered: false,
  push: { v: 1, type, ts, data } as Push,
});
const withShow = (highlights: Highlight[]) =>
  reduce(initialState(settings, 100_000), {
    type: 'session_started',
    viewerId: 'v',
    displayName: 'd',
    show: { products: [product(1), product(2)], highlights } as never,
  });
const watching = (state: PlayerState, programMs: number): PlayerState => ({
  ...state,
  video: { ...state.video, status: 'playing', programMs },
});

test('the card waits for its frame, and leads it by no more than the lead', () => {
  const shown = [{ ...highlight(1, 10_000), endedAtMs: null }];
  expect(visibleHighlights(shown, 10_000 - HIGHLIGHT_LEAD_MS - 1, 11_000)).toEqual([]);
  expect(visibleHighlights(shown, 10_000 - HIGHLIGHT_LEAD_MS, 11_000)).toHaveLength(1);
});

test('without a known picture time the card shows at once; nobody waits longer than the limit', () => {
  const shown = [{ ...highlight(1, 10_000), endedAtMs: null }];
  expect(visibleHighlights(shown, null, 10_000)).toHaveLength(1);
  expect(visibleHighlights(shown, 0, 10_000 + HIGHLIGHT_MAX_DELAY_MS)).toHaveLength(1);
});

test('the host changes products: a picture that is behind changes at the same frame, with no gap', () => {
  let state = withShow([highlight(1, 50_000)]);
  state = reduce(state, push('highlight_started', highlight(2, 95_000)));
  state = reduce(state, push('highlight_ended', { highlightId: 'hlt_1', productId: 'prd_1' }, 95_000));
  expect(cardOf(watching(state, 94_000))?.product.id).toBe('prd_1');
  expect(cardOf(watching(state, 95_100))?.product.id).toBe('prd_2');
});

test('a card with open options stays while something else comes on display', () => {
  let state = withShow([highlight(1, 50_000)]);
  state = reduce(state, { type: 'options_opened', productId: 'prd_1', openIn: 'card' });
  state = reduce(state, push('highlight_started', highlight(2, 60_000)));
  expect(cardOf(state)?.product.id).toBe('prd_1');
  expect(cardOf(reduce(state, { type: 'options_closed' }))?.product.id).toBe('prd_2');
});

test('a linked product is a card without a highlight, until the host shows something', () => {
  let state = reduce(withShow([]), { type: 'product_linked', productId: 'prd_2' });
  expect(cardOf(state)).toMatchObject({ product: { id: 'prd_2' }, highlight: null });
  state = reduce(state, push('highlight_started', highlight(1, 60_000)));
  expect(cardOf(state)?.product.id).toBe('prd_1');
});

test('ended highlights are forgotten when no picture can be behind them', () => {
  const ended = [{ ...highlight(1, 0), endedAtMs: 1_000 }];
  expect(pruneHighlights(ended, 1_000 + 2 * HIGHLIGHT_MAX_DELAY_MS - 1)).toBe(ended);
  expect(pruneHighlights(ended, 1_000 + 2 * HIGHLIGHT_MAX_DELAY_MS)).toEqual([]);
});

test('changed products replace by id and keep the order', () => {
  expect(mergeProducts([product(1), product(2)], [product(2, 0), product(3)]).map((item) => item.id)).toEqual(['prd_1', 'prd_2', 'prd_3']);
});

test('the price of the shop wins; a newer stock from the server wins over its stock', () => {
  const given: EmbedProduct = {
    id: 'p1',
    name: 'Shop name',
    url: 'https://shop/1',
    images: ['https://shop/1.jpg'],
    options: [],
    variants: [{ sku: 's1', options: {}, inStock: true, price: { current: 777, currency: 'USD' } }],
  };
  let state = reduce(withShow([]), { type: 'shop_products_given', products: [given] });
  expect(state.shelf.products[0]).toMatchObject({
    id: 'prd_1',
    title: 'Shop name',
    imageUrl: 'https://shop/1.jpg',
    variants: [{ priceMinor: 777, currency: 'USD', isAvailable: true }],
  });
  state = reduce(state, push('products_changed', { products: [product(1, 0)] }));
  expect(state.shelf.products[0]?.variants[0]).toMatchObject({ priceMinor: 777, isAvailable: false, stockCount: null });
});
