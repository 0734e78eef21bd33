import type { EmbedEvent, PlayerHandle } from '@insp/protocol';
import { expect, test } from 'vitest';
import { createShopHub, DEFAULT_HANDLER_TIMEOUT_MS, MAX_HANDLER_TIMEOUT_MS } from './shop-hub.ts';

function setUp() {
  const said: string[] = [];
  const log = { warn: (...words: unknown[]) => said.push(String(words[0])), error: (...words: unknown[]) => said.push(String(words[0])) };
  return { hub: createShopHub(log), said };
}
const player = {} as PlayerHandle;
const add = async () => true;

test('ready fires for players that are there and for players that come, also when registered late', () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.run('ready', [() => heard.push('early')]);
  hub.addPlayer(player);
  hub.run('ready', [() => heard.push('late')]);
  expect(heard).toEqual(['early', 'late']);
});

test('handlers may come in parts, by our names and by the names of the trade', () => {
  const { hub } = setUp();
  hub.run('cart', [{ addToCart: add }]);
  hub.run('CHECKOUT', [async () => ({ handled: true })]);
  hub.run('cart', [{ PROVIDE_PRODUCT_DATA: async () => ({ products: [] }) }]);
  expect(Object.keys(hub.handlers).sort()).toEqual(['addToCart', 'checkout', 'provideProducts']);
});

test('unknown handlers, events and commands are named with what is known', () => {
  const { hub, said } = setUp();
  hub.run('cart', [{ addToKart: add, checkout: 'no function' }]);
  hub.run('on', ['cart.aded', () => {}]);
  hub.run('cartt', []);
  expect(said.join('\n')).toMatch(/addToKart.*addToCart/);
  expect(said.join('\n')).toMatch(/"checkout" must be a function/);
  expect(said.join('\n')).toMatch(/cart\.aded.*cart\.added/);
  expect(said.join('\n')).toMatch(/"cartt".*cartChanged/);
  expect(hub.handlers).toEqual({});
});

test('the time-out can be set up to its limit and no further', () => {
  const { hub } = setUp();
  expect(hub.handlerTimeoutMs).toBe(DEFAULT_HANDLER_TIMEOUT_MS);
  hub.run('cart', [{ addToCart: add }, { timeoutMs: MAX_HANDLER_TIMEOUT_MS }]);
  expect(hub.handlerTimeoutMs).toBe(MAX_HANDLER_TIMEOUT_MS);
  hub.run('cart', [{ addToCart: add }, { timeoutMs: MAX_HANDLER_TIMEOUT_MS + 1 }]);
  expect(hub.handlerTimeoutMs).toBe(MAX_HANDLER_TIMEOUT_MS);
  hub.run('cart', [{ addToCart: add }, { timeoutMs: -1 }]);
  expect(hub.handlerTimeoutMs).toBe(MAX_HANDLER_TIMEOUT_MS);
});

test('consent is what was said, purpose by purpose; what was not said stays unknown', () => {
  const { hub } = setUp();
  hub.run('consent', [{ functional: true }]);
  hub.run('consent', [{ performance: false, tracking: true }]);
  expect(hub.consent).toEqual({ functional: true, performance: false });
});

test('events reach the callbacks of their name and of *, and a callback that throws hurts nobody', () => {
  const { hub, said } = setUp();
  const heard: string[] = [];
  hub.run('on', [
    'cart.added',
    () => {
      throw new Error('shop');
    },
  ]);
  hub.run('on', ['cart.added', () => heard.push('named')]);
  hub.run('on', ['*', () => heard.push('all')]);
  hub.tell({ name: 'cart.added' } as EmbedEvent);
  hub.tell({ name: 'reaction' } as EmbedEvent);
  expect(heard).toEqual(['named', 'all', 'all']);
  expect(said).toHaveLength(1);
});

test('changes are told to players: handlers, consent, token, cart', () => {
  const { hub } = setUp();
  const kinds: string[] = [];
  const stop = hub.listen((change) => kinds.push(change.kind));
  hub.run('cart', [{ addToCart: add }]);
  hub.run('consent', [{}]);
  hub.run('viewerToken', ['jwt']);
  hub.run('cartChanged', [{}]);
  stop();
  hub.run('viewerToken', [null]);
  expect(kinds).toEqual(['handlers', 'consent', 'viewer_token', 'cart_changed']);
  expect(hub.viewerToken).toBeNull();
});
