// Changes of state on their way to the database: in order, several at once, never waited for by a broadcast. A write
// that fails is tried again for a while. What is worth a fact is written in the same transaction.
import type { RestreamState } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { FactRecorder, NewFact } from './ports.ts';
import type { TargetChange } from './relay/target.ts';
import type { TargetRecord } from './target-record.ts';
import { type ChangeRow, saveChanges } from './target-store.postgres.ts';

export const CHANGE_LIMITS = {
  waitingCount: 1_000,
  batchCount: 100,
  attemptCount: 6,
  firstRetryMs: 500,
  /** Of each target, so many of its newest changes are kept. */
  keptCount: 2_000,
} as const;

/** Steps of connecting are history, not facts. */
const TOLD: readonly RestreamState[] = ['live', 'degraded', 'backoff', 'failed', 'ended', 'idle'];

export type ChangeWriter = {
  add(record: TargetRecord, change: TargetChange, isSimulated: boolean): void;
  settled(): Promise<void>;
};

type Waiting = { record: TargetRecord; change: TargetChange; isSimulated: boolean };

export function createChangeWriter(deps: { recorder: FactRecorder; newFact: NewFact; clock: Clock; logger: Logger }): ChangeWriter {
  const { recorder, newFact, clock, logger } = deps;
  const waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  async function write(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await recorder.commit(async (tx, record) => {
          await saveChanges(tx, batch.map(rowOf), CHANGE_LIMITS.keptCount);
          for (const one of batch) if (isWorthAFact(one.change)) record(factOf(one));
        });
      } catch (cause) {
        if (attempt === CHANGE_LIMITS.attemptCount) {
          logger.error({ err: cause, changeCount: batch.length }, 'changes of restream targets are lost');
          return;
        }
        await new Promise<void>((resolve) => clock.after(CHANGE_LIMITS.firstRetryMs * 2 ** (attempt - 1), resolve));
      }
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) await write(waiting.splice(0, CHANGE_LIMITS.batchCount));
    running = null;
  }

  function factOf({ record, change: { from, to, atMs }, isSimulated }: Waiting) {
    const { orgId, showId, id, platform } = record;
    return newFact('restream.target_state_changed', {
      ...{ orgId, showId, isSimulated, occurredAt: atMs, kind: to.kind },
      actor: { kind: 'system', id: null },
      payload: { targetId: id, platform, from: from.kind, to: to.kind, reason: to.reason, attemptCount: to.attemptCount },
    });
  }

  return {
    add(record, change, isSimulated) {
      if (waiting.length >= CHANGE_LIMITS.waitingCount) {
        logger.error({ targetId: record.id }, 'too many changes of restream targets are waiting: one is lost');
        return;
      }
      waiting.push({ record, change, isSimulated });
      running ??= Promise.resolve().then(run);
    },
    settled: () => running ?? Promise.resolve(),
  };
}

/** A target that cannot connect for an hour is told once, not each half minute. */
export function isWorthAFact({ from, to }: TargetChange): boolean {
  return from.kind !== to.kind && TOLD.includes(to.kind) && !(to.kind === 'backoff' && to.attemptCount > 1);
}

function rowOf({ record, change: { from, to, atMs } }: Waiting): ChangeRow {
  return {
    ...{ targetId: record.id, orgId: record.orgId, showId: record.showId, at: atMs },
    ...{ from: from.kind, to: to.kind, reason: to.reason, detail: to.detail, attemptCount: to.attemptCount },
  };
}
