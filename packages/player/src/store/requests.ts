// What views ask for. Requests go up, state comes down: a view knows these names and the state, nothing else.
import type { HighlightId, ProductId, ReactionKind } from '@insp/protocol';
import type { Corner } from '../loader/resume-record.ts';
import type { Sheet } from './player-state.ts';

export type Requests = {
  open: { by: 'shopper' | 'page' };
  close: null;
  minimise: null;
  restore: null;
  move_corner: { corner: Corner };
  toggle_play: null;
  toggle_sound: null;
  toggle_captions: null;
  toggle_pip: null;
  go_live: null;
  start_over: null;
  watch_replay: null;
  seek_to: { positionSec: number };
  set_speed: { rate: number };
  retry_video: null;
  share: null;
  react: { kind: ReactionKind };
  expand_chat: { isExpanded: boolean };
  send_chat: { text: string };
  retry_chat: { key: string };
  discard_chat: { key: string };
  accept_notice: { name: string };
  decline_notice: null;
  edit_name: { isEditing: boolean };
  save_name: { name: string };
  open_sheet: { sheet: Sheet };
  open_options: { productId: ProductId; openIn: 'card' | 'sheet' };
  close_options: null;
  choose_option: { productId: ProductId; name: string; value: string };
  add_to_bag: { productId: ProductId };
  change_quantity: { sku: string; quantity: number };
  checkout: null;
  follow_link: { productId: ProductId };
  see_product: { productId: ProductId; highlightId: HighlightId | null };
  dismiss_notice: { id: number };
};

export type Ask = <K extends keyof Requests>(name: K, ...data: Requests[K] extends null ? [] : [Requests[K]]) => void;
export type RequestMap = { readonly [K in keyof Requests]: (data: Requests[K]) => void };
