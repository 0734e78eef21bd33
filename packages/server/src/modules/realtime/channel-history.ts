// The memory of a stream channel: offsets without holes, an epoch that names this memory, and the last pushes,
// bounded by count, bytes and age. `since` gives all that was missed or null, never a part.
import type { RealtimeLimits } from './limits.ts';
import type { PushEntry } from './push-entry.ts';

export type ChannelHistory = {
  readonly epoch: string;
  /** Offset of the newest push; 0 before the first. */
  readonly offset: number;
  append(make: (offset: number) => PushEntry): PushEntry;
  /** All pushes after `offset`, or null if some are forgotten or `offset` is not one of ours. */
  since(offset: number, nowMs: number): PushEntry[] | null;
  /** True when nothing is remembered (any more). */
  isEmpty(nowMs: number): boolean;
};

export function createChannelHistory(
  epoch: string,
  limits: Pick<RealtimeLimits, 'historyMaxCount' | 'historyMaxBytes' | 'historyTtlMs'>,
): ChannelHistory {
  let entries: PushEntry[] = [];
  // Forgotten entries at the front; cut away in bulk, so that appending stays cheap.
  let start = 0;
  let bytes = 0;
  let offset = 0;

  function forget(nowMs: number): void {
    for (; start < entries.length; start += 1) {
      const oldest = entries[start] as PushEntry;
      const isTooMany = entries.length - start > limits.historyMaxCount || bytes > limits.historyMaxBytes;
      if (!isTooMany && nowMs - oldest.atMs <= limits.historyTtlMs) break;
      bytes -= oldest.sizeBytes;
    }
    if (start > 512 && start * 2 > entries.length) {
      entries = entries.slice(start);
      start = 0;
    }
  }

  return {
    epoch,
    get offset() {
      return offset;
    },
    append(make) {
      offset += 1;
      const entry = make(offset);
      entries.push(entry);
      bytes += entry.sizeBytes;
      forget(entry.atMs);
      return entry;
    },
    since(after, nowMs) {
      if (after > offset) return null;
      if (after === offset) return [];
      forget(nowMs);
      const missedCount = offset - after;
      return entries.length - start < missedCount ? null : entries.slice(entries.length - missedCount);
    },
    isEmpty(nowMs) {
      forget(nowMs);
      return start === entries.length;
    },
  };
}
