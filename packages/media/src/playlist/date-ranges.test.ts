import { expect, test } from 'vitest';
import { createDateRanges, MOMENT_LIMITS, type ProductMoment } from './date-ranges.ts';

const AT = Date.UTC(2026, 10, 20);
const moment = (highlightId: string, more: Partial<ProductMoment> = {}): ProductMoment => ({
  productId: 'prd_1',
  highlightId,
  startMs: AT,
  endMs: null,
  ...more,
});

test('[4.4.5.1-M1] [6.2.1-M10] a moment is a tag, its end another with the same attributes', () => {
  const ranges = createDateRanges();
  ranges.mark(moment('hlt_1'), AT);
  const [start] = ranges.tags();
  expect(start).toBe(
    '#EXT-X-DATERANGE:ID="hlt_1",CLASS="shop.product",START-DATE="2026-11-20T00:00:00.000Z",X-PRODUCT-ID="prd_1",X-HIGHLIGHT-ID="hlt_1"',
  );
  ranges.mark(moment('hlt_1', { endMs: AT + 5_000 }), AT + 5_000);
  expect(ranges.tags()).toEqual([
    start,
    '#EXT-X-DATERANGE:ID="hlt_1",CLASS="shop.product",START-DATE="2026-11-20T00:00:00.000Z",END-DATE="2026-11-20T00:00:05.000Z",X-PRODUCT-ID="prd_1",X-HIGHLIGHT-ID="hlt_1"',
  ]);
});

test('an end before the start is the start; a second end changes nothing', () => {
  const ranges = createDateRanges();
  ranges.mark(moment('hlt_1'), AT);
  ranges.mark(moment('hlt_1', { endMs: AT - 5_000 }), AT);
  ranges.mark(moment('hlt_1', { endMs: AT + 9_000 }), AT);
  expect(ranges.tags()[1]).toContain('END-DATE="2026-11-20T00:00:00.000Z"');
});

test('[6.2.1-M17] [6.2.1-M18] a range stays while its time is in the playlist, and its id never comes back', () => {
  const ranges = createDateRanges();
  ranges.mark(moment('open'), AT);
  ranges.mark(moment('over', { endMs: AT + 5_000 }), AT);
  ranges.moveTo(AT + 5_000, AT + 20_000);
  expect(ranges.tags()).toHaveLength(3);
  ranges.moveTo(AT + 5_001, AT + 21_000);
  expect(ranges.tags()).toHaveLength(1);
  expect(ranges.removedSince(AT + 21_000)).toEqual(['over']);
  expect(ranges.removedSince(AT + 21_001)).toEqual([]);
  expect(ranges.mark(moment('over'), AT + 22_000)).toBe(false);
});

test('[6.2.5.1-M2] ranges added lately can be asked for alone', () => {
  const ranges = createDateRanges();
  ranges.mark(moment('old'), AT);
  ranges.mark(moment('new'), AT + 20_000);
  ranges.mark(moment('old', { endMs: AT + 20_000 }), AT + 20_000);
  expect(ranges.tags(AT + 8_000).map((tag) => [/ID="(\w+)"/.exec(tag)?.[1], tag.includes('END-DATE')])).toEqual([
    ['old', true],
    ['new', false],
  ]);
});

test('no more ranges than the limit, and none with an id that would break the tag', () => {
  const ranges = createDateRanges();
  for (let index = 0; index < MOMENT_LIMITS.rangeCount; index += 1) expect(ranges.mark(moment(`hlt_${index}`), AT)).toBe(true);
  expect(ranges.mark(moment('one_more'), AT)).toBe(false);
  expect(createDateRanges().mark(moment('a"\n#EXT-X-ENDLIST'), AT)).toBe(false);
  expect(createDateRanges().mark(moment('hlt_1', { productId: 'a"b' }), AT)).toBe(false);
});
