import type { ShowKpis } from '@insp/protocol';
import { expect, test } from 'vitest';
import { headlineFigures } from './headline-figures.ts';

const totals: ShowKpis = {
  showId: 'shw_1',
  watchingCount: 0,
  peakWatchingCount: 9,
  uniqueViewerCount: 50,
  visitCount: 80,
  messageCount: 30,
  chatterCount: 10,
  reactionCount: 0,
  productClickCount: 40,
  cartAddCount: 20,
  orderCount: 8,
  unitCount: 9,
  gmvMinor: 40_000,
  refundedMinor: 5_000,
  currency: 'EUR',
  hasSimulated: false,
  updatedAt: 0,
};
const figures = (more: Partial<ShowKpis> = {}, formulas: Record<string, string> = {}) =>
  headlineFigures(
    {
      kpis: { totals: { ...totals, ...more }, minutes: [], products: [], highlights: [], sampling: null },
      formulas,
      coverage: { attributedCount: 8, unattributedCount: 2 },
    },
    'en-GB',
  );
const value = (key: string, more: Partial<ShowKpis> = {}) => figures(more).find((figure) => figure.key === key)?.value;

test('rates name their parts', () => {
  expect([value('chatRate'), value('addRate'), value('ctor'), value('coverage')]).toEqual(['20.0 %', '50.0 %', '20.0 %', '80.0 %']);
});
test('money is derived from whole minor units', () =>
  expect([value('net'), value('aov'), value('gpm')]).toEqual(['€350.00', '€50.00', '€5,000.00']));
test('who may not see money sees no figure made of it', () => {
  const keys = figures({ gmvMinor: null, refundedMinor: null }).map(({ key }) => key);
  expect(keys).not.toEqual(expect.arrayContaining(['gmvMinor', 'net', 'aov', 'gpm'].slice(0, 1)));
  for (const key of ['gmvMinor', 'net', 'aov', 'gpm']) expect(keys).not.toContain(key);
});
test('nothing is divided by nothing', () =>
  expect([value('aov', { orderCount: 0 }), value('gpm', { visitCount: 0 }), value('ctor', { productClickCount: 0 })]).toEqual([
    '–',
    '–',
    '–',
  ]));
test('the formula of the server wins', () =>
  expect(figures({}, { orderCount: 'v1: x' }).find(({ key }) => key === 'orderCount')?.formula).toBe('v1: x'));
