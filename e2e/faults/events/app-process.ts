// The app as the faults see it: writers that commit changes with their facts, feeders that accept engagement in
// batches, all of it journaled before it is sent and after the database has said yes. It retries what it is not sure
// of under the same ids, as a shop's webhook and a browser do.
import { setTimeout as sleep } from 'node:timers/promises';
import { createCapture, createEventBus, createLogKeeper, openDatabase, setAside } from '@insp/server/events';
import { createSeededRandom } from '@insp/test-kit';
import { answerAsks, tell, tellingLogger } from './asks.ts';
import { createFactMaker, shuffle, type Unit } from './fact-maker.ts';
import { journalFile, lastUnits, openJournal } from './journal.ts';
import { type AppConfig, type AppStats, LOAD, type Load } from './load.ts';
import { sendPoison } from './poison.ts';
import { createSteppedClock } from './stepped-clock.ts';

const RETRY_AFTER_MS = 50;
const REMEMBERED_UNITS = 100;

class Doomed extends Error {}

const config = JSON.parse(process.argv[2] ?? '{}') as AppConfig;
const clock = createSteppedClock();
const database = openDatabase({ url: config.url, maxConnections: 16, onError() {} });
const capture = createCapture({ database, bus: createEventBus(tellingLogger), clock, logger: tellingLogger });
// Days of the log are made while it grows, as in the server.
const keepDays = { engage: null, chat: null, money: null };
const logKeeper = createLogKeeper({ database, clock, logger: tellingLogger, keepDays, setAside });
const journal = openJournal(journalFile(config.folder, config.incarnation));
const seed = config.seed * 1_000 + config.incarnation;
const maker = createFactMaker({ seed, clock });
const random = createSeededRandom(seed);
const counters = { ackedUnits: 0, retries: 0 };
const sent: Unit[] = [];
let isRunning = false;
let loops: Promise<void>[] = [];

const isAway = (cause: unknown) => (cause as { code?: string } | null)?.code === 'INSP_STORE_UNAVAILABLE';

/** One attempt at a change. A change that is there already is a success: its facts are in the log with it. */
async function commitChange({ id, facts, isDoomed, commitDelayMs = 0 }: Unit): Promise<true> {
  const [first] = facts;
  const placed = facts.find(({ name }) => name === 'orders.order_placed');
  await capture.commit(async (tx, record) => {
    const added = await tx.query(
      `INSERT INTO told_change (id, org_id, show_id, order_minor, commit_delay_ms) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, first?.orgId, first?.showId, placed?.amountMinor ?? 0, commitDelayMs],
    );
    if (added.length > 0) for (const fact of facts) record(fact);
    if (isDoomed) throw new Doomed();
  });
  return true;
}

/** One attempt at a batch; true when the log took it. */
async function appendBatch({ facts }: Unit): Promise<boolean> {
  const before = capture.stats();
  const { rejected } = capture.accept(facts);
  for (const { refusal } of rejected) {
    if (refusal.code !== 'INSP_CAPTURE_OVERLOADED') tell({ surprise: `a good fact was refused: ${refusal.code} ${refusal.detail ?? ''}` });
  }
  await capture.flush();
  const after = capture.stats();
  return rejected.length === 0 && after.droppedCount === before.droppedCount && after.invalidCount === before.invalidCount;
}

/** Sends a unit until the database has said yes, then writes that down. */
async function send(unit: Unit): Promise<void> {
  for (;;) {
    try {
      const isStored = unit.kind === 'batch' ? await appendBatch(unit) : await commitChange(unit);
      if (isStored) break;
    } catch (cause) {
      if (cause instanceof Doomed) return;
      if (!isAway(cause)) {
        tell({ surprise: `a unit failed: ${(cause as { code?: string }).code ?? ''} ${(cause as Error).stack}` });
        return;
      }
    }
    counters.retries += 1;
    await sleep(RETRY_AFTER_MS);
  }
  if (!config.isEarlyAck) journal.acknowledge(unit);
  counters.ackedUnits += 1;
  sent.push(unit);
  if (sent.length > REMEMBERED_UNITS) sent.shift();
}

async function sendNew(unit: Unit, load: Load): Promise<void> {
  journal.intend(unit);
  if (config.isEarlyAck && !unit.isDoomed) journal.acknowledge(unit);
  const times = random.float() < load.doublePostRatio ? 2 : 1;
  await Promise.all(Array.from({ length: times }, () => send(unit)));
  if (sent.length > 0 && random.float() < load.replayRatio) {
    const again = random.pick(sent);
    await send({ ...again, facts: again.kind === 'batch' ? shuffle(again.facts, random) : again.facts });
  }
}

async function loop(make: () => Unit, load: Load): Promise<void> {
  while (isRunning) {
    await sendNew(make(), load);
    await sleep(random.int(load.restMaxMs + 1));
  }
}

async function startCapture(): Promise<void> {
  for (;;) {
    try {
      await logKeeper.start();
      return await capture.start();
    } catch (cause) {
      if (!isAway(cause)) throw cause;
      await sleep(RETRY_AFTER_MS);
    }
  }
}

answerAsks({
  async run(load: Load) {
    await startCapture();
    isRunning = true;
    const writers = Array.from({ length: load.writerCount }, () => loop(() => maker.change(load), load));
    const feeders = Array.from({ length: load.feederCount }, () => loop(() => maker.batch(load.batchMaxCount, load.lateRatio), load));
    loops = [...writers, ...feeders];
    for (const one of loops) one.catch((cause: Error) => tell({ surprise: `a loop of the app ended: ${cause.stack}` }));
  },
  /** Lets what is under way come to its end and stops. */
  async pause(): Promise<AppStats> {
    isRunning = false;
    await Promise.allSettled(loops);
    const { droppedCount, duplicateCount } = capture.stats();
    return { ...counters, droppedCount, duplicateCount };
  },
  /** Sends the last units of an earlier life again, in any order. */
  async replay({ incarnation, count }: { incarnation: number; count: number }): Promise<number> {
    await startCapture();
    const units = shuffle(lastUnits(config.folder, incarnation, count), random);
    // In this life's journal too: what was never acknowledged then may be now.
    for (const unit of units) journal.intend(unit);
    await Promise.all(units.map(send));
    return units.length;
  },
  /** Sends one change whose COMMIT takes that long. */
  async sendSlow({ commitDelayMs }: { commitDelayMs: number }) {
    const slow = { ...maker.change({ ...LOAD, doomedRatio: 0 }), commitDelayMs };
    journal.intend(slow);
    await send(slow);
  },
  step: ({ byMs }: { byMs: number }) => clock.step(byMs),
  async poison() {
    await startCapture();
    return sendPoison({ capture, journal, maker, random, send });
  },
});
