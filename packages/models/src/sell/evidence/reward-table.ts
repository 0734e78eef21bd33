// A reward model that needs nothing but counts: the mean reward of an action in a context (a slot, a segment), shrunk to the
// mean of the action, and that to the mean of all. Cross-fitted: a row is judged by counts that never saw its unit, or DR
// would praise its own memory.
import { InputError } from '../../input-error.ts';

export type RewardRows = {
  readonly actions: Int32Array;
  readonly contexts: Int32Array;
  readonly rewards: Float64Array;
  /** Unit of each row; rows of one unit share a fold. None = every row for itself. */
  readonly units?: Int32Array;
};

export type RewardTableOptions = {
  readonly foldCount?: number;
  /** Rows of prior at each level. */
  readonly priorRows?: number;
  /** How often each row counts (a bootstrap resample); none = once. */
  readonly rowCounts?: Float64Array;
};

/**
 * Figures for `estimateOffPolicy`: of the logged action, and the mean over the target's actions in the row's context.
 * `targetChance(action, context)` sums to 1 over `actionCount` actions. One fold = plain fit.
 */
export function modelRewards(
  { actions, contexts, rewards, units }: RewardRows,
  actionCount: number,
  targetChance: (action: number, context: number) => number,
  { foldCount: wantedFolds = 3, priorRows = 100, rowCounts }: RewardTableOptions = {},
): { ofLogged: Float64Array; ofTarget: Float64Array } {
  const n = rewards.length;
  if (actions.length !== n || contexts.length !== n) throw new InputError('actions, contexts and rewards differ in length');
  // Fewer units than folds: one fold a unit; a single unit leaves nothing to learn from, so it is a plain fit.
  const foldCount = Math.min(wantedFolds, units === undefined ? n : new Set(units).size);
  const contextCount = contexts.reduce((most, context) => Math.max(most, context + 1), 0);
  const foldOf = (row: number) => (foldCount < 2 ? -1 : (units?.[row] ?? row) % foldCount);
  const ofLogged = new Float64Array(n);
  const ofTarget = new Float64Array(n);
  for (let fold = foldCount < 2 ? -1 : 0; fold < (foldCount < 2 ? 0 : foldCount); fold += 1) {
    const countOf = (row: number) => (foldCount < 2 || foldOf(row) !== fold ? (rowCounts?.[row] ?? 1) : 0);
    const table = tableOf({ actions, contexts, rewards }, actionCount, contextCount, priorRows, countOf);
    const expected = Float64Array.from({ length: contextCount }, (_, context) => {
      let sum = 0;
      for (let action = 0; action < actionCount; action += 1)
        sum += targetChance(action, context) * (table[action * contextCount + context] as number);
      return sum;
    });
    for (let row = 0; row < n; row += 1) {
      if (foldOf(row) !== fold) continue;
      ofLogged[row] = table[(actions[row] as number) * contextCount + (contexts[row] as number)] as number;
      ofTarget[row] = expected[contexts[row] as number] as number;
    }
  }
  return { ofLogged, ofTarget };
}

function tableOf(
  { actions, contexts, rewards }: RewardRows,
  actionCount: number,
  contextCount: number,
  priorRows: number,
  countOf: (row: number) => number,
): Float64Array {
  const sums = new Float64Array(actionCount * contextCount);
  const counts = new Float64Array(actionCount * contextCount);
  const actionSums = new Float64Array(actionCount);
  const actionCounts = new Float64Array(actionCount);
  let total = 0;
  let count = 0;
  for (let row = 0; row < rewards.length; row += 1) {
    const times = countOf(row);
    if (times === 0) continue;
    const action = actions[row] as number;
    const cell = action * contextCount + (contexts[row] as number);
    const reward = times * (rewards[row] as number);
    sums[cell] = (sums[cell] as number) + reward;
    counts[cell] = (counts[cell] as number) + times;
    actionSums[action] = (actionSums[action] as number) + reward;
    actionCounts[action] = (actionCounts[action] as number) + times;
    total += reward;
    count += times;
  }
  const mean = count > 0 ? total / count : 0;
  const shrunk = (sum: number, n: number, towards: number) => (n + priorRows > 0 ? (sum + priorRows * towards) / (n + priorRows) : towards);
  return sums.map((sum, cell) => {
    const action = Math.floor(cell / contextCount);
    const ofAction = shrunk(actionSums[action] as number, actionCounts[action] as number, mean);
    return shrunk(sum, counts[cell] as number, ofAction);
  });
}
