// All the player knows, as one immutable value. Views draw it, the reducer makes the next one, nothing else holds
// state. Times are ms on the server's clock unless the name says otherwise.
import type {
  Cart,
  ChatMessage,
  EmbedProduct,
  Highlight,
  Product,
  ProductId,
  PublicReplay,
  ReactionKind,
  ReplayChapters,
  ShowState,
  WireError,
} from '@insp/protocol';
import type { CartState } from '../cart/cart-bridge.ts';
import { emptyCartState } from '../cart/cart-bridge.ts';
import type { Corner } from '../loader/resume-record.ts';
import type { Settings } from '../loader/settings.ts';
import type { StoryboardTile } from '../video/storyboard.ts';

/** Where the player is: away, in its place (overlay or inline box), or small in a corner. */
export type Surface = 'closed' | 'open' | 'mini';
export type Sheet = 'none' | 'products' | 'bag';

export type ShowSummary = {
  readonly id: string;
  readonly orgId: string;
  readonly brandName: string;
  readonly title: string;
  readonly hostName: string;
  readonly scheduledAtMs: number | null;
  readonly liveAtMs: number | null;
  readonly isSimulated: boolean;
};

export type VideoStatus = 'none' | 'loading' | 'playing' | 'paused' | 'stalled' | 'failed';
export type VideoState = {
  readonly status: VideoStatus;
  /** A first picture was drawn; before that the poster stands. */
  readonly hasPicture: boolean;
  readonly isMuted: boolean;
  /** Muted by us so that it may start by itself; the shopper is offered sound. */
  readonly isMutedForAutoplay: boolean;
  readonly isPausedByShopper: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Wall time of the frame on screen; null when the playlist does not say. */
  readonly programMs: number | null;
  readonly positionSec: number;
  /** Seconds behind the live edge we aim at; null when not live. */
  readonly behindSec: number | null;
  /** Of a replay, as the shopper chose it; what is live has its own pace. */
  readonly speed: number;
  /** A replay was watched to its end. */
  readonly isAtEnd: boolean;
  readonly hasCaptions: boolean;
  readonly areCaptionsOn: boolean;
  /** `on` = the browser's own small video; `window` = the whole player in a window of its own. */
  readonly pip: 'unsupported' | 'off' | 'on' | 'window';
};

export type ReplayChapter = ReplayChapters['chapters'][number];

export type RoomState = {
  readonly connection: 'idle' | 'connecting' | 'open' | 'offline' | 'ended';
  readonly showState: ShowState;
  readonly graceEndsAtMs: number | null;
  readonly playlistUrl: string | null;
  /** The show on air from its beginning, where it is recorded. */
  readonly startOverUrl: string | null;
  readonly isStartedOver: boolean;
  /** Of a show that has ended. */
  readonly replay: PublicReplay | null;
  readonly isReplayOpen: boolean;
  readonly watchingCount: number;
  readonly viewerId: string | null;
  readonly displayName: string;
  readonly endedBy: string | null;
};

/** A line is settled (id and seq of the server), ours and on its way, or ours and refused. */
export type ChatLine = {
  readonly key: string;
  readonly message: ChatMessage;
  readonly status: 'settled' | 'pending' | 'refused' | 'removed';
  readonly error: WireError | null;
  readonly isOwn: boolean;
  /** Written while looking back: its moment is later than the picture's. */
  readonly isAhead: boolean;
};
export type ChatState = {
  readonly lines: readonly ChatLine[];
  /** What was said before, by minutes since the epoch, as far as it was read. */
  readonly said: readonly { readonly minute: number; readonly messages: readonly ChatMessage[] }[];
  readonly pinned: ChatMessage | null;
  readonly slowModeSec: number;
  /** No message before this time. */
  readonly mayWriteAtMs: number;
  readonly isExpanded: boolean;
  /** The shopper has read that name and text are public. */
  readonly hasSeenNotice: boolean;
  /** Text waiting for that. */
  readonly heldText: string | null;
  readonly isEditingName: boolean;
  readonly nameError: WireError | null;
};

