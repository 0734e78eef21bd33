import type { ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import type { KpiRows, StoredKpis } from './kpi-store.postgres.ts';
import { createLiveFigures, TURN_EVERY_MS } from './live-figures.ts';
import type { ShowChange } from './micro-batch.postgres.ts';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const SHOW: ShowId = `shw_${hex(1)}`;
const change = (minutes: number[], products: number[] = []): ShowChange => ({
  minutes,
  productIds: products.map((n) => `prd_${hex(n)}` as const),
  highlightIds: [],
});

/** A store of minutes and products that answers the rows asked for, as the database does. */
function setUp() {
  const clock = createFakeClock();
  const minutes = new Map<number, number>();
  const products = new Map<string, number>();
  const reads: (KpiRows | undefined)[] = [];
  const told: StoredKpis[] = [];
  const state = { isAway: false, isWatched: true };
  const whole = (rows?: KpiRows): StoredKpis =>
    ({
      totals: { showId: SHOW, messageCount: [...minutes.values()].reduce((sum, n) => sum + n, 0) },
      minutes: [...minutes]
        .filter(([minute]) => rows?.minutes?.includes(minute) ?? true)
        .sort(([a], [b]) => a - b)
        .map(([minute, messageCount]) => ({ minute, messageCount })),
      products: [...products]
        .filter(([id]) => rows?.productIds?.includes(id) ?? true)
        .map(([productId, gmvMinor]) => ({ productId, gmvMinor, clickCount: 0 }))
        .sort((a, b) => b.gmvMinor - a.gmvMinor || (a.productId < b.productId ? -1 : 1)),
      highlights: [],
    }) as unknown as StoredKpis;
  const figures = createLiveFigures({
    clock,
    logger: silentLogger,
    isWatched: () => state.isWatched,
    async read(_showId, rows) {
      reads.push(rows);
      if (state.isAway) throw new Error('away');
      return whole(rows);
    },
    tell: (_showId, kpis) => void told.push(kpis),
  });
  return { clock, minutes, products, reads, told, state, figures, whole };
}

test('the first change reads a show whole, the next ones only what they touched; what is told is always whole', async () => {
  const { clock, minutes, products, reads, told, figures, whole } = setUp();
  for (const minute of [1, 2, 3]) minutes.set(minute, minute);
  products.set(`prd_${hex(1)}`, 5);
  figures.changed(SHOW, change([3]));
  await clock.advanceAsync(TURN_EVERY_MS);
  minutes.set(3, 30);
  minutes.set(4, 1);
  products.set(`prd_${hex(2)}`, 9);
  figures.changed(SHOW, change([3, 4], [2]));
  await clock.advanceAsync(TURN_EVERY_MS);
  expect(reads).toEqual([undefined, { minutes: [3, 4], productIds: [`prd_${hex(2)}`], highlightIds: [] }]);
  expect(told.at(-1)).toEqual(whole());
});

test('however often a show changes it is read once a turn, and the last change is told', async () => {
  const { clock, minutes, reads, told, figures, whole } = setUp();
  for (let n = 1; n <= 95; n += 1) {
    minutes.set(1, n);
    figures.changed(SHOW, change([1]));
    await clock.advanceAsync(10);
  }
  await clock.advanceAsync(TURN_EVERY_MS);
  expect(reads.length).toBeLessThanOrEqual(12);
  expect(reads.length).toBeGreaterThanOrEqual(9);
  expect(told.at(-1)).toEqual(whole());
});

test('a read that fails is made again, whole', async () => {
  const { clock, minutes, reads, told, state, figures, whole } = setUp();
  minutes.set(1, 1);
  figures.changed(SHOW, change([1]));
  await clock.advanceAsync(TURN_EVERY_MS);
  state.isAway = true;
  minutes.set(1, 2);
  minutes.set(2, 2);
  figures.changed(SHOW, change([1, 2]));
  await clock.advanceAsync(TURN_EVERY_MS);
  state.isAway = false;
  await clock.advanceAsync(2_000);
  expect(reads.at(-1)).toBeUndefined();
  expect(told.at(-1)).toEqual(whole());
});

test('nobody looks, nothing is read; who comes then sees the newest', async () => {
  const { clock, minutes, reads, told, state, figures, whole } = setUp();
  state.isWatched = false;
  minutes.set(1, 1);
  figures.changed(SHOW, change([1]));
  await clock.advanceAsync(1_000);
  expect(reads).toEqual([]);
  state.isWatched = true;
  figures.look(SHOW);
  await clock.advanceAsync(0);
  expect(told.at(-1)).toEqual(whole());
  figures.look(SHOW);
  await clock.advanceAsync(1_000);
  expect(reads).toHaveLength(1);
});

test('many shows have their turns one after the other', async () => {
  const clock = createFakeClock();
  let readingCount = 0;
  const read: string[] = [];
  const figures = createLiveFigures({
    ...{ clock, logger: silentLogger, isWatched: () => true },
    async read(showId) {
      readingCount += 1;
      expect(readingCount).toBe(1);
      await new Promise<void>((done) => clock.after(10, done));
      readingCount -= 1;
      read.push(showId);
      return { totals: {}, minutes: [], products: [], highlights: [] } as unknown as StoredKpis;
    },
    tell: () => {},
  });
  const showIds = Array.from({ length: 5 }, (_, at) => `shw_${hex(at)}` as const);
  for (const showId of showIds) figures.changed(showId, change([1]));
  // Ten milliseconds to read, ten to rest.
  await clock.advanceAsync(95);
  expect(read).toEqual(showIds);
});

test('after words may have been missed a show is read whole', async () => {
  const { clock, minutes, told, figures, whole } = setUp();
  minutes.set(1, 1);
  figures.changed(SHOW, change([1]));
  await clock.advanceAsync(TURN_EVERY_MS);
  minutes.set(1, 7);
  figures.forget();
  figures.changed(SHOW, change([2]));
  await clock.advanceAsync(TURN_EVERY_MS);
  expect(told.at(-1)).toEqual(whole());
});

test('for any changes in any order, what is told last equals a whole read', async () => {
  let partCount = 0;
  const arbStep = fc.record({ minute: fc.nat(5), product: fc.nat(3), by: fc.integer({ min: 1, max: 9 }), waitMs: fc.nat(150) });
  await fc.assert(
    fc.asyncProperty(fc.array(arbStep, { minLength: 1, maxLength: 25 }), async (steps) => {
      const { clock, minutes, products, reads, told, figures, whole } = setUp();
      for (const { minute, product, by, waitMs } of steps) {
        minutes.set(minute, (minutes.get(minute) ?? 0) + by);
        products.set(`prd_${hex(product)}`, (products.get(`prd_${hex(product)}`) ?? 0) + by);
        figures.changed(SHOW, change([minute], [product]));
        await clock.advanceAsync(waitMs);
      }
      await clock.advanceAsync(1_000);
      expect(told.at(-1)).toEqual(whole());
      partCount += reads.filter((rows) => rows !== undefined).length;
    }),
    { numRuns: 60 },
  );
  expect(partCount).toBeGreaterThan(100);
});
