import type { ReportMetric, SamplingNote, ShowKpis } from '@insp/protocol';
import { expect, test } from 'vitest';
import { headlineFigures } from './headline-figures.ts';

const totals: ShowKpis = {
  showId: 'shw_1',
  watchingCount: 0,
  peakWatchingCount: 9,
  uniqueViewerCount: 50,
  isUniqueViewerCountEstimated: false,
  visitCount: 80,
  messageCount: 30,
  chatterCount: 10,
  reactionCount: 0,
  productClickCount: 4_000,
  cartAddCount: 20,
  orderCount: 8,
  unitCount: 9,
  gmvMinor: 40_000,
  refundedMinor: 5_000,
  currency: 'EUR',
  hasSimulated: false,
  updatedAt: 0,
};
const metric = (
  name: string,
  unit: ReportMetric['unit'],
  value: number | null,
  formula: string,
  parts: ReportMetric['parts'],
): ReportMetric => ({
  name,
  label: name,
  version: 1,
  unit,
  value,
  definition: `What ${name} is.`,
  formula,
  parts,
});
const METRICS = [
  metric('viewers', 'count', 1_234, 'v1: viewerCount', { viewerCount: 1_234 }),
  metric('chatRate', 'ratio', 0.2, 'v1: chatterCount / viewerCount', { chatterCount: 10, viewerCount: 50 }),
  metric('watchTime', 'ms', 3_725_000, 'v1: watchTimeMs', { watchTimeMs: 3_725_000 }),
  metric('peakMinute', 'minute', Date.UTC(2026, 2, 5, 19, 30) / 60_000, 'v1: peakMinute', {}),
  metric('gpm', 'minor', 500_000, 'v2: gmvMinor x 1000 / visitCount', { gmvMinor: 40_000, visitCount: 80 }),
  metric('answerP50', 'ms', null, 'v1: answerP50Ms', { answerP50Ms: null }),
];
const figures = (
  more: Partial<ShowKpis> = {},
  metrics: ReportMetric[] | undefined = METRICS,
  formulas = {},
  sampling: SamplingNote | null = null,
) =>
  headlineFigures(
    { kpis: { totals: { ...totals, ...more }, minutes: [], products: [], highlights: [], sampling }, formulas, metrics },
    'en-GB',
  );
const figure = (key: string) => figures().find((one) => one.key === key);

test('a metric reads in its unit', () => {
  expect(['viewers', 'chatRate', 'watchTime', 'gpm', 'answerP50'].map((key) => figure(key)?.value)).toEqual([
    '1,234',
    '20.0 %',
    '1 h 2 min',
    '€5,000.00',
    '–',
  ]);
  expect(figure('peakMinute')?.value).toMatch(/^\d\d:\d\d$/);
});
test('its formula opens with the figures in it', () => {
  expect(figure('chatRate')?.formula).toBe('v1: chatterCount / viewerCount = 10 / 50');
  expect(figure('gpm')?.formula).toBe('v2: gmvMinor x 1000 / visitCount = €400.00 x 1000 / 80');
  expect(figure('answerP50')?.formula).toBe('v1: answerP50Ms = –');
});
test('who may not see money sees no figure made of it', () => {
  expect(figures({ gmvMinor: null, refundedMinor: null }).map(({ key }) => key)).not.toContain('gpm');
});
test('counts stand with the formula of the server, also without metrics', () => {
  const counts = figures({}, [], { orderCount: 'v1: x' });
  expect(counts.map(({ key, value }) => [key, value])).toContainEqual(['productClickCount', '4,000']);
  expect(counts.find(({ key }) => key === 'orderCount')?.formula).toBe('v1: x');
});
test('a figure made of sampled facts wears ~, the others do not', () => {
  const sampled = figures(
    {},
    [metric('ctr', 'ratio', 0.15, 'v1: clickCount / impressionCount', { clickCount: 60, impressionCount: 400 }), ...METRICS],
    {},
    {
      sinceMs: 0,
      greatestLevel: 2,
      estimated: ['productClickCount', 'clickCount', 'impressionCount'],
    },
  );
  const shown = Object.fromEntries(sampled.map(({ key, value }) => [key, value]));
  expect(shown).toMatchObject({ ctr: '~15.0 %', productClickCount: '~4,000', orderCount: '8', viewers: '1,234' });
});
