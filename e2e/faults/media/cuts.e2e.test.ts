// The bar of `npm run faults:media -- cuts` in short: real encoders, the real app, three cuts and three with a backup.
// Times are printed, not judged: a test never times.
import { expect, test } from 'vitest';
import { CUT_KINDS, planRounds, resumedAfter, runCuts } from './cuts.ts';
import { cutLine } from './run-cuts.ts';

test('encoders that are cut off end no show and break no sequence; a backup takes over', { timeout: 300_000 }, async () => {
  const { results, endedCount, segmentCount } = await runCuts({
    ...{ seed: 5, roundCount: 3, guardedCount: 3 },
    onRound: (result) => console.info(cutLine(result)),
  });
  expect(results.flatMap(({ faults }) => faults)).toEqual([]);
  expect(endedCount).toBe(0);
  expect(segmentCount).toBeGreaterThan(10);
  expect(results.filter(({ isGuarded }) => isGuarded).every(({ gapMs }) => gapMs !== null)).toBe(true);
});

test('every kind of cut comes before one comes again, and a seed gives the same plan', () => {
  const plan = planRounds(9, 10, false);
  for (const half of [plan.slice(0, 5), plan.slice(5)]) expect(new Set(half.map(({ kind }) => kind))).toEqual(new Set(CUT_KINDS));
  expect(planRounds(9, 10, false)).toEqual(plan);
});

test('a picture that stood still over the key frame has resumed when that ends; what comes after counts apart', () => {
  const stills = [
    { fromMs: 100, toMs: 1_400 },
    { fromMs: 1_500, toMs: 2_200 },
  ];
  expect(resumedAfter([{ fromMs: 100, toMs: 900 }], 1_000)).toEqual({ resumedMs: 0, laterStillMs: 0 });
  expect(resumedAfter(stills, 1_000)).toEqual({ resumedMs: 400, laterStillMs: 700 });
});
