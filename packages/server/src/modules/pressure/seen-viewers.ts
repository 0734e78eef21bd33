// Who was seen in this minute and the one before. Two sets of 53-bit hashes, each bounded; a minute that is over is
// forgotten as a whole. When a set is full it answers "not the first", which only costs exactness, and counts that.
import { murmur3 } from '@insp/dataflow';

/** Viewers remembered of one minute: about 16 MB for both minutes when full. */
export const SEEN_VIEWERS_MAX = 200_000;

export type SeenViewers = {
  /** Whether this is the first time this key is asked for in this minute; asking makes it seen. */
  isFirst(key: string, minute: number, currentMinute: number): boolean;
  readonly refusedCount: number;
};

export function createSeenViewers(maxCount = SEEN_VIEWERS_MAX): SeenViewers {
  const minutes = new Map<number, Set<number>>();
  let refusedCount = 0;

  return {
    isFirst(key, minute, currentMinute) {
      // What claims to be older than the minute before, or of the future, is put where the log will put it.
      const at = Math.min(currentMinute, Math.max(minute, currentMinute - 1));
      let seen = minutes.get(at);
      if (!seen) {
        for (const old of minutes.keys()) if (old < currentMinute - 1 || old > currentMinute) minutes.delete(old);
        seen = new Set();
        minutes.set(at, seen);
      }
      const hash = murmur3(key, 0x9747b28c) * 2 ** 21 + (murmur3(key, 0x85ebca6b) >>> 11);
      if (seen.has(hash)) return false;
      if (seen.size >= maxCount) {
        refusedCount += 1;
        return false;
      }
      seen.add(hash);
      return true;
    },
    get refusedCount() {
      return refusedCount;
    },
  };
}
