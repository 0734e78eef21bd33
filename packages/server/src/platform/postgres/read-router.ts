// Where a read goes: decided from what is known now, nothing is asked here. The rules and their numbers are in SPEC.md.
import type { ReplicaHealth } from './replica-health.ts';
import { covers, type WalPosition } from './wal-position.ts';

/**
 * - `replica`: one server, whose replay position is known
 * - `endpoint`: a proxy before several (PolarDB cluster endpoint): which server answers is not known
 * - `global_endpoint`: such a proxy that promises global consistency: every read sees every commit
 */
export type ReaderKind = 'replica' | 'endpoint' | 'global_endpoint';

export type ReaderView = {
  readonly kind: ReaderKind;
  readonly health: ReplicaHealth;
  /** How far it has replayed; null before it was first asked, and always for an endpoint. */
  readonly replayed: WalPosition | null;
  readonly inFlightCount: number;
};

export type PrimaryReason = 'no_reader' | 'other_timeline' | 'not_replayed' | 'retry';
export type ReadDecision =
  | { readonly to: 'reader'; readonly index: number }
  /** Some reader will have it soon. */
  | { readonly to: 'wait' }
  | { readonly to: 'primary'; readonly reason: PrimaryReason };

const mayServe = ({ health, inFlightCount }: ReaderView) => health.state === 'in' || (health.state === 'probing' && inFlightCount === 0);

function hasReplayed({ kind, replayed }: ReaderView, demand: WalPosition | null): boolean {
  if (demand === null || kind === 'global_endpoint') return true;
  return kind === 'replica' && replayed !== null && covers(replayed, demand);
}

/** Decides for one read. `turn` grows with every read, so that equals take turns. */
export function chooseReader(input: {
  demand: WalPosition | null;
  primaryTimeline: number | null;
  readers: readonly ReaderView[];
  turn: number;
}): ReadDecision {
  const { demand, readers, turn } = input;
  const serving = readers.map((reader, index) => ({ reader, index })).filter(({ reader }) => mayServe(reader));
  if (serving.length === 0) return { to: 'primary', reason: 'no_reader' }; // ST10
  const isOfOtherTimeline = demand !== null && demand.timeline !== input.primaryTimeline; // ST8
  const fitting = serving.filter(({ reader }) => (isOfOtherTimeline ? reader.kind === 'global_endpoint' : hasReplayed(reader, demand)));
  const [first] = fitting
    // ST14, ST6: one that is on probation gets its one read first; else the least busy, and equals in turn.
    .map((entry, place) => ({
      ...entry,
      isOnProbation: entry.reader.health.state === 'probing',
      turnsLeft: (place + turn) % fitting.length,
    }))
    .sort(
      (a, b) =>
        Number(b.isOnProbation) - Number(a.isOnProbation) || a.reader.inFlightCount - b.reader.inFlightCount || a.turnsLeft - b.turnsLeft,
    );
  if (first !== undefined) return { to: 'reader', index: first.index };
  if (isOfOtherTimeline) return { to: 'primary', reason: 'other_timeline' };
  return serving.some(({ reader }) => reader.kind === 'replica') ? { to: 'wait' } : { to: 'primary', reason: 'not_replayed' };
}
