import { orderPaidSchema } from '@insp/protocol/schemas';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { createCustomers } from '../plan/people.ts';
import { createSeeded } from '../plan/seeded.ts';
import { createPastOrders } from './past-orders.ts';
import { orderBody } from './seed-history.ts';
import { signWebhook } from './sign-webhook.ts';

const customers = createCustomers(createSeeded('demo').fork('customers'));
const products = ['Textiles', 'Table', 'Kitchen'].flatMap((group) =>
  [1, 2].map((number) => ({
    externalId: `${group}-${number}`,
    group,
    variants: [{ sku: `${group}-${number}-A`, priceMinor: 1_900 * number }],
  })),
);
const options = { seed: 'demo', customers, products, untilMs: Date.UTC(2026, 10, 20), orderCount: 200 };

describe('past orders', () => {
  const orders = createPastOrders(options);

  test('are the same each time, about two hundred, all in the past half year, in order', () => {
    expect(createPastOrders(options)).toEqual(orders);
    expect(orders.length).toBeGreaterThan(120);
    expect(orders.length).toBeLessThanOrEqual(200);
    for (const { placedAtMs } of orders) {
      expect(placedAtMs).toBeLessThan(options.untilMs);
      expect(placedAtMs).toBeGreaterThan(options.untilMs - 181 * 86_400_000);
    }
    expect(orders.map(({ placedAtMs }) => placedAtMs)).toEqual(orders.map(({ placedAtMs }) => placedAtMs).toSorted((a, b) => a - b));
    expect(new Set(orders.map(({ orderRef }) => orderRef)).size).toBe(orders.length);
  });

  test('loyal customers buy more often than those who bought once', () => {
    const mean = (habit: string) => {
      const refs = new Set(customers.filter((customer) => customer.habit === habit).map(({ customerRef }) => customerRef));
      return orders.filter(({ customerRef }) => refs.has(customerRef)).length / refs.size;
    };
    expect(mean('loyal')).toBeGreaterThan(mean('regular'));
    expect(mean('regular')).toBeGreaterThan(mean('once'));
    expect(mean('once')).toBeLessThan(1.5);
  });

  test('fit the order webhook and say that they are simulated', () => {
    for (const order of orders) expect(orderPaidSchema.parse(JSON.parse(orderBody(order, 'EUR'))).data.simulated).toBe(true);
  });

  test('no products, no orders', () => {
    expect(createPastOrders({ ...options, products: [] })).toEqual([]);
  });
});

test('the signature is the one the standardwebhooks library verifies', () => {
  const secret = `whsec_${Buffer.from('a secret of 32 bytes for signing').toString('base64')}`;
  const now = Math.floor(Date.now() / 1_000);
  const headers = {
    'webhook-id': 'id-1',
    'webhook-timestamp': String(now),
    'webhook-signature': signWebhook(secret, 'id-1', now, '{"ü":1}'),
  };
  expect(new Webhook(secret).verify('{"ü":1}', headers)).toEqual({ ü: 1 });
});
