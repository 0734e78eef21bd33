// The wall clock of a process is stepped under load: ten minutes on, ten minutes back, two seconds back. Ids, receipts
// and buckets come from that clock; what is counted, and that it is counted soon, must not.
import { setTimeout as sleep } from 'node:timers/promises';
import { LOAD } from '../load.ts';
import { openStage } from '../stage.ts';
import { roundSeed, type Scenario, toRound } from './scenario.ts';

const TEN_MINUTES_MS = 600_000;
type Step = { who: 'app' | 'processor' | 'both'; byMs: number };
const STEPS: Step[] = [
  { who: 'processor', byMs: -TEN_MINUTES_MS },
  { who: 'app', byMs: -TEN_MINUTES_MS },
  { who: 'both', byMs: -2_000 },
  { who: 'app', byMs: TEN_MINUTES_MS },
  { who: 'processor', byMs: TEN_MINUTES_MS },
  { who: 'both', byMs: TEN_MINUTES_MS },
  { who: 'both', byMs: -TEN_MINUTES_MS },
  { who: 'app', byMs: -2_000 },
  { who: 'processor', byMs: -2_000 },
];
const STEPS_SHORT = 3;
/** An odd number, so that the last leaves the clock stepped. */
const SWINGS = 9;

export const clockSteps: Scenario = {
  doc: 'the clocks of app and processor jump by ten minutes and by two seconds',
  async run({ rig, seed, isShort, sabotage, report }) {
    const stage = await openStage({ rig, name: 'clock-steps', seed, sabotage });
    try {
      for (const [at, { who, byMs }] of (isShort ? STEPS.slice(0, STEPS_SHORT) : STEPS).entries()) {
        await stage.run(LOAD);
        // There and back and there again: where in its work a step finds a process is chance.
        for (let swing = 0; swing < SWINGS; swing += 1) {
          await sleep(100 + stage.random.int(200));
          const stepMs = swing % 2 === 0 ? byMs : -byMs;
          if (who !== 'processor') await stage.app.ask('step', { byMs: stepMs });
          if (who !== 'app') await stage.processors[0]?.ask('step', { byMs: stepMs });
        }
        await sleep(isShort ? 300 : 1_000);
        const outcome = await stage.settle();
        const fault = `${who} ${byMs > 0 ? '+' : ''}${byMs / 1_000} s`;
        report(
          toRound({ scenario: 'clock-steps', round: at + 1, seed: roundSeed(seed, at + 1), fault, reached: 'stepped under load' }, outcome),
        );
      }
    } finally {
      await stage.close();
    }
  },
};
