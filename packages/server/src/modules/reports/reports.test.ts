import type { LiveKpis } from '@insp/protocol';
import { liveKpisSchema } from '@insp/protocol/schemas';
import { expect, test } from 'vitest';
import { FORMULAS } from './formulas.ts';
import { withoutTurnover } from './reports.ts';

const hex = '0'.repeat(31);
const kpis: LiveKpis = {
  totals: {
    showId: `shw_${hex}1`,
    watchingCount: 1,
    peakWatchingCount: 2,
    uniqueViewerCount: 3,
    isUniqueViewerCountEstimated: false,
    visitCount: 4,
    messageCount: 5,
    chatterCount: 1,
    reactionCount: 6,
    productClickCount: 7,
    cartAddCount: 8,
    orderCount: 9,
    unitCount: 10,
    gmvMinor: 123_456,
    refundedMinor: 789,
    currency: 'EUR',
    hasSimulated: false,
    updatedAt: 0,
  },
  minutes: [
    {
      minute: 1,
      watchingMean: 1,
      watchingMax: 1,
      uniqueViewerCount: 1,
      messageCount: 1,
      reactionCount: 1,
      cartAddCount: 1,
      orderCount: 1,
      unitCount: 1,
      gmvMinor: 123_456,
    },
  ],
  products: [
    { productId: `prd_${hex}1`, impressionCount: 1, clickCount: 1, cartAddCount: 1, orderCount: 1, unitCount: 1, gmvMinor: 123_456 },
  ],
  highlights: [
    {
      highlightId: `hlt_${hex}1`,
      productId: `prd_${hex}1`,
      startedAt: 0,
      endedAt: null,
      clickCount: 1,
      cartAddCount: 1,
      orderCount: 1,
      unitCount: 1,
      gmvMinor: 123_456,
    },
  ],
  sampling: null,
};

test('[OR2] no amount is left anywhere for a role that may not see turnover, and the counts stay', () => {
  const blind = withoutTurnover(kpis);
  expect(liveKpisSchema.parse(blind)).toEqual(blind);
  expect(JSON.stringify(blind)).not.toMatch(/123456|789/);
  expect(blind.totals.orderCount).toBe(9);
});

test('every headline figure of the totals has a versioned formula', () => {
  const notFigures = new Set(['showId', 'watchingCount', 'isUniqueViewerCountEstimated', 'currency', 'hasSimulated', 'updatedAt']);
  for (const key of Object.keys(kpis.totals).filter((name) => !notFigures.has(name))) expect(FORMULAS[key], key).toMatch(/^v\d+: /);
});
