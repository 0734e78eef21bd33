// What another policy would have earned, from a log with propensities in the layout of the Open Bandit data. Targets: `random`,
// `least-shown` (always the item shown least at each position: must be refused), or another log's policy, taken from its Beta
// parameters (Thompson sampling, --beta) or else from how often it showed each item at each position.
import { resolve } from 'node:path';
import { InputError } from '../../../packages/models/src/input-error.ts';
import { seededUniform } from '../../../packages/models/src/math/seeded-random.ts';
import { ESTIMATORS, estimateOffPolicy } from '../../../packages/models/src/sell/evidence/off-policy.ts';
import { modelRewards } from '../../../packages/models/src/sell/evidence/reward-table.ts';
import { betaDraw, drawSlates, slotChances } from '../../../packages/models/src/sell/explore/thompson-slots.ts';
import type { Task } from '../eval.ts';
import { type BanditLog, readBanditLog, readBetaParameters } from '../open-bandit.ts';
import { wholeOption } from '../texts.ts';

export const task: Task = {
  name: 'ope',
  usage:
    'ope --log DIR --target random|least-shown|DIR [--beta FILE] [--cluster COLUMN] [--draws 300000] [--resamples 1000] [--seed 1]   (DIR: one CSV with item_id,position,click,propensity_score and, if there, item_context.csv)',
  run: async (options) => {
    const log = readBanditLog(options.get('log') ?? 'true', 'log', options.get('cluster') ?? null);
    const uniform = seededUniform(wholeOption(options, 'seed', 1));
    const target = readTarget(options, log, uniform);
    const chanceOf = (item: number, slot: number) => target.chances[item * log.positions.length + slot] as number;
    const rowCount = log.rewards.length;
    const targetPropensities = target.isLogging
      ? log.propensities
      : Float64Array.from({ length: rowCount }, (_, i) => chanceOf(log.items[i] as number, log.slots[i] as number));
    const rows = { actions: log.items, contexts: log.slots, rewards: log.rewards, ...(log.units === null ? {} : { units: log.units }) };
    const modelled = (rowCounts: Float64Array) => modelRewards(rows, log.itemCount, chanceOf, { rowCounts });
    const report = estimateOffPolicy(
      {
        rewards: log.rewards,
        loggingPropensities: log.propensities,
        targetPropensities,
        modelled,
        ...(log.units === null ? {} : { clusters: log.units }),
      },
      { uniform, resampleCount: wholeOption(options, 'resamples', 1_000) },
    );
    const estimators = Object.fromEntries(
      ESTIMATORS.map((name) => {
        const found = report.estimates?.[name];
        if (found === undefined) return [name, { estimate: null, refused: report.refusal }];
        const { value, bootstrap, bernstein } = found;
        return [
          name,
          {
            estimate: value,
            low: bootstrap?.low ?? null,
            high: bootstrap?.high ?? null,
            bernsteinLow: bernstein?.low ?? null,
            bernsteinHigh: bernstein?.high ?? null,
          },
        ];
      }),
    );
    const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const result = {
      task: 'ope',
      rows: rowCount,
      items: log.itemCount,
      positions: log.positions.length,
      units: report.unitCount,
      target: target.name,
      loggedMean: meanOf(log.rewards),
      targetOwnMean: target.own === null ? null : meanOf(target.own.rewards),
      matchedRows: targetPropensities.reduce((count, chance) => count + (chance > 0 ? 1 : 0), 0),
      ess: report.ess,
      largestWeight: report.largestWeight,
      meanWeight: report.meanWeight,
      switchThreshold: finite(report.threshold),
      drOsShrinkage: finite(report.shrinkage),
      refused: report.refusal,
      estimators,
      warnings: report.warnings,
    };
    const show = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(6));
    const table = [
      ['estimator', 'estimate', '95 % bootstrap', '', '95 % Bernstein', ''],
      ...ESTIMATORS.map((name) => {
        const found = report.estimates?.[name];
        if (found === undefined) return [name, 'refused'];
        const { value, bootstrap, bernstein } = found;
        return [name, show(value), show(bootstrap?.low), show(bootstrap?.high), show(bernstein?.low), show(bernstein?.high)];
      }),
      ['logged mean', show(result.loggedMean)],
      ...(result.targetOwnMean === null ? [] : [["target's own log", show(result.targetOwnMean)]]),
      ['sample size', report.ess.toFixed(1), `of ${rowCount} rows, ${result.matchedRows} with any weight`],
      ['weights', `mean ${report.meanWeight.toFixed(4)}`, `largest ${report.largestWeight.toFixed(3)}`],
      ...(report.refusal === null ? [] : [['refused', report.refusal]]),
      ...report.warnings.map((warning) => ['warning', warning]),
    ];
    return { result, table };
  },
};

