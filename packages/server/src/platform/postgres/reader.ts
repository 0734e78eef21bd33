// One server that reads may go to: its pool, its watch, its place in rotation. A read on it that cannot end (the server
// died, hangs, or was taken out) fails at once and for good, so that the router can ask the primary instead.
import pg from 'pg';
import { isUnavailable } from './is-unavailable.ts';
import { type NodeWatch, type Pace, watchNode } from './node-watch.ts';
import type { ReadAddress } from './read-address.ts';
import type { ReaderView } from './read-router.ts';
import { type HealthEvent, NEW_REPLICA, nextHealth, type ReplicaHealth } from './replica-health.ts';
import { parseLsn, readPosition, type WalPosition } from './wal-position.ts';

/**
 * A standby tells its timeline by what it receives; without the right to see that (pg_monitor) by what its control file
 * says, which is behind after a promotion and never ahead: then the primary serves a little longer than needed. One that
 * was promoted is a primary, and says where it is like one.
 */
const REPLICA_QUESTION = `
  SELECT pg_is_in_recovery() AS is_standby, pg_last_wal_replay_lsn()::text AS replayed,
    GREATEST((SELECT received_tli FROM pg_stat_wal_receiver), (SELECT timeline_id FROM pg_control_checkpoint()),
             (SELECT min_recovery_end_timeline FROM pg_control_recovery())) AS standby_timeline,
    CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn()::text END AS lsn,
    CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END AS timeline`;
type ReplicaAnswer = {
  is_standby: boolean;
  replayed: string | null;
  standby_timeline: number | null;
  lsn: string | null;
  timeline: string | null;
};

function replayedOf(answer: ReplicaAnswer): WalPosition | null {
  if (!answer.is_standby) {
    return answer.lsn === null || answer.timeline === null ? null : readPosition({ lsn: answer.lsn, timeline: answer.timeline });
  }
  if (answer.replayed === null || answer.standby_timeline === null) return null;
  return { timeline: answer.standby_timeline, lsn: parseLsn(answer.replayed) };
}

export class ReaderLost extends Error {}

/** A connection cut while in use tells it twice: by its query, which we hear, and by this event, which would end the process. */
const ignore = () => {};

export type Reader = {
  readonly address: ReadAddress;
  view(): ReaderView;
  query(text: string, params: readonly unknown[] | undefined): Promise<pg.QueryResult>;
  apply(event: HealthEvent): void;
  wake(): void;
  /** Takes no more reads, and ends when those under way have ended. */
  close(): Promise<void>;
};

export function createReader(
  address: ReadAddress,
  deps: {
    maxConnections: number;
    nowMs: () => number;
    pace: () => Pace;
    /** Asked after each answer of the server; an endpoint is always well when it answers. */
    judge(replayed: WalPosition): { lagMs: number; isOnTimeline: boolean };
    onChanged(reader: Reader, before: ReplicaHealth): void;
  },
): Reader {
  const pool = new pg.Pool({
    connectionString: address.url,
    max: deps.maxConnections,
    connectionTimeoutMillis: 1_000,
    application_name: 'insp read',
  });
  pool.on('error', () => {});
  const aborts = new Set<(cause: Error) => void>();
  let health: ReplicaHealth = NEW_REPLICA;
  let replayed: WalPosition | null = null;
  let isClosed = false;

  function apply(event: HealthEvent): void {
    const before = health;
    health = nextHealth(health, event, deps.nowMs());
    if (event.kind === 'failed') for (const abort of aborts) abort(new ReaderLost(`${address.name} does not answer`));
    deps.onChanged(reader, before);
  }

  const watch: NodeWatch = watchNode<ReplicaAnswer>({
    url: address.url,
    question: address.kind === 'replica' ? REPLICA_QUESTION : 'SELECT 1',
    pace: deps.pace,
    onAnswer(answer) {
      if (address.kind !== 'replica') return apply({ kind: 'asked', lagMs: 0, isOnTimeline: true });
      replayed = replayedOf(answer);
      apply({ kind: 'asked', ...(replayed === null ? { lagMs: Number.POSITIVE_INFINITY, isOnTimeline: true } : deps.judge(replayed)) });
    },
    onFailure: () => apply({ kind: 'failed' }),
  });

  const reader: Reader = {
    address,
    view: () => ({ kind: address.kind, health, replayed, inFlightCount: aborts.size }),
    query(text, params) {
      if (isClosed) return Promise.reject(new ReaderLost(`${address.name} was removed`));
      return new Promise((done, fail) => {
        let client: pg.PoolClient | null = null;
        let isOver = false;
        const settle = (finish: () => void, broken?: Error) => {
          if (isOver) return;
          isOver = true;
          aborts.delete(abort);
          if (broken === undefined) client?.off('error', ignore);
          client?.release(broken);
          finish();
        };
        const abort = (cause: Error) => settle(() => fail(cause), cause);
        aborts.add(abort);
        pool
          .connect()
          .then((connected) => {
            if (isOver) return connected.release();
            client = connected;
            connected.on('error', ignore);
            return connected.query(text, params as unknown[]).then(
              (result) => settle(() => done(result)),
              (cause: Error) => settle(() => fail(cause), isUnavailable(cause) ? cause : undefined),
            );
          })
          .catch((cause: Error) => settle(() => fail(cause)));
      });
    },
    apply,
    wake: () => watch.wake(),
    async close() {
      if (isClosed) return;
      isClosed = true;
      // Watched to the end: reads on a server that hangs must not hold us.
      await pool.end();
      watch.stop();
    },
  };
  return reader;
}
