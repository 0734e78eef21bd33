// Token bucket per key: `perSec` tokens flow in, at most `burst` are kept. Keys idle for long are forgotten, so
// the map stays bounded by the keys active in the last `burst / perSec` seconds (times two), and by RATE_KEYS_MAX: when
// there are as many, keys it does not know share one bucket. A flood of made-up keys then slows itself down.

export type RateLimiter = {
  /** Takes one token; returns 0 if it may go, else the ms to wait. */
  take(key: string, nowMs: number): number;
};

/** About 15 MB of keys and buckets. */
export const RATE_KEYS_MAX = 100_000;
const ROUNDING = 1e-9;
const SHARED_KEY = '\u0000shared';

export function createRateLimiter(perSec: number, burst: number, maxKeys = RATE_KEYS_MAX): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const fullAfterMs = (burst / perSec) * 1000;
  let sweptAtMs = 0;
  return {
    take(wantedKey, nowMs) {
      if (nowMs - sweptAtMs > fullAfterMs * 2) {
        for (const [other, bucket] of buckets) if (nowMs - bucket.atMs > fullAfterMs) buckets.delete(other);
        sweptAtMs = nowMs;
      }
      const key = buckets.size < maxKeys || buckets.has(wantedKey) ? wantedKey : SHARED_KEY;
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSec);
      bucket.atMs = nowMs;
      // Who waits as long as told must pass, also where thousandths do not add up to one.
      if (bucket.tokens >= 1 - ROUNDING) {
        bucket.tokens = Math.max(0, bucket.tokens - 1);
        return 0;
      }
      return Math.ceil(((1 - bucket.tokens) / perSec) * 1000);
    },
  };
}
