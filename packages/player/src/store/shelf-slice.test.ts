import type { EmbedProduct, Highlight, Product, Push } from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { initialState, type PlayerState } from './player-state.ts';
import { reduce } from './reduce.ts';
import { cardOf, MAX_KEPT_HIGHLIGHTS, mergeProducts, nextMomentMs, pictureMsOf, visibleHighlights } from './shelf-slice.ts';

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
  video: { ...state.video, status: 'playing', hasPicture: true, programMs },
});

test('the card comes with its frame, neither before nor a frame later', () => {
  const shown = [{ ...highlight(1, 10_000), endedAtMs: 12_000 }];
  expect(visibleHighlights(shown, 9_960)).toEqual([]);
  expect(visibleHighlights(shown, 10_000)).toHaveLength(1);
  expect(visibleHighlights(shown, 11_960)).toHaveLength(1);
  expect(visibleHighlights(shown, 12_000)).toEqual([]);
});

describe('the time cards go by', () => {
  const state = watching(withShow([]), 40_000);
  const timeOf = (video: Partial<PlayerState['video']>, room: Partial<PlayerState['room']> = { showState: 'live' }) =>
    pictureMsOf({ ...state, video: { ...state.video, ...video }, room: { ...state.room, ...room } });

  test.each(['playing', 'paused', 'stalled', 'loading'] as const)(
    'is that of the frame on screen while %s, however far behind',
    (status) => {
      expect(timeOf({ status })).toBe(40_000);
    },
  );

  test('is now without a picture or a time of it, and when playback was given up', () => {
    expect(timeOf({ hasPicture: false })).toBe(100_000);
    expect(timeOf({ programMs: null })).toBe(100_000);
    expect(timeOf({ status: 'failed' })).toBe(100_000);
  });

  test.each(['encoder_lost', 'paused'] as const)('is now while the show is %s: no picture follows', (showState) => {
    expect(timeOf({}, { showState })).toBe(100_000);
  });

  test('is that of the frame in a replay', () => {
    expect(timeOf({}, { showState: 'ended' })).toBe(40_000);
  });
});

test('the next moment is the nearest beginning or end ahead of the picture', () => {
  const shown = [
    { ...highlight(1, 10_000), endedAtMs: 15_000 },
    { ...highlight(2, 20_000), endedAtMs: null },
  ];
  expect(nextMomentMs(shown, 9_000)).toBe(10_000);
  expect(nextMomentMs(shown, 10_000)).toBe(15_000);
  expect(nextMomentMs(shown, 15_000)).toBe(20_000);
  expect(nextMomentMs(shown, 20_000)).toBeNull();
});

test('who looks back sees the card of then, and of now again when live', () => {
  let state = withShow([highlight(1, 50_000)]);
  state = reduce(state, push('highlight_ended', { highlightId: 'hlt_1', productId: 'prd_1' }, 60_000));
  state = reduce(state, push('highlight_started', highlight(2, 600_000)));
  state = reduce(state, { type: 'time_passed', nowMs: 610_000 });
  expect(cardOf(watching(state, 55_000))?.product.id).toBe('prd_1');
  expect(cardOf(watching(state, 300_000))).toBeNull();
  expect(cardOf(watching(state, 609_000))?.product.id).toBe('prd_2');
});

test('a room that was joined again keeps what was on display before', () => {
  let state = withShow([highlight(1, 50_000)]);
  const snapshot = { products: [product(1), product(2)], highlights: [highlight(2, 95_000)] };
  state = reduce(state, push('welcome', { snapshot: { ...snapshot, recentMessages: [], reactionCounts: {} } }, 96_000));
  expect(cardOf(watching(state, 94_000))?.product.id).toBe('prd_1');
  expect(cardOf(watching(state, 97_000))?.product.id).toBe('prd_2');
});

test('a replay takes its moments from the playlist; what the room said stands', () => {
  let state = withShow([highlight(1, 50_000)]);
  const moments = [
    { id: 'hlt_1', productId: 'prd_1', startMs: 49_000, endMs: 60_000 },
    { id: 'hlt_2', productId: 'prd_2', startMs: 70_000, endMs: 80_000 },
  ];
  state = reduce(state, { type: 'moments_told', moments });
  expect(cardOf(watching(state, 49_500))).toBeNull();
  expect(cardOf(watching(state, 55_000))?.product.id).toBe('prd_1');
  expect(cardOf(watching(state, 65_000))).toBeNull();
  expect(cardOf(watching(state, 75_000))?.product.id).toBe('prd_2');
  expect(reduce(state, { type: 'moments_told', moments })).toBe(state);
});

test('highlights are kept up to the limit, the newest', () => {
  const many = (count: number) => {
    let state = withShow([]);
    for (let n = 1; n <= count; n += 1) state = reduce(state, push('highlight_started', highlight(n, n)));
    return state.shelf.highlights;
  };
  expect(many(MAX_KEPT_HIGHLIGHTS)[0]?.id).toBe('hlt_1');
  expect(many(MAX_KEPT_HIGHLIGHTS + 1)[0]?.id).toBe('hlt_2');
  expect(many(MAX_KEPT_HIGHLIGHTS + 1)).toHaveLength(MAX_KEPT_HIGHLIGHTS);
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
