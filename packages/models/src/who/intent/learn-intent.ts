// Learns the purchase intent of a visit from past visits: a bag of small boosted forests beside a hashed logistic model,
// calibrated and, where it helps, blended by one logistic on the log-odds of both. Everything chosen is chosen on inner folds
// of the rows given, so rows to be judged on can not leak in.
import { seededUniform } from '../../math/seeded-random.ts';
import { averageForests } from './average-forests.ts';
import type { NamedColumn } from './feature-bins.ts';
import type { FtrlOptions } from './ftrl-logistic.ts';
import { type GrowOptions, growTrees } from './grow-trees.ts';
import type { IntentModel } from './intent-model.ts';
import { binRows, hashRows, refuseBadRows } from './intent-rows.ts';
import { fitPlatt, type Platt } from './platt.ts';
import { type InnerScores, learnLogistic, scoreInnerFolds } from './score-inner-folds.ts';

export type IntentOptions = {
  /** Forests grown from different seeds and averaged. */
  bagCount: number;
  maxTreeCount: number;
  innerFoldCount: number;
  /** Passes of the logistic model over the rows. */
  passCount: number;
  seed: number;
  grow: Partial<GrowOptions>;
  ftrl: Partial<FtrlOptions>;
};

export const DEFAULT_INTENT: IntentOptions = {
  bagCount: 5,
  maxTreeCount: 300,
  innerFoldCount: 5,
  passCount: 3,
  seed: 1,
  grow: { learningRate: 0.05, maxLeaves: 12, minLeafRows: 15, ridge: 1, rowRatio: 0.8, columnRatio: 0.7 },
  ftrl: { bits: 16, alpha: 0.1, l2: 5 },
};

/**
 * Learns from `columns` (equally long, `cells[row]`) and `labels[row]` in {0, 1}; 1 = bought. Deterministic for a seed.
 * Refuses (InputError) fewer than 10 rows of either outcome, ragged columns, cells of the wrong kind.
 */
export function learnIntent(columns: readonly NamedColumn[], labels: ArrayLike<number>, options: Partial<IntentOptions> = {}): IntentModel {
  const settings = { ...DEFAULT_INTENT, ...options };
  refuseBadRows(columns, labels);
  const hashed = hashRows(columns, labels.length, settings.ftrl.bits ?? 16);
  const inner = scoreInnerFolds(columns, hashed, labels, settings);
  const everyRow = Array.from({ length: labels.length }, (_, i) => i);
  const { bins, training } = binRows(columns, labels, everyRow);
  const forests = Array.from({ length: settings.bagCount }, (_, k) =>
    growTrees(training, seededUniform(settings.seed + k), { ...settings.grow, treeCount: inner.treeCount }),
  );
  return {
    columns: bins,
    trees: averageForests(forests),
    logistic: learnLogistic(hashed, labels, everyRow, settings),
    blend: fitBlend(inner, labels),
    calibration: { trees: fitPlatt([inner.trees], labels, [1]), logistic: fitPlatt([inner.logistic], labels, [1]) },
  };
}

/** Slopes of (trees, logistic). A part that the other makes useless gets slope 0, and the other is calibrated alone. */
function fitBlend({ trees, logistic }: InnerScores, labels: ArrayLike<number>): Platt {
  const both = fitPlatt([trees, logistic], labels, [0.8, 0.2]);
  const [ofTrees, ofLogistic] = both.slopes as [number, number];
  if (ofTrees > 0 && ofLogistic > 0) return both;
  const alone = fitPlatt([ofLogistic <= 0 ? trees : logistic], labels, [1]);
  const slope = alone.slopes[0] as number;
  return { offset: alone.offset, slopes: ofLogistic <= 0 ? [slope, 0] : [0, slope] };
}
