// A write transaction that stays open for a minute. What is younger must wait behind it (the horizon), nothing may be
// skipped when it commits at last, and a minute of standing still must be said.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Violation } from '../audit.ts';
import { LOAD } from '../load.ts';
import { openStage } from '../stage.ts';
import { mustReach, roundSeed, type Scenario, toRound } from './scenario.ts';

const OPEN_MS = 60_000;
const OPEN_SHORT_MS = 6_000;
/** Who stands still this long must have said so. */
const SAID_AFTER_MS = 30_000;
const IS_SAID = /transaction|horizon/i;

export const openTransaction: Scenario = {
  doc: 'a write transaction stays open for 60 s: the horizon freezes, nothing is skipped, it is said',
  async run({ rig, seed, isShort, sabotage, report }) {
    const openMs = isShort ? OPEN_SHORT_MS : OPEN_MS;
    const stage = await openStage({ rig, name: 'open-transaction', seed, sabotage });
    try {
      await stage.run(LOAD);
      await sleep(1_000);
      // One change whose COMMIT takes a minute: its events have their place, and nobody may see them yet.
      const slow = stage.app.ask('sendSlow', { commitDelayMs: openMs }, openMs + 60_000);
      await sleep(1_000);
      const frozenAt = await stage.readProgress();
      await sleep(openMs - 2_500);
      const before = await stage.readProgress();
      const said = stage.warnings().filter((message) => IS_SAID.test(message));
      await slow;
      const outcome = await stage.settle();
      const behind = before.logged - before.counted;
      const violations: Violation[] = [
        ...mustReach(behind > 0 && before.logged > frozenAt.logged, 'the figures did not wait'),
        ...(openMs >= SAID_AFTER_MS && said.length === 0
          ? [{ kind: 'silent', detail: `no warning in ${openMs} ms of standing still` } as const]
          : []),
      ];
      const reached = `${behind} waited behind it; ${said[0] === undefined ? 'nothing was said' : `said: ${said[0].slice(0, 80)}`}`;
      const about = { scenario: 'open-transaction', round: 1, seed: roundSeed(seed, 1), fault: `${openMs / 1_000} s open`, reached };
      report(toRound(about, outcome, violations));
    } finally {
      await stage.close();
    }
  },
};
