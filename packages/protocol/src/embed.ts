// The embed API as a shop developer types it (product.md 3.1, 3.2): callbacks, answers, reasons, DOM events.
// Types and constants only; the player implements them, docs/reference/embed.md is generated from them.
import type { Currency } from './money.ts';

export const CART_REASONS = [
  'out_of_stock',
  'not_enough_stock',
  'login_required',
  'more_info_required',
  'unknown_variant',
  'coupon_rejected',
  'timeout',
  'custom',
] as const;
export type CartReason = (typeof CART_REASONS)[number];

export type EmbedPrice = { current: number; original?: number; currency: Currency }; // minor units
export type EmbedVariant = { sku: string; options: Record<string, string>; inStock: boolean | number; price: EmbedPrice };
export type EmbedProduct = {
  id: string;
  name: string;
  brand?: string;
  url: string;
  images: string[];
  options: string[];
  variants: EmbedVariant[];
};

export type Cart = {
  lines: { sku: string; quantity: number; price: EmbedPrice; name?: string }[];
  count: number;
  total: number;
  currency: Currency;
  coupons: string[];
};

export type ProvideProductsRequest = { locale: string; currency: Currency; items: { id: string; ref: string }[] };
export type AddToCartRequest = {
  requestId: string;
  sku: string;
  quantity: number;
  coupon: string | null;
  holdId: string | null;
  highlightId: string | null;
  showToken: string;
};
export type CartRefusal = { ok: false; reason: CartReason; message?: string; available?: number };
export type CartAnswer = { ok: true; cart?: Cart } | CartRefusal | boolean;

/** The five callbacks of a shop, all optional; a missing one is named on screen and in the console. */
export type CartHandlers = {
  provideProducts?: (request: ProvideProductsRequest) => Promise<{ products: EmbedProduct[] }>;
  addToCart?: (request: AddToCartRequest) => Promise<CartAnswer>;
  updateItem?: (request: { requestId: string; sku: string; quantity: number }) => Promise<CartAnswer>;
  syncCart?: (request: { cause: string }) => Promise<Cart>;
  checkout?: (request: { cart: Cart | null; showToken: string | null }) => Promise<{ url: string } | { handled: true }>;
  wishlist?: (request: { sku: string; on: boolean }) => Promise<{ ok: true } | { ok: false; reason: string }>;
};

/** Trade names accepted for the same callbacks. */
export const HANDLER_ALIASES = {
  PROVIDE_PRODUCT_DATA: 'provideProducts',
  ADD_TO_CART: 'addToCart',
  UPDATE_ITEM_IN_CART: 'updateItem',
  SYNC_CART_STATE: 'syncCart',
  CHECKOUT: 'checkout',
} as const satisfies Record<string, keyof CartHandlers>;

export type ConsentState = { functional: boolean; performance: boolean; targeting: boolean };

/** The object `insp('ready', cb)` hands over, one per element. */
export type PlayerHandle = {
  open(): void;
  close(): void;
  play(): void;
  pause(): void;
  seek(position: number | 'live'): void;
  mute(muted: boolean): void;
  minimise(): void;
  restore(): void;
  pip(): void;
  showProduct(id: string): void;
  setLocale(locale: string): void;
  setCurrency(currency: Currency): void;
  setConsent(consent: Partial<ConsentState>): void;
  setViewerToken(token: string | null): void;
  updateProducts(products: EmbedProduct[]): void;
  /** How the video plays now, for support and measurements; null without a picture. */
  playback(): {
    /** Wall time of the frame on screen, ms since the epoch, as the playlist has it. */
    programMs: number | null;
    /** Behind the live edge, and how far that should be; null when not live. */
    latencySec: number | null;
    targetSec: number | null;
    rate: number;
    /** What the line carries, as far as it was measured. */
    bitsPerSec: number | null;
  } | null;
  destroy(): void;
};

export const EMBED_EVENT_NAMES = [
  'player.ready',
  'player.error',
  'player.load',
  'player.play',
  'player.pause',
  'player.resume',
  'player.stop',
  'player.muted',
  'player.unmuted',
  'player.opened',
  'player.closed',
  'player.minimised',
  'player.restored',
  'player.pip',
  'show.state',
  'highlight.shown',
  'highlight.hidden',
  'highlight.clicked',
  'product.impression',
  'product.click',
  'product.view',
  'cart.added',
  'cart.updated',
  'cart.removed',
  'cart.failed',
  'cart.checkout',
  'reaction',
  'chat.message',
  'share',
  'navigate',
  'auth.needed',
] as const;
export type EmbedEventName = (typeof EMBED_EVENT_NAMES)[number];

/** Detail of the bubbling DOM event `insp:event`. */
export type EmbedEvent = {
  v: 1;
  id: string;
  name: EmbedEventName;
  showId: string;
  orgId: string | null;
  phase: string;
  device: string;
  surface: 'overlay' | 'inline' | 'mini' | 'pip';
  timeline: {
    broadcastSec: number | null;
    showSec: number | null;
    lengthSec: number | null;
    watchedPct: number | null;
    serverTime: number;
  };
  payload: Record<string, unknown>;
};
