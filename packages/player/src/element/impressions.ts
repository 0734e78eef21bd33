// A product counts as seen when half of its card was visible for a second (product.md 3.6), once per product and
// highlight. The observer tells halves, a timer tells the second.
import type { HighlightId, ProductId } from '@insp/protocol';

export const IMPRESSION_MS = 1_000;
const MAX_REMEMBERED = 1_000;

type Shown = { productId: ProductId; highlightId: HighlightId | null };

export type Impressions = {
  watch(node: Element, of: () => Shown | null): () => void;
  /** A card kept its node but shows something else now. */
  recheck(): void;
  stop(): void;
};

export function createImpressions(deps: {
  after(delayMs: number, work: () => void): () => void;
  onImpression(shown: Shown): void;
  createObserver?: (
    onChange: (entries: readonly { target: Element; isIntersecting: boolean; intersectionRatio: number }[]) => void,
  ) => Pick<IntersectionObserver, 'observe' | 'unobserve' | 'disconnect'>;
}): Impressions {
  const watched = new Map<Element, { of: () => Shown | null; isHalfVisible: boolean; key: string; cancel: () => void }>();
  const seen = new Set<string>();
  const keyOf = (shown: Shown | null) => (shown === null ? '' : `${shown.productId} ${shown.highlightId ?? ''}`);
  const createObserver = deps.createObserver ?? ((onChange) => new IntersectionObserver(onChange, { threshold: [0.5] }));

  const observer = createObserver((entries) => {
    for (const entry of entries) {
      const item = watched.get(entry.target);
      if (!item) continue;
      item.isHalfVisible = entry.isIntersecting && entry.intersectionRatio >= 0.5;
      judge(entry.target);
    }
  });

  /** Starts, keeps or stops the second of one node. */
  function judge(node: Element) {
    const item = watched.get(node);
    if (!item) return;
    const key = item.isHalfVisible ? keyOf(item.of()) : '';
    if (key === item.key) return;
    item.cancel();
    item.cancel = () => {};
    item.key = key;
    if (key === '' || seen.has(key)) return;
    item.cancel = deps.after(IMPRESSION_MS, () => {
      const shown = item.of();
      if (!item.isHalfVisible || shown === null || keyOf(shown) !== key || seen.has(key)) return;
      if (seen.size >= MAX_REMEMBERED) seen.clear();
      seen.add(key);
      deps.onImpression(shown);
    });
  }

  return {
    watch(node, of) {
      watched.set(node, { of, isHalfVisible: false, key: '', cancel: () => {} });
      observer.observe(node);
      return () => {
        watched.get(node)?.cancel();
        watched.delete(node);
        observer.unobserve(node);
      };
    },
    recheck() {
      for (const node of watched.keys()) judge(node);
    },
    stop() {
      for (const item of watched.values()) item.cancel();
      watched.clear();
      observer.disconnect();
    },
  };
}
