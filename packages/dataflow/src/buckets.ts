// Event-time buckets are plain integers stamped at ingest, so grouping by time is grouping by a column: no windows,
// no watermark, and a late event lands in its bucket like any other (events-and-store.md 4.3).

export const TEN_SECONDS_MS = 10_000;
export const MINUTE_MS = 60_000;

/** Ten-second bucket: floor(epoch ms / 10,000). */
export const tenSecondBucket = (epochMs: number): number => Math.floor(epochMs / TEN_SECONDS_MS);
/** Minute bucket: floor(epoch ms / 60,000). */
export const minuteBucket = (epochMs: number): number => Math.floor(epochMs / MINUTE_MS);
