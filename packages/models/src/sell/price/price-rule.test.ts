import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advisePrice, type PriceInput } from './price-rule.ts';

const input: PriceInput = {
  currentMinor: 2_000,
  floorMinor: 1_500,
  ceilingMinor: 2_550,
  stepMinor: 100,
  stockAtStartCount: 100,
  stockLeftCount: 50,
  startedAtMs: 0,
  endsAtMs: 1_000_000,
  nowMs: 500_000,
  changedAtMs: null,
  roomCartCount: 0,
};

test('by hand: on pace it stays, ahead it rises, behind it falls, by whole steps, two at most', () => {
  expect(advisePrice(input)).toEqual({ priceMinor: 2_000, reason: 'on_pace' });
  // sold .7 at half time: .2 ahead = one step of .15
  expect(advisePrice({ ...input, stockLeftCount: 30 })).toEqual({ priceMinor: 2_100, reason: 'ahead_of_pace' });
  expect(advisePrice({ ...input, stockLeftCount: 40, roomCartCount: 10 })).toEqual({ priceMinor: 2_100, reason: 'ahead_of_pace' });
  expect(advisePrice({ ...input, stockLeftCount: 1 })).toEqual({ priceMinor: 2_200, reason: 'ahead_of_pace' });
  expect(advisePrice({ ...input, stockLeftCount: 70 })).toEqual({ priceMinor: 1_900, reason: 'behind_pace' });
  expect(advisePrice({ ...input, currentMinor: 2_500, stockLeftCount: 1 }).priceMinor).toBe(2_550);
});

test('rests after a change, stands still when sold out or not running', () => {
  expect(advisePrice({ ...input, stockLeftCount: 1, changedAtMs: 440_001 }).reason).toBe('resting');
  expect(advisePrice({ ...input, stockLeftCount: 1, changedAtMs: 440_000 }).reason).toBe('ahead_of_pace');
  expect(advisePrice({ ...input, stockLeftCount: 0 }).reason).toBe('sold_out');
  expect(advisePrice({ ...input, nowMs: -1 }).reason).toBe('not_running');
  expect(advisePrice({ ...input, nowMs: 1_000_000 }).reason).toBe('not_running');
});

const arbitrary = fc
  .record({
    floorMinor: fc.nat(3_000),
    range: fc.nat(3_000),
    stepMinor: fc.integer({ min: 1, max: 700 }),
    currentMinor: fc.nat(7_000),
    stockAtStartCount: fc.integer({ min: 1, max: 500 }),
    soldRatio: fc.double({ min: 0, max: 1, noNaN: true }),
    nowMs: fc.integer({ min: -10, max: 1_010_000 }),
    roomCartCount: fc.nat(600),
  })
  .map(({ range, soldRatio, ...rest }) => ({
    ...input,
    ...rest,
    ceilingMinor: rest.floorMinor + range,
    stockLeftCount: rest.stockAtStartCount - Math.floor(soldRatio * rest.stockAtStartCount),
  }));

test('whatever happens: within floor and ceiling, on the grid, and more demand never lowers the price', () => {
  fc.assert(
    fc.property(arbitrary, fc.nat(100), (given, more) => {
      const { priceMinor } = advisePrice(given);
      expect(priceMinor).toBeGreaterThanOrEqual(given.floorMinor);
      expect(priceMinor).toBeLessThanOrEqual(given.ceilingMinor);
      expect(priceMinor === given.ceilingMinor || (priceMinor - given.floorMinor) % given.stepMinor === 0).toBe(true);
      expect(advisePrice({ ...given, roomCartCount: given.roomCartCount + more }).priceMinor).toBeGreaterThanOrEqual(priceMinor);
    }),
  );
});

test('refuses figures that make no sense, by column', () => {
  expect(() => advisePrice({ ...input, stepMinor: 0 })).toThrow('column stepMinor');
  expect(() => advisePrice({ ...input, floorMinor: 3_000 })).toThrow('column floorMinor: the floor lies above');
  expect(() => advisePrice({ ...input, currentMinor: 19.99 })).toThrow('column currentMinor');
  expect(() => advisePrice({ ...input, stockLeftCount: 101 })).toThrow('column stockLeftCount');
  expect(() => advisePrice({ ...input, endsAtMs: 0 })).toThrow('column endsAtMs');
  expect(() => advisePrice({ ...input, nowMs: Number.NaN })).toThrow('column nowMs');
});
