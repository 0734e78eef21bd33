// kill -9 of the app, the processor, the database and one of its backends, `-m immediate`, and all at once, at random
// points under load; then everything goes on. Before a round the app sends its last units again, as a producer does
// that is not sure; never between an acknowledgement and the audit, where it would hide a loss.
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom, type SeededRandom } from '@insp/test-kit';
import { shuffle } from '../fact-maker.ts';
import { LOAD } from '../load.ts';
import { openStage, type Stage, type Victim } from '../stage.ts';
import { roundSeed, type Scenario, toRound } from './scenario.ts';

const REPLAYED_UNITS = 40;

const FAULTS: Readonly<Record<Victim, (stage: Stage, random: SeededRandom) => Promise<string>>> = {
  async app(stage) {
    stage.killApp();
    return 'kill -9 app';
  },
  async processor(stage, random) {
    const isAimed = random.float() < 0.5;
    const busy = isAimed ? await stage.untilProcessorIsBusy() : null;
    stage.killProcessor();
    await sleep(random.int(400));
    await stage.restartProcessor();
    return `kill -9 processor${busy === null ? '' : ' in a batch'}`;
  },
  async postmaster(stage) {
    stage.killPostmaster('SIGKILL');
    await sleep(50);
    await stage.untilDatabaseAnswers();
    return 'kill -9 postmaster';
  },
  async backend(stage) {
    await stage.killBackend();
    await sleep(50);
    await stage.untilDatabaseAnswers();
    return 'kill -9 backend';
  },
  async immediate(stage) {
    stage.killPostmaster('SIGQUIT');
    await sleep(50);
    await stage.untilDatabaseAnswers();
    return 'database -m immediate';
  },
  async everything(stage) {
    stage.killPostmaster('SIGKILL');
    stage.killApp();
    stage.killProcessor();
    await sleep(50);
    await stage.untilDatabaseAnswers();
    await stage.restartProcessor();
    return 'kill -9 of all three';
  },
};

export const kills: Scenario = {
  doc: 'kill -9 of app, processor, postmaster, backend, and -m immediate, at random points under load',
  async run({ rig, seed, killRounds, sabotage, report }) {
    const stage = await openStage({ rig, name: 'kills', seed, sabotage });
    try {
      let deck: Victim[] = [];
      for (let round = 1; round <= killRounds; round += 1) {
        const random = createSeededRandom(roundSeed(seed, round));
        if (deck.length === 0) deck = shuffle(Object.keys(FAULTS) as Victim[], random);
        const victim = deck.pop() as Victim;
        if (stage.app.isGone) await stage.restartApp(REPLAYED_UNITS);
        else await stage.replayOwn(random.int(REPLAYED_UNITS));
        await stage.run({ ...LOAD, restMaxMs: random.pick([2, 10, 25]), writerCount: 2 + random.int(6) });
        await sleep(200 + random.int(1_300));
        const fault = await FAULTS[victim](stage, random);
        await sleep(200 + random.int(500));
        const outcome = await stage.settle();
        const { unsureCount, unsureStoredCount } = outcome.audit;
        const reached = `${unsureCount} units cut off (${unsureStoredCount} of them stored), ${outcome.app?.retries ?? 0} retries`;
        report(toRound({ scenario: 'kills', round, seed: roundSeed(seed, round), fault, reached }, outcome));
      }
    } finally {
      await stage.close();
    }
  },
};
