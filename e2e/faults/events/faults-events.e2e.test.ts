// The bar of npm run faults:events in short: the same code, fewer rounds and shorter waits. And the proof that it can
// fail: parts broken on purpose in the usual ways are found out, each by the violation it must cause.
import { expect, test } from 'vitest';
import { countViolations, roundLine } from './report.ts';
import { type FaultsOptions, runFaults, SCENARIOS, type ScenarioName } from './run-faults.ts';
import { SABOTAGES, type Sabotage } from './sabotages.ts';
import type { RoundResult } from './scenarios/scenario.ts';

const SEED = 3;
/** One of each kind of kill. */
const KILL_ROUNDS = 6;

const run = (options: Pick<FaultsOptions, 'names' | 'sabotage' | 'killRounds'> & Partial<FaultsOptions>) =>
  runFaults({ seed: SEED, isShort: true, onRound: (result) => console.log(roundLine(result)), ...options });

test('after every fault acked is stored, counts and money are exact, and every table is its recompute', { timeout: 600_000 }, async () => {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  const results = await run({ names, killRounds: KILL_ROUNDS, sabotage: null });
  expect([...new Set(results.map(({ scenario }) => scenario))]).toEqual(names);
  expect(results.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(countViolations(results)).toBe(0);
});

test.for(Object.entries(SABOTAGES))('sabotage %s is found out', { timeout: 300_000 }, async ([sabotage, { scenario, finds }]) => {
  const found = (result: RoundResult) => result.violations.some(({ kind }) => kind === finds);
  const results = await run({ names: [scenario], killRounds: 12, sabotage: sabotage as Sabotage, isEnough: found });
  expect(results.some(found)).toBe(true);
});
