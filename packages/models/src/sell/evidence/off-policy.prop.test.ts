// The identities that tie the estimators together, over random logs; and a simulator whose truth they must find.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform, type Uniform } from '../../math/seeded-random.ts';
import {
  ESTIMATORS,
  type Estimator,
  estimateOffPolicy,
  type ModelledRewards,
  type OffPolicyLog,
  type OffPolicyOptions,
} from './off-policy.ts';
import { modelRewards } from './reward-table.ts';

type Row = { reward: number; logging: number; target: number; ofLogged: number; ofTarget: number };
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  reward: fc.double({ min: -5, max: 5, noNaN: true }),
  logging: fc.double({ min: 0.05, max: 1, noNaN: true }),
  target: unit,
  ofLogged: unit,
  ofTarget: unit,
});
const rowsArbitrary = fc.array(rowArbitrary, { minLength: 1, maxLength: 25 }).filter((rows) => rows.some(({ target }) => target > 0.01));

const column = (rows: readonly Row[], name: keyof Row) => Float64Array.from(rows, (row) => row[name]);
function logOf(rows: readonly Row[], withModel = true): OffPolicyLog {
  const modelled: ModelledRewards = { ofLogged: column(rows, 'ofLogged'), ofTarget: column(rows, 'ofTarget') };
  return {
    rewards: column(rows, 'reward'),
    loggingPropensities: column(rows, 'logging'),
    targetPropensities: column(rows, 'target'),
    ...(withModel ? { modelled } : {}),
  };
}
function valuesOf(log: OffPolicyLog, options: Partial<OffPolicyOptions> = {}): Record<Estimator, number> {
  const { estimates } = estimateOffPolicy(log, { uniform: seededUniform(1), resampleCount: 2, minEss: 0, ...options });
  return Object.fromEntries(ESTIMATORS.map((name) => [name, estimates?.[name].value])) as Record<Estimator, number>;
}
const near = (actual: number, expected: number) => expect(Math.abs(actual - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)));

describe('identities', () => {
  test('DR with a zero reward model is IPW, SNDR is SNIPW, DM is 0', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const values = valuesOf(logOf(rows, false));
        near(values.dr, values.ipw);
        near(values.sndr, values.snipw);
        expect(values.dm).toBe(0);
      }),
    );
  });
  test('IPW and SNIPW with target = logging give the mean reward', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const values = valuesOf(logOf(rows.map((row) => ({ ...row, target: row.logging }))));
        const mean = rows.reduce((sum, { reward }) => sum + reward, 0) / rows.length;
        near(values.ipw, mean);
        near(values.snipw, mean);
      }),
    );
  });
  test('DRos at lambda 0 is DM, at infinity DR; Switch-DR at tau 0 keeps only rows without weight, at infinity it is DR', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const atZero = valuesOf(logOf(rows), { shrinkage: 0, threshold: 0 });
        near(atZero.drOs, atZero.dm);
        near(atZero.switchDr, atZero.dm);
        const atInfinity = valuesOf(logOf(rows), { shrinkage: Number.POSITIVE_INFINITY, threshold: Number.POSITIVE_INFINITY });
        near(atInfinity.drOs, atInfinity.dr);
        near(atInfinity.switchDr, atInfinity.dr);
        near(valuesOf(logOf(rows), { shrinkage: 1e15 }).drOs, atInfinity.dr);
      }),
    );
  });
  test('a perfect model of the logged action makes DR, SNDR, Switch-DR and DRos all DM', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const values = valuesOf(logOf(rows.map((row) => ({ ...row, ofLogged: row.reward }))));
        for (const name of ['dr', 'sndr', 'switchDr', 'drOs'] as const) near(values[name], values.dm);
      }),
    );
  });
});

describe('invariances', () => {
  test('order of rows does not matter, every row twice changes no value and doubles the sample size', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const limits = { threshold: 2, shrinkage: 3 };
        const values = valuesOf(logOf(rows), limits);
        const reversed = valuesOf(logOf([...rows].reverse()), limits);
        const doubled = valuesOf(logOf([...rows, ...rows]), limits);
        for (const name of ESTIMATORS) {
          near(reversed[name], values[name]);
          near(doubled[name], values[name]);
        }
        const essOf = (log: OffPolicyLog) => estimateOffPolicy(log, { uniform: seededUniform(1), minEss: 1e9 }).ess;
        near(essOf(logOf([...rows, ...rows])), 2 * essOf(logOf(rows)));
      }),
    );
  });
  test('rewards in another currency scale every estimate', () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.double({ min: 0.1, max: 50, noNaN: true }), (rows, factor) => {
        const limits = { threshold: 2, shrinkage: 3 };
        const scaled = rows.map((row) => ({
          ...row,
          reward: row.reward * factor,
          ofLogged: row.ofLogged * factor,
          ofTarget: row.ofTarget * factor,
        }));
        const [plain, other] = [valuesOf(logOf(rows), limits), valuesOf(logOf(scaled), limits)];
        for (const name of ESTIMATORS) expect(other[name]).toBeCloseTo(plain[name] * factor, 6);
      }),
    );
  });
  test('SNIPW stays within the rewards; half of every propensity leaves it alone', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const { snipw } = valuesOf(logOf(rows));
        expect(snipw).toBeGreaterThanOrEqual(Math.min(...rows.map(({ reward }) => reward)) - 1e-9);
        expect(snipw).toBeLessThanOrEqual(Math.max(...rows.map(({ reward }) => reward)) + 1e-9);
        near(valuesOf(logOf(rows.map((row) => ({ ...row, logging: row.logging / 2 })))).snipw, snipw);
      }),
    );
  });
});

