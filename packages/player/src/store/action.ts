// Everything that can happen to the player, as data. Only the mediators (room, media, cart, timers) and the
// request map make actions.
import type { ChatMessage, EmbedProduct, HighlightId, ProductId, PublicShow, Push, ReactionKind, WireError } from '@insp/protocol';
import type { CartEvent } from '../cart/cart-bridge.ts';
import type { Corner } from '../loader/resume-record.ts';
import type { Settings } from '../loader/settings.ts';
import type { ProductMoment } from '../video/program-time.ts';
import type { StoryboardTile } from '../video/storyboard.ts';
import type { Notice, ReplayChapter, RoomState, Sheet, Surface, VideoState } from './player-state.ts';

export type Action =
  | { type: 'time_passed'; nowMs: number }
  | { type: 'settings_changed'; settings: Settings }
  | { type: 'session_started'; show: PublicShow; viewerId: string; displayName: string }
  | { type: 'session_failed' }
  | { type: 'connection_changed'; connection: RoomState['connection'] }
  | { type: 'pushed'; push: Push; isRecovered: boolean }
  | { type: 'surface_changed'; surface: Surface }
  | { type: 'settle_timed_out' }
  | { type: 'corner_changed'; corner: Corner }
  | { type: 'moments_told'; moments: readonly ProductMoment[] }
  | { type: 'video_changed'; change: Partial<VideoState> }
  | { type: 'chat_sent'; key: string; text: string; atMs: number }
  | { type: 'chat_settled'; key: string; messageId: ChatMessage['id']; seq: number }
  | { type: 'chat_refused'; key: string; error: WireError }
  | { type: 'chat_retried'; key: string }
  | { type: 'chat_discarded'; key: string }
  | { type: 'minute_said'; minute: number; messages: readonly ChatMessage[] }
  | { type: 'said_forgotten' }
  | { type: 'chat_expanded'; isExpanded: boolean }
  | { type: 'notice_asked'; text: string }
  | { type: 'notice_accepted' }
  | { type: 'notice_declined' }
  | { type: 'name_edit'; isEditing: boolean }
  | { type: 'name_changed'; name: string }
  | { type: 'name_refused'; error: WireError }
  | { type: 'reacted'; kind: ReactionKind }
  | { type: 'shop_products_given'; products: readonly EmbedProduct[] }
  | { type: 'sheet_opened'; sheet: Sheet }
  | { type: 'options_opened'; productId: ProductId; openIn: 'card' | 'sheet' }
  | { type: 'options_closed' }
  | { type: 'option_chosen'; productId: ProductId; name: string; value: string }
  | { type: 'product_linked'; productId: ProductId | null }
  | { type: 'highlight_linked'; highlightId: HighlightId }
  | { type: 'cart'; event: CartEvent }
  | { type: 'handlers_changed'; hasAddHandler: boolean }
  | { type: 'started_over'; isStartedOver: boolean }
  | { type: 'replay_opened' }
  | { type: 'chapters_told'; chapters: readonly ReplayChapter[] }
  | { type: 'storyboard_told'; tiles: readonly StoryboardTile[] }
  | { type: 'noticed'; notice: Notice }
  | { type: 'notice_dismissed'; id: number };
