// Everything comes more than once and in any order: double POST, a producer's retry, whole batches replayed and
// shuffled, before a kill and after it, and facts that are five hours late.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Violation } from '../audit.ts';
import { LATE_BY_MS } from '../fact-maker.ts';
import { LOAD } from '../load.ts';
import { openStage, type Stage } from '../stage.ts';
import { mustReach, roundSeed, type Scenario, toRound } from './scenario.ts';

const REPEATING = { ...LOAD, doublePostRatio: 0.3, replayRatio: 0.4, lateRatio: 0.15 };
const REPLAYED_UNITS = 300;

export const duplicates: Scenario = {
  doc: 'retries, double POSTs, replays before and after a kill, shuffled and five hours late',
  async run({ rig, seed, isShort, sabotage, report }) {
    const stage = await openStage({ rig, name: 'duplicates', seed, sabotage });
    try {
      for (let round = 1; round <= (isShort ? 1 : 3); round += 1) {
        await stage.run(REPEATING);
        await sleep(isShort ? 2_500 : 6_000);
        const before = await stage.settle();
        // Replay, killed in the middle of it; then the next life replays the same and goes on.
        const replay = stage.replayOwn(REPLAYED_UNITS).catch(() => 0);
        await sleep(stage.random.int(150));
        stage.killApp();
        await replay;
        await stage.restartApp(REPLAYED_UNITS);
        await stage.run(REPEATING);
        await sleep(isShort ? 1_500 : 3_000);
        const after = await stage.settle();
        const { lateCount, wrong } = await readLate(stage);
        const skipped = (before.app?.duplicateCount ?? 0) + (after.app?.duplicateCount ?? 0);
        const violations = [
          ...before.violations,
          ...wrong,
          ...mustReach(lateCount > 0, 'nothing was late'),
          ...mustReach(skipped > 0, 'no duplicate came'),
        ];
        const reached = `${skipped} duplicates skipped, ${lateCount} late`;
        report(
          toRound(
            { scenario: 'duplicates', round, seed: roundSeed(seed, round), fault: 'repeats, replays, late', reached },
            after,
            violations,
          ),
        );
      }
    } finally {
      await stage.close();
    }
  },
};

/** Late money keeps its time, and every event is in the bucket of its time. */
async function readLate({ database }: Stage): Promise<{ lateCount: number; wrong: Violation[] }> {
  const [row] = await database.query<{ late: number; misplaced: number }>(
    `SELECT count(*) FILTER (WHERE received_at_ms - occurred_at_ms >= $1) AS late,
       count(*) FILTER (WHERE b1m <> occurred_at_ms / 60000 OR b10s <> occurred_at_ms / 10000) AS misplaced FROM ev`,
    [LATE_BY_MS],
  );
  const misplaced = row?.misplaced ?? 0;
  return {
    lateCount: row?.late ?? 0,
    wrong: misplaced > 0 ? [{ kind: 'altered', detail: `${misplaced} events are not in the bucket of their time` }] : [],
  };
}