test('by hand: two rows, weights 2 and 0.5', () => {
  const log: OffPolicyLog = {
    rewards: Float64Array.from([1, 3]),
    loggingPropensities: Float64Array.from([0.25, 0.8]),
    targetPropensities: Float64Array.from([0.5, 0.4]),
    modelled: { ofLogged: Float64Array.from([0.5, 2]), ofTarget: Float64Array.from([1, 2]) },
  };
  const values = valuesOf(log, { threshold: 1, shrinkage: 1 });
  near(values.ipw, (2 * 1 + 0.5 * 3) / 2);
  near(values.snipw, 3.5 / 2.5);
  near(values.dm, 1.5);
  near(values.dr, 1.5 + (2 * 0.5 + 0.5 * 1) / 2);
  near(values.sndr, 1.5 + 1.5 / 2.5);
  near(values.switchDr, 1.5 + (0.5 * 1) / 2);
  // lambda w / (w^2 + lambda): 2/5 and 0.5/1.25
  near(values.drOs, 1.5 + (0.4 * 0.5 + 0.4 * 1) / 2);
});

describe('refusals', () => {
  const even = (rowCount: number): OffPolicyLog => ({
    rewards: new Float64Array(rowCount).fill(1),
    loggingPropensities: new Float64Array(rowCount).fill(0.5),
    targetPropensities: new Float64Array(rowCount).fill(0.5),
  });
  test('below an effective sample size of 50 there is no number, at 50 there is', () => {
    const refused = estimateOffPolicy(even(49), { uniform: seededUniform(1) });
    expect(refused.estimates).toBeNull();
    expect(refused.refusal).toMatch(/49.0 is below 50/);
    expect(estimateOffPolicy(even(50), { uniform: seededUniform(1) }).estimates?.ipw.value).toBe(1);
  });
  test('wrong propensities are told by the mean weight', () => {
    const log = { ...even(1_000), targetPropensities: new Float64Array(1_000).fill(0.1) };
    expect(estimateOffPolicy(log, { uniform: seededUniform(1) }).warnings[0]).toMatch(/mean weight 0.200/);
    expect(estimateOffPolicy(even(100), { uniform: seededUniform(1) }).warnings).toEqual([]);
  });
  test('rows that make no sense are named', () => {
    expect(() => valuesOf({ ...even(60), loggingPropensities: new Float64Array(60) })).toThrow('row 1: column propensity: 0');
    expect(() => valuesOf({ ...even(60), rewards: new Float64Array(60).fill(Number.NaN) })).toThrow('column reward: NaN');
    expect(() => valuesOf({ ...even(60), targetPropensities: new Float64Array(59) })).toThrow('targetPropensities has 59');
    expect(() =>
      valuesOf({ rewards: new Float64Array(0), loggingPropensities: new Float64Array(0), targetPropensities: new Float64Array(0) }),
    ).toThrow('empty');
    const modelled = { ofLogged: new Float64Array(60), ofTarget: new Float64Array(60).fill(Number.NaN) };
    expect(() => valuesOf({ ...even(60), modelled })).toThrow('column ofTarget');
  });
  test('one show is one unit: no interval', () => {
    const log = { ...even(60), clusters: new Int32Array(60) };
    expect(estimateOffPolicy(log, { uniform: seededUniform(1) }).estimates?.ipw).toEqual({ value: 1, bootstrap: null, bernstein: null });
  });
});

