// The page of a room: what a viewer without a socket is shown, the same for everybody. Made at most every
// PAGE_KEPT_MS and show, however many ask, also when they ask at once. Bounded: PAGES_MAX shows, the oldest page goes.
import type { RoomPage, RoomSnapshot, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';

export const PAGE_KEPT_MS = 5_000;
export const PAGES_MAX = 200;
/** What everybody is told who must wait; clients spread over once more as long. */
export const PAGE_RETRY_AFTER_MS = 20_000;

export type RoomPages = {
  /** Null for a show whose room is not open. */
  page(showId: ShowId): Promise<RoomPage | null>;
};

export function createRoomPages(deps: {
  clock: Clock;
  snapshot(showId: ShowId): Promise<RoomSnapshot | null>;
  takesNewViewers(): boolean;
}): RoomPages {
  const kept = new Map<ShowId, { made: Promise<RoomPage | null>; atMs: number }>();

  async function make(showId: ShowId): Promise<RoomPage | null> {
    const snapshot = await deps.snapshot(showId);
    return snapshot === null ? null : { snapshot, retryAfterMs: deps.takesNewViewers() ? null : PAGE_RETRY_AFTER_MS };
  }

  return {
    page(showId) {
      const nowMs = deps.clock.nowMs();
      const known = kept.get(showId);
      if (known && Math.abs(nowMs - known.atMs) < PAGE_KEPT_MS) return known.made;
      const entry = { made: make(showId), atMs: nowMs };
      // A page that failed is not kept.
      entry.made.catch(() => kept.get(showId) === entry && kept.delete(showId));
      kept.delete(showId);
      kept.set(showId, entry);
      if (kept.size > PAGES_MAX) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
      return entry.made;
    },
  };
}
