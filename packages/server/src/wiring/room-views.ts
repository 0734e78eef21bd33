// Shows and their buyers as the room asks for them, many times a second: read once, kept for a moment, dropped when
// the owner says it changed. What others did in other processes may be a moment old; what the asker did is always in.
// Bounded: ROOMS_KEPT shows, the least recently asked go first.
import type { ProductId, ShowId, ViewerId } from '@insp/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Consistency, Kept } from '../kernel/consistency.ts';
import type { EventBus } from '../kernel/event-bus.ts';
import type { Orders } from '../modules/orders/index.ts';
import type { RoomView, Shows } from '../modules/shows/index.ts';

const ROOMS_KEPT = 200;
/** Changes of this process drop an entry at once; this is for those of others. */
const FRESH_MS = 1_000;

export type RoomViews = {
  /** May be a moment old; null for a show that does not exist. */
  room(showId: ShowId): Promise<RoomView | null>;
  buyers(showId: ShowId): Promise<ReadonlySet<ViewerId>>;
  /** Asked for every card a viewer sees: never a query of its own. */
  isInLineUp(showId: ShowId, productId: ProductId): Promise<boolean>;
  /** Something of the show has changed that its module does not tell. */
  drop(showId: ShowId): void;
};

function createMemo<T>(clock: Clock, consistency: Consistency, load: (showId: ShowId) => Promise<T>) {
  const kept = new Map<ShowId, Kept<T> & { readAtMs: number }>();
  return {
    async get(showId: ShowId): Promise<T> {
      for (;;) {
        const known = kept.get(showId);
        const isFresh = known !== undefined && Math.abs(clock.nowMs() - known.readAtMs) < FRESH_MS;
        if (isFresh && (await known.isEnough())) return known.value;
        // Somebody else may have read it again while we looked.
        if (kept.get(showId) !== known) continue;
        const entry = { ...consistency.keep(() => load(showId)), readAtMs: clock.nowMs() };
        // A read that failed is not kept.
        entry.value.catch(() => kept.get(showId) === entry && kept.delete(showId));
        kept.delete(showId);
        kept.set(showId, entry);
        const oldest = kept.keys().next().value;
        if (kept.size > ROOMS_KEPT && oldest !== undefined) kept.delete(oldest);
        return entry.value;
      }
    },
    drop: (showId: ShowId) => void kept.delete(showId),
  };
}

export function createRoomViews(deps: {
  shows: Pick<Shows, 'room' | 'onChanged'>;
  orders: Pick<Orders, 'buyersInShow'>;
  bus: EventBus;
  clock: Clock;
  consistency: Consistency;
}): RoomViews {
  const rooms = createMemo(deps.clock, deps.consistency, (showId) => deps.shows.room(showId));
  const buyers = createMemo(
    deps.clock,
    deps.consistency,
    async (showId) => new Set((await deps.orders.buyersInShow(showId)).map(({ viewerId }) => viewerId)),
  );
  deps.shows.onChanged(({ showId }) => rooms.drop(showId));
  for (const name of ['media.broadcast_started', 'media.encoder_lost', 'media.encoder_resumed'] as const) {
    deps.bus.on(name, ({ showId }) => (showId === null ? undefined : rooms.drop(showId)));
  }
  deps.bus.on('orders.order_placed', ({ showId }) => (showId === null ? undefined : buyers.drop(showId)));
  return {
    room: rooms.get,
    buyers: buyers.get,
    drop: rooms.drop,
    isInLineUp: async (showId, productId) => (await rooms.get(showId))?.products.some(({ id }) => id === productId) ?? false,
  };
}
