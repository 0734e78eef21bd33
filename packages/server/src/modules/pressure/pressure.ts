// The service around the machine of shed-level.ts: looks every second, tells who acts on a level, and writes each
// change into the log of every show on air.
//
//   signals -> next state -> changed? -> told at once (in memory) -> written as facts, again and again until they are in
//
// A database in trouble is a likely cause of a level, so writing never holds up shedding. What waits to be written is
// bounded: beyond PENDING_CHANGES_MAX the oldest is forgotten and counted.
import type { Fact, PressureStatus, SamplingNote, ShedLevel, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { Service } from '../../kernel/service.ts';
import type { Sql } from '../../platform/postgres/database.ts';
import type { NewFact } from '../capture/index.ts';
import { type DiskMode, nextDiskMode, PLENTY_FREE_BYTES } from './disk-guard.ts';
import { LEVEL_EFFECTS, type LevelEffects } from './level-effects.ts';
import type { PressurePorts } from './ports.ts';
import { createSampler, type SamplerStats } from './sampler.ts';
import { insertShedChanges, readSamplingNote } from './shed-changes.postgres.ts';
import { initialShedState, nextShedState, SHED_RULES, type ShedRules } from './shed-level.ts';
import { NO_SIGNALS, type Signals } from './thresholds.ts';

export const LOOK_EVERY_MS = 1_000;
export const PENDING_CHANGES_MAX = 1_000;
const DISK_RETRY_AFTER_MS = 30_000;

type Change = {
  readonly from: ShedLevel;
  readonly to: ShedLevel;
  readonly cause: string;
  readonly isForced: boolean;
  readonly atMs: number;
};
type Pending = { readonly change: Change; readonly showIds: readonly ShowId[] | 'all' };

export type PressureStats = SamplerStats & {
  readonly diskRefusedCount: number;
  readonly changeCount: number;
  readonly pendingChangeCount: number;
  readonly forgottenChangeCount: number;
};

export type Pressure = Service & {
  level(): ShedLevel;
  effects(): LevelEffects;
  status(): PressureStatus;
  /** The last look, for operators. */
  signals(): Signals;
  stats(): PressureStats;
  /** The gate before the append queue: the fact to append, null when others stand for it, or INSP_CAPTURE_DISK_FULL. */
  admit(fact: Fact): Outcome<Fact | null>;
  /** Whether chat may write: INSP_CAPTURE_DISK_FULL when the rest of the disk is for money. */
  admitChat(): Outcome<null>;
  /** A show that comes on air while the level is raised learns of it. */
  showWentLive(showId: ShowId): void;
  /** What the figures of a show say about sampling. */
  samplingOf(showId: ShowId): Promise<SamplingNote | null>;
  onChanged(listen: (status: PressureStatus) => void): () => void;
};

export function createPressure(deps: {
  /** Where notes are read. */
  sql: Sql;
  ports: PressurePorts;
  newFact: NewFact;
  clock: Clock;
  logger: Logger;
  /** Of the sampler: secret, and the same in every process of an installation. */
  salt: number;
  forcedLevel: ShedLevel | null;
  rules?: ShedRules;
}): Pressure {
  const { ports, clock, logger, forcedLevel } = deps;
  const rules = deps.rules ?? SHED_RULES;
  const sampler = createSampler({ salt: deps.salt });
  const listeners = new Set<(status: PressureStatus) => void>();
  const startedAtMs = clock.nowMs();
  let state = initialShedState(startedAtMs, rules);
  let disk: DiskMode = 'open';
  let signals: Signals = NO_SIGNALS;
  let diskRefusedCount = 0;
  let changeCount = 0;
  let forgottenChangeCount = 0;
  let pending: Pending[] = [];
  let writing: Promise<void> | null = null;
  let stopTimer: (() => void) | null = null;

  const level = (): ShedLevel => forcedLevel ?? state.level;
  const status = (): PressureStatus => ({
    level: level(),
    sinceMs: forcedLevel === null ? state.sinceMs : startedAtMs,
    cause: forcedLevel === null ? state.cause : null,
    isForced: forcedLevel !== null,
    disk,
  });

  function readSignals(): Signals {
    const { oldestQueuedAgeMs, queueFillRatio, appendP99Ms } = ports.queue();
    const machine = ports.machine();
    disk = nextDiskMode(disk, machine.disk);
    return {
      queueAgeMs: oldestQueuedAgeMs,
      queueFillRatio,
      appendP99Ms,
      loopLagMs: machine.loopLagMs,
      socketBufferedBytes: ports.socketBufferedBytes(),
      diskUsedRatio: machine.disk === null || machine.disk.freeBytes >= PLENTY_FREE_BYTES ? null : machine.disk.usedRatio,
      memoryUsedRatio: machine.memoryUsedRatio,
    };
  }

  function look(): void {
    const nowMs = clock.nowMs();
    const before = { level: level(), disk };
    signals = readSignals();
    const raisedBy = state.cause;
    state = nextShedState(state, signals, nowMs, rules);
    if (disk !== before.disk) logger.warn({ disk, usedRatio: signals.diskUsedRatio }, 'the rest of the disk is handed out anew');
    if (level() !== before.level) {
      const cause = state.cause ?? raisedBy ?? 'calm';
      const change = { from: before.level, to: level(), cause, isForced: false, atMs: nowMs };
      logger.warn({ ...change, signals }, change.to > change.from ? 'under pressure: more is shed' : 'calm again: less is shed');
      changeCount += 1;
      remember({ change, showIds: 'all' });
    }
    if (level() !== before.level || disk !== before.disk) for (const listen of listeners) listen(status());
    if (pending.length > 0) void write();
  }

  function remember(one: Pending): void {
    pending.push(one);
    if (pending.length <= PENDING_CHANGES_MAX) return;
    pending.shift();
    forgottenChangeCount += 1;
  }

  /** Writes what waits, in order; what fails stays and is tried at the next look. */
  function write(): Promise<void> {
    writing ??= writePending()
      .catch((err: unknown) => logger.warn({ err, waitingCount: pending.length }, 'level changes could not be written yet'))
      .finally(() => {
        writing = null;
      });
    return writing;
  }

  async function writePending(): Promise<void> {
    const shows = await ports.liveShows();
    const batch = pending;
    const facts = batch.flatMap(({ change, showIds }) =>
      shows
        .filter(({ showId }) => showIds === 'all' || showIds.includes(showId))
        .map(({ showId, orgId }) =>
          deps.newFact('pressure.level_changed', {
            orgId,
            showId,
            occurredAt: change.atMs,
            actor: { kind: 'system', id: null },
            kind: change.cause,
            payload: { from: change.from, to: change.to, isForced: change.isForced },
          }),
        ),
    );
    if (facts.length > 0) {
      await ports.recorder.commit(async (tx, record) => {
        for (const fact of facts) record(fact);
        await insertShedChanges(tx, facts);
      });
    }
    pending = pending.filter((one) => !batch.includes(one));
  }

  return {
    level,
    effects: () => LEVEL_EFFECTS[level()],
    status,
    signals: () => signals,
    stats: () => ({ ...sampler.stats(), diskRefusedCount, changeCount, pendingChangeCount: pending.length, forgottenChangeCount }),
    admit(fact) {
      if (disk !== 'open') {
        diskRefusedCount += 1;
        return refused('INSP_CAPTURE_DISK_FULL', { retryAfterMs: DISK_RETRY_AFTER_MS });
      }
      return accepted(sampler.sample(fact, level(), clock.nowMs()));
    },
    admitChat: () => (disk === 'money_only' ? refused('INSP_CAPTURE_DISK_FULL', { retryAfterMs: DISK_RETRY_AFTER_MS }) : accepted(null)),
    showWentLive(showId) {
      const now = status();
      if (now.level === 0) return;
      const cause = now.cause ?? 'forced';
      remember({ change: { from: 0, to: now.level, cause, isForced: now.isForced, atMs: clock.nowMs() }, showIds: [showId] });
      void write();
    },
    samplingOf: (showId) => readSamplingNote(deps.sql, showId),
    onChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    async start() {
      if (stopTimer !== null) return;
      // Shows that were on air when the last process ended.
      if (level() > 0) {
        remember({ change: { from: 0, to: level(), cause: 'forced', isForced: true, atMs: clock.nowMs() }, showIds: 'all' });
      }
      stopTimer = clock.every(LOOK_EVERY_MS, look);
    },
    async stop() {
      stopTimer?.();
      stopTimer = null;
      if (pending.length > 0) await write();
    },
  };
}
