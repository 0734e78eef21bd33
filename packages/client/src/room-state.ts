// What a screen needs to draw a room, as one immutable value. The player and the console share it; `staff` is
// null for shoppers.
import type { Channel, ChatMessage, Product, PublicReplay, Push, RoomSnapshot, Welcome, WireError } from '@insp/protocol';
import type { ConnectionState } from './room-client.ts';

/** Lines kept of the chat (product.md CH3): an evening of it must not grow the tab. */
export const MAX_MESSAGES = 200;
export const MAX_REMOVED_MESSAGES = 200;

/** One of mine that the server has not confirmed, or has refused; a refused one stays until dismissed. */
export type PendingMessage = {
  readonly key: string;
  readonly text: string;
  readonly sentAtMs: number;
  readonly state: 'sending' | 'refused';
  readonly error: WireError | null;
  /** Known once accepted: the line leaves when the message with this id is here. */
  readonly messageId: string | null;
};

export type StaffState = NonNullable<RoomSnapshot['staff']>;

export type RoomState = {
  readonly connection: ConnectionState;
  /** Null until the first welcome. */
  readonly me: Pick<Welcome, 'sessionId' | 'viewerId' | 'displayName' | 'role'> | null;
  readonly showState: RoomSnapshot['showState'] | null;
  readonly graceEndsAt: number | null;
  readonly playlistUrl: string | null;
  /** The running show from its beginning. */
  readonly startOverUrl: string | null;
  /** Of a show that has ended. */
  readonly replay: PublicReplay | null;
  /** Oldest first; the last one is the featured product. */
  readonly highlights: RoomSnapshot['highlights'];
  readonly products: RoomSnapshot['products'];
  readonly pinnedMessage: ChatMessage | null;
  /** By `seq`, at most MAX_MESSAGES, newest last. */
  readonly messages: readonly ChatMessage[];
  readonly pendingMessages: readonly PendingMessage[];
  readonly slowModeSec: number;
  readonly watchingCount: number;
  /** Totals of the show by kind. */
  readonly reactionTotals: Readonly<Record<string, number>>;
  readonly staff: StaffState | null;
  /** How often a past could not be recovered; the chat then starts from the snapshot. */
  readonly gapCount: number;
};

export type RoomEvent =
  | { type: 'push'; push: Push; recoveredChannels?: readonly Channel[] }
  | { type: 'connection_changed'; connection: ConnectionState }
  | { type: 'gap_found' }
  | { type: 'message_sending'; key: string; text: string; atMs: number }
  | { type: 'message_accepted'; key: string; messageId: string }
  | { type: 'message_refused'; key: string; error: WireError }
  | { type: 'message_dismissed'; key: string }
  | { type: 'name_changed'; name: string };

export const initialRoomState: RoomState = {
  connection: { kind: 'idle' },
  me: null,
  showState: null,
  graceEndsAt: null,
  playlistUrl: null,
  startOverUrl: null,
  replay: null,
  highlights: [],
  products: [],
  pinnedMessage: null,
  messages: [],
  pendingMessages: [],
  slowModeSec: 0,
  watchingCount: 0,
  reactionTotals: {},
  staff: null,
  gapCount: 0,
};

/** The featured product: the newest highlight's. */
export function featuredProduct(state: RoomState): Product | null {
  const newest = state.highlights.at(-1);
  return (newest && state.products.find((product) => product.id === newest.productId)) ?? null;
}
