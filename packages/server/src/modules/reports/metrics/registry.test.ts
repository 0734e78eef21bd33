// Each metric against numbers worked out by hand.
import { reportMetricSchema } from '@insp/protocol/schemas';
import { describe, expect, test } from 'vitest';
import type { MetricFigures } from './metric.ts';
import { METRICS_NOT_YET } from './not-yet.ts';
import { computeMetrics, METRICS } from './registry.ts';

const EVENING: MetricFigures = {
  viewerCount: 40,
  visitCount: 50,
  effectiveViewCount: 30,
  watchTimeMs: 1_000_001,
  watchingSum: 1_000,
  watchingSampleCount: 60,
  watchingMax: 25,
  peakMinute: 29_333_334,
  chatterCount: 8,
  reactorCount: 10,
  adderCount: 6,
  buyerCount: 4,
  buyerUnitCount: 9,
  messageCount: 30,
  impressionCount: 400,
  clickCount: 60,
  cartAddCount: 15,
  orderCount: 6,
  gmvMinor: 40_003,
  refundedMinor: 1_003,
  currency: 'EUR',
  closedQuestionCount: 3,
  openQuestionCount: 1,
  answerP50Ms: 20_000,
  answerP95Ms: 90_000,
  attributedOrderCount: 6,
  unattributedOrderCount: 2,
};
const valueNamed = (name: string, change: Partial<MetricFigures> = {}, mayReadTurnover = true) =>
  computeMetrics({ ...EVENING, ...change }, mayReadTurnover).find((metric) => metric.name === name)?.value;

const BY_HAND: Record<string, number> = {
  viewers: 40,
  visits: 50,
  effectiveViews: 30,
  concurrentMean: 16.67, // 1000 / 60 = 16.666...
  concurrentMax: 25,
  peakMinute: 29_333_334,
  watchTime: 1_000_001,
  averageWatchTime: 25_000, // 25,000.025
  chatRate: 0.2,
  messagesPerChatter: 3.75,
  likeRate: 0.25,
  answerRate: 0.75, // 3 of 3 + 1
  answerP50: 20_000,
  answerP95: 90_000,
  ctr: 0.15,
  addRatePeople: 0.15,
  addRate: 0.25,
  ctor: 0.1,
  buyerConversion: 0.1,
  itemsPerBuyer: 2.25,
  directGmv: 40_003,
  net: 39_000,
  aov: 6_667, // 6,667.17
  gpm: 800_060, // 40,003 x 1000 / 50
  coverage: 0.75,
};

test.each(METRICS.map(({ name }) => name))('%s', (name) => {
  expect(BY_HAND).toHaveProperty([name]);
  expect(valueNamed(name)).toBe(BY_HAND[name]);
});

describe('what has no value', () => {
  test.each([
    ['chatRate', { viewerCount: 0 }],
    ['averageWatchTime', { viewerCount: 0 }],
    ['messagesPerChatter', { chatterCount: 0 }],
    ['concurrentMean', { watchingSampleCount: 0 }],
    ['ctr', { impressionCount: 0 }],
    ['ctor', { clickCount: 0 }],
    ['itemsPerBuyer', { buyerCount: 0 }],
    ['aov', { orderCount: 0 }],
    ['gpm', { visitCount: 0 }],
    ['answerRate', { closedQuestionCount: 0, openQuestionCount: 0 }],
    ['coverage', { attributedOrderCount: 0, unattributedOrderCount: 0 }],
  ] as const)('%s with nothing to divide by', (name, change) => expect(valueNamed(name, change)).toBeNull());

  test.each(['directGmv', 'net', 'aov', 'gpm'])('%s of two currencies', (name) => expect(valueNamed(name, { currency: null })).toBeNull());
});

test('halves go up, in whole units', () => {
  expect(valueNamed('aov', { gmvMinor: 5, orderCount: 2 })).toBe(3);
  expect(valueNamed('aov', { gmvMinor: 7, orderCount: 3 })).toBe(2);
  expect(valueNamed('concurrentMean', { watchingSum: 1, watchingSampleCount: 8 })).toBe(0.13);
});

test('[OR2] who may not see turnover gets no metric made of it, nor its parts, and all others', () => {
  const blind = computeMetrics(EVENING, false);
  expect(blind.filter(({ value }) => value === null).map(({ name }) => name)).toEqual(['directGmv', 'net', 'aov', 'gpm']);
  expect(JSON.stringify(blind)).not.toMatch(/40003|1003|39000|6667|800060/);
});

test('a metric names its formula, version and parts, and no name is used twice', () => {
  const metrics = computeMetrics(EVENING, true);
  for (const metric of metrics) expect(reportMetricSchema.parse(metric)).toEqual(metric);
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  expect(metrics.find(({ name }) => name === 'gpm')).toMatchObject({
    formula: 'v2: gmvMinor x 1000 / visitCount',
    parts: { gmvMinor: 40_003, visitCount: 50 },
  });
  expect(metrics.find(({ name }) => name === 'answerRate')?.formula).toBe(
    'v1: closedQuestionCount / (closedQuestionCount + openQuestionCount)',
  );
});

test('what cannot be counted yet says which fact is missing', () => {
  for (const { name, missing } of METRICS_NOT_YET) expect([name, missing.length > 10]).toEqual([name, true]);
});
