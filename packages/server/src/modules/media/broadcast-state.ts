// The life of a broadcast as a total table: state x event -> state and the facts it causes. Pure.
//
//   off --picture--> on_air --gone--> lost --picture--> on_air      (resumed, same broadcast)
//                    on_air --switched--> on_air                    (the other encoder took over, same broadcast)
//                                     lost --window_over--> off
//   any --end--> off
import type { Id, IngestSource } from '@insp/protocol';

export type BroadcastState =
  | { readonly kind: 'off' }
  | { readonly kind: 'on_air'; readonly broadcastId: Id<'brd'>; readonly source: IngestSource }
  | { readonly kind: 'lost'; readonly broadcastId: Id<'brd'>; readonly source: IngestSource; readonly lastPictureAtMs: number };

export type BroadcastEvent =
  /** A first key frame of a connection came. `newId` is used if this begins a broadcast. */
  | { readonly kind: 'picture'; readonly source: IngestSource; readonly atMs: number; readonly newId: Id<'brd'> }
  /** The other encoder went on air. `gapMs` = how long there had been no picture. */
  | { readonly kind: 'switched'; readonly source: IngestSource; readonly cause: string; readonly gapMs: number }
  | { readonly kind: 'gone'; readonly lastPictureAtMs: number; readonly cause: string }
  | { readonly kind: 'window_over' }
  | { readonly kind: 'end' };

export type BroadcastFact =
  | { readonly name: 'media.broadcast_started'; readonly payload: { broadcastId: Id<'brd'> } }
  | { readonly name: 'media.encoder_lost'; readonly payload: { broadcastId: Id<'brd'>; cause: string } }
  | { readonly name: 'media.encoder_resumed'; readonly payload: { broadcastId: Id<'brd'>; gapMs: number } }
  | {
      readonly name: 'media.ingest_switched';
      readonly payload: { broadcastId: Id<'brd'>; from: IngestSource; to: IngestSource; cause: string; gapMs: number };
    };

type Step = { readonly state: BroadcastState; readonly facts: readonly BroadcastFact[] };
type StateOf<K extends BroadcastState['kind']> = Extract<BroadcastState, { kind: K }>;
type EventOf<K extends BroadcastEvent['kind']> = Extract<BroadcastEvent, { kind: K }>;

const OFF: BroadcastState = { kind: 'off' };
const stay = (state: BroadcastState): Step => ({ state, facts: [] });
const wholeMs = (gapMs: number) => Math.max(0, Math.round(gapMs));
const switched = (broadcastId: Id<'brd'>, from: IngestSource, to: IngestSource, cause: string, gapMs: number): BroadcastFact => ({
  name: 'media.ingest_switched',
  payload: { broadcastId, from, to, cause, gapMs: wholeMs(gapMs) },
});

const table: {
  [S in BroadcastState['kind']]: { [E in BroadcastEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => Step };
} = {
  off: {
    picture: (_state, { source, newId }) => ({
      state: { kind: 'on_air', broadcastId: newId, source },
      facts: [{ name: 'media.broadcast_started', payload: { broadcastId: newId } }],
    }),
    switched: stay,
    gone: stay,
    window_over: stay,
    end: stay,
  },
  on_air: {
    picture: stay,
    switched: ({ broadcastId, source: from }, { source, cause, gapMs }) => ({
      state: { kind: 'on_air', broadcastId, source },
      facts: [switched(broadcastId, from, source, cause, gapMs)],
    }),
    gone: ({ broadcastId, source }, { cause, lastPictureAtMs }) => ({
      state: { kind: 'lost', broadcastId, source, lastPictureAtMs },
      facts: [{ name: 'media.encoder_lost', payload: { broadcastId, cause } }],
    }),
    window_over: stay,
    end: () => stay(OFF),
  },
  lost: {
    picture: ({ broadcastId, source: from, lastPictureAtMs }, { source, atMs }) => {
      const gapMs = wholeMs(atMs - lastPictureAtMs);
      const resumed: BroadcastFact = { name: 'media.encoder_resumed', payload: { broadcastId, gapMs } };
      return {
        state: { kind: 'on_air', broadcastId, source },
        facts: source === from ? [resumed] : [resumed, switched(broadcastId, from, source, 'gone', gapMs)],
      };
    },
    switched: stay,
    gone: stay,
    window_over: () => stay(OFF),
    end: () => stay(OFF),
  },
};

export function nextBroadcastState(state: BroadcastState, event: BroadcastEvent): Step {
  const row = table[state.kind] as Record<BroadcastEvent['kind'], (state: BroadcastState, event: BroadcastEvent) => Step>;
  return row[event.kind](state, event);
}
