import type { CartHandlers } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import type { CartEvent, CartRequest } from './cart-bridge.ts';
import { createCartCaller } from './cart-caller.ts';

const request: CartRequest = {
  requestId: 'r1',
  kind: 'add',
  productId: 'prd_1',
  highlightId: 'hlt_1',
  sku: 'a',
  quantity: 1,
  stage: 'asking',
  reason: null,
  message: null,
  available: null,
};

function setUp(handlers: CartHandlers) {
  const clock = createFakeClock();
  const events: CartEvent[] = [];
  const problems: string[] = [];
  const caller = createCartCaller({
    handlers: () => handlers,
    timeoutMs: () => 5_000,
    after: (delayMs, work) => clock.after(delayMs, work),
    showToken: async () => 'token',
    dispatch: (event) => events.push(event),
    report: ({ code, detail }) => problems.push(`${code} ${detail}`),
  });
  return { clock, events, problems, caller };
}
const settle = async () => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

test('the shop gets request id, article, highlight and the show token', async () => {
  let given: unknown;
  const { caller, events, clock } = setUp({
    addToCart: async (asked) => {
      given = asked;
      return true;
    },
  });
  caller.ask(request);
  await settle();
  expect(given).toEqual({ requestId: 'r1', sku: 'a', quantity: 1, coupon: null, holdId: null, highlightId: 'hlt_1', showToken: 'token' });
  expect(events).toEqual([{ type: 'answered', requestId: 'r1', answer: { ok: true, cart: null } }]);
  expect(clock.timerCount).toBe(0);
});

test('a missing handler is named and refused at once', () => {
  const { caller, events, problems } = setUp({});
  caller.ask(request);
  expect(problems).toEqual(['INSP_EMBED_HANDLER_MISSING addToCart']);
  expect(events).toMatchObject([{ type: 'answered', answer: { ok: false } }]);
});

test('time runs out at five seconds, not before; the late answer still comes', async () => {
  let answer: (value: boolean) => void = () => {};
  const { caller, events, problems, clock } = setUp({
    addToCart: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  caller.ask(request);
  await settle();
  clock.advance(4_999);
  expect(events).toEqual([]);
  clock.advance(1);
  expect(events).toEqual([{ type: 'timed_out', requestId: 'r1' }]);
  expect(problems).toEqual(['INSP_EMBED_HANDLER_TIMED_OUT addToCart, 5000 ms']);
  answer(true);
  await settle();
  expect(events.at(-1)).toMatchObject({ type: 'answered', answer: { ok: true } });
});

test('a handler that throws, now or later, or answers nonsense, is named and refused', async () => {
  for (const addToCart of [
    () => {
      throw new Error('now');
    },
    async () => {
      throw new Error('later');
    },
    async () => 'nonsense' as never,
  ]) {
    const { caller, events, problems } = setUp({ addToCart });
    caller.ask(request);
    await settle();
    expect(problems[0]).toMatch(/^INSP_EMBED_HANDLER_FAILED addToCart/);
    expect(events).toMatchObject([{ type: 'answered', answer: { ok: false, reason: 'custom' } }]);
  }
});

test('an update goes to updateItem, without a token', async () => {
  let given: unknown;
  const { caller } = setUp({
    updateItem: async (asked) => {
      given = asked;
      return true;
    },
  });
  caller.ask({ ...request, kind: 'update', quantity: 3 });
  await settle();
  expect(given).toEqual({ requestId: 'r1', sku: 'a', quantity: 3 });
});

test('syncCart tells a cart, or is named', async () => {
  const good = setUp({ syncCart: async () => ({ lines: [], count: 2, total: 0, currency: 'EUR', coupons: [] }) });
  good.caller.syncCart('open');
  const bad = setUp({ syncCart: async () => ({}) as never });
  bad.caller.syncCart('open');
  await settle();
  expect(good.events).toMatchObject([{ type: 'cart_told', cart: { count: 2 } }]);
  expect(bad.problems).toEqual(['INSP_EMBED_HANDLER_FAILED syncCart answered no cart']);
});
