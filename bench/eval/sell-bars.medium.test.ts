// The bars of the sell models on real data, read in place.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { THOMPSON_BETA } from './bars.ts';
import { task as nextItem } from './tasks/next-item.ts';
import { task as ope } from './tasks/ope.ts';
import { task as rooms } from './tasks/rooms.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const sessions = (name: string) => join(data, 'sessions-serenade', `${name}.txt`);
const bandit = (name: string) => join(data, 'obd-men', name);
const hasData = existsSync(sessions('train')) && existsSync(bandit('bts'));
if (!hasData) console.warn('skipped: ../shared/data/sessions-serenade or obd-men is missing');

type Figures = { readonly [name: string]: unknown };
const run = async (task: typeof ope, options: Record<string, string>) =>
  (await task.run(new Map(Object.entries(options)))).result as Figures;

describe.skipIf(!hasData)('next item, Serenade sessions', () => {
  test('settings chosen on training sessions alone: MRR@20 at least .377, HR@20 at least .6627', async () => {
    const { mrr, hr, predictions } = await run(nextItem, { train: sessions('train'), test: sessions('test') });
    expect(predictions).toBe(931);
    expect(mrr).toBeGreaterThanOrEqual(0.377);
    expect(hr).toBeGreaterThanOrEqual(0.6627);
  });
});

describe.skipIf(!hasData)('rooms, Serenade sessions', () => {
  test('ahead of the last-hour order by more than two standard errors, NDCG@10 at least .37', async () => {
    const result = await run(rooms, { events: sessions('train'), dev: '2020-06-16,2020-06-22', report: '2020-06-23,2020-06-29' });
    expect(result).toMatchObject({ devRooms: 64, reportRooms: 59 });
    const { ndcg, gains } = result as unknown as { ndcg: Record<string, number>; gains: { over: string; errors: number }[] };
    expect(ndcg.recency).toBeCloseTo(0.208, 3);
    expect(ndcg.fixed).toBeCloseTo(0.045, 3);
    expect(ndcg.score).toBeGreaterThanOrEqual(0.37);
    expect(gains.find(({ over }) => over === 'recency')?.errors).toBeGreaterThan(2);
  });
});

describe.skipIf(!hasData)('off-policy estimates, Open Bandit data', () => {
  const estimateOf = (result: Figures, name: string) =>
    (result as unknown as { estimators: Record<string, { estimate: number; low: number; high: number }> }).estimators[name];

  test('random valued from the Thompson log, digit by digit', async () => {
    const result = await run(ope, { log: bandit('bts'), target: 'random' });
    expect(estimateOf(result, 'ipw')?.estimate.toFixed(6)).toBe('0.003009');
    expect(estimateOf(result, 'snipw')?.estimate.toFixed(6)).toBe('0.003189');
    expect([Math.round(result.ess as number), Math.round(result.largestWeight as number)]).toEqual([656, 178]);
  });
  test('Thompson sampling valued from the random log, within half a per cent', async () => {
    const result = await run(ope, { log: bandit('random'), target: bandit('bts'), beta: THOMPSON_BETA });
    expect(Math.abs((estimateOf(result, 'ipw')?.estimate as number) / 0.00453 - 1)).toBeLessThan(0.005);
    expect(Math.abs((estimateOf(result, 'snipw')?.estimate as number) / 0.0046 - 1)).toBeLessThan(0.005);
    expect(Math.abs((result.ess as number) / 2_465 - 1)).toBeLessThan(0.01);
    expect(Math.abs((estimateOf(result, 'ipw')?.low as number) - 0.0025)).toBeLessThan(0.0003);
    expect(Math.abs((estimateOf(result, 'ipw')?.high as number) - 0.0072)).toBeLessThan(0.0004);
  });
  test('always the lot least shown: refused', async () => {
    const result = await run(ope, { log: bandit('bts'), target: 'least-shown' });
    expect(result).toMatchObject({ matchedRows: 24, refused: expect.stringContaining('effective sample size 5.6') });
    expect(estimateOf(result, 'dm')?.estimate).toBeNull();
  });
  test('the logs valued by themselves give their click rates', async () => {
    for (const [name, rate] of [
      ['random', 0.0046],
      ['bts', 0.0069],
    ] as const)
      expect(estimateOf(await run(ope, { log: bandit(name), target: bandit(name) }), 'snipw')?.estimate).toBeCloseTo(rate, 10);
  });
});
