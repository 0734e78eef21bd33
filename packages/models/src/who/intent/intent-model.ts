// The learned intent of a visit: plain data and one function. Snapshot in intent-snapshot.ts.
import { type BoostedTrees, logistic, scoreBins } from './boosted-trees.ts';
import { binOf, type Cell, type ColumnBins } from './feature-bins.ts';
import type { FtrlLogistic } from './ftrl-logistic.ts';
import { calibratedLogit, type Platt } from './platt.ts';
import { hashVisit } from './visit-features.ts';

export type IntentModel = {
  readonly columns: readonly ColumnBins[];
  readonly trees: BoostedTrees;
  readonly logistic: FtrlLogistic;
  /** Slopes of (trees, logistic); a slope of 0 leaves the part out. */
  readonly blend: Platt;
  /** Of each part alone. */
  readonly calibration: { readonly trees: Platt; readonly logistic: Platt };
};

/** Cells in the order of `model.columns`; null = missing. */
export type IntentRow = readonly Cell[];

/** Chance, 0..1, that the visit ends in a purchase. Never refuses: an unknown level counts as "other", a missing cell as missing. */
export function intentChance(model: IntentModel, row: IntentRow): number {
  const [ofTrees, ofLogistic] = model.blend.slopes as [number, number];
  return logistic(
    calibratedLogit(model.blend, [ofTrees === 0 ? 0 : treesLogit(model, row), ofLogistic === 0 ? 0 : logisticLogit(model, row)]),
  );
}

/** The same by the boosted trees alone. */
export function treesChance(model: IntentModel, row: IntentRow): number {
  return logistic(calibratedLogit(model.calibration.trees, [treesLogit(model, row)]));
}

/** The same by the hashed logistic model alone. */
export function logisticChance(model: IntentModel, row: IntentRow): number {
  return logistic(calibratedLogit(model.calibration.logistic, [logisticLogit(model, row)]));
}

function treesLogit({ columns, trees }: IntentModel, row: IntentRow): number {
  const bins = new Uint8Array(columns.length);
  for (let c = 0; c < columns.length; c += 1) bins[c] = binOf(columns[c] as ColumnBins, row[c] ?? null);
  return scoreBins(trees, bins);
}

function logisticLogit({ columns, logistic: model }: IntentModel, row: IntentRow): number {
  return model.logit(hashVisit(Object.fromEntries(columns.map(({ name }, c) => [name, row[c] ?? null])), model.options.bits));
}
