// A processor is stopped (SIGSTOP) in the middle of its work, another takes over, and then the first wakes up and
// believes that it is still its turn. Once for half a minute, and many times for a moment.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../asks.ts';
import type { Violation } from '../audit.ts';
import { LOAD } from '../load.ts';
import { openStage, type Stage } from '../stage.ts';
import { roundSeed, type Scenario, toRound } from './scenario.ts';

const STOP_MS = 30_000;
const STOP_SHORT_MS = 8_000;
/** By then the other must have taken over. */
const TAKE_OVER_MS = 20_000;

export const zombie: Scenario = {
  doc: 'a processor is stopped for 30 s while another takes over, and wakes up: nothing is merged twice',
  async run({ rig, seed, isShort, sabotage, report }) {
    const stage = await openStage({ rig, name: 'zombie', seed, sabotage, processorCount: 2 });
    try {
      const stops = [isShort ? STOP_SHORT_MS : STOP_MS, ...Array.from({ length: isShort ? 2 : 9 }, () => 100 + stage.random.int(1_400))];
      for (const [at, stopMs] of stops.entries()) {
        await stage.run(LOAD);
        await sleep(400);
        const sleeper = stage.processors[at % 2] as Part;
        const busy = await stage.untilProcessorIsBusy();
        sleeper.child.kill('SIGSTOP');
        const { countedMeanwhile, violations } = await whileStopped(stage, stopMs);
        sleeper.child.kill('SIGCONT');
        await sleep(700);
        const outcome = await stage.settle();
        const reached = `${busy === null ? 'idle' : 'in a batch'}; the other counted ${countedMeanwhile} meanwhile`;
        const about = { scenario: 'zombie', round: at + 1, seed: roundSeed(seed, at + 1), fault: `SIGSTOP ${stopMs} ms`, reached };
        report(toRound(about, outcome, violations));
      }
    } finally {
      // A stopped process does not hear SIGTERM, and is ended by SIGKILL all the same.
      await stage.close();
    }
  },
};

/** The figures must go on while one of two is asleep. */
async function whileStopped(stage: Stage, stopMs: number): Promise<{ countedMeanwhile: number; violations: Violation[] }> {
  const first = await stage.readProgress();
  await sleep(Math.min(stopMs, TAKE_OVER_MS));
  const before = await stage.readProgress();
  await sleep(Math.max(0, stopMs - TAKE_OVER_MS));
  const after = await stage.readProgress();
  const isStuck = stopMs > TAKE_OVER_MS && after.counted === before.counted;
  return {
    countedMeanwhile: after.counted - first.counted,
    violations: isStuck ? [{ kind: 'stalled', detail: 'no figure moved while one of two processors was stopped' }] : [],
  };
}
