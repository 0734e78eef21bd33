// Product moments as date ranges (RFC 8216bis 4.4.5.1): which product was on display, in the time line of the picture,
// for players that only know the playlist. Time here is that of the picture, so the rules hold in every replay.

export type ProductMoment = {
  readonly productId: string;
  readonly highlightId: string;
  /** UTC. */
  readonly startMs: number;
  /** Null while the product is on display. */
  readonly endMs: number | null;
};

export const MOMENT_LIMITS = {
  /** At the same time in one playlist; more are left out. */
  rangeCount: 100,
} as const;

/** The class of a moment's range and the names of its own attributes; a player reads them. */
export const PRODUCT_CLASS = 'shop.product';

export type DateRanges = {
  /** Adds a moment, or its end. False: it cannot be told (limit, or an id no playlist can hold). */
  mark(moment: ProductMoment, nowMs: number): boolean;
  /** Forgets what ended before the playlist begins. */
  moveTo(startOfPlaylistMs: number, nowMs: number): void;
  /** The tags of all ranges, or of those added in the last `sinceMs` of the picture's time. */
  tags(sinceMs?: number): readonly string[];
  /** Those that left since then. */
  removedSince(sinceMs: number): readonly string[];
};

type Range = { moment: ProductMoment; addedAtMs: number; endAddedAtMs: number | null };

/** A quoted string holds no quote and no line end; ours hold far less. */
const SAFE_ID = /^[\w.:-]{1,100}$/;
/** Kept for RECENTLY-REMOVED-DATERANGES; skip boundaries are at most 24 s. */
const REMEMBERED_MS = 60_000;

export function createDateRanges(): DateRanges {
  const ranges = new Map<string, Range>();
  let removed: { id: string; atMs: number }[] = [];

  return {
    mark(moment, nowMs) {
      const { highlightId, productId } = moment;
      const known = ranges.get(highlightId);
      if (known) {
        if (moment.endMs !== null && known.moment.endMs === null) {
          const endMs = Math.max(known.moment.startMs, moment.endMs);
          ranges.set(highlightId, { ...known, moment: { ...known.moment, endMs }, endAddedAtMs: nowMs });
        }
        return true;
      }
      const isTellable = SAFE_ID.test(highlightId) && SAFE_ID.test(productId) && ranges.size < MOMENT_LIMITS.rangeCount;
      // An id that left may not come back (6.2.1-M18).
      if (!isTellable || removed.some(({ id }) => id === highlightId)) return false;
      const endMs = moment.endMs === null ? null : Math.max(moment.startMs, moment.endMs);
      ranges.set(highlightId, { moment: { ...moment, endMs }, addedAtMs: nowMs, endAddedAtMs: endMs === null ? null : nowMs });
      return true;
    },
    moveTo(startOfPlaylistMs, nowMs) {
      removed = removed.filter(({ atMs }) => nowMs - atMs < REMEMBERED_MS);
      for (const [id, { moment }] of ranges) {
        if (moment.endMs === null || moment.endMs >= startOfPlaylistMs) continue;
        ranges.delete(id);
        removed.push({ id, atMs: nowMs });
      }
    },
    tags(sinceMs = Number.NEGATIVE_INFINITY) {
      return [...ranges.values()].flatMap(({ moment, addedAtMs, endAddedAtMs }) => [
        ...(addedAtMs >= sinceMs ? [tagOf({ ...moment, endMs: null })] : []),
        // The end comes as a tag of its own: what a playlist said is not changed (6.2.1-M10).
        ...(moment.endMs !== null && (endAddedAtMs ?? 0) >= sinceMs ? [tagOf(moment)] : []),
      ]);
    },
    removedSince: (sinceMs) => removed.filter(({ atMs }) => atMs >= sinceMs).map(({ id }) => id),
  };
}

function tagOf({ highlightId, productId, startMs, endMs }: ProductMoment): string {
  const date = (ms: number) => new Date(ms).toISOString();
  const attributes = [`ID="${highlightId}"`, `CLASS="${PRODUCT_CLASS}"`, `START-DATE="${date(startMs)}"`];
  if (endMs !== null) attributes.push(`END-DATE="${date(endMs)}"`);
  attributes.push(`X-PRODUCT-ID="${productId}"`, `X-HIGHLIGHT-ID="${highlightId}"`);
  return `#EXT-X-DATERANGE:${attributes.join(',')}`;
}
