// Event-time buckets are plain integers stamped at ingest, so grouping by time is grouping by a column: no windows,
// no watermark, and a late event lands in its bucket like any other (events-and-store.md 4.3).

export const TEN_SECONDS_MS = 10_000;
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** Ten-second bucket: floor(epoch ms / 10,000). */
export const tenSecondBucket = (epochMs: number): number => Math.floor(epochMs / TEN_SECONDS_MS);
/** Minute bucket: floor(epoch ms / 60,000). */
export const minuteBucket = (epochMs: number): number => Math.floor(epochMs / MINUTE_MS);
/** Day bucket in UTC: floor(epoch ms / 86,400,000), the days since 1970-01-01. */
export const dayBucket = (epochMs: number): number => Math.floor(epochMs / DAY_MS);
