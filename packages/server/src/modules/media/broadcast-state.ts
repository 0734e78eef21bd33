// The life of a broadcast as a total table: state x event -> state and the facts it causes. Pure.
//
//   off --picture--> on_air --gone--> lost --picture--> on_air      (resumed, same broadcast)
//                                     lost --window_over--> off
//   any --end--> off
import type { Id } from '@insp/protocol';

export type BroadcastState =
  | { readonly kind: 'off' }
  | { readonly kind: 'on_air'; readonly broadcastId: Id<'brd'> }
  | { readonly kind: 'lost'; readonly broadcastId: Id<'brd'>; readonly lastPictureAtMs: number };

export type BroadcastEvent =
  /** A first key frame of a connection came. `newId` is used if this begins a broadcast. */
  | { readonly kind: 'picture'; readonly atMs: number; readonly newId: Id<'brd'> }
  | { readonly kind: 'gone'; readonly lastPictureAtMs: number; readonly cause: string }
  | { readonly kind: 'window_over' }
  | { readonly kind: 'end' };

export type BroadcastFact =
  | { readonly name: 'media.broadcast_started'; readonly payload: { broadcastId: Id<'brd'> } }
  | { readonly name: 'media.encoder_lost'; readonly payload: { broadcastId: Id<'brd'>; cause: string } }
  | { readonly name: 'media.encoder_resumed'; readonly payload: { broadcastId: Id<'brd'>; gapMs: number } };

type Step = { readonly state: BroadcastState; readonly facts: readonly BroadcastFact[] };
type StateOf<K extends BroadcastState['kind']> = Extract<BroadcastState, { kind: K }>;
type EventOf<K extends BroadcastEvent['kind']> = Extract<BroadcastEvent, { kind: K }>;

const OFF: BroadcastState = { kind: 'off' };
const stay = (state: BroadcastState): Step => ({ state, facts: [] });

const table: {
  [S in BroadcastState['kind']]: { [E in BroadcastEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => Step };
} = {
  off: {
    picture: (_state, { newId }) => ({
      state: { kind: 'on_air', broadcastId: newId },
      facts: [{ name: 'media.broadcast_started', payload: { broadcastId: newId } }],
    }),
    gone: stay,
    window_over: stay,
    end: stay,
  },
  on_air: {
    picture: stay,
    gone: ({ broadcastId }, { cause, lastPictureAtMs }) => ({
      state: { kind: 'lost', broadcastId, lastPictureAtMs },
      facts: [{ name: 'media.encoder_lost', payload: { broadcastId, cause } }],
    }),
    window_over: stay,
    end: () => stay(OFF),
  },
  lost: {
    picture: ({ broadcastId, lastPictureAtMs }, { atMs }) => ({
      state: { kind: 'on_air', broadcastId },
      facts: [{ name: 'media.encoder_resumed', payload: { broadcastId, gapMs: Math.max(0, Math.round(atMs - lastPictureAtMs)) } }],
    }),
    gone: stay,
    window_over: () => stay(OFF),
    end: () => stay(OFF),
  },
};

export function nextBroadcastState(state: BroadcastState, event: BroadcastEvent): Step {
  const row = table[state.kind] as Record<BroadcastEvent['kind'], (state: BroadcastState, event: BroadcastEvent) => Step>;
  return row[event.kind](state, event);
}
