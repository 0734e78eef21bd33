// The minute strip as numbers: four lanes over one time axis, and the band of products beneath. Pure.
import type { HighlightSpan, MinuteKpis } from '@insp/protocol';

export const STRIP_LANES = [
  { key: 'viewers', label: 'viewers', weight: 2 },
  { key: 'messages', label: 'messages', weight: 1 },
  { key: 'adds', label: 'adds', weight: 1 },
  { key: 'orders', label: 'orders', weight: 1 },
] as const;
export type LaneKey = (typeof STRIP_LANES)[number]['key'];

export type StripData = { readonly minutes: readonly number[] } & { readonly [K in LaneKey]: readonly (number | null)[] };

/** At most this many minutes are drawn: 12 hours. */
export const MAX_STRIP_MINUTES = 720;
const MINUTE_MS = 60_000;

/** Every minute from first to last; minutes nobody counted are 0, viewers of such a minute are unknown. */
export function stripData(minutes: readonly MinuteKpis[]): StripData {
  const byMinute = new Map(minutes.map((entry) => [entry.minute, entry]));
  const known = [...byMinute.keys()].sort((a, b) => a - b);
  const last = known.at(-1);
  if (last === undefined) return { minutes: [], viewers: [], messages: [], adds: [], orders: [] };
  const first = Math.max(known[0] ?? last, last - MAX_STRIP_MINUTES + 1);
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const pick = (read: (entry: MinuteKpis) => number) =>
    all.map((minute) => (byMinute.has(minute) ? read(byMinute.get(minute) as MinuteKpis) : 0));
  return {
    minutes: all,
    viewers: all.map((minute) => viewersOf(byMinute.get(minute), minute === last)),
    messages: pick((entry) => entry.messageCount),
    adds: pick((entry) => entry.cartAddCount),
    orders: pick((entry) => entry.orderCount),
  };
}

/** Viewers are sampled every few seconds: a running minute without a sample yet is unknown, not empty. */
function viewersOf(entry: MinuteKpis | undefined, isRunning: boolean): number | null {
  if (entry === undefined || (isRunning && entry.watchingMax === 0)) return null;
  return entry.watchingMean;
}

/** The value of a lane at a minute, or the last one known before it. */
export function lastKnown(values: readonly (number | null)[], index: number): number | null {
  for (let at = index; at >= 0; at -= 1) if (values[at] !== null && values[at] !== undefined) return values[at] as number;
  return null;
}

/**
 * The scale that puts values 0..max into a lane, as fractions of the height counted from the bottom: all lanes share one
 * canvas, each with a scale of its own.
 */
export function laneScale(values: readonly (number | null)[], bottom: number, top: number): readonly [number, number] {
  const max = Math.max(1, ...values.map((value) => value ?? 0));
  const perUnit = max / (top - bottom);
  return [-bottom * perUnit, (1 - bottom) * perUnit];
}

/** Bottom and top of each lane, first lane uppermost, with air between. */
export function laneSpans(gap = 0.035): { key: LaneKey; bottom: number; top: number }[] {
  const total = STRIP_LANES.reduce((sum, lane) => sum + lane.weight, 0);
  let top = 1;
  return STRIP_LANES.map(({ key, weight }) => {
    const bottom = top - weight / total;
    const span = { key, bottom: bottom + gap / 2, top: top - gap };
    top = bottom;
    return span;
  });
}

export type BandSpan = {
  readonly highlightId: string;
  readonly productId: string;
  readonly leftPct: number;
  readonly widthPct: number;
  readonly isOpen: boolean;
  /** Spans that overlap lie under each other. */
  readonly row: number;
};

/** One product hides in the moment the next is shown: this much is no overlap. */
const OVERLAP_PCT = 0.05;

/** The spans of the band within the drawn time, as per cent of its width. An open one reaches to `nowMs`. */
export function bandSpans(highlights: readonly HighlightSpan[], range: { fromMs: number; toMs: number }, nowMs: number): BandSpan[] {
  const lengthMs = range.toMs - range.fromMs;
  if (lengthMs <= 0) return [];
  const spans = highlights
    .map((span) => {
      const fromMs = Math.max(span.startedAt, range.fromMs);
      const toMs = Math.min(span.endedAt ?? nowMs, range.toMs);
      return {
        highlightId: span.highlightId,
        productId: span.productId,
        leftPct: ((fromMs - range.fromMs) / lengthMs) * 100,
        widthPct: ((toMs - fromMs) / lengthMs) * 100,
        isOpen: span.endedAt === null,
      };
    })
    .filter(({ widthPct }) => widthPct > 0)
    .sort((a, b) => a.leftPct - b.leftPct);
  // Each goes into the first row that is free by then; at most three products are on display at once.
  const rowEnds: number[] = [];
  return spans.map((span) => {
    const free = rowEnds.findIndex((endPct) => endPct <= span.leftPct + OVERLAP_PCT);
    const row = free === -1 ? rowEnds.length : free;
    rowEnds[row] = span.leftPct + span.widthPct;
    return { ...span, row };
  });
}

/** The drawn time: from the start of the first minute to the end of the last. */
export function stripRange(data: StripData): { fromMs: number; toMs: number } {
  return { fromMs: (data.minutes[0] ?? 0) * MINUTE_MS, toMs: ((data.minutes.at(-1) ?? 0) + 1) * MINUTE_MS };
}

/** About five round times under the strip. */
export function timeTicks(range: { fromMs: number; toMs: number }): number[] {
  const minutes = (range.toMs - range.fromMs) / MINUTE_MS;
  const stepMin = [1, 2, 5, 10, 15, 30, 60, 120, 240].find((step) => minutes / step <= 6) ?? 480;
  const stepMs = stepMin * MINUTE_MS;
  const ticks: number[] = [];
  for (let at = Math.ceil(range.fromMs / stepMs) * stepMs; at < range.toMs; at += stepMs) ticks.push(at);
  return ticks;
}
