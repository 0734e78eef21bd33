// Settings of the first stage (candidate-pool.ts).
import { InputError } from '../../input-error.ts';

export type PoolOptions = {
  /** k of VMIS-kNN. */
  readonly neighbours: number;
  /** Last items of the session that look for neighbours. */
  readonly lastItems: number;
  readonly ruleSteps: number;
  /** Most recent sessions of an item that its rules are read from. */
  readonly ruleSessions: number;
  /** Steps after which the weight of a neighbour's item falls by 1 / e (signal `close`). */
  readonly closeSteps: number;
  /** Blend of the first stage: shares of near, after, before and of items seen earlier in the session. */
  readonly nearShare: number;
  readonly afterShare: number;
  readonly beforeShare: number;
  readonly revisitShare: number;
  /** Items that reach the second stage. */
  readonly poolSize: number;
};

export const DEFAULT_POOL: PoolOptions = {
  neighbours: 300,
  lastItems: 4,
  ruleSteps: 10,
  ruleSessions: 300,
  closeSteps: 2,
  nearShare: 0.5,
  afterShare: 0.2,
  beforeShare: 0.1,
  revisitShare: 0.1,
  poolSize: 100,
};

/** Refuses options out of range, by name. */
export function checkedPool(options: PoolOptions): PoolOptions {
  for (const name of ['neighbours', 'lastItems', 'ruleSteps', 'ruleSessions', 'poolSize'] as const)
    if (!Number.isInteger(options[name]) || options[name] < 1)
      throw new InputError(`${options[name]} is not a whole number >= 1`, { column: name });
  for (const name of ['nearShare', 'afterShare', 'beforeShare', 'revisitShare'] as const)
    if (!Number.isFinite(options[name]) || options[name] < 0)
      throw new InputError(`${options[name]} is not a share >= 0`, { column: name });
  if (!(options.closeSteps > 0)) throw new InputError(`${options.closeSteps} is not above 0`, { column: 'closeSteps' });
  return options;
}
