// The same traffic counted twice: as it is, and as the sampler leaves it. The figures are those of the aggregates: of the
// show, of a minute, of a product.
import type { EventName, Fact, ShedLevel } from '@insp/protocol';
import { createSeededRandom } from '@insp/test-kit';
import { expect } from 'vitest';
import { createSampler } from '../sampler.ts';
import { keptOneIn } from '../sampling-rules.ts';
import { traffic } from './traffic.ts';

export type Sum = { sum: number; sumOfSquares: number };
type Figures = {
  /** SUM(weight), by what it is keyed by. */
  counts: Map<string, Sum>;
  moneyMinor: Map<string, number>;
  viewers: Set<string>;
  chatters: Set<string>;
  buyers: Set<string>;
  viewersOfMinute: Set<string>;
};

const isMoney = (fact: Fact) => fact.name.startsWith('orders.');

function emptyFigures(): Figures {
  return {
    counts: new Map(),
    moneyMinor: new Map(),
    viewers: new Set(),
    chatters: new Set(),
    buyers: new Set(),
    viewersOfMinute: new Set(),
  };
}

/** The figures as the aggregates hold them: show, minute, product. */
function count(figures: Figures, fact: Fact): void {
  const minute = Math.floor(fact.occurredAt / 60_000);
  for (const key of [fact.name, `${fact.name} minute ${minute}`, `${fact.name} product ${fact.productId}`]) {
    const one = figures.counts.get(key) ?? { sum: 0, sumOfSquares: 0 };
    figures.counts.set(key, one);
    one.sum += fact.weight;
    one.sumOfSquares += fact.weight ** 2;
  }
  if (isMoney(fact)) figures.moneyMinor.set(fact.name, (figures.moneyMinor.get(fact.name) ?? 0) + fact.amountMinor);
  if (fact.viewerId === null) return;
  figures.viewersOfMinute.add(`${minute} ${fact.viewerId}`);
  if (fact.name === 'realtime.viewer_joined') figures.viewers.add(fact.viewerId);
  if (fact.name === 'chat.message_posted') figures.chatters.add(fact.viewerId);
  if (fact.name === 'orders.order_placed') figures.buyers.add(fact.viewerId);
}

export function sampledRun(seed: number, level: ShedLevel, options: { count: number; viewers: number; minutes: number }) {
  const sampler = createSampler({ salt: seed * 7919 + 1 });
  const truth = emptyFigures();
  const kept = emptyFigures();
  let factCount = 0;
  let keptCount = 0;
  for (const fact of traffic(createSeededRandom(seed), options)) {
    factCount += 1;
    count(truth, fact);
    const sampled = sampler.sample(fact, level, fact.occurredAt);
    if (sampled === null) continue;
    keptCount += 1;
    count(kept, sampled);
  }
  return { truth, kept, factCount, keptCount, leftOutCount: sampler.stats().leftOutCount };
}

/** (k - 1) * SUM(w^2): at most, for the firsts of a minute are kept for sure. */
export const sigmaOf = (name: EventName, level: ShedLevel, { sumOfSquares }: Sum) => Math.sqrt((keptOneIn(name, level) - 1) * sumOfSquares);

/** A run with a seed at a level: every total within 3 sigma, of all finer figures about 99.7 %, the rest exact. */
export function expectFairSample(seed: number, level: ShedLevel, count: number): void {
  const { truth, kept, factCount, keptCount, leftOutCount } = sampledRun(seed, level, { count, viewers: count / 125, minutes: 12 });
  const z: number[] = [];
  for (const [key, one] of truth.counts) {
    const name = key.split(' ')[0] as EventName;
    const estimate = kept.counts.get(key)?.sum ?? 0;
    const sigma = sigmaOf(name, level, one);
    if (sigma === 0) expect([key, estimate]).toEqual([key, one.sum]);
    else z.push((estimate - one.sum) / sigma);
    if (sigma > 0 && !key.includes(' ')) expect(Math.abs(estimate - one.sum), key).toBeLessThanOrEqual(3 * sigma);
  }
  expect(kept.moneyMinor).toEqual(truth.moneyMinor);
  for (const distinct of ['viewers', 'chatters', 'buyers', 'viewersOfMinute'] as const)
    expect([distinct, kept[distinct].size]).toEqual([distinct, truth[distinct].size]);
  expect(keptCount + leftOutCount).toBe(factCount);
  expect(truth.counts.size).toBeGreaterThan(100);
  if (level === 0) {
    expect(z).toEqual([]);
    return;
  }
  expect(leftOutCount).toBeGreaterThan(100);
  expect(z.length).toBeGreaterThan(10);
  expect(z.filter((value) => Math.abs(value) > 3).length / z.length).toBeLessThanOrEqual(0.02);
  expect(Math.max(...z.map(Math.abs))).toBeLessThan(4.5);
}
