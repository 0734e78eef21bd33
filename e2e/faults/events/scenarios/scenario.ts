// What a scenario is given and what it tells: one line per round.
import type { Violation } from '../audit.ts';
import type { Rig } from '../rig.ts';
import type { Sabotage } from '../sabotages.ts';
import type { Outcome } from '../stage.ts';

export type RoundResult = {
  readonly scenario: string;
  readonly round: number;
  readonly seed: number;
  /** What was done, in words. */
  readonly fault: string;
  readonly storedCount: number;
  readonly ackedCount: number;
  readonly caughtUpMs: number;
  /** Proof that the round reached what it is there for. */
  readonly reached: string;
  readonly violations: readonly Violation[];
};

export type ScenarioContext = {
  readonly rig: Rig;
  readonly seed: number;
  /** Rounds of kills. */
  readonly killRounds: number;
  /** Shorter waits and fewer rounds, for every build. */
  readonly isShort: boolean;
  readonly sabotage: Sabotage | null;
  report(result: RoundResult): void;
};

export type Scenario = { readonly doc: string; run(context: ScenarioContext): Promise<void> };

/** A seed of its own for each round, so that one can be looked at alone. */
export const roundSeed = (seed: number, round: number): number => (Math.imul(seed, 1_000_003) + Math.imul(round, 7_919)) >>> 0;

export function toRound(
  about: Pick<RoundResult, 'scenario' | 'round' | 'seed' | 'fault' | 'reached'>,
  outcome: Outcome,
  more: readonly Violation[] = [],
): RoundResult {
  const { storedCount, ackedCount } = outcome.audit;
  return { ...about, storedCount, ackedCount, caughtUpMs: outcome.caughtUpMs, violations: [...outcome.violations, ...more] };
}

/** A violation unless the case was reached. */
export const mustReach = (isReached: boolean, what: string): Violation[] => (isReached ? [] : [{ kind: 'not reached', detail: what }]);
