// The rooms of this process by show: made when first needed, freed when nobody is in them and nothing of them is
// remembered. Keeps their time: samples, debts of slow members, the number of viewers told at most once a second.
import type { ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Service } from '../../kernel/service.ts';
import type { RealtimeLimits } from './limits.ts';
import type { Member } from './member.ts';
import type { FactAcceptor, Redact, RoomPace, SnapshotProvider } from './ports.ts';
import { createPresence, type Presence } from './presence.ts';
import { createRoom, type Room } from './room.ts';

const SETTLE_DEBTS_EVERY_MS = 1_000;
const FREE_SPENT_EVERY_MS = 30_000;

type ShowRoom = { readonly room: Room; readonly presence: Presence; cancelTell: (() => void) | null; toldAtMs: number };

export type ShowRooms = Service & {
  /** The room of a show if there is one. */
  find(showId: ShowId): Pick<ShowRoom, 'room' | 'presence'> | undefined;
  /** The room of a show, made if need be; null when there are `roomsMax` others. */
  open(showId: ShowId): Pick<ShowRoom, 'room' | 'presence'> | null;
  onPresenceChanged(listen: (showId: ShowId) => void): () => void;
  readonly count: number;
  ids(): ShowId[];
};

export function createShowRooms(deps: {
  clock: Clock;
  ids: Ids;
  limits: RealtimeLimits;
  pace: () => RoomPace;
  snapshot: SnapshotProvider;
  redact: Redact;
  capture: FactAcceptor;
  onTooSlow: (member: Member) => void;
  onEarlyFlush: () => void;
}): ShowRooms {
  const { clock, ids, limits } = deps;
  const rooms = new Map<ShowId, ShowRoom>();
  const listeners = new Set<(showId: ShowId) => void>();
  let stopTimers: Array<() => void> = [];

  function make(showId: ShowId): ShowRoom {
    const presence = createPresence({ showId, clock, ids, limits, capture: deps.capture, onChanged: () => tellSoon(showId) });
    const room = createRoom({
      ...{
        showId,
        clock,
        limits,
        pace: deps.pace,
        redact: deps.redact,
        snapshot: deps.snapshot,
        onTooSlow: deps.onTooSlow,
        onEarlyFlush: deps.onEarlyFlush,
      },
      newEpoch: () => ids.create('req').slice('req_'.length),
      watchingCount: presence.watchingCount,
    });
    const made: ShowRoom = { room, presence, cancelTell: null, toldAtMs: Number.NEGATIVE_INFINITY };
    rooms.set(showId, made);
    return made;
  }

  function tellSoon(showId: ShowId): void {
    const entry = rooms.get(showId);
    if (!entry || entry.cancelTell) return;
    const waitMs = Math.min(limits.presenceTellMs, Math.max(0, entry.toldAtMs + limits.presenceTellMs - clock.nowMs()));
    entry.cancelTell = clock.after(waitMs, () => {
      entry.cancelTell = null;
      entry.toldAtMs = clock.nowMs();
      const channel = deps.pace().tellsPresence ? 'viewers' : 'staff';
      entry.room.publishLatest(channel, 'presence_changed', { watchingCount: entry.presence.watchingCount() });
      for (const listen of listeners) listen(showId);
    });
  }

  function freeSpent(): void {
    for (const [showId, { room, presence, cancelTell }] of rooms) {
      if (!room.isSpent() || !presence.isEmpty()) continue;
      cancelTell?.();
      rooms.delete(showId);
    }
  }

  return {
    find: (showId) => rooms.get(showId),
    open(showId) {
      const known = rooms.get(showId);
      if (known) return known;
      if (rooms.size >= limits.roomsMax) freeSpent();
      return rooms.size >= limits.roomsMax ? null : make(showId);
    },
    onPresenceChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    get count() {
      return rooms.size;
    },
    ids: () => [...rooms.keys()],
    async start() {
      if (stopTimers.length > 0) return;
      stopTimers = [
        clock.every(limits.concurrencySampleMs, () => {
          for (const { presence } of rooms.values()) presence.sample();
        }),
        clock.every(SETTLE_DEBTS_EVERY_MS, () => {
          for (const { room } of rooms.values()) room.settleDebts();
        }),
        clock.every(FREE_SPENT_EVERY_MS, freeSpent),
      ];
    },
    async stop() {
      for (const stopTimer of stopTimers) stopTimer();
      stopTimers = [];
      for (const { presence, cancelTell } of rooms.values()) {
        presence.stop();
        cancelTell?.();
      }
    },
  };
}