/** JSON knows no infinity: null = no limit. */
const finite = (value: number) => (Number.isFinite(value) ? value : null);

type Target = {
  readonly name: string;
  /** Chance of item i in slot s at [i * slots + s]. */
  readonly chances: Float64Array;
  /** The target is the policy that wrote the log: every weight is 1. */
  readonly isLogging: boolean;
  readonly own: BanditLog | null;
};

function readTarget(options: ReadonlyMap<string, string>, log: BanditLog, uniform: () => number): Target {
  const name = options.get('target') ?? 'true';
  if (name === 'true') throw new InputError('--target is missing: random, least-shown or a folder');
  const slotCount = log.positions.length;
  const size = log.itemCount * slotCount;
  const isPlain = name === 'random' || name === 'least-shown';
  if (isPlain && options.has('beta')) throw new InputError(`--beta does not go with --target ${name}`);
  if (name === 'random') return { name, chances: new Float64Array(size).fill(1 / log.itemCount), isLogging: false, own: null };
  if (name === 'least-shown') return { name, chances: leastShown(log), isLogging: false, own: null };
  const own = readBanditLog(name, 'target', null);
  if (own.itemCount !== log.itemCount || own.positions.join() !== log.positions.join())
    throw new InputError(
      `--target has ${own.itemCount} items at positions ${own.positions.join()}, --log ${log.itemCount} at ${log.positions.join()}`,
    );
  const betaFile = options.get('beta');
  if (betaFile !== undefined) {
    const { alphas, betas } = readBetaParameters(betaFile, log.itemCount);
    const draws = wholeOption(options, 'draws', 300_000);
    const slates = drawSlates(betaDraw(alphas, betas), log.itemCount, slotCount, draws, uniform);
    return {
      name: `${name}: Thompson sampling, ${draws} draws`,
      chances: slotChances(slates, log.itemCount, slotCount),
      isLogging: false,
      own,
    };
  }
  if (resolve(name) === resolve(log.folder))
    return { name: `${name}: the logging policy`, chances: frequencies(own), isLogging: true, own };
  return { name: `${name}: as often as its log shows`, chances: frequencies(own), isLogging: false, own };
}

function countsOf({ items, slots, positions, itemCount }: BanditLog): { counts: Float64Array; perSlot: Float64Array } {
  const counts = new Float64Array(itemCount * positions.length);
  const perSlot = new Float64Array(positions.length);
  for (let i = 0; i < items.length; i += 1) {
    const slot = slots[i] as number;
    const at = (items[i] as number) * positions.length + slot;
    counts[at] = (counts[at] as number) + 1;
    perSlot[slot] = (perSlot[slot] as number) + 1;
  }
  return { counts, perSlot };
}

function frequencies(log: BanditLog): Float64Array {
  const { counts, perSlot } = countsOf(log);
  return counts.map((count, at) => count / (perSlot[at % log.positions.length] as number));
}

function leastShown(log: BanditLog): Float64Array {
  const { counts } = countsOf(log);
  const slotCount = log.positions.length;
  const chances = new Float64Array(counts.length);
  for (let slot = 0; slot < slotCount; slot += 1) {
    let least = -1;
    for (let item = 0; item < log.itemCount; item += 1) {
      const count = counts[item * slotCount + slot] as number;
      if (count > 0 && (least < 0 || count < (counts[least * slotCount + slot] as number))) least = item;
    }
    chances[least * slotCount + slot] = 1;
  }
  return chances;
}
