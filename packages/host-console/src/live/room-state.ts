// The room as the console draws it: the state of @insp/client, flattened and keyed for look-ups. Own acts that are
// still on their way lie over it (acts.ts); nothing here guesses.
import type { RoomState as ClientRoomState, PendingMessage } from '@insp/client';
import type {
  Audience,
  AutoEndWarning,
  Ban,
  ChatMessage,
  Cue,
  Highlight,
  LiveKpis,
  ModeratedMessage,
  PressureStatus,
  Product,
  ProductId,
  Questions,
  RestreamTarget,
  SellOrder,
  ShowState,
  StreamHealth,
} from '@insp/protocol';

export type RoomState = {
  /** Server clock minus ours, so that countdowns agree with the server's. */
  readonly clockOffsetMs: number;
  readonly showState: ShowState;
  readonly graceEndsAt: number | null;
  readonly playlistUrl: string | null;
  readonly highlights: readonly Highlight[];
  readonly products: ReadonlyMap<ProductId, Product>;
  readonly pinnedMessage: ChatMessage | null;
  readonly messages: readonly ChatMessage[];
  /** Own lines not confirmed yet, or refused. */
  readonly pendingMessages: readonly PendingMessage[];
  readonly removedMessages: readonly ModeratedMessage[];
  readonly bans: readonly Ban[];
  readonly slowModeSec: number;
  readonly watchingCount: number;
  readonly reactionCount: number;
  readonly kpis: LiveKpis | null;
  readonly audience: Audience | null;
  readonly questions: Questions | null;
  readonly sellOrder: SellOrder | null;
  readonly cues: readonly Cue[];
  readonly health: StreamHealth | null;
  /** The show ends by itself unless somebody keeps it. */
  readonly autoEnd: AutoEndWarning | null;
  /** Null when the server does not say. */
  readonly pressure: PressureStatus | null;
  /** Where else the show is. */
  readonly targets: readonly RestreamTarget[] | null;
  /** How often the server could not give back what was missed: some chat lines are only in the archive. */
  readonly gapCount: number;
};

/** Null until the first welcome. */
export function roomOf(state: ClientRoomState, clockOffsetMs: number): RoomState | null {
  const { showState, staff } = state;
  if (showState === null) return null;
  return {
    clockOffsetMs,
    showState,
    graceEndsAt: state.graceEndsAt,
    playlistUrl: state.playlistUrl,
    highlights: state.highlights,
    products: new Map(state.products.map((product) => [product.id, product])),
    pinnedMessage: state.pinnedMessage,
    messages: state.messages,
    pendingMessages: state.pendingMessages,
    removedMessages: staff?.removedMessages ?? [],
    bans: staff?.bans ?? [],
    slowModeSec: state.slowModeSec,
    watchingCount: state.watchingCount,
    reactionCount: Object.values(state.reactionTotals).reduce((sum, count) => sum + count, 0),
    kpis: staff?.kpis ?? null,
    audience: staff?.audience ?? null,
    questions: staff?.questions ?? null,
    sellOrder: staff?.sellOrder ?? null,
    cues: staff?.cues ?? [],
    health: staff?.health ?? null,
    autoEnd: staff?.autoEnd ?? null,
    pressure: staff?.pressure ?? null,
    targets: staff?.restream?.targets ?? null,
    gapCount: state.gapCount,
  };
}

/** The newest highlight: the product the show is about right now. */
export function featuredHighlight(highlights: readonly Highlight[]): Highlight | null {
  return highlights.reduce<Highlight | null>((newest, one) => (newest === null || one.startedAt >= newest.startedAt ? one : newest), null);
}
