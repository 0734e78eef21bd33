import { expect, test } from 'vitest';
import { ATTRIBUTION_WINDOW_MS, type Evidence, judgeLine, SHOP_CLOCK_SKEW_MS } from './attribution.ts';
import type { ShowToken } from './show-token.ts';

const token: ShowToken = {
  orgId: 'org',
  showId: 'shw_1',
  productId: 'prd_1',
  highlightId: 'hlt_1',
  viewerId: 'vwr_1',
  isSimulated: false,
  mintedAt: 1_000_000,
};
const good: Evidence = { token, productId: 'prd_1', show: { endedAt: 2_000_000 }, placedAt: 1_500_000 };
const verdictOf = (change: Partial<Evidence>) => judgeLine({ ...good, ...change }).verdict;

test('[ORD5] a good token gives show, highlight and viewer', () => {
  expect(judgeLine(good)).toEqual({ verdict: 'attributed', attribution: { showId: 'shw_1', highlightId: 'hlt_1', viewerId: 'vwr_1' } });
  expect(verdictOf({ show: { endedAt: null }, placedAt: Number.MAX_SAFE_INTEGER })).toBe('attributed');
});

test('[ORD5] each missing condition has its verdict and no attribution', () => {
  const cases: [Partial<Evidence>, string][] = [
    [{ token: null }, 'absent'],
    [{ token: 'invalid' }, 'invalid'],
    [{ show: null }, 'unknown_show'],
    [{ productId: 'prd_2' }, 'other_product'],
    [{ productId: null }, 'other_product'],
    [{ placedAt: token.mintedAt - SHOP_CLOCK_SKEW_MS - 1 }, 'too_early'],
    [{ placedAt: 2_000_000 + ATTRIBUTION_WINDOW_MS + 1 }, 'too_late'],
  ];
  for (const [change, verdict] of cases) expect(judgeLine({ ...good, ...change })).toEqual({ verdict, attribution: null });
});

test('[ORD5] both ends of the window count', () => {
  expect(verdictOf({ placedAt: token.mintedAt - SHOP_CLOCK_SKEW_MS })).toBe('attributed');
  expect(verdictOf({ placedAt: 2_000_000 + ATTRIBUTION_WINDOW_MS })).toBe('attributed');
});
