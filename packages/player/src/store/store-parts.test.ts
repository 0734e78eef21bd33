import { LIMITS, type Product, type ReactionKind } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCart } from '../cart/cart-bridge.ts';
import { ANNOUNCE_INTERVAL_MS, addAnnouncement, nextAnnouncement, silentAnnouncer } from './announcer.ts';
import { buyStepOf, buyWordsOf } from './buy-step.ts';
import { cornerByKey, cornerNearest } from './corners.ts';
import { clockText, countdownTo } from './countdown.ts';
import { initialState, type PlayerState } from './player-state.ts';
import { createReactionBuffer, REACTION_FLUSH_MS } from './reaction-buffer.ts';
import { reduce } from './reduce.ts';
import { resumeRecordOf } from './resume-keeper.ts';
import { createStore } from './store.ts';

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

test('announcements: at most one in five seconds, own acts first, only the newest highlight', () => {
  let state = silentAnnouncer;
  state = addAnnouncement(state, { text: 'throw', isOwnAct: false });
  const first = nextAnnouncement(state, 0);
  expect(first.text).toBe('throw');
  state = addAnnouncement(first.state, { text: 'socks', isOwnAct: false });
  state = addAnnouncement(state, { text: 'mug', isOwnAct: false });
  state = addAnnouncement(state, { text: 'in your bag', isOwnAct: true });
  expect(nextAnnouncement(state, ANNOUNCE_INTERVAL_MS - 1).text).toBeNull();
  const second = nextAnnouncement(state, ANNOUNCE_INTERVAL_MS);
  expect(second.text).toBe('in your bag');
  expect(nextAnnouncement(second.state, 2 * ANNOUNCE_INTERVAL_MS).text).toBe('mug');
});

test('announcements never pile up', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (acts) => {
      const state = acts.reduce((known, isOwnAct, n) => addAnnouncement(known, { text: `${n}`, isOwnAct }), silentAnnouncer);
      expect(state.waiting.length).toBeLessThanOrEqual(3);
    }),
  );
});

test('rapid taps are one request a quarter of a second, per kind, up to the limit', () => {
  const clock = createFakeClock();
  const sent: [ReactionKind, number][] = [];
  const buffer = createReactionBuffer({
    after: (delayMs, work) => clock.after(delayMs, work),
    send: (kind, count) => sent.push([kind, count]),
  });
  for (let i = 0; i < LIMITS.reactionsPerRequest + 10; i += 1) buffer.add('heart');
  buffer.add('fire');
  clock.advance(REACTION_FLUSH_MS - 1);
  expect(sent).toEqual([]);
  clock.advance(1);
  expect(sent).toEqual([
    ['heart', LIMITS.reactionsPerRequest],
    ['fire', 1],
  ]);
});

