// Purchase intent on a table of visits: learn on one file and predict another, or predict each fold from the others.
import { InputError } from '../../../packages/models/src/input-error.ts';
import { seededUniform } from '../../../packages/models/src/math/seeded-random.ts';
import { auc } from '../../../packages/models/src/metrics/auc.ts';
import { averagePrecision } from '../../../packages/models/src/metrics/average-precision.ts';
import { brierScore } from '../../../packages/models/src/metrics/brier.ts';
import { calibrationError } from '../../../packages/models/src/metrics/calibration-error.ts';
import type { Cell, NamedColumn } from '../../../packages/models/src/who/intent/feature-bins.ts';
import { type IntentModel, intentChance, logisticChance, treesChance } from '../../../packages/models/src/who/intent/intent-model.ts';
import { learnIntent } from '../../../packages/models/src/who/intent/learn-intent.ts';
import { type CsvTable, columnOf, parseCsv, readText } from '../csv.ts';
import type { Task } from '../eval.ts';
import { foldsBy } from '../folds.ts';
import { wholeOption } from '../texts.ts';
import { type ColumnKind, detectColumns, readColumns, readLabels } from '../typed-columns.ts';

const RESAMPLES = 500;
const OPTIONS = new Set(['train', 'test', 'label', 'drop', 'folds', 'fold-by', 'seed']);

export const task: Task = {
  name: 'propensity',
  usage:
    'propensity --train F --label COL [--drop COL,...] (--test F | --folds N --fold-by COL) [--seed 1]   (CSV with a header; label 0/1, true/false or yes/no)',
  run: async (options) => {
    for (const name of options.keys()) if (!OPTIONS.has(name)) throw new InputError(`no option --${name}`);
    const label = options.get('label');
    if (label === undefined || label === 'true') throw new InputError('--label COL is missing');
    if (options.has('test') === options.has('folds')) throw new InputError('give either --test F or --folds N --fold-by COL');
    const seed = wholeOption(options, 'seed', 1);
    const dropped = (options.get('drop') ?? '').split(',').filter((name) => name !== '');
    const train = inFile('--train', () => parseCsv(readText(options.get('train'), 'train')));
    for (const name of [label, ...dropped]) columnOf(train, name);
    if (dropped.includes(label)) throw new InputError('the label cannot be dropped', { column: label });
    const run = options.has('test')
      ? predictTest(
          train,
          inFile('--test', () => parseCsv(readText(options.get('test'), 'test'))),
          label,
          dropped,
          seed,
        )
      : predictFolds(train, label, dropped, wholeOption(options, 'folds', 5), options.get('fold-by'), seed);
    return report(run);
  },
};

type Run = {
  protocol: string;
  trainRows: number;
  kinds: ReadonlyMap<string, ColumnKind>;
  missingCount: number;
  labels: Uint8Array;
  priors: Float64Array;
  chances: Record<'blend' | 'trees' | 'logistic', Float64Array>;
  treeCounts: number[];
  fitSeconds: number;
  predictSeconds: number;
};

/** Says which file an input error lies in. */
function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError) || error.message.includes(name)) throw error;
    throw new InputError(`${name}: ${error.message}`);
  }
}

function predictTest(train: CsvTable, test: CsvTable, label: string, dropped: readonly string[], seed: number): Run {
  const { columns, kinds, missingCount } = inFile('--train', () => learnable(train, [label, ...dropped]));
  const trainLabels = inFile('--train', () => readLabels(train, label));
  const testColumns = inFile('--test', () => readColumns(test, kinds));
  const labels = inFile('--test', () => readLabels(test, label));
  const run = emptyRun('train, then test', labels.length, labels, kinds, missingCount);
  const rows = Array.from({ length: labels.length }, (_, i) => i);
  judge(run, learn(run, columns, trainLabels, seed), testColumns, rows, trainLabels);
  return { ...run, trainRows: trainLabels.length };
}

function predictFolds(
  table: CsvTable,
  label: string,
  dropped: readonly string[],
  count: number,
  foldBy: string | undefined,
  seed: number,
): Run {
  if (foldBy === undefined || foldBy === 'true') throw new InputError('--fold-by COL is missing');
  if (foldBy === label) throw new InputError('folds cannot be dealt by the label', { column: label });
  const { columns, kinds, missingCount } = learnable(table, [label, foldBy, ...dropped]);
  const labels = readLabels(table, label);
  const folds = foldsBy(columnOf(table, foldBy), count, foldBy);
  const run = emptyRun(`${count} folds, ${folds.rule}`, labels.length, labels, kinds, missingCount);
  for (let fold = 0; fold < count; fold += 1) {
    const kept: number[] = [];
    const held: number[] = [];
    for (let i = 0; i < labels.length; i += 1) (folds.of[i] === fold ? held : kept).push(i);
    const keptLabels = Uint8Array.from(kept, (i) => labels[i] as number);
    const model = learn(
      run,
      columns.map((column) => ({ ...column, cells: kept.map((i) => column.cells[i] as Cell) })),
      keptLabels,
      seed,
    );
    judge(run, model, columns, held, keptLabels);
  }
  return run;
}

