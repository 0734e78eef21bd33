// An intent model to bytes and back.
import { InputError } from '../../input-error.ts';
import { readSnapshot, writeSnapshot } from '../snapshot.ts';
import type { BoostedTrees } from './boosted-trees.ts';
import { type ColumnBins, MAX_BINS } from './feature-bins.ts';
import { FtrlLogistic, type FtrlOptions } from './ftrl-logistic.ts';
import type { IntentModel } from './intent-model.ts';
import type { Platt } from './platt.ts';

const KIND = 'insp/intent@1';

type Plain<T> = { [K in keyof T]: T[K] extends ArrayLike<number> ? number[] : T[K] };
type Kept = {
  columns: ColumnBins[];
  trees: Plain<BoostedTrees>;
  logistic: { options: FtrlOptions; entries: [number, number, number][] };
  blend: Platt;
  calibration: { trees: Platt; logistic: Platt };
};

export function intentToBytes({ columns, trees, logistic, blend, calibration }: IntentModel): Uint8Array {
  return writeSnapshot(KIND, {
    columns,
    trees,
    logistic: { options: logistic.options, entries: logistic.entries() },
    blend,
    calibration,
  });
}

/** Refuses bytes of another kind, and forests whose nodes point outside themselves: scoring could not end. */
export function bytesToIntent(bytes: Uint8Array): IntentModel {
  const kept = readSnapshot(KIND, bytes) as Kept;
  const trees: BoostedTrees = {
    base: kept.trees.base,
    roots: Int32Array.from(kept.trees.roots),
    column: Int16Array.from(kept.trees.column),
    leftLow: Uint32Array.from(kept.trees.leftLow),
    leftHigh: Uint32Array.from(kept.trees.leftHigh),
    child: Int32Array.from(kept.trees.child),
    value: Float32Array.from(kept.trees.value),
  };
  const nodeCount = trees.column.length;
  const isSound = (node: number) => {
    const column = trees.column[node] as number;
    const child = trees.child[node] as number;
    // Children follow their parent, so every walk goes forward and ends.
    return column < 0 || (column < kept.columns.length && child > node && child + 1 < nodeCount);
  };
  const isWhole =
    trees.roots.every((root) => root >= 0 && root < nodeCount) &&
    trees.column.every((_, node) => isSound(node)) &&
    kept.columns.every((bins) => (bins.kind === 'number' ? bins.cuts.length < MAX_BINS - 1 : bins.levels.length <= MAX_BINS - 2));
  if (!isWhole) throw new InputError('the snapshot holds a broken forest');
  const logistic = new FtrlLogistic(kept.logistic.options);
  logistic.restore(kept.logistic.entries);
  return { columns: kept.columns, trees, logistic, blend: kept.blend, calibration: kept.calibration };
}