/** Three actions in two contexts with known chances of success; the log and the target favour different ones. */
function simulate(rowCount: number, uniform: Uniform) {
  const success = [0.1, 0.2, 0.4, 0.3, 0.2, 0.1];
  const loggingChance = [0.6, 0.3, 0.1, 0.2, 0.3, 0.5];
  const targetChance = (action: number, context: number) => [0.1, 0.2, 0.7, 0.8, 0.1, 0.1][context * 3 + action] as number;
  const contexts = new Int32Array(rowCount).map(() => (uniform() < 0.5 ? 0 : 1));
  const actions = contexts.map((context) => {
    const u = uniform();
    const first = loggingChance[context * 3] as number;
    return u < first ? 0 : u < first + (loggingChance[context * 3 + 1] as number) ? 1 : 2;
  });
  const at = (i: number) => (contexts[i] as number) * 3 + (actions[i] as number);
  const rewards = Float64Array.from({ length: rowCount }, (_, i) => (uniform() < (success[at(i)] as number) ? 1 : 0));
  let truth = 0;
  for (const context of [0, 1])
    for (const action of [0, 1, 2]) truth += 0.5 * targetChance(action, context) * (success[context * 3 + action] as number);
  const modelled = (rowCounts?: Float64Array) =>
    modelRewards({ actions, contexts, rewards }, 3, targetChance, rowCounts === undefined ? {} : { rowCounts });
  const log: OffPolicyLog = {
    rewards,
    loggingPropensities: Float64Array.from({ length: rowCount }, (_, i) => loggingChance[at(i)] as number),
    targetPropensities: Float64Array.from({ length: rowCount }, (_, i) => targetChance(actions[i] as number, contexts[i] as number)),
    modelled,
  };
  return { log, truth };
}

test('every estimator finds the truth of a simulator', () => {
  const { log, truth } = simulate(40_000, seededUniform(11));
  const { estimates } = estimateOffPolicy(log, { uniform: seededUniform(1), resampleCount: 20 });
  for (const name of ESTIMATORS) expect(Math.abs((estimates?.[name].value as number) - truth)).toBeLessThan(0.015);
});

test('intervals cover the truth about as often as they say; Bernstein always', () => {
  const uniform = seededUniform(5);
  const covered = { ipw: 0, snipw: 0, dr: 0, sndr: 0, bernstein: 0 };
  const runs = 60;
  for (let run = 0; run < runs; run += 1) {
    const { log, truth } = simulate(600, uniform);
    const { estimates } = estimateOffPolicy(log, { uniform, resampleCount: 200 });
    const holds = (interval: { low: number; high: number } | null | undefined) =>
      Number(interval != null && interval.low <= truth && truth <= interval.high);
    for (const name of ['ipw', 'snipw', 'dr', 'sndr'] as const) covered[name] += holds(estimates?.[name].bootstrap);
    covered.bernstein += holds(estimates?.ipw.bernstein);
  }
  for (const name of ['ipw', 'snipw', 'dr', 'sndr'] as const) expect(covered[name] / runs).toBeGreaterThan(0.85);
  expect(covered.bernstein).toBe(runs);
});

test('the reward table by hand: shrunk to the action, that to the mean; a unit never judges itself', () => {
  const rows = { actions: Int32Array.from([0, 0, 1]), contexts: new Int32Array(3), rewards: Float64Array.from([1, 0, 1]) };
  const always1 = (action: number) => (action === 1 ? 1 : 0);
  // one fold, 1 row of prior: mean 2/3; action 1: (1 + 2/3) / 2 = 5/6, its only context (1 + 5/6) / 2
  const plain = modelRewards(rows, 2, always1, { foldCount: 1, priorRows: 1 });
  expect(plain.ofTarget[0]).toBeCloseTo(11 / 12, 12);
  expect(plain.ofLogged[2]).toBeCloseTo(11 / 12, 12);
  // counting every row twice with twice the prior is the same table
  const twice = modelRewards(rows, 2, always1, { foldCount: 1, priorRows: 2, rowCounts: new Float64Array(3).fill(2) });
  expect(twice.ofTarget[0]).toBeCloseTo(11 / 12, 12);
  // folds by unit: row 2 is judged by rows 0 and 1 alone, whose mean is 1/2
  const crossed = modelRewards({ ...rows, units: Int32Array.from([0, 0, 1]) }, 2, always1, { priorRows: 1 });
  expect(crossed.ofLogged[2]).toBeCloseTo(1 / 2, 12);
});

test('rows of a show that hang together widen the interval', () => {
  const rowCount = 400;
  const uniform = seededUniform(2);
  const shows = Int32Array.from({ length: rowCount }, (_, i) => Math.floor(i / 40));
  const good = Array.from({ length: 10 }, () => uniform() < 0.5);
  const log: OffPolicyLog = {
    rewards: Float64Array.from(shows, (show) => (good[show] ? 1 : 0)),
    loggingPropensities: new Float64Array(rowCount).fill(0.5),
    targetPropensities: new Float64Array(rowCount).fill(0.5),
  };
  const widthOf = (given: OffPolicyLog) => {
    const interval = estimateOffPolicy(given, { uniform: seededUniform(1) }).estimates?.ipw.bootstrap;
    return (interval?.high as number) - (interval?.low as number);
  };
  expect(widthOf({ ...log, clusters: shows })).toBeGreaterThan(3 * widthOf(log));
});