export type ShownHighlight = Highlight & {
  /** Ended for the host; stays until the picture gets there. */ readonly endedAtMs: number | null;
};
export type ShelfState = {
  /** Our line-up, what the shop said of it, and the one laid over the other. */
  readonly lineUp: readonly Product[];
  readonly shopProducts: readonly EmbedProduct[];
  readonly products: readonly Product[];
  readonly highlights: readonly ShownHighlight[];
  readonly sheet: Sheet;
  /** The product whose options are open, and what is chosen in each. */
  readonly openProductId: ProductId | null;
  readonly openIn: 'card' | 'sheet';
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Brought here by a deep link: shown as a card although nothing highlights it. */
  readonly linkedProductId: ProductId | null;
};

export type ReactionState = {
  readonly totalCount: number;
  /** Own taps the room has not counted yet. */
  readonly ownCounts: Readonly<Partial<Record<ReactionKind, number>>>;
  /** Grows with each burst; views draw the difference. */
  readonly bursts: readonly { readonly id: number; readonly kind: ReactionKind; readonly count: number; readonly isOwn: boolean }[];
};

export type Notice = {
  readonly id: number;
  /** Key of the message catalogue. */
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly code: string | null;
  readonly detail: string | null;
  readonly isFatal: boolean;
  readonly untilMs: number | null;
};

export type PlayerState = {
  readonly nowMs: number;
  readonly settings: Settings;
  readonly session: 'starting' | 'ready' | 'failed';
  readonly show: ShowSummary | null;
  readonly room: RoomState;
  readonly surface: Surface;
  /** The room has answered and the picture's shape is known: from here on nothing is laid out anew by itself. */
  readonly isSettled: boolean;
  readonly corner: Corner;
  readonly video: VideoState;
  readonly chat: ChatState;
  readonly shelf: ShelfState;
  readonly replayChapters: readonly ReplayChapter[];
  readonly storyboard: readonly StoryboardTile[];
  readonly reactions: ReactionState;
  readonly bag: CartState;
  readonly hasAddHandler: boolean;
  readonly notices: readonly Notice[];
};

export type { Cart };

export function initialState(settings: Settings, nowMs: number): PlayerState {
  return {
    nowMs,
    settings,
    session: 'starting',
    show: null,
    room: {
      connection: 'idle',
      showState: 'scheduled',
      graceEndsAtMs: null,
      playlistUrl: null,
      startOverUrl: null,
      isStartedOver: false,
      replay: null,
      isReplayOpen: false,
      watchingCount: 0,
      viewerId: null,
      displayName: '',
      endedBy: null,
    },
    surface: 'closed',
    isSettled: false,
    corner: settings.corner,
    video: {
      status: 'none',
      hasPicture: false,
      isMuted: true,
      isMutedForAutoplay: true,
      isPausedByShopper: false,
      widthPx: 0,
      heightPx: 0,
      programMs: null,
      positionSec: 0,
      behindSec: null,
      speed: 1,
      isAtEnd: false,
      hasCaptions: false,
      areCaptionsOn: false,
      pip: 'unsupported',
    },
    chat: {
      lines: [],
      said: [],
      pinned: null,
      slowModeSec: 0,
      mayWriteAtMs: 0,
      isExpanded: false,
      hasSeenNotice: false,
      heldText: null,
      isEditingName: false,
      nameError: null,
    },
    shelf: {
      lineUp: [],
      shopProducts: [],
      products: [],
      highlights: [],
      sheet: 'none',
      openProductId: null,
      openIn: 'card',
      choices: {},
      linkedProductId: null,
    },
    replayChapters: [],
    storyboard: [],
    reactions: { totalCount: 0, ownCounts: {}, bursts: [] },
    bag: emptyCartState,
    hasAddHandler: false,
    notices: [],
  };
}
