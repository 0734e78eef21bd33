// The estimate is unbiased and its variance the one claimed; at every level money and distinct counts are exact. The bar
// itself, with 10^5 and 10^6 facts and through Postgres, is in sampler.bar.medium.test.ts.
import type { Fact, ShedLevel } from '@insp/protocol';
import { SHED_LEVELS } from '@insp/protocol';
import { createSeededRandom } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createSampler, GREATEST_WEIGHT } from './sampler.ts';
import { keptOneIn, SAMPLING_CLASS } from './sampling-rules.ts';
import { createSeenViewers } from './seen-viewers.ts';
import { expectFairSample } from './test-support/sampled-run.ts';
import { hex, TRAFFIC_START_MS, traffic } from './test-support/traffic.ts';

test.each(SHED_LEVELS)('[P5] [P6] level %i: estimates within 3 sigma, money and distinct counts exact', (level) => {
  expectFairSample(1, level, 20_000);
});

test('[P5] over 400 salts the mean error is nothing and the variance is the one of the formula', () => {
  const facts = [...traffic(createSeededRandom(5), { count: 4_000, viewers: 100, minutes: 1 })].filter(
    ({ name }) => SAMPLING_CLASS[name] === 'interest',
  );
  // Nobody's viewer: the first-of-the-minute rule is left out, what remains is the plain estimator.
  const anonymous = facts.map((fact) => ({ ...fact, viewerId: null }) as Fact);
  const truth = anonymous.reduce((sum, { weight }) => sum + weight, 0);
  const variance = 7 * anonymous.reduce((sum, { weight }) => sum + weight ** 2, 0);
  const errors: number[] = [];
  const claimed: number[] = [];
  for (let salt = 1; salt <= 400; salt += 1) {
    const sampler = createSampler({ salt: salt * 2_654_435_761 });
    const weights = anonymous.flatMap((fact) => sampler.sample(fact, 2, TRAFFIC_START_MS)?.weight ?? []);
    errors.push(weights.reduce((sum, weight) => sum + weight, 0) - truth);
    claimed.push((7 / 8) * weights.reduce((sum, weight) => sum + weight ** 2, 0));
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const sigma = Math.sqrt(variance);
  // Mean of 400 draws: within 3 sigma / 20. Sample variance: relative standard error sqrt(2 / 400) = 7 %.
  expect(Math.abs(mean(errors))).toBeLessThan((3 * sigma) / 20);
  expect(mean(errors.map((error) => error ** 2)) / variance).toBeGreaterThan(0.79);
  expect(mean(errors.map((error) => error ** 2)) / variance).toBeLessThan(1.21);
  expect(mean(claimed) / variance).toBeGreaterThan(0.95);
  expect(mean(claimed) / variance).toBeLessThan(1.05);
});

test('[P5] mixed levels in one show still add up: each fact is weighted by the level it met', () => {
  const sampler = createSampler({ salt: 3 });
  let truth = 0;
  let variance = 0;
  let estimate = 0;
  let at = 0;
  for (const fact of traffic(createSeededRandom(9), { count: 120_000, viewers: 500, minutes: 10 })) {
    at += 1;
    const level = SHED_LEVELS[Math.floor(at / 10_000) % 5] as ShedLevel;
    if (fact.name !== 'product.impression') continue;
    truth += fact.weight;
    variance += (keptOneIn(fact.name, level) - 1) * fact.weight ** 2;
    estimate += sampler.sample(fact, level, fact.occurredAt)?.weight ?? 0;
  }
  expect(variance).toBeGreaterThan(0);
  expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(3 * Math.sqrt(variance));
});

test('[P6] the traffic of these tests holds every class of fact', () => {
  const names = new Set([...traffic(createSeededRandom(1), { count: 5_000, viewers: 100, minutes: 1 })].map(({ name }) => name));
  expect(new Set([...names].map((name) => SAMPLING_CLASS[name]))).toEqual(new Set(['never', 'interest', 'telemetry']));
  expect([...names].filter((name) => name.startsWith('orders.'))).toHaveLength(3);
});

const impression = (n: number, more: Partial<Fact> = {}): Fact =>
  ({
    ...{ id: `evt_${hex(n)}`, name: 'product.impression', v: 1, orgId: 'org', showId: `shw_${hex(1)}`, occurredAt: TRAFFIC_START_MS },
    ...{ actor: { kind: 'viewer', id: null }, isSimulated: false, viewerId: null, productId: null, highlightId: null, kind: null },
    ...{ amountMinor: 0, weight: 1, payload: {}, ...more },
  }) as Fact;

test('[P4] the same id gets the same answer, and what is kept at 1 in 8 is among what is kept at 1 in 4', () => {
  const [one, again] = [createSampler({ salt: 5 }), createSampler({ salt: 5 })];
  let kept = 0;
  for (let n = 0; n < 4_000; n += 1) {
    const fact = impression(n);
    const first = one.sample(fact, 2, TRAFFIC_START_MS);
    expect(again.sample(fact, 2, TRAFFIC_START_MS)).toEqual(first);
    if (first === null) continue;
    kept += 1;
    expect(again.sample({ ...fact, name: 'player.stalled', payload: { stallMs: 1 } } as Fact, 1, TRAFFIC_START_MS)).not.toBeNull();
  }
  expect(kept).toBeGreaterThan(380);
  expect(kept).toBeLessThan(620);
});

test('[P4] another salt keeps others: nobody can choose ids that are always kept', () => {
  const keptBy = (salt: number) => {
    const sampler = createSampler({ salt });
    return new Set(Array.from({ length: 2_000 }, (_, n) => n).filter((n) => sampler.sample(impression(n), 2, TRAFFIC_START_MS) !== null));
  };
  const [one, other] = [keptBy(1), keptBy(2)];
  const both = [...one].filter((n) => other.has(n)).length;
  // Independent draws share 1 in 64: 31 of 2,000.
  expect(both).toBeLessThan(60);
});

test('[P4] weights multiply; one the log could not hold is kept as it is', () => {
  const sampler = createSampler({ salt: 5 });
  const n = Array.from({ length: 100 }, (_, at) => at).find((at) => sampler.sample(impression(at), 2, TRAFFIC_START_MS) !== null) ?? -1;
  const sampled = (weight: number) => sampler.sample(impression(n, { weight }), 2, TRAFFIC_START_MS)?.weight;
  expect(sampled(3)).toBe(24);
  expect(sampled(GREATEST_WEIGHT / 8)).toBe(GREATEST_WEIGHT);
  expect(sampled(GREATEST_WEIGHT / 8 + 1)).toBe(GREATEST_WEIGHT / 8 + 1);
});

test('[P6] a gauge is thinned by time, its weight stays, and every minute keeps a reading', () => {
  const sampler = createSampler({ salt: 5 });
  const kept = Array.from({ length: 360 }, (_, slot) =>
    sampler.sample(
      impression(slot, { name: 'realtime.concurrency_sampled', occurredAt: TRAFFIC_START_MS + slot * 10_000, amountMinor: slot }),
      1,
      TRAFFIC_START_MS,
    ),
  ).filter((fact) => fact !== null);
  expect(kept).toHaveLength(90);
  expect(new Set(kept.map(({ weight }) => weight))).toEqual(new Set([1]));
  expect(new Set(kept.map(({ occurredAt }) => Math.floor(occurredAt / 60_000))).size).toBe(60);
});

test('[P6] a full memory of viewers answers "not the first" and counts it; a minute that is over is forgotten', () => {
  const seen = createSeenViewers(2);
  const first = (key: string, minute: number, current = minute) => seen.isFirst(key, minute, current);
  expect([first('a', 1), first('a', 1), first('b', 1), first('c', 1)]).toEqual([true, false, true, false]);
  expect(seen.refusedCount).toBe(1);
  expect([first('a', 2), first('c', 1, 2), first('a', 3), first('a', 1, 3)]).toEqual([true, false, true, false]);
  // From the future, or far older than the log would take it: counted where the log puts it.
  expect([first('d', 99, 3), first('d', 3)]).toEqual([true, false]);
});

test('[P4] at level 0 nothing is touched', () => {
  const sampler = createSampler({ salt: 5 });
  const level: ShedLevel = 0;
  for (const fact of traffic(createSeededRandom(1), { count: 500, viewers: 20, minutes: 1 }))
    expect(sampler.sample(fact, level, 0)).toBe(fact);
});
