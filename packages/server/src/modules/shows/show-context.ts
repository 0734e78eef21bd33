// What the use cases of a show share: the dependencies, and one way to change a show. A change holds the row lock,
// writes rows and facts in one transaction, and tells the room only after the commit.
import type { Fact, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type Outcome, refused } from '../../kernel/outcome.ts';
import type { Random } from '../../kernel/random.ts';
import type { Database, Sql } from '../../platform/postgres/database.ts';
import type { FactRecorder, NewFact, ShowsPorts } from './ports.ts';
import type { By, ShowChange, ShowRecord } from './show-record.ts';
import { lockShow } from './show-store.postgres.ts';

export type ShowsDeps = {
  database: Database;
  recorder: FactRecorder;
  newFact: NewFact;
  clock: Clock;
  ids: Ids;
  random: Random;
  logger: Logger;
  ports: ShowsPorts;
  /** Where browsers reach Insp, e.g. https://insp.example. */
  publicUrl: string;
  /** What OBS asks for as server, e.g. rtmp://insp.example:1935/live. */
  ingestUrl: string;
  /** 32 bytes under which stream keys are kept: `deriveKey('stream-keys')` of accounts' server secret. */
  streamKeySecret: Uint8Array;
};

export type ShowContext = ShowsDeps & { emit(change: ShowChange): void };

export type ShowTransaction = {
  tx: Sql;
  show: ShowRecord;
  nowMs: number;
  record(fact: Fact): void;
  /** Tells the room after the commit. */
  tell(change: ShowChange): void;
};

/**
 * Runs `work` on the locked show. `orgId` null = on behalf of the system. A show of another organization is not found,
 * like a missing one. `work` decides first and writes then: a refusal after a write would still commit.
 */
export async function changeShow<T>(
  context: ShowContext,
  orgId: string | null,
  showId: string,
  work: (transaction: ShowTransaction) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const changes: ShowChange[] = [];
  const outcome = await context.recorder.commit(async (tx, record): Promise<Outcome<T>> => {
    const show = await lockShow(tx, showId);
    if (show === null || (orgId !== null && show.orgId !== orgId)) return refused('INSP_SHOWS_NOT_FOUND');
    return work({ tx, show, record, nowMs: context.clock.nowMs(), tell: (change) => changes.push(change) });
  });
  for (const change of changes) context.emit(change);
  return outcome;
}

export const actorOf = ({ kind, id }: By) => ({ kind, id });
export const nameShow = (show: { id: ShowId; orgId: string }) => ({ showId: show.id, orgId: show.orgId });
