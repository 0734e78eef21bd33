import { expect, test } from 'vitest';
import { eventDefinitions } from './events.ts';
import { EVENT_UPCASTS, type EventUpcasts, upcastPayload } from './upcast-events.ts';

const STEPS: EventUpcasts = {
  'cart.added': [(old) => ({ ...old, currency: 'EUR' }), ({ quantity, ...old }) => ({ ...old, unitCount: quantity })],
};

test('a payload climbs from its own version to the newest', () => {
  const read = (v: number, payload: object) => upcastPayload('cart.added', v, payload as Record<string, unknown>, STEPS);
  expect(read(1, { quantity: 2 })).toEqual({ unitCount: 2, currency: 'EUR' });
  expect(read(2, { quantity: 2, currency: 'USD' })).toEqual({ unitCount: 2, currency: 'USD' });
  expect(read(3, { unitCount: 2 })).toEqual({ unitCount: 2 });
});
test('a payload from the future passes as it is', () => {
  expect(upcastPayload('cart.added', 9, { holdId: 'h', unitCount: 2 }, STEPS)).toEqual({ holdId: 'h', unitCount: 2 });
});
test('an event without steps is read as it was written', () => expect(upcastPayload('cart.failed', 1, { a: 1 }, STEPS)).toEqual({ a: 1 }));
test('every event has a step for each version it has left behind', () => {
  for (const [name, { v }] of Object.entries(eventDefinitions)) {
    expect([name, EVENT_UPCASTS[name as keyof typeof eventDefinitions]?.length ?? 0]).toEqual([name, v - 1]);
  }
});
