// The rooms in memory: loaded when first needed, forgotten when long unused.
import type { OrgId, ShowId } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/postgres/database.ts';
import { type ChatRoom, loadRoom } from './chat-room.ts';
import type { ChatPorts } from './ports.ts';

export const MAX_ROOMS = 500;

export type Rooms = {
  /** The room of a show, loaded if need be. */
  open(showId: ShowId, orgId: OrgId): Promise<ChatRoom>;
  /** Rooms of an organization that are loaded now. */
  loadedOf(orgId: OrgId): ChatRoom[];
};

/** `isBusy` rooms are never forgotten; when all are busy there may be more than `MAX_ROOMS` for a while. */
export function createRooms(deps: {
  database: Database;
  clock: Clock;
  ports: ChatPorts;
  isBusy(showId: ShowId): boolean;
  maxRooms?: number;
}): Rooms {
  const maxRooms = deps.maxRooms ?? MAX_ROOMS;
  const loading = new Map<ShowId, Promise<ChatRoom>>();
  const loaded = new Map<ShowId, ChatRoom>();

  function forgetOldest(): void {
    if (loaded.size <= maxRooms) return;
    const idle = [...loaded.values()].filter(({ showId }) => !deps.isBusy(showId)).sort((a, b) => a.usedAtMs - b.usedAtMs);
    for (const { showId } of idle.slice(0, loaded.size - maxRooms)) {
      loaded.delete(showId);
      loading.delete(showId);
    }
  }

  return {
    async open(showId, orgId) {
      const nowMs = deps.clock.nowMs();
      const known = loaded.get(showId);
      if (known) {
        known.usedAtMs = nowMs;
        return known;
      }
      const underWay =
        loading.get(showId) ??
        loadRoom(deps.database, deps.ports, { showId, orgId }, nowMs).then(
          (room) => {
            loaded.set(showId, room);
            forgetOldest();
            return room;
          },
          (cause: unknown) => {
            loading.delete(showId);
            throw cause;
          },
        );
      loading.set(showId, underWay);
      return underWay;
    },
    loadedOf: (orgId) => [...loaded.values()].filter((room) => room.orgId === orgId),
  };
}
