// How the picture is at the viewers': the share of the watching time in which it stood, and how long they wait for the
// first one. Told by players (`player.stalled`, `player.joined`), divided by the time people were here. The last five
// minutes; in memory, so it begins anew with the process.
import type { ViewersReading } from './outside-readings.ts';

export const VIEWER_SIDE_LIMITS = {
  windowMs: 5 * 60_000,
  slotMs: 10_000,
  /** Below this much watching a single stall would be a scandal. */
  leastWatchedMs: 60_000,
  joinsKept: 500,
  latenciesKept: 2_000,
} as const;

type Slot = { readonly startMs: number; watchedMs: number; stalledMs: number };

export type ViewerSide = {
  /** `count` viewers have been here since the last call; gaps longer than a slot count as one slot. */
  watching(count: number, atMs: number): void;
  /** `weight`: how many stalls this one stands for (sampling under load). */
  stalled(stallMs: number, weight: number, atMs: number): void;
  joined(joinMs: number, atMs: number): void;
  /** How far behind the host somebody's picture is. */
  behind(behindHostMs: number, atMs: number): void;
  read(nowMs: number): ViewersReading;
};

export function createViewerSide(): ViewerSide {
  let slots: Slot[] = [];
  let joins: { joinMs: number; atMs: number }[] = [];
  let latencies: { behindHostMs: number; atMs: number }[] = [];
  let watching: { count: number; atMs: number } | null = null;

  function slotAt(atMs: number): Slot {
    const startMs = atMs - (atMs % VIEWER_SIDE_LIMITS.slotMs);
    const last = slots.at(-1);
    if (last && last.startMs >= startMs) return last;
    const slot: Slot = { startMs, watchedMs: 0, stalledMs: 0 };
    slots = [...slots.filter((one) => one.startMs > atMs - VIEWER_SIDE_LIMITS.windowMs), slot];
    return slot;
  }

  return {
    watching(count, atMs) {
      if (watching && atMs > watching.atMs) {
        slotAt(atMs).watchedMs += watching.count * Math.min(atMs - watching.atMs, VIEWER_SIDE_LIMITS.slotMs);
      }
      watching = { count, atMs };
    },
    stalled(stallMs, weight, atMs) {
      slotAt(atMs).stalledMs += stallMs * weight;
    },
    joined(joinMs, atMs) {
      joins = [...joins, { joinMs, atMs }].slice(-VIEWER_SIDE_LIMITS.joinsKept);
    },
    behind(behindHostMs, atMs) {
      latencies.push({ behindHostMs, atMs });
      if (latencies.length > 2 * VIEWER_SIDE_LIMITS.latenciesKept) latencies = latencies.slice(-VIEWER_SIDE_LIMITS.latenciesKept);
    },
    read(nowMs) {
      const recent = slots.filter(({ startMs }) => startMs > nowMs - VIEWER_SIDE_LIMITS.windowMs);
      const watchedMs = recent.reduce((sum, slot) => sum + slot.watchedMs, 0);
      const stalledMs = recent.reduce((sum, slot) => sum + slot.stalledMs, 0);
      const waits = joins
        .filter(({ atMs }) => atMs > nowMs - VIEWER_SIDE_LIMITS.windowMs)
        .map(({ joinMs }) => joinMs)
        .toSorted((a, b) => a - b);
      const behind = latencies
        .slice(-VIEWER_SIDE_LIMITS.latenciesKept)
        .filter(({ atMs }) => atMs > nowMs - VIEWER_SIDE_LIMITS.windowMs)
        .map(({ behindHostMs }) => behindHostMs)
        .toSorted((a, b) => a - b);
      return {
        rebufferRatio: watchedMs < VIEWER_SIDE_LIMITS.leastWatchedMs ? null : Math.min(1, stalledMs / watchedMs),
        joinP50Ms: waits[Math.floor(waits.length / 2)] ?? null,
        latencyP95Ms: behind[Math.floor(behind.length * 0.95)] ?? null,
      };
    },
  };
}