function learnable(table: CsvTable, left: readonly string[]) {
  const { kinds, missingCount } = detectColumns(table, new Set(left));
  const columns = readColumns(table, kinds);
  if (columns.length === 0) throw new InputError('no column is left to learn from');
  return { kinds, missingCount, columns };
}

function emptyRun(protocol: string, rowCount: number, labels: Uint8Array, kinds: Run['kinds'], missingCount: number): Run {
  const of = () => new Float64Array(rowCount);
  return {
    protocol,
    trainRows: rowCount,
    kinds,
    missingCount,
    labels,
    priors: of(),
    chances: { blend: of(), trees: of(), logistic: of() },
    treeCounts: [],
    fitSeconds: 0,
    predictSeconds: 0,
  };
}

function learn(run: Run, columns: readonly NamedColumn[], labels: Uint8Array, seed: number): IntentModel {
  const start = performance.now();
  const model = learnIntent(columns, labels, { seed });
  run.fitSeconds += (performance.now() - start) / 1000;
  run.treeCounts.push(model.trees.roots.length);
  return model;
}

function judge(run: Run, model: IntentModel, columns: readonly NamedColumn[], rows: readonly number[], taught: Uint8Array): void {
  const prior = taught.reduce((sum, label) => sum + label, 0) / taught.length;
  const cells = rows.map((i) => columns.map((column) => column.cells[i] as Cell));
  const start = performance.now();
  for (const [place, i] of rows.entries()) run.chances.blend[i] = intentChance(model, cells[place] as Cell[]);
  run.predictSeconds += (performance.now() - start) / 1000;
  for (const [place, i] of rows.entries()) {
    run.chances.trees[i] = treesChance(model, cells[place] as Cell[]);
    run.chances.logistic[i] = logisticChance(model, cells[place] as Cell[]);
    run.priors[i] = prior;
  }
}

function report(run: Run) {
  const { labels, chances } = run;
  const measure = (predicted: Float64Array) => ({
    auc: auc(labels, predicted),
    ap: averagePrecision(labels, predicted),
    brier: brierScore(labels, predicted),
    calibrationError: calibrationError(labels, predicted),
  });
  const shipped = measure(chances.blend);
  const rows = {
    shipped,
    trees: measure(chances.trees),
    logistic: measure(chances.logistic),
    prior: measure(run.priors),
  };
  const apInterval = resampledAp(labels, chances.blend);
  const named = (kind: ColumnKind) => [...run.kinds].filter(([, of]) => of === kind).map(([name]) => name);
  const columns = {
    number: named('number'),
    category: named('category'),
    leftOutAsRowName: named('row name'),
    leftOutAsConstant: named('constant'),
  };
  const result = {
    task: 'propensity',
    protocol: run.protocol,
    trainRows: run.trainRows,
    testRows: labels.length,
    positiveRatio: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    missingCells: run.missingCount,
    ...shipped,
    apInterval95: apInterval,
    rowsPerSecond: labels.length / run.predictSeconds,
    fitSeconds: run.fitSeconds,
    models: rows,
    treeCounts: run.treeCounts,
    columns,
  };
  const table = [
    ['', 'AUC', 'AP', 'Brier', 'calibration error'],
    ...Object.entries(rows).map(([name, m]) => [name, ...[m.auc, m.ap, m.brier, m.calibrationError].map((v) => v.toFixed(4))]),
    ['AP 95 %', apInterval.map((v) => v.toFixed(4)).join(' .. ')],
    ['rows', `${labels.length}, ${run.protocol}; ${Math.round(result.rowsPerSecond)} rows/s, fits ${run.fitSeconds.toFixed(1)} s`],
    ['columns', `${columns.number.length} numbers, ${columns.category.length} categories, ${run.missingCount} cells missing`],
    ...[...columns.leftOutAsRowName, ...columns.leftOutAsConstant].map((name) => [
      'left out',
      `${name} (${run.kinds.get(name) as ColumnKind})`,
    ]),
  ];
  return { result, table };
}

/** 95 % interval of the average precision over resampled rows: folds scatter too much to be quoted alone. */
function resampledAp(labels: Uint8Array, chances: Float64Array): [number, number] {
  const uniform = seededUniform(1);
  const values: number[] = [];
  for (let k = 0; k < RESAMPLES; k += 1) {
    const rows = Array.from({ length: labels.length }, () => Math.floor(uniform() * labels.length));
    const picked = rows.map((i) => labels[i] as number);
    if (!picked.includes(1)) continue;
    values.push(
      averagePrecision(
        picked,
        rows.map((i) => chances[i] as number),
      ),
    );
  }
  values.sort((a, b) => a - b);
  return [values[Math.floor(0.025 * values.length)] as number, values[Math.floor(0.975 * values.length)] as number];
}
