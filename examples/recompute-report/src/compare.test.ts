import { expect, test } from 'vitest';
import { figuresOf, findDifferences } from './compare.ts';

const report = {
  show: { title: 'Evening' },
  kpis: {
    totals: { showId: 'shw_1', watchingCount: 3, updatedAt: 5, gmvMinor: 100 },
    minutes: [
      { minute: 8, orderCount: 1 },
      { minute: 7, orderCount: 2 },
    ],
  },
  sources: [{ source: 'direct', visitCount: 4 }],
};

test('rows are matched by what they are about, and states of the moment are no figures', () => {
  const same = {
    totals: { gmvMinor: 100 },
    minutes: [
      { minute: 7, orderCount: 2 },
      { minute: 8, orderCount: 1 },
    ],
    sources: [{ source: 'direct', visitCount: 4 }],
  };
  expect(findDifferences(same, figuresOf(report))).toEqual([]);
});
test('a figure that differs, or is on one side only, is named', () => {
  const other = {
    totals: { gmvMinor: 101, extra: 1 },
    minutes: [{ minute: 7, orderCount: 2 }],
    sources: [{ source: 'direct', visitCount: 4 }],
  };
  expect(findDifferences(other, figuresOf(report))).toEqual([
    { figure: 'totals.gmvMinor', recomputed: 101, reported: 100 },
    { figure: 'totals.extra', recomputed: 1, reported: undefined },
    { figure: 'minutes[8].minute', recomputed: undefined, reported: 8 },
    { figure: 'minutes[8].orderCount', recomputed: undefined, reported: 1 },
  ]);
});
test('an estimate is held to what its sketch may be off by, all else to the unit', () => {
  const minute = (uniqueViewerCount: number, isUniqueViewerCountEstimated = false) => ({
    totals: { uniqueViewerCount, isUniqueViewerCountEstimated },
    minutes: [{ minute: 7, uniqueViewerCount }],
    sampling: null,
  });
  const figures = (recomputed: object, reported: object) => findDifferences(recomputed, reported).map(({ figure }) => figure);
  // 20 of 2,048 buckets: 0.31 of a viewer, four times, and the rounding.
  expect(figures(minute(20), minute(21))).toEqual(['totals.uniqueViewerCount']);
  expect(figures(minute(20), minute(23))).toEqual(['totals.uniqueViewerCount', 'minutes[7].uniqueViewerCount']);
  // 20,000 members: 2.3 % is 460.
  expect(figures(minute(20_000), minute(21_800, true))).toEqual([]);
  expect(figures(minute(20_000), minute(21_900, true))).toEqual(['totals.uniqueViewerCount', 'minutes[7].uniqueViewerCount']);
});
