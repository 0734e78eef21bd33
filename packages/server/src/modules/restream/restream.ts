// Restream targets of all shows: kept per show, run per broadcast. Writes on one show happen one after the other, the
// loading of its targets among them, so that a target removed in that moment does not come on air.
import {
  type CreateRestreamTarget,
  LIMITS,
  type RestreamChange,
  type RestreamCommand,
  type RestreamTarget,
  type ShowId,
  type ShowState,
  type UpdateRestreamTarget,
} from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Random } from '../../kernel/random.ts';
import type { Seal } from '../../kernel/seal.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import { type Broadcast, createBroadcast, restingStatus } from './broadcast.ts';
import { createChangeWriter } from './change-writer.ts';
import type { FactRecorder, NewFact, OpenTap, Shows } from './ports.ts';
import type { OpenLine, ReadAddress } from './relay/line.ts';
import { boundTo, lastFourOf, type TargetRecord, viewOf } from './target-record.ts';
import { deleteTarget, forgetModes, listChanges, listTargets, lockTargets, saveTarget } from './target-store.postgres.ts';

export const RESTREAM_LIMITS = {
  /** How often lines are looked at. */
  watchMs: 250,
  /** How often rates are told while something is on air. */
  figuresMs: 2_000,
  /** Several changes in this time are told as one. */
  tellMs: 100,
  /** How long an ended broadcast still says how its targets ended. */
  keptAfterEndMs: 10 * 60_000,
  loadRetryMs: 2_000,
} as const;

export type RestreamListener = (showId: ShowId, targets: RestreamTarget[]) => void;

export type RestreamDeps = {
  database: Database;
  recorder: FactRecorder;
  newFact: NewFact;
  clock: Clock;
  ids: Ids;
  random: Random;
  logger: Logger;
  seal: Seal;
  openLine: OpenLine;
  readAddress: ReadAddress;
  shows: Shows;
};

export type Restream = Service & {
  readonly openTap: OpenTap;
  showStateChanged(showId: ShowId, to: ShowState): void;
  list(orgId: string, showId: string): Promise<Outcome<RestreamTarget[]>>;
  /** For the room's snapshot: the show is known to be there. */
  targetsOf(orgId: string, showId: ShowId, showState: ShowState): Promise<RestreamTarget[]>;
  create(orgId: string, showId: string, wanted: CreateRestreamTarget): Promise<Outcome<RestreamTarget>>;
  update(orgId: string, showId: string, targetId: string, change: UpdateRestreamTarget): Promise<Outcome<RestreamTarget>>;
  remove(orgId: string, showId: string, targetId: string): Promise<Outcome<null>>;
  command(orgId: string, showId: string, targetId: string, command: RestreamCommand): Promise<Outcome<RestreamTarget>>;
  changes(
    orgId: string,
    showId: string,
    targetId: string,
    page: { before: number | null; limit: number },
  ): Promise<Outcome<RestreamChange[]>>;
  /** After every change, and every two seconds while something is on air. Returns the undo. */
  onChanged(listen: RestreamListener): () => void;
};

