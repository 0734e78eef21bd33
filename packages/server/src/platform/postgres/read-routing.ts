// Sends reads to the readers and, where none can serve, to the primary. Decisions are in read-router.ts and
// replica-health.ts; this file asks, waits, tries again and counts. Rules: SPEC.md.

import type { Logger } from '../../kernel/logger.ts';
import { isPoolFull, isUnavailable } from './is-unavailable.ts';
import { type NodeWatch, type Pace, watchNode } from './node-watch.ts';
import type { PrimaryGate } from './primary-gate.ts';
import type { ReadAddress } from './read-address.ts';
import { chooseReader, type PrimaryReason, type ReadDecision } from './read-router.ts';
import { createReader, type Reader, ReaderLost } from './reader.ts';
import type { ReplicaHealth } from './replica-health.ts';
import { createPrimaryTrack } from './replica-lag.ts';
import { PRIMARY_POSITION_SQL, readPosition, type WalPosition } from './wal-position.ts';

/** A read with a token waits this long for a replica before it goes to the primary. */
const WAIT_MS = 50;
/** More than this many waiting reads means the replicas do not keep up: no use to queue. */
const MAX_WAITING = 1_000;
/** Readers are asked often for this long after the last read. */
const IN_USE_MS = 5_000;

/**
 * What a replica answers and the primary would not: the read was in the way of replay (40001), or the newest migration
 * has not arrived there (undefined table, column, function, object).
 */
const REPLICA_ONLY_STATES = new Set(['40001', '42P01', '42703', '42883', '42704']);
const isReadersFault = (cause: unknown) =>
  cause instanceof ReaderLost || isUnavailable(cause) || REPLICA_ONLY_STATES.has((cause as { code?: string }).code ?? '');

export type ReadStats = {
  readonly byReader: Readonly<Record<string, number>>;
  readonly byPrimary: Readonly<Record<PrimaryReason, number>>;
  /** Reads that waited for a replica, and how long the longest of them did. */
  readonly waitedCount: number;
  readonly longestWaitMs: number;
  readonly refusedCount: number;
};

export type ReaderStatus = { readonly name: string; readonly health: ReplicaHealth['state']; readonly lagMs: number | null };

type Rows = { rows: object[] };

export type ReadRouting = {
  /** One read; `demand` is what it must see. Only the first answer counts: a read that failed on a reader is done again on the primary. */
  read(text: string, params: readonly unknown[] | undefined, demand: WalPosition | null): Promise<Rows>;
  /** Takes readers in and out while running; the others do not notice. */
  setReaders(addresses: readonly ReadAddress[]): void;
  status(): ReaderStatus[];
  readonly primaryTimeline: number | null;
  stats(): ReadStats;
  close(): Promise<void>;
};

