import type { EventPayload, FactOf } from '@insp/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { createIds } from '../../kernel/ids.ts';
import { systemRandom } from '../../kernel/random.ts';
import { newFact } from '../capture/new-fact.ts';
import { type FactLine, type FactOrder, factsOfOrder } from './order-facts.ts';
import { countRefund, splitByShow, sumMinor } from './order-sums.ts';

const showIds = ['shw_a', 'shw_b', 'shw_c'] as const;
const attribution = fc.record({
  showId: fc.constantFrom(...showIds),
  highlightId: fc.constantFrom(null, 'hlt_1' as const, 'hlt_2' as const),
  viewerId: fc.constantFrom('vwr_1' as const, 'vwr_2' as const),
});
const line: fc.Arbitrary<FactLine> = fc.record({
  lineId: fc.uuid(),
  sku: fc.constant('sku'),
  productId: fc.constantFrom(null, 'prd_1' as const),
  quantity: fc.integer({ min: 1, max: 10_000 }),
  amountMinor: fc.integer({ min: 0, max: 1_000_000_000 }),
  attribution: fc.option(attribution),
});
const order: fc.Arbitrary<FactOrder> = fc.record({
  id: fc.constant('ord_1' as const),
  orgId: fc.constant('org'),
  orderRef: fc.constant('1001'),
  currency: fc.constant('EUR'),
  isCounted: fc.boolean(),
  isSimulated: fc.boolean(),
  placedAt: fc.nat(),
  lines: fc.array(line, { minLength: 1, maxLength: 20 }),
});
const make = newFact(createIds(systemClock, systemRandom), systemClock);
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

describe('[ORD6] the parts of an order', () => {
  test('sum to the whole, every line in exactly one part, no show twice', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const parts = splitByShow(lines);
        expect(sumMinor(parts)).toBe(sumMinor(lines));
        expect(
          parts
            .flatMap((part) => part.lines)
            .map(({ lineId }) => lineId)
            .sort(),
        ).toEqual(lines.map(({ lineId }) => lineId).sort());
        const shows = parts.map((part) => part.attribution?.showId ?? null);
        expect(new Set(shows).size).toBe(shows.length);
        for (const part of parts) expect(part.amountMinor).toBe(sumMinor(part.lines));
      }),
    );
  });

  test('become facts whose money agrees: an order of a show is worth its sold lines of that show', () => {
    let mixedCount = 0;
    fc.assert(
      fc.property(order, (told) => {
        const facts = factsOfOrder(make, told);
        const placed = facts.filter((fact): fact is FactOf<'orders.order_placed'> => fact.name === 'orders.order_placed');
        const sold = facts.filter((fact): fact is FactOf<'orders.line_sold'> => fact.name === 'orders.line_sold');
        expect(sold).toHaveLength(told.lines.length);
        expect(sum(sold.map(({ weight }) => weight))).toBe(sum(told.lines.map(({ quantity }) => quantity)));
        expect(sum(sold.map(({ amountMinor }) => amountMinor))).toBe(told.isCounted ? sumMinor(told.lines) : 0);
        for (const fact of placed) {
          const own = sold.filter(({ showId }) => showId === fact.showId);
          expect(fact.amountMinor).toBe(sum(own.map(({ amountMinor }) => amountMinor)));
          expect((fact.payload as EventPayload<'orders.order_placed'>).lineCount).toBe(own.length);
        }
        const shows = new Set(told.lines.map((each) => each.attribution?.showId ?? null));
        if (shows.size > 1 && shows.has(null)) mixedCount += 1;
        // An order with lines of shows counts once in each of them, and not again for its other lines.
        expect(placed.map(({ showId }) => showId).sort()).toEqual(
          shows.size === 1 ? [...shows] : [...shows].filter((id) => id !== null).sort(),
        );
      }),
    );
    expect(mixedCount).toBeGreaterThan(10);
  });
});

describe('[ORD7] refunds', () => {
  test('of a line never exceed what was paid, whatever is told and in whatever order', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.array(fc.nat(10_000), { maxLength: 10 }), (paid, told) => {
        const run = (amounts: number[]) => amounts.reduce((before, amount) => before + countRefund(paid, before, amount), 0);
        expect(run(told)).toBe(Math.min(paid, sum(told)));
        expect(run(told.toReversed())).toBe(run(told));
      }),
    );
  });
});
