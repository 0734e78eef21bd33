// The signed attribution for one add to cart. Fetched when a card comes into view, so that the tap does not wait
// for it; kept ten minutes. Buying never fails for want of one: the shop then gets an empty token.
import type { HighlightId, MintShowToken, ProductId } from '@insp/protocol';

export const TOKEN_MAX_AGE_MS = 10 * 60_000;
export const MAX_KEPT_TOKENS = 20;
/** A tap waits this long for a token at most. */
export const TOKEN_TIMEOUT_MS = 1_500;

export type ShowTokens = {
  prefetch(productId: ProductId, highlightId: HighlightId | null): void;
  get(productId: ProductId, highlightId: HighlightId | null): Promise<string>;
};

export type ShowTokensDeps = {
  nowMs(): number;
  after(delayMs: number, work: () => void): () => void;
  /** Rejects when no token can be had. */
  mint(body: MintShowToken): Promise<string>;
};

export function createShowTokens(deps: ShowTokensDeps): ShowTokens {
  const kept = new Map<string, { token: Promise<string>; atMs: number }>();

  const fetchToken = (productId: ProductId, highlightId: HighlightId | null) => {
    const key = `${productId} ${highlightId ?? ''}`;
    const known = kept.get(key);
    if (known && deps.nowMs() - known.atMs < TOKEN_MAX_AGE_MS) return known.token;
    const token = deps.mint({ productId, highlightId });
    kept.delete(key);
    kept.set(key, { token, atMs: deps.nowMs() });
    token.catch(() => kept.delete(key));
    const oldest = kept.keys().next();
    if (kept.size > MAX_KEPT_TOKENS && !oldest.done) kept.delete(oldest.value);
    return token;
  };

  return {
    prefetch(productId, highlightId) {
      fetchToken(productId, highlightId).catch(() => {});
    },
    get(productId, highlightId) {
      return new Promise((resolve) => {
        const cancel = deps.after(TOKEN_TIMEOUT_MS, () => resolve(''));
        fetchToken(productId, highlightId)
          .then(resolve, () => resolve(''))
          .finally(cancel);
      });
    },
  };
}
