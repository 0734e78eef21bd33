import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createImpressions, IMPRESSION_MS } from './impressions.ts';

function setUp() {
  const clock = createFakeClock();
  const seen: string[] = [];
  let tell: (entries: { target: Element; isIntersecting: boolean; intersectionRatio: number }[]) => void = () => {};
  const impressions = createImpressions({
    after: (delayMs, work) => clock.after(delayMs, work),
    onImpression: ({ productId, highlightId }) => seen.push(`${productId} ${highlightId}`),
    createObserver: (onChange) => {
      tell = onChange;
      return { observe: () => {}, unobserve: () => {}, disconnect: () => {} };
    },
  });
  const node = {} as Element;
  return {
    clock,
    seen,
    impressions,
    node,
    show: (ratio: number) => tell([{ target: node, isIntersecting: ratio > 0, intersectionRatio: ratio }]),
  };
}

test('half visible for a second counts, once; a millisecond less does not', () => {
  const { clock, seen, impressions, node, show } = setUp();
  impressions.watch(node, () => ({ productId: 'prd_1', highlightId: 'hlt_1' }));
  show(0.5);
  clock.advance(IMPRESSION_MS - 1);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toEqual(['prd_1 hlt_1']);
  show(0);
  show(1);
  clock.advance(IMPRESSION_MS);
  expect(seen).toHaveLength(1);
});

test('less than half, or gone before the second is over, does not count', () => {
  const { clock, seen, impressions, node, show } = setUp();
  impressions.watch(node, () => ({ productId: 'prd_1', highlightId: null }));
  show(0.49);
  clock.advance(5_000);
  show(0.8);
  clock.advance(IMPRESSION_MS - 1);
  show(0.1);
  clock.advance(5_000);
  expect(seen).toEqual([]);
});

test('a card that changes its product starts a new second', () => {
  const { clock, seen, impressions, node, show } = setUp();
  let productId = 'prd_1' as const as `prd_${string}`;
  impressions.watch(node, () => ({ productId, highlightId: null }));
  show(1);
  clock.advance(900);
  productId = 'prd_2';
  impressions.recheck();
  clock.advance(900);
  expect(seen).toEqual([]);
  clock.advance(100);
  expect(seen).toEqual(['prd_2 null']);
});
