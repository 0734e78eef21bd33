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
