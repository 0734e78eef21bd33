// Products on display, for shows whose picture has not come yet or comes again: their moments must be in the playlist
// from its first text on.
import type { ProductMoment } from '@insp/media';

export const MOMENT_MEMORY_LIMITS = { momentCount: 2_000 } as const;

/** `startMs` null: an end; the start was told before. */
export type MomentNews = Omit<ProductMoment, 'startMs'> & { readonly showId: string; readonly startMs: number | null };

export type MomentMemory = {
  /** Takes the news; answers the whole moment, or null when its start is not known. */
  learn(news: MomentNews): ProductMoment | null;
  /** What is on display in a show. */
  open(showId: string): readonly ProductMoment[];
  forgetShow(showId: string): void;
};

export function createMomentMemory(): MomentMemory {
  const open = new Map<string, ProductMoment & { showId: string }>();
  return {
    learn({ showId, productId, highlightId, startMs, endMs }) {
      const known = open.get(highlightId);
      const startsAtMs = known?.startMs ?? startMs;
      if (startsAtMs === null) return null;
      const moment = { showId, productId, highlightId, startMs: startsAtMs, endMs };
      open.delete(highlightId);
      if (endMs === null) {
        const [oldest] = open.keys();
        if (open.size >= MOMENT_MEMORY_LIMITS.momentCount && oldest !== undefined) open.delete(oldest);
        open.set(highlightId, moment);
      }
      return moment;
    },
    open: (showId) => [...open.values()].filter((moment) => moment.showId === showId),
    forgetShow(showId) {
      for (const [highlightId, moment] of open) if (moment.showId === showId) open.delete(highlightId);
    },
  };
}
