// What the one button of a product does next, decided in one place for card and list alike.
import type { CartReason, Product } from '@insp/protocol';
import { lastRequestFor } from '../cart/cart-bridge.ts';
import type { MessageKey, MessageValues } from '../i18n/messages.ts';
import { chosenVariant, isBuyable, isSoldOut } from './options.ts';
import type { PlayerState } from './player-state.ts';

export type BuyStep =
  | { kind: 'sold_out' }
  /** The shop gave no addToCart: its page sells. */
  | { kind: 'link' }
  | { kind: 'choose' }
  | { kind: 'add'; sku: string }
  | { kind: 'adding' }
  | { kind: 'added' };

export type BuyWords = {
  readonly key: MessageKey;
  readonly values: MessageValues;
  readonly own: string | null;
  readonly offersLink: boolean;
};

export function buyStepOf(state: PlayerState, product: Product): BuyStep {
  const variant = chosenVariant(product, state.shelf.choices[product.id] ?? {});
  const last = lastRequestFor(state.bag, product.id);
  if (last?.stage === 'asking') return { kind: 'adding' };
  if (last?.stage === 'done' && (variant === null || variant.sku === last.sku)) return { kind: 'added' };
  if (isSoldOut(product) || (variant !== null && !isBuyable(variant))) return { kind: 'sold_out' };
  if (!state.hasAddHandler) return { kind: 'link' };
  if (variant === null) return { kind: 'choose' };
  return { kind: 'add', sku: variant.sku };
}

/** Whether the shop's page may help where we cannot. */
const REASON_WORDS: Record<CartReason, { key: MessageKey; offersLink: boolean }> = {
  out_of_stock: { key: 'outOfStock', offersLink: false },
  not_enough_stock: { key: 'notEnoughStockUnknown', offersLink: false },
  login_required: { key: 'loginRequired', offersLink: true },
  more_info_required: { key: 'moreInfoRequired', offersLink: true },
  unknown_variant: { key: 'unknownVariant', offersLink: true },
  coupon_rejected: { key: 'couponRejected', offersLink: true },
  timeout: { key: 'shopTimeout', offersLink: true },
  custom: { key: 'shopRefused', offersLink: true },
};

/** The sentence under a product after the shop said no, or nothing; the shop's own words come first. */
export function buyWordsOf(state: PlayerState, product: Product): BuyWords | null {
  const last = lastRequestFor(state.bag, product.id);
  if (last?.stage !== 'refused' && last?.stage !== 'late') return null;
  const chosen = chosenVariant(product, state.shelf.choices[product.id] ?? {});
  if (chosen !== null && chosen.sku !== last.sku) return null;
  const { key, offersLink } = REASON_WORDS[last.reason ?? 'custom'];
  if (last.reason === 'not_enough_stock' && last.available !== null) {
    return { key: 'notEnoughStock', values: { count: last.available }, own: last.message, offersLink };
  }
  return { key, values: {}, own: last.message, offersLink };
}
