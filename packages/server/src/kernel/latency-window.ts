// The slowest hundredth of what took place in the last `windowMs`, from at most `maxCount` durations: beyond that the
// oldest leave early, so a busy window is judged by its newest part.

export type LatencyWindow = {
  note(durationMs: number, nowMs: number): void;
  /** 99th percentile by nearest rank; 0 when nothing took place. */
  p99Ms(nowMs: number): number;
};

export function createLatencyWindow(windowMs: number, maxCount: number): LatencyWindow {
  let entries: { atMs: number; durationMs: number }[] = [];
  return {
    note(durationMs, nowMs) {
      entries.push({ atMs: nowMs, durationMs });
      // Cut in bulk, so that noting stays cheap.
      if (entries.length >= maxCount * 2) entries = entries.slice(-maxCount);
    },
    p99Ms(nowMs) {
      entries = entries.filter(({ atMs }) => Math.abs(nowMs - atMs) <= windowMs).slice(-maxCount);
      const sorted = entries.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
    },
  };
}
