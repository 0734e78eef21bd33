import type { Cart, ProductId } from '@insp/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CartEffect,
  type CartEvent,
  type CartState,
  emptyCartState,
  lastRequestFor,
  MAX_REMEMBERED_REQUESTS,
  nextCart,
  parseAnswer,
  parseCart,
} from './cart-bridge.ts';

const productId = `prd_${'0'.repeat(32)}` as ProductId;
const asked = (requestId: string, sku = 'a', kind: 'add' | 'update' = 'add', quantity = 1): CartEvent => ({
  type: 'asked',
  request: { requestId, kind, productId, highlightId: null, sku, quantity },
});
const yes = (requestId: string, cart: Cart | null = null): CartEvent => ({ type: 'answered', requestId, answer: { ok: true, cart } });
const no = (requestId: string): CartEvent => ({
  type: 'answered',
  requestId,
  answer: { ok: false, reason: 'out_of_stock', message: null, available: null },
});
const late = (requestId: string): CartEvent => ({ type: 'timed_out', requestId });
const cartOf = (count: number): Cart => ({ lines: [], count, total: 0, currency: 'EUR', coupons: [] });

function play(events: readonly CartEvent[], from: CartState = emptyCartState) {
  const effects: CartEffect[] = [];
  let state = from;
  for (const event of events) {
    const next = nextCart(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects, types: effects.map((effect) => effect.type) };
}

test('one tap is one question and, answered, one add', () => {
  const { state, types } = play([asked('r1'), yes('r1')]);
  expect(types).toEqual(['ask_shop', 'tell_done']);
  expect(state.count).toBe(1);
});

test('a double click asks once', () => {
  const { types, state } = play([asked('r1'), asked('r2'), yes('r1')]);
  expect(types).toEqual(['ask_shop', 'tell_done']);
  expect(state.count).toBe(1);
});

test('two articles may be asked for at the same time', () => {
  expect(play([asked('r1', 'a'), asked('r2', 'b')]).types).toEqual(['ask_shop', 'ask_shop']);
});

test('a yes after the time-out counts, once, and says it was late', () => {
  const { state, effects, types } = play([asked('r1'), late('r1'), yes('r1'), yes('r1')]);
  expect(types).toEqual(['ask_shop', 'tell_failed', 'tell_done']);
  expect(effects.at(-1)).toMatchObject({ wasLate: true });
  expect(state.count).toBe(1);
});

test('a no after the time-out changes the words and is not told twice', () => {
  const { state, types } = play([asked('r1'), late('r1'), no('r1')]);
  expect(types).toEqual(['ask_shop', 'tell_failed']);
  expect(lastRequestFor(state, productId)).toMatchObject({ stage: 'refused', reason: 'out_of_stock' });
});

test('asking again after a time-out repeats the same request id; the shop sees a repeat, the bag one add', () => {
  const { state, effects } = play([asked('r1'), late('r1'), asked('r2'), yes('r1')]);
  expect(effects.filter((effect) => effect.type === 'ask_shop').map((effect) => effect.request.requestId)).toEqual(['r1', 'r1']);
  expect(state.count).toBe(1);
});

test('after a no, asking again is a new request', () => {
  const { effects } = play([asked('r1'), no('r1'), asked('r2')]);
  expect(effects.filter((effect) => effect.type === 'ask_shop').map((effect) => effect.request.requestId)).toEqual(['r1', 'r2']);
});

test('the cart of the shop is the truth about the count; an update without a cart changes nothing', () => {
  expect(play([asked('r1'), yes('r1', cartOf(7))]).state.count).toBe(7);
  expect(play([{ type: 'cart_told', cart: cartOf(3) }, asked('u1', 'a', 'update', 5), yes('u1')]).state.count).toBe(3);
  expect(play([{ type: 'cart_told', cart: cartOf(Number.POSITIVE_INFINITY) }]).state.count).toBe(9_999);
});

test('checkout is open while it is open', () => {
  expect(play([{ type: 'checkout_started' }]).state.isCheckingOut).toBe(true);
  expect(play([{ type: 'checkout_started' }, { type: 'checkout_settled' }]).state.isCheckingOut).toBe(false);
});

const anyEvent: fc.Arbitrary<CartEvent> = fc.oneof(
  fc.tuple(fc.nat({ max: 7 }), fc.constantFrom('a', 'b', 'c')).map(([n, sku]) => asked(`r${n}`, sku)),
  fc.nat({ max: 7 }).map((n) => yes(`r${n}`)),
  fc.nat({ max: 7 }).map((n) => no(`r${n}`)),
  fc.nat({ max: 7 }).map((n) => late(`r${n}`)),
);

test('in any order: each request id is added at most once, told at most once each way, and the count is the adds', () => {
  let lateAdds = 0;
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      const { state, effects } = play(events);
      const done = effects.filter((effect) => effect.type === 'tell_done');
      const failed = effects.filter((effect) => effect.type === 'tell_failed');
      expect(new Set(done.map((effect) => effect.request.requestId)).size).toBe(done.length);
      expect(state.count).toBe(done.length);
      for (const effect of done) if (effect.wasLate) lateAdds += 1;
      // Never more than one open question for an article.
      const open = state.requests.filter((request) => request.stage === 'asking').map((request) => request.sku);
      expect(new Set(open).size).toBe(open.length);
      expect(state.requests.length).toBeLessThanOrEqual(MAX_REMEMBERED_REQUESTS);
      // Whatever failed was asked before.
      const askedIds = new Set(effects.filter((effect) => effect.type === 'ask_shop').map((effect) => effect.request.requestId));
      for (const effect of [...done, ...failed]) expect(askedIds.has(effect.request.requestId)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
  expect(lateAdds).toBeGreaterThan(0);
});

test('requests are remembered to the limit; open ones are kept before settled ones', () => {
  const events: CartEvent[] = [asked('open', 'open')];
  for (let n = 0; n < MAX_REMEMBERED_REQUESTS + 5; n += 1) events.push(asked(`r${n}`, `s${n}`), yes(`r${n}`));
  const { state } = play(events);
  expect(state.requests).toHaveLength(MAX_REMEMBERED_REQUESTS);
  expect(state.requests[0]?.requestId).toBe('open');
});

test('answers of every shape are read or refused', () => {
  expect(parseAnswer(true)).toEqual({ ok: true, cart: null });
  expect(parseAnswer(false)).toMatchObject({ ok: false, reason: 'custom' });
  expect(
    parseAnswer({ ok: true, cart: { count: 2, lines: [{ sku: 'a', quantity: 2 }, 'junk'], total: 5, currency: 'EUR' } }),
  ).toMatchObject({ cart: { count: 2, lines: [{ sku: 'a' }] } });
  expect(parseAnswer({ ok: false, reason: 'not_enough_stock', available: 2.9, message: ' two left ' })).toEqual({
    ok: false,
    reason: 'not_enough_stock',
    message: 'two left',
    available: 2,
  });
  expect(parseAnswer({ ok: false, reason: 'no_such_reason' })).toMatchObject({ reason: 'custom' });
  for (const junk of [undefined, null, 1, 'ok', {}, [], { ok: 'yes' }]) expect(parseAnswer(junk)).toBeNull();
  for (const junk of [undefined, null, {}, { count: Number.NaN }, { count: '2' }]) expect(parseCart(junk)).toBeNull();
});
