// Between wall time and the element's timeline, and the host's moments a playlist carries (EXT-X-DATERANGE). Pure.

export type TimedFragment = { readonly start: number; readonly duration: number; readonly programDateTime: number | null };

/**
 * Where in the element's timeline a wall time is; null when the playlist does not reach it. A time between two fragments
 * (dates are corrected from one to the next, and nothing was on air while the encoder was away) is where the later begins.
 */
export function positionAtProgramTime(fragments: readonly TimedFragment[], programMs: number): number | null {
  let isAfterFirst = false;
  for (const { start, duration, programDateTime } of fragments) {
    if (programDateTime === null) continue;
    const intoMs = programMs - programDateTime;
    if (intoMs < 0) return isAfterFirst ? start : null;
    if (intoMs < duration * 1_000) return start + intoMs / 1_000;
    isAfterFirst = true;
  }
  return null;
}

/** CLASS of the date ranges that put a product on display. */
export const PRODUCT_CLASS = 'shop.product';
/** More than a show has; a playlist that carries more is not believed. */
export const MAX_MOMENTS = 500;

/** A product was on display from here to there (server UTC); `endMs` null while it is. */
export type ProductMoment = { readonly id: string; readonly productId: string; readonly startMs: number; readonly endMs: number | null };

/** What is read of a date range of hls.js. */
export type DateRangeLike = {
  readonly id: string;
  readonly class: string;
  readonly startDate: Date;
  readonly endDate: Date | null;
  readonly attr: Readonly<Record<string, unknown>>;
};

/** The moments among a playlist's date ranges; others, and malformed ones, are left out. */
export function momentsOf(ranges: Readonly<Record<string, DateRangeLike | undefined>>): readonly ProductMoment[] {
  const moments: ProductMoment[] = [];
  for (const range of Object.values(ranges)) {
    if (range === undefined || range.class !== PRODUCT_CLASS || moments.length >= MAX_MOMENTS) continue;
    const productId = range.attr['X-PRODUCT-ID'];
    const startMs = range.startDate.getTime();
    const endMs = range.endDate?.getTime() ?? Number.NaN;
    if (typeof productId !== 'string' || Number.isNaN(startMs)) continue;
    moments.push({ id: range.id, productId, startMs, endMs: Number.isNaN(endMs) ? null : endMs });
  }
  return moments;
}
