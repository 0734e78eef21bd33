import type { Uniform } from '../../math/seeded-random.ts';
import { svmScores, trainLinearSvm } from '../intent/linear-svm.ts';
import type { SparseVector } from '../text/sparse-vector.ts';

const ROUNDS = 3;
const FOLDS = 3;
/** Below this many texts a group there is too little to learn from, and moves do harm. */
const MIN_TEXTS_PER_GROUP = 20;
/** Beyond it the gain was nil on training parts, and the cost grows with the number of groups. */
const MAX_GROUPS = 40;
const QUICK_SVM = { cost: 1, maxPasses: 6, tolerance: 0.5 };

/**
 * Lets a classifier that has not seen a text say where it belongs (iterative classification, Rakib et al. 2020): the groups
 * are taken for labels, a linear SVM learns two thirds of the texts and judges the rest, three rounds. Texts in the wrong
 * group are outvoted by their like. Returns the groups unchanged where that would not help; never more groups.
 */
export function refineGroups(rows: readonly SparseVector[], featureCount: number, groups: Int32Array, uniform: Uniform): Int32Array {
  let count = 0;
  for (const group of groups) count = Math.max(count, group + 1);
  if (count < 2 || count > MAX_GROUPS || rows.length < MIN_TEXTS_PER_GROUP * count) return groups;
  let current = groups;
  for (let round = 0; round < ROUNDS; round += 1) {
    const folds = Int32Array.from(rows, () => Math.floor(uniform() * FOLDS));
    const next = Int32Array.from(current);
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const inside = rows.map((_, i) => i).filter((i) => folds[i] !== fold);
      const model = trainLinearSvm(
        inside.map((i) => rows[i] as SparseVector),
        inside.map((i) => current[i] as number),
        count,
        featureCount,
        uniform,
        QUICK_SVM,
      );
      for (const [i, row] of rows.entries()) if (folds[i] === fold) next[i] = greatestAt(svmScores(model, row));
    }
    current = next;
  }
  return current;
}

function greatestAt(scores: Float32Array): number {
  let best = 0;
  for (let c = 1; c < scores.length; c += 1) if ((scores[c] as number) > (scores[best] as number)) best = c;
  return best;
}