test('own reactions are drawn once, when tapped, not again when the room counts them', () => {
  let state = initialState(settings, 0);
  state = reduce(state, { type: 'reacted', kind: 'heart' });
  const counted = {
    type: 'pushed' as const,
    isRecovered: false,
    push: { v: 1 as const, type: 'reactions_counted' as const, ts: 0, data: { counts: { heart: 3 }, totals: { heart: 10 } } },
  };
  state = reduce(state, counted);
  expect(state.reactions.bursts.map(({ count, isOwn }) => [count, isOwn])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(state.reactions.totalCount).toBe(10);
});

test('the countdown is a clock within a day, a date before, words after', () => {
  expect(countdownTo(null, 0)).toEqual({ kind: 'unknown' });
  expect(countdownTo(1_000, 1_000)).toEqual({ kind: 'soon' });
  expect(countdownTo(86_400_000, 0).kind).toBe('clock');
  expect(countdownTo(86_400_001, 0).kind).toBe('date');
  expect(clockText(252_000)).toBe('04:12');
  expect(clockText(3_723_000)).toBe('1:02:03');
  expect(clockText(400)).toBe('00:01');
});

test('corners: the nearest when dropped, the next by arrow key', () => {
  expect(cornerNearest({ centreX: 10, centreY: 790, widthPx: 400, heightPx: 800 })).toBe('bottom-left');
  expect(cornerNearest({ centreX: 399, centreY: 0, widthPx: 400, heightPx: 800 })).toBe('top-right');
  expect(cornerByKey('bottom-right', 'ArrowUp')).toBe('top-right');
  expect(cornerByKey('bottom-right', 'ArrowRight')).toBeNull();
  expect(cornerByKey('bottom-right', 'a')).toBeNull();
});

test('drawing is gathered per task, watching is not', async () => {
  const store = createStore(0, (state, change: number) => state + change);
  const drawn: number[] = [];
  const seen: number[] = [];
  store.draw((state) => drawn.push(state));
  store.watch((state, before) => seen.push(before, state));
  store.dispatch(1);
  store.dispatch(2);
  store.dispatch(0);
  await Promise.resolve();
  expect(drawn).toEqual([3]);
  expect(seen).toEqual([0, 1, 1, 3]);
});

const product = {
  id: 'prd_1',
  title: 'Mug',
  variants: [{ sku: 'a', options: {}, priceMinor: 1, originalPriceMinor: null, currency: 'EUR', stockCount: 3, isAvailable: true }],
  optionNames: [],
} as unknown as Product;
const many = {
  ...product,
  optionNames: ['Size'],
  variants: ['S', 'M'].map((size) => ({ ...product.variants[0]!, sku: size, options: { Size: size } })),
} as Product;
const shopReady = (): PlayerState => ({ ...initialState(settings, 0), hasAddHandler: true });
const cart = (state: PlayerState, ...events: Parameters<typeof nextCart>[1][]): PlayerState => ({
  ...state,
  bag: events.reduce((bag, event) => nextCart(bag, event).state, state.bag),
});
const ask = (sku = 'a') => ({
  type: 'asked' as const,
  request: { requestId: 'r1', kind: 'add' as const, productId: product.id, highlightId: null, sku, quantity: 1 },
});

test('the button says what comes next, in every case', () => {
  expect(buyStepOf(initialState(settings, 0), product).kind).toBe('link');
  expect(buyStepOf(shopReady(), product)).toEqual({ kind: 'add', sku: 'a' });
  expect(buyStepOf(shopReady(), many).kind).toBe('choose');
  expect(buyStepOf(cart(shopReady(), ask()), product).kind).toBe('adding');
  expect(buyStepOf(cart(shopReady(), ask(), { type: 'answered', requestId: 'r1', answer: { ok: true, cart: null } }), product).kind).toBe(
    'added',
  );
  expect(buyStepOf(shopReady(), { ...product, variants: [{ ...product.variants[0]!, stockCount: 0 }] }).kind).toBe('sold_out');
});

test('another variant can be added after the first', () => {
  let state = cart(shopReady(), ask('S'), { type: 'answered', requestId: 'r1', answer: { ok: true, cart: null } });
  state = { ...state, shelf: { ...state.shelf, choices: { prd_1: { Size: 'M' } } } };
  expect(buyStepOf(state, many)).toEqual({ kind: 'add', sku: 'M' });
});

test('every reason has its words; a time-out and a refusal offer the product page', () => {
  expect(buyWordsOf(cart(shopReady(), ask(), { type: 'timed_out', requestId: 'r1' }), product)).toMatchObject({
    key: 'shopTimeout',
    offersLink: true,
  });
  const refused = (reason: 'not_enough_stock' | 'login_required', available: number | null) =>
    buyWordsOf(
      cart(shopReady(), ask(), { type: 'answered', requestId: 'r1', answer: { ok: false, reason, message: null, available } }),
      product,
    );
  expect(refused('not_enough_stock', 2)).toMatchObject({ key: 'notEnoughStock', values: { count: 2 } });
  expect(refused('not_enough_stock', null)).toMatchObject({ key: 'notEnoughStockUnknown' });
  expect(refused('login_required', null)).toMatchObject({ key: 'loginRequired', offersLink: true });
  expect(buyWordsOf(shopReady(), product)).toBeNull();
});

test('a record is kept for what the shopper opened or made small, and for nothing else', () => {
  const state = initialState(settings, 0);
  const kept = (token: string | null) => ({ token, bitsPerSec: 3_000_000 });
  expect(resumeRecordOf({ ...state, surface: 'mini' }, kept(null), false, 5)).toMatchObject({ surface: 'mini', savedAtMs: 5 });
  expect(resumeRecordOf({ ...state, surface: 'open' }, kept('tok'), true, 5)).toMatchObject({ surface: 'open', token: 'tok' });
  expect(resumeRecordOf({ ...state, surface: 'open' }, kept(null), false, 5)).toBeNull();
  expect(resumeRecordOf({ ...state, surface: 'closed' }, kept(null), true, 5)).toBeNull();
  expect(resumeRecordOf({ ...state, surface: 'open', settings: { ...settings, mode: 'inline' } }, kept(null), true, 5)).toBeNull();
  expect(resumeRecordOf({ ...state, surface: 'mini', room: { ...state.room, showState: 'ended' } }, kept(null), true, 5)).toBeNull();
});
