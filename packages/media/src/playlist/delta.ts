// How much of a playlist a delta update leaves out (RFC 8216bis 6.2.5.1): the segments further from its end than the
// skip boundary.
import type { PlaylistEntry } from './media-playlist.ts';

/** `openMs`: the parts after the last closed segment. */
export function countSkipped(entries: readonly PlaylistEntry[], openMs: number, skipUntilMs: number): number {
  let toEndMs = openMs + entries.reduce((sum, entry) => sum + entry.durationMs, 0);
  let count = 0;
  for (const entry of entries) {
    toEndMs -= entry.durationMs;
    if (toEndMs <= skipUntilMs) break;
    count += 1;
  }
  return count;
}
