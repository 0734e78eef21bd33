import { expect, test } from 'vitest';
import { buildAudience, type PresentViewer, withoutMoney } from './audience.ts';
import { productId, sampleProduct, viewerId } from './fixtures.ts';
import { buildSellOrder, createRecentDeeds, SELL_WINDOW_MS } from './sell-order.ts';

const person = (n: number, more: Partial<PresentViewer> = {}): PresentViewer => ({
  viewerId: viewerId(n),
  name: `P${n}`,
  joinedAtMs: n,
  isReturning: false,
  isSimulated: false,
  showsAttendedCount: 1,
  ...more,
});

test('[CP1] buyers lead by past spend, then returning, then new; counts cover all and a second tab counts once', () => {
  const audience = buildAudience({
    present: [person(1), person(2, { isReturning: true, showsAttendedCount: 5 }), person(3), person(4), person(4, { joinedAtMs: 99 })],
    pastOrders: (id) =>
      id === viewerId(3)
        ? { orderCount: 1, spendMinor: 500, currency: 'EUR' }
        : id === viewerId(4)
          ? { orderCount: 3, spendMinor: 12_000, currency: 'EUR' }
          : null,
    inShow: (id) => (id === viewerId(4) ? { hasBought: false, hasAsked: 'in red?', messageCount: 1 } : null),
    locale: 'en-GB',
    now: 1_000,
  });
  expect(audience).toMatchObject({ watchingCount: 4, newCount: 1, returningCount: 1, buyerCount: 2, hasSimulated: false });
  expect(audience.people.map((one) => one.name)).toEqual(['P4', 'P3', 'P2', 'P1']);
  expect(audience.people[0]?.reason).toBe('bought 3 times before, €120.00 in all, asked "in red?"');
  expect(audience.people[2]?.reason).toBe('5th show');
});

test('[OR2] without the right to see money, neither figures nor reasons tell any', () => {
  const audience = buildAudience({
    present: [person(4)],
    pastOrders: () => ({ orderCount: 3, spendMinor: 12_000, currency: 'EUR' }),
    inShow: () => ({ hasBought: true, hasAsked: 'is it 12 in all?', messageCount: 1 }),
    locale: 'en-GB',
    now: 0,
  });
  const blind = withoutMoney(audience);
  expect(blind.people[0]).toMatchObject({
    pastSpendMinor: null,
    currency: null,
    reason: 'bought 3 times before, bought in this show, asked "is it 12 in all?"',
  });
  expect(JSON.stringify(blind)).not.toContain('120');
});

test('[CP9] recent best sellers rank by units, then taps, then line-up; sold out goes last and says so', () => {
  const deeds = createRecentDeeds();
  deeds.sold(productId(2), 1, 1_000);
  deeds.sold(productId(3), 4, 2_000);
  deeds.clicked(productId(1), 8, 2_000);
  deeds.sold(productId(4), 50, 2_000);
  const soldOut = sampleProduct(4, 'Vase');
  const products = [
    sampleProduct(1, 'Throw'),
    sampleProduct(2, 'Mug'),
    sampleProduct(3, 'Socks'),
    { ...soldOut, variants: soldOut.variants.map((variant) => ({ ...variant, isAvailable: false })) },
    sampleProduct(5, 'Candle'),
  ];
  const now = 3_000;
  const order = buildSellOrder({ products, recent: deeds.totals(now), onDisplay: new Set([productId(3)]), now });
  expect(order.entries.map((entry) => entry.productId)).toEqual([3, 2, 1, 5, 4].map(productId));
  expect(order.entries[0]).toMatchObject({ reason: '4 sold and 0 taps in the last 10 min, 15 left', isOnDisplay: true });
  expect(order.entries.at(-1)).toMatchObject({ isSoldOut: true, reason: 'sold out' });
});

test('deeds older than the window no longer count', () => {
  const deeds = createRecentDeeds();
  deeds.sold(productId(1), 2, 1_000);
  expect(deeds.totals(1_000 + SELL_WINDOW_MS - 1).get(productId(1))?.units).toBe(2);
  expect(deeds.totals(1_000 + SELL_WINDOW_MS).size).toBe(0);
});
