// Runs the scenarios one after the other on one machine, and tells each round as it ends.

import { openRig } from './rig.ts';
import { type Sabotage, settingsOf } from './sabotages.ts';
import { clockSteps } from './scenarios/clock-steps.ts';
import { duplicates } from './scenarios/duplicates.ts';
import { inversion } from './scenarios/inversion.ts';
import { kills } from './scenarios/kills.ts';
import { openTransaction } from './scenarios/open-transaction.ts';
import { poison } from './scenarios/poison.ts';
import type { RoundResult, Scenario } from './scenarios/scenario.ts';
import { zombie } from './scenarios/zombie.ts';

export const SCENARIOS = {
  kills,
  duplicates,
  inversion,
  'open-transaction': openTransaction,
  zombie,
  poison,
  'clock-steps': clockSteps,
} as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof SCENARIOS;

export type FaultsOptions = {
  readonly names: readonly ScenarioName[];
  readonly seed: number;
  readonly killRounds: number;
  readonly isShort: boolean;
  readonly sabotage: Sabotage | null;
  /** Told once the database runs, in its own words. */
  onStarted?(database: string): void;
  onRound(result: RoundResult): void;
  /** Ends the run after the round under way; what was started is stopped. */
  readonly signal?: AbortSignal;
  /** Ends the run after a round that shows what was looked for. */
  isEnough?(result: RoundResult): boolean;
};

class Enough extends Error {}

export async function runFaults(options: FaultsOptions): Promise<RoundResult[]> {
  const { names, signal, sabotage } = options;
  const results: RoundResult[] = [];
  const rig = await openRig(settingsOf(sabotage));
  try {
    options.onStarted?.(await rig.describe());
    for (const name of names) {
      const report = (result: RoundResult) => {
        results.push(result);
        options.onRound(result);
        signal?.throwIfAborted();
        if (options.isEnough?.(result)) throw new Enough();
      };
      const { seed, killRounds, isShort } = options;
      try {
        await SCENARIOS[name].run({ rig, sabotage, seed, killRounds, isShort, report });
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof Enough) break;
        report(brokenOff(name, seed, cause as Error));
      }
    }
    return results;
  } finally {
    await rig.close();
  }
}

/** A scenario that could not go on is a violation like any other; the next one runs. */
const brokenOff = (scenario: string, seed: number, cause: Error): RoundResult => ({
  ...{ scenario, seed, round: 0, fault: 'broken off', reached: '', storedCount: 0, ackedCount: 0, caughtUpMs: 0 },
  violations: [{ kind: 'surprise', detail: cause.stack ?? String(cause) }],
});
