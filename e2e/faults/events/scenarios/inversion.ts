// Twelve writers whose COMMIT takes a random time, so that events become visible in another order than they were
// written in. A witness reads by sequence alone, as a naive reader would: what it has lost proves that the case was
// there.
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@insp/server/events';
import { LOAD } from '../load.ts';
import { openStage } from '../stage.ts';
import { mustReach, roundSeed, type Scenario, toRound } from './scenario.ts';

const LOAD_OF_TWELVE = { ...LOAD, writerCount: 12, feederCount: 1, restMaxMs: 3, commitDelayMaxMs: 80 };

export const inversion: Scenario = {
  doc: 'twelve writers commit in another order than they write in',
  async run({ rig, seed, isShort, sabotage, report }) {
    const stage = await openStage({ rig, name: 'inversion', seed, sabotage });
    try {
      for (let round = 1; round <= (isShort ? 1 : 3); round += 1) {
        const witness = watchBySequence(stage.url);
        try {
          await stage.run(LOAD_OF_TWELVE);
          await sleep(isShort ? 4_000 : 10_000);
          await stage.pause();
        } finally {
          await witness.stop();
        }
        const { seenCount, storedCount } = await witness.read();
        const outcome = await stage.settle();
        const lost = storedCount - seenCount;
        const reached = `a reader by seq loses ${lost} of ${storedCount}`;
        const about = { scenario: 'inversion', round, seed: roundSeed(seed, round), fault: '12 writers', reached };
        report(toRound(about, outcome, mustReach(lost > 0, 'no event became visible behind a later one')));
      }
    } finally {
      await stage.close();
    }
  },
};

/** Reads on from the greatest seq it has seen. */
function watchBySequence(url: string) {
  const database = openDatabase({ url, maxConnections: 1, onError() {} });
  let isWatching = true;
  let seenCount = 0;
  let first: number | null = null;
  let last = 0;
  const look = async () => {
    const [row] = await database.query<{ count: number; last: number | null }>(
      'SELECT count(*) AS count, max(seq) AS last FROM ev WHERE seq > $1',
      [last],
    );
    // What was there before it came it does not count.
    if (first === null) first = row?.last ?? 0;
    else seenCount += row?.count ?? 0;
    last = row?.last ?? last;
  };
  const watching = (async () => {
    while (isWatching) {
      await look().catch(() => {});
      await sleep(5);
    }
  })();
  return {
    async stop() {
      isWatching = false;
      await watching;
    },
    async read() {
      await look();
      const [row] = await database.query<{ count: number }>('SELECT count(*) AS count FROM ev WHERE seq > $1', [first]);
      await database.close();
      return { seenCount, storedCount: row?.count ?? 0 };
    },
  };
}
