// Did this line come from a show? Judged by the signed token alone, never guessed (integrations.md 2.8, product.md 3.6):
// the token is ours and of this organization, for the product of the line, of a show of this organization, minted before
// the order, and the order was placed no later than 24 hours after the end of the show.
import type { HighlightId, ProductId, ShowId, ViewerId } from '@insp/protocol';
import type { ShowToken } from './show-token.ts';

export const ATTRIBUTION_WINDOW_MS = 24 * 60 * 60_000;
/** How far the clock of the shop may be behind ours. */
export const SHOP_CLOCK_SKEW_MS = 5 * 60_000;

export type TokenVerdict = 'attributed' | 'absent' | 'invalid' | 'other_product' | 'unknown_show' | 'too_early' | 'too_late';
export type Attribution = { readonly showId: ShowId; readonly highlightId: HighlightId | null; readonly viewerId: ViewerId };
export type Judgement = { readonly verdict: TokenVerdict; readonly attribution: Attribution | null };

export type Evidence = {
  /** Null = none was sent; `invalid` = sent, but not ours. */
  readonly token: ShowToken | 'invalid' | null;
  /** Our product of the line; null when its ref is not in the catalog. */
  readonly productId: ProductId | null;
  /** The show of the token; null when it does not exist or belongs to somebody else. */
  readonly show: { readonly endedAt: number | null } | null;
  readonly placedAt: number;
};

export function judgeLine({ token, productId, show, placedAt }: Evidence): Judgement {
  const no = (verdict: TokenVerdict): Judgement => ({ verdict, attribution: null });
  if (token === null) return no('absent');
  if (token === 'invalid') return no('invalid');
  if (show === null) return no('unknown_show');
  if (token.productId !== productId) return no('other_product');
  if (placedAt < token.mintedAt - SHOP_CLOCK_SKEW_MS) return no('too_early');
  if (show.endedAt !== null && placedAt > show.endedAt + ATTRIBUTION_WINDOW_MS) return no('too_late');
  return { verdict: 'attributed', attribution: { showId: token.showId, highlightId: token.highlightId, viewerId: token.viewerId } };
}

/** What the shop's developer reads for a line that had a token and was not attributed. */
export const VERDICT_MESSAGES: Readonly<Record<Exclude<TokenVerdict, 'attributed' | 'absent'>, string>> = {
  invalid: 'The show token is not one of ours or was changed; the line is kept without a show.',
  other_product: 'The show token is for another product than the line; the line is kept without a show.',
  unknown_show: 'The show of the token does not exist; the line is kept without a show.',
  too_early: 'The order was placed before the token was made; the line is kept without a show.',
  too_late: 'The order was placed more than 24 hours after the show; the line is kept without a show.',
};
