// Cross-validation inside the training rows: what number of trees, what blend and what calibration are chosen on.
import { seededUniform } from '../../math/seeded-random.ts';
import { binColumns, type NamedColumn } from './feature-bins.ts';
import { FtrlLogistic } from './ftrl-logistic.ts';
import { growTrees } from './grow-trees.ts';
import { binRows, pickCells } from './intent-rows.ts';
import type { IntentOptions } from './learn-intent.ts';
import type { HashedFeatures } from './visit-features.ts';

/** Log-odds of every row by models that never saw it, at the tree count with the least log loss. */
export type InnerScores = { readonly treeCount: number; readonly trees: Float32Array; readonly logistic: Float64Array };

/** Scores each inner fold by models grown on the others. */
export function scoreInnerFolds(
  columns: readonly NamedColumn[],
  hashed: readonly HashedFeatures[],
  labels: ArrayLike<number>,
  settings: IntentOptions,
): InnerScores {
  const rowCount = labels.length;
  const foldOf = dealFolds(labels, settings);
  const logitsAfter = Array.from({ length: settings.maxTreeCount }, () => new Float32Array(rowCount));
  const logisticLogits = new Float64Array(rowCount);
  for (let fold = 0; fold < settings.innerFoldCount; fold += 1) {
    const kept: number[] = [];
    const held: number[] = [];
    for (let i = 0; i < rowCount; i += 1) (foldOf[i] === fold ? held : kept).push(i);
    const { bins, training } = binRows(columns, labels, kept);
    const heldBins = binColumns(
      columns.map((column) => pickCells(column, held)),
      bins,
    );
    const onTree = (tree: number, logits: Float64Array) => {
      for (const [place, i] of held.entries()) (logitsAfter[tree] as Float32Array)[i] = logits[place] as number;
    };
    const grow = { ...settings.grow, treeCount: settings.maxTreeCount };
    growTrees(training, seededUniform(settings.seed + 100 + fold), grow, { bins: heldBins, rowCount: held.length, onTree });
    const linear = learnLogistic(hashed, labels, kept, settings);
    for (const i of held) logisticLogits[i] = linear.logit(hashed[i] as HashedFeatures);
  }
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [tree, logits] of logitsAfter.entries()) {
    const loss = logLoss(labels, logits);
    if (loss < least) {
      least = loss;
      best = tree;
    }
  }
  return { treeCount: best + 1, trees: logitsAfter[best] as Float32Array, logistic: logisticLogits };
}

/** The hashed logistic model after `passCount` passes over the rows in the order given. */
export function learnLogistic(
  hashed: readonly HashedFeatures[],
  labels: ArrayLike<number>,
  rows: readonly number[],
  { ftrl, passCount }: IntentOptions,
): FtrlLogistic {
  const model = new FtrlLogistic(ftrl);
  for (let pass = 0; pass < passCount; pass += 1) for (const i of rows) model.learn(hashed[i] as HashedFeatures, labels[i] as number);
  return model;
}

/** Deals folds within each outcome by a seeded shuffle: rows in order of time must not make folds of seasons. */
function dealFolds(labels: ArrayLike<number>, { innerFoldCount, seed }: IntentOptions): Uint8Array {
  const uniform = seededUniform(seed + 1_000);
  const foldOf = new Uint8Array(labels.length);
  for (const outcome of [0, 1]) {
    const rows: number[] = [];
    for (let i = 0; i < labels.length; i += 1) if (labels[i] === outcome) rows.push(i);
    for (let i = rows.length - 1; i > 0; i -= 1) {
      const other = Math.floor(uniform() * (i + 1));
      [rows[i], rows[other]] = [rows[other] as number, rows[i] as number];
    }
    for (const [place, i] of rows.entries()) foldOf[i] = place % innerFoldCount;
  }
  return foldOf;
}

function logLoss(labels: ArrayLike<number>, logits: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const logit = (labels[i] === 1 ? 1 : -1) * (logits[i] as number);
    sum += logit > 0 ? Math.log1p(Math.exp(-logit)) : Math.log1p(Math.exp(logit)) - logit;
  }
  return sum / labels.length;
}
