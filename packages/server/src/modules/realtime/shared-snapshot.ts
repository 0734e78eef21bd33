// Position first, then state: a snapshot is taken together with the offsets that stood before it was asked for,
// so whatever lands while it is read has a greater offset and is sent after it. Applying such a push a second
// time changes nothing, so it may be in the snapshot already.
import { type Channel, hasPermission } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { RealtimeLimits } from './limits.ts';
import type { Redact, RoomRole, SnapshotProvider } from './ports.ts';

export type SharedSnapshot = {
  /** What stood when it was asked for. */
  readonly order: number;
  readonly offsets: Readonly<Record<Channel, number>>;
  readonly text: Promise<string>;
};

export type SharedSnapshots = {
  /** The snapshot for a role: one that is at most `snapshotShareMs` old, or a new one. */
  get(role: RoomRole, orgId: string, options: { isFresh: boolean }): SharedSnapshot;
};

export function createSharedSnapshots(deps: {
  showId: Parameters<SnapshotProvider>[0]['showId'];
  clock: Clock;
  limits: RealtimeLimits;
  provide: SnapshotProvider;
  redact: Redact;
  watchingCount: () => number;
  position: () => { order: number; offsets: Record<Channel, number> };
}): SharedSnapshots {
  const byRole = new Map<RoomRole, SharedSnapshot & { atMs: number }>();

  async function load(role: RoomRole, orgId: string): Promise<string> {
    const snapshot = await withTimeout(deps.provide({ showId: deps.showId, orgId, role }));
    const seen = role !== 'viewer' && hasPermission(role, 'turnover.read') ? snapshot.staff : deps.redact(snapshot.staff);
    return JSON.stringify({ ...snapshot, watchingCount: deps.watchingCount(), staff: role === 'viewer' ? null : seen });
  }

  function withTimeout<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = deps.clock.after(deps.limits.snapshotTimeoutMs, () => reject(new Error('the snapshot took too long')));
      work.then(resolve, reject).finally(cancel);
    });
  }

  return {
    get(role, orgId, { isFresh }) {
      const atMs = deps.clock.nowMs();
      const present = byRole.get(role);
      if (present && !isFresh && Math.abs(atMs - present.atMs) <= deps.limits.snapshotShareMs) return present;
      const next = { ...deps.position(), atMs, text: load(role, orgId) };
      byRole.set(role, next);
      // A failed one is not shared any further; who waits for it hears of it.
      next.text.catch(() => {
        if (byRole.get(role) === next) byRole.delete(role);
      });
      return next;
    },
  };
}