export function createRestream(deps: RestreamDeps): Restream {
  const { database, clock, ids, seal, shows } = deps;
  const logger = deps.logger.child({ module: 'restream' });
  const broadcasts = new Map<string, Broadcast>();
  const listeners = new Set<RestreamListener>();
  const writer = createChangeWriter({ ...deps, logger });
  const turns = new Map<string, Promise<unknown>>();
  const told = new Set<string>();
  let stopWatching: (() => void)[] = [];

  /** One after the other for each show. */
  function inTurn<T>(showId: string, work: () => Promise<T>): Promise<T> {
    const result = (turns.get(showId) ?? Promise.resolve()).then(work, work);
    const tail = result.catch(() => {});
    turns.set(showId, tail);
    void tail.then(() => turns.get(showId) === tail && turns.delete(showId));
    return result;
  }

  function tell(showId: ShowId): void {
    if (told.has(showId)) return;
    told.add(showId);
    clock.after(RESTREAM_LIMITS.tellMs, () => {
      told.delete(showId);
      const broadcast = broadcasts.get(showId);
      if (broadcast !== undefined) return publish(showId, broadcast.views());
      // Nobody runs them: their records say all.
      resting(showId).then(
        (targets) => targets && publish(showId, targets),
        (err) => logger.error({ err, showId }, 'the console was not told of changed targets'),
      );
    });
  }

  function publish(showId: ShowId, targets: RestreamTarget[]): void {
    const sorted = targets.sort((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1));
    for (const listen of listeners) listen(showId, sorted);
  }

  async function resting(showId: ShowId): Promise<RestreamTarget[] | null> {
    const records = await listTargets(database, showId);
    const [first] = records;
    if (first === undefined) return [];
    const show = await shows.read(first.orgId, showId);
    return show.ok ? records.map((record) => viewOf(record, restingStatus(record, show.value.state))) : null;
  }

  async function load(broadcast: Broadcast): Promise<void> {
    const { orgId, showId } = broadcast.grant;
    try {
      const [records, show] = await Promise.all([listTargets(database, showId), shows.read(orgId, showId)]);
      if (broadcast.isOver) return;
      if (show.ok) broadcast.showIs(show.value.state);
      for (const record of records) broadcast.put(record);
      tell(showId);
    } catch (err) {
      if (broadcast.isOver) return;
      logger.warn({ err, showId }, 'the restream targets were not loaded; trying again');
      clock.after(RESTREAM_LIMITS.loadRetryMs, () => void inTurn(showId, () => load(broadcast)));
    }
  }

  const openTap: OpenTap = ({ grant }) => {
    const { showId } = grant;
    broadcasts.get(showId)?.finish('show_ended');
    const broadcast = createBroadcast({
      ...deps,
      grant,
      logger,
      onChange(record, change) {
        const { to } = change;
        logger.info(
          { showId, targetId: record.id, platform: record.platform, state: to.kind, reason: to.reason, attemptCount: to.attemptCount },
          'a restream target changed',
        );
        writer.add(record, change, grant.isSimulated);
        tell(showId);
      },
    });
    broadcasts.set(showId, broadcast);
    void inTurn(showId, () => load(broadcast));
    return {
      ...broadcast.tap,
      onEnded() {
        broadcast.finish('show_ended');
        void inTurn(showId, () => forgetModes(database, showId)).catch((err) =>
          logger.error({ err, showId }, 'starts and stops of an ended show were kept'),
        );
        clock.after(RESTREAM_LIMITS.keptAfterEndMs, () => broadcasts.get(showId) === broadcast && broadcasts.delete(showId));
      },
    };
  };

  async function targetsOf(showId: ShowId, records: readonly TargetRecord[], showState: ShowState): Promise<RestreamTarget[]> {
    const running = new Map(
      broadcasts
        .get(showId)
        ?.views()
        .map((view) => [view.id as string, view.status]),
    );
    return records.map((record) => viewOf(record, running.get(record.id) ?? restingStatus(record, showState)));
  }

  /** A write on one target, decided on what is stored, then followed by what runs. */
  function change(
    orgId: string,
    showId: string,
    decide: (tx: Sql, records: readonly TargetRecord[]) => Promise<Outcome<TargetRecord>>,
  ): Promise<Outcome<RestreamTarget>> {
    return inTurn(showId, async () => {
      const show = await shows.read(orgId, showId);
      if (!show.ok) return show;
      const decided = await database.transaction(async (tx) => {
        const outcome = await decide(tx, await lockTargets(tx, showId));
        if (outcome.ok) await saveTarget(tx, outcome.value, clock.nowMs());
        return outcome;
      });
      if (!decided.ok) return decided;
      broadcasts.get(showId)?.put(decided.value);
      tell(showId as ShowId);
      const [view] = await targetsOf(showId as ShowId, [decided.value], show.value.state);
      return view === undefined ? refused('INSP_RESTREAM_TARGET_NOT_FOUND') : accepted(view);
    });
  }

  const find = (records: readonly TargetRecord[], targetId: string): Outcome<TargetRecord> => {
    const record = records.find(({ id }) => id === targetId);
    return record === undefined ? refused('INSP_RESTREAM_TARGET_NOT_FOUND') : accepted(record);
  };

  return {
    openTap,
    showStateChanged(showId, to) {
      broadcasts.get(showId)?.showIs(to);
      tell(showId);
    },
    async list(orgId, showId) {
      const show = await shows.read(orgId, showId);
      return show.ok ? accepted(await targetsOf(showId as ShowId, await listTargets(database.read, showId), show.value.state)) : show;
    },
    targetsOf: async (_orgId, showId, showState) => targetsOf(showId, await listTargets(database.read, showId), showState),
    create: (orgId, showId, { streamKey, ...wanted }) =>
      change(orgId, showId, async (_tx, records) => {
        const address = deps.readAddress(wanted.url);
        if (!address.ok) return address;
        if (records.length >= LIMITS.restreamTargetsPerShow) return refused('INSP_RESTREAM_TOO_MANY_TARGETS');
        const named = { id: ids.create('rst'), orgId };
        const position = Math.max(-1, ...records.map((record) => record.position)) + 1;
        const kept = { sealedKey: seal.close(streamKey, boundTo(named)), streamKeyLastFour: lastFourOf(streamKey) };
        return accepted({ ...wanted, ...named, ...kept, showId: showId as ShowId, position, mode: 'auto' });
      }),
    update: (orgId, showId, targetId, { streamKey, ...wanted }) =>
      change(orgId, showId, async (_tx, records) => {
        const found = find(records, targetId);
        if (!found.ok) return found;
        const address = wanted.url === undefined ? accepted(null) : deps.readAddress(wanted.url);
        if (!address.ok) return address;
        const kept =
          streamKey === undefined
            ? {}
            : { sealedKey: seal.close(streamKey, boundTo(found.value)), streamKeyLastFour: lastFourOf(streamKey) };
        return accepted({ ...found.value, ...wanted, ...kept });
      }),
    command: (orgId, showId, targetId, command) =>
      change(orgId, showId, async (_tx, records) => {
        const found = find(records, targetId);
        return found.ok ? accepted({ ...found.value, mode: command === 'start' ? 'on' : 'off' }) : found;
      }),
    remove: (orgId, showId, targetId) =>
      inTurn(showId, async () => {
        const show = await shows.read(orgId, showId);
        if (!show.ok) return show;
        const found = await database.transaction(async (tx) => {
          const outcome = find(await lockTargets(tx, showId), targetId);
          if (outcome.ok) await deleteTarget(tx, targetId);
          return outcome;
        });
        if (!found.ok) return found;
        broadcasts.get(showId)?.remove(targetId);
        tell(showId as ShowId);
        return accepted(null);
      }),
    async changes(orgId, showId, targetId, page) {
      const show = await shows.read(orgId, showId);
      if (!show.ok) return show;
      const found = find(await listTargets(database.read, showId), targetId);
      return found.ok ? accepted(await listChanges(database.read, targetId, page)) : found;
    },
    onChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    async start() {
      stopWatching = [
        clock.every(RESTREAM_LIMITS.watchMs, () => {
          for (const broadcast of broadcasts.values()) broadcast.tick();
        }),
        clock.every(RESTREAM_LIMITS.figuresMs, () => {
          for (const broadcast of broadcasts.values()) if (broadcast.isBusy) tell(broadcast.grant.showId);
        }),
      ];
    },
    async stop() {
      for (const stop of stopWatching.splice(0)) stop();
      for (const broadcast of broadcasts.values()) broadcast.finish('server_stopping');
      await Promise.all(turns.values());
      await writer.settled();
    },
  };
}
