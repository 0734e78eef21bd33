// Events that cannot be: refused by the contract, refused only by the database, and rows a newer version wrote that
// this one does not know. None gets in that must not, none holds up its neighbours, and the engine goes on.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCapture, createEventBus, silentLogger, systemClock } from '@insp/server/events';
import type { Violation } from '../audit.ts';
import { SHOWS } from '../fact-maker.ts';
import { LOAD } from '../load.ts';
import { KIND_THE_DATABASE_REFUSES, type PoisonReport } from '../poison.ts';
import { openStage, type Stage } from '../stage.ts';
import { mustReach, roundSeed, type Scenario, toRound } from './scenario.ts';

/** What a newer version may write: a type this one does not know, a later version, a payload of 8 MB. */
const FROM_A_NEWER_VERSION = [
  { type: 32_000, v: 1, props: '{}' },
  { type: 32_001, v: 9, props: '{"new": {"shape": [1, 2, 3]}}' },
  { type: 51, v: 99, props: '{"more": true}' },
  { type: 51, v: 1, props: JSON.stringify({ note: 'x'.repeat(8_000_000) }) },
];

export const poison: Scenario = {
  doc: 'invalid, NUL, half a surrogate, gigantic, of a newer version: refused or passed over, never in the way',
  async run({ rig, seed, sabotage, report }) {
    const stage = await openStage({ rig, name: 'poison', seed, sabotage });
    try {
      await stage.database.query(
        `ALTER TABLE ev ADD CONSTRAINT faults_poison CHECK (kind IS DISTINCT FROM '${KIND_THE_DATABASE_REFUSES}') NOT VALID`,
      );
      await stage.run(LOAD);
      await sleep(1_000);
      await stage.pause();
      const told = await stage.app.ask<PoisonReport>('poison');
      for (const row of FROM_A_NEWER_VERSION) await writeAsNewerVersion(stage, row);
      await stage.run(LOAD);
      await sleep(1_000);
      const outcome = await stage.settle();
      const [letters] = await stage.database.query<{ count: number }>('SELECT count(*) AS count FROM dead_letter');
      const violations: Violation[] = [
        ...told.problems.map((detail): Violation => ({ kind: 'surprise', detail })),
        ...(await readBack(stage)),
        ...mustReach((letters?.count ?? 0) > 0, 'no dead letter was kept'),
      ];
      const reached = `${told.sentCount} poisons, ${FROM_A_NEWER_VERSION.length} rows of a newer version, ${letters?.count} dead letters`;
      report(toRound({ scenario: 'poison', round: 1, seed: roundSeed(seed, 1), fault: 'poison', reached }, outcome, violations));
    } finally {
      await stage.close();
    }
  },
};

/** Writes a row as another version of the app would: a copy of one that is there, with other contents. */
async function writeAsNewerVersion({ database, books }: Stage, change: { type: number; v: number; props: string }): Promise<void> {
  const columns = await database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_name = 'ev' AND is_generated = 'NEVER' AND column_name NOT IN ('seq', 'xid') ORDER BY ordinal_position`,
  );
  const [template] = await database.query<{ id: string; org_id: string; show_id: string; amount_minor: number; weight: number }>(
    'SELECT id, org_id, show_id, amount_minor, weight FROM ev WHERE type = 51 AND show_id IS NOT NULL LIMIT 1',
  );
  if (!template) throw new Error('no click to make a copy of');
  // The time inside an id may decide where its row lives: it stays that of the template.
  const id =
    template.id.slice(0, 20) +
    randomBytes(10)
      .toString('hex')
      .slice(0, 36 - 20);
  const cells = columns.map(({ name }) => ({ id: '$2', type: '$3', v: '$4', props: '$5' })[name] ?? name);
  await database.query(`INSERT INTO ev (${columns.map(({ name }) => name).join(', ')}) SELECT ${cells.join(', ')} FROM ev WHERE id = $1`, [
    template.id,
    id,
    change.type,
    change.v,
    change.props,
  ]);
  const { org_id: orgId, show_id: showId, amount_minor: amountMinor, weight } = template;
  books.addStored(id, { type: change.type, orgId, showId, amountMinor, weight });
}

/** A reader of this version passes over what it does not know and sees all the rest. */
async function readBack({ database }: Stage): Promise<Violation[]> {
  const capture = createCapture({ database, bus: createEventBus(silentLogger), clock: systemClock, logger: silentLogger });
  const found: Violation[] = [];
  for (const { id } of SHOWS) {
    let readCount = 0;
    try {
      for await (const _ of capture.readShow(id)) readCount += 1;
    } catch (cause) {
      found.push({ kind: 'surprise', detail: `the log cannot be read: ${(cause as Error).message}` });
    }
    const [row] = await database.query<{ count: number }>('SELECT count(*) AS count FROM ev WHERE show_id = $1 AND type < 32000', [id]);
    if (readCount !== row?.count) found.push({ kind: 'lost', detail: `a reader sees ${readCount} of ${row?.count} events of ${id}` });
  }
  return found;
}
