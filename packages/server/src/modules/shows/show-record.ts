// A show as stored, and the views of it: for staff, for the public, for the room.
import {
  type Highlight,
  type LineUpItem,
  ON_AIR_STATES,
  type Product,
  type ProductId,
  PUBLISHED_STATES,
  type PublicReplay,
  type PublicShow,
  type PushData,
  type Show,
  type ShowId,
} from '@insp/protocol';
import type { ShowMachine } from './show-state.ts';

export type ShowRecord = ShowMachine & {
  readonly id: ShowId;
  readonly orgId: string;
  readonly title: string;
  readonly description: string;
  readonly hostName: string;
  readonly version: number;
  readonly isSimulated: boolean;
  /** Names the HLS path; the same for the life of the show. */
  readonly playbackId: string;
  readonly streamKeyHash: string | null;
  readonly streamKeyLastFour: string | null;
  readonly backupKeyLastFour: string | null;
  readonly pictureSeenAt: number | null;
  readonly createdAt: number;
};

export type ShowParts = { readonly lineUp: readonly LineUpItem[]; readonly highlights: readonly Highlight[] };

/** Who did it, as the transition keeps it. */
export type By = { readonly kind: 'member' | 'system' | 'encoder'; readonly id: string | null; readonly name: string };
export const BY_SYSTEM: By = { kind: 'system', id: null, name: 'Insp' };
export const BY_ENCODER: By = { kind: 'encoder', id: null, name: 'Encoder' };

/** What the room must learn, shaped as the push that tells it. Made after the commit. */
export type ShowChange = { readonly showId: ShowId; readonly orgId: string } & {
  [T in 'show_state_changed' | 'highlight_started' | 'highlight_ended' | 'products_changed']: {
    readonly type: T;
    readonly data: PushData<T>;
  };
}['show_state_changed' | 'highlight_started' | 'highlight_ended' | 'products_changed'];

/** Tells whether the broadcast is on air or expected back. */
export const isOnAir = ({ state }: Pick<ShowRecord, 'state'>) => ON_AIR_STATES.includes(state);
/** Tells whether the public may know of the show. */
export const isPublished = ({ state }: Pick<ShowRecord, 'state'>) => PUBLISHED_STATES.includes(state);

/** Absolute address of the show's playlist. */
export const playlistUrlOf = (publicUrl: string, { playbackId }: Pick<ShowRecord, 'playbackId'>) =>
  `${publicUrl.replace(/\/$/, '')}/live/${playbackId}/index.m3u8`;

/** The show for its own staff. `hasPicture`: an encoder is sending now, so there is something to preview. */
export function toShow(record: ShowRecord, parts: ShowParts, options: { publicUrl: string; hasPicture: boolean }): Show {
  const { stateBeforeLoss: _before, playbackId: _playback, streamKeyHash: _hash, pictureSeenAt: _seen, ...shown } = record;
  return {
    ...shown,
    lineUp: [...parts.lineUp],
    highlights: [...parts.highlights],
    previewPlaylistUrl: options.hasPicture || isOnAir(record) ? playlistUrlOf(options.publicUrl, record) : null,
  };
}

/** The show for the plug-in: the picture only while on air, products in line-up order. */
export function toPublicShow(
  record: ShowRecord,
  parts: ShowParts,
  products: ReadonlyMap<ProductId, Product>,
  options: { publicUrl: string; brandName: string; showPicture: boolean; replay: PublicReplay | null; startOverUrl: string | null },
): PublicShow {
  const { id, orgId, title, description, hostName, state, isSimulated, scheduledAt, liveAt } = record;
  return {
    ...{ id, orgId, brandName: options.brandName, title, description, hostName, state, isSimulated, scheduledAt, liveAt },
    playlistUrl: options.showPicture ? playlistUrlOf(options.publicUrl, record) : null,
    startOverUrl: options.startOverUrl,
    replay: options.replay,
    products: parts.lineUp.flatMap(({ productId }) => products.get(productId) ?? []),
    highlights: [...parts.highlights],
  };
}