export function createReadRouting(deps: {
  primaryUrl: string;
  readPrimary(text: string, params: readonly unknown[] | undefined): Promise<Rows>;
  gate: PrimaryGate;
  maxConnections: number;
  logger: Logger;
}): ReadRouting {
  const { logger, gate } = deps;
  const nowMs = () => performance.now();
  const track = createPrimaryTrack();
  const byPrimary: Record<PrimaryReason, number> = { no_reader: 0, other_timeline: 0, not_replayed: 0, retry: 0 };
  const byReader: Record<string, number> = {};
  const waiting = new Set<(isTimeUp: boolean) => void>();
  let readers: Reader[] = [];
  /** Removed, with reads under way still. */
  const leaving = new Set<Promise<void>>();
  let primaryTimeline: number | null = null;
  let turn = 0;
  let waitedCount = 0;
  let longestWaitMs = 0;
  let usedAtMs = Number.NEGATIVE_INFINITY;

  const pace = (): Pace => (waiting.size > 0 ? 'hurried' : nowMs() - usedAtMs < IN_USE_MS ? 'used' : 'idle');
  const wakeAll = () => {
    primaryWatch.wake();
    for (const reader of readers) reader.wake();
  };

  const primaryWatch: NodeWatch = watchNode<{ lsn: string; timeline: string }>({
    url: deps.primaryUrl,
    question: PRIMARY_POSITION_SQL,
    // A waiting read waits for a replica, not for the primary.
    pace: () => (pace() === 'idle' ? 'idle' : 'used'),
    onAnswer(row) {
      const position = readPosition(row);
      if (position.timeline !== primaryTimeline) {
        if (primaryTimeline !== null)
          logger.warn({ from: primaryTimeline, to: position.timeline }, 'the primary is on another timeline: a standby was promoted');
        primaryTimeline = position.timeline;
        track.clear();
      }
      track.add(position.lsn, nowMs());
    },
    // Readers stay in rotation: what they have is the newest there is to read.
    onFailure: (err) => logger.debug({ err }, 'the primary does not answer its watch'),
  });

  function judge(replayed: WalPosition) {
    return { lagMs: track.lagMs(replayed.lsn, nowMs()), isOnTimeline: primaryTimeline === null || replayed.timeline === primaryTimeline };
  }

  function readerChanged(reader: Reader, before: ReplicaHealth): void {
    const { health } = reader.view();
    const { name } = reader.address;
    if (before.state !== 'out' && health.state === 'out')
      logger.warn({ reader: name, reason: health.reason }, 'a reader is out of rotation');
    if (before.state !== 'in' && health.state === 'in') logger.info({ reader: name }, 'a reader is in rotation');
    for (const look of waiting) look(false);
  }

  function letGo(reader: Reader): void {
    const closed = reader.close().finally(() => leaving.delete(closed));
    leaving.add(closed);
  }

  function choose(demand: WalPosition | null): ReadDecision {
    turn += 1;
    return chooseReader({ demand, primaryTimeline, readers: readers.map((reader) => reader.view()), turn });
  }

  /** Resolves with a decision that is no `wait`, at the latest after WAIT_MS. */
  function waitForReader(demand: WalPosition | null): Promise<ReadDecision> {
    const beganMs = nowMs();
    waitedCount += 1;
    return new Promise((done) => {
      const look = (isTimeUp: boolean) => {
        const decision = isTimeUp ? ({ to: 'primary', reason: 'not_replayed' } as const) : choose(demand);
        if (decision.to === 'wait') return;
        clearTimeout(timer);
        waiting.delete(look);
        longestWaitMs = Math.max(longestWaitMs, nowMs() - beganMs);
        done(decision);
      };
      const timer = setTimeout(look, WAIT_MS, true);
      waiting.add(look);
      wakeAll();
    });
  }

  function readOnPrimary(text: string, params: readonly unknown[] | undefined, reason: PrimaryReason): Promise<Rows> {
    byPrimary[reason] += 1;
    return gate.pass(() => deps.readPrimary(text, params));
  }

  return {
    async read(text, params, demand) {
      const wasIdle = pace() === 'idle';
      usedAtMs = nowMs();
      if (wasIdle) wakeAll();
      let decision = choose(demand);
      if (decision.to === 'wait') {
        decision = waiting.size >= MAX_WAITING ? { to: 'primary', reason: 'not_replayed' } : await waitForReader(demand);
      }
      const reader = decision.to === 'reader' ? readers[decision.index] : undefined;
      if (reader === undefined) return readOnPrimary(text, params, decision.to === 'primary' ? decision.reason : 'no_reader');
      try {
        const result = await reader.query(text, params);
        const { name } = reader.address;
        byReader[name] = (byReader[name] ?? 0) + 1;
        reader.apply({ kind: 'read_went_well' });
        return result;
      } catch (cause) {
        if (!isReadersFault(cause)) throw cause;
        if (isUnavailable(cause) && !isPoolFull(cause) && reader.view().health.state !== 'out') reader.apply({ kind: 'failed' });
        return readOnPrimary(text, params, 'retry');
      }
    },

    setReaders(addresses) {
      const wanted = new Map(addresses.map((address) => [`${address.kind} ${address.url}`, address]));
      const staying = readers.filter(({ address }) => wanted.delete(`${address.kind} ${address.url}`));
      for (const reader of readers) {
        if (staying.includes(reader)) continue;
        logger.info({ reader: reader.address.name }, 'a reader was removed');
        letGo(reader);
      }
      const added = [...wanted.values()].map((address) =>
        createReader(address, { maxConnections: deps.maxConnections, nowMs, pace, judge, onChanged: readerChanged }),
      );
      for (const { address } of added) logger.info({ reader: address.name, kind: address.kind }, 'a reader was added');
      readers = [...staying, ...added];
    },

    status: () =>
      readers.map((reader) => {
        const { health, replayed } = reader.view();
        return { name: reader.address.name, health: health.state, lagMs: replayed === null ? null : track.lagMs(replayed.lsn, nowMs()) };
      }),
    get primaryTimeline() {
      return primaryTimeline;
    },
    stats: () => ({
      byReader: { ...byReader },
      byPrimary: { ...byPrimary },
      waitedCount,
      longestWaitMs,
      refusedCount: gate.refusedCount,
    }),
    async close() {
      primaryWatch.stop();
      for (const reader of readers) letGo(reader);
      readers = [];
      for (const look of waiting) look(false);
      await Promise.all(leaving);
    },
  };
}
