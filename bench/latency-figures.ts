// From what was seen to figures. Pure.
import type { SeenCard, SeenFrame, Stall } from './latency-page.ts';

/** Before this the picture may still be catching up; media.md 10 counts from here. */
export const SETTLED_AFTER_MS = 8_000;
/** After an outage the picture is back when it is this near to where it was. */
export const BACK_WITHIN_MS = 400;

export type Spread = { p5Ms: number; p50Ms: number; p95Ms: number; maxMs: number; count: number };

/** Null for nothing at all. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (ratio: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * ratio) - 1)] ?? 0);
  return { p5Ms: at(0.05), p50Ms: at(0.5), p95Ms: at(0.95), maxMs: Math.round(sorted.at(-1) ?? 0), count: sorted.length };
}

export const glassToGlassMs = (frames: readonly SeenFrame[]): number[] =>
  frames.flatMap(({ atMs, stampMs }) => (stampMs === null ? [] : [atMs - stampMs]));

/** What the playlist says of a frame less when it was painted. */
export const programErrorsMs = (frames: readonly SeenFrame[]): number[] =>
  frames.flatMap(({ stampMs, programMs }) => (stampMs === null || programMs === null ? [] : [programMs - stampMs]));

/**
 * After a cut at `cutAtMs`: how long until the picture is within 0.4 s of where it was and stays there, and where it
 * stands in the last ten seconds; null when it never came back.
 */
export function comeBackOf(frames: readonly SeenFrame[], cutAtMs: number, cutMs: number) {
  const before = spreadOf(glassToGlassMs(frames.filter(({ atMs }) => atMs > cutAtMs - 8_000 && atMs < cutAtMs)));
  const after = frames.filter(({ atMs, stampMs }) => atMs > cutAtMs && stampMs !== null);
  if (before === null || after.length === 0) return null;
  const limitMs = before.p50Ms + BACK_WITHIN_MS;
  const lastFar = after.findLast(({ atMs, stampMs }) => atMs - (stampMs ?? 0) > limitMs);
  const endMs = after.at(-1)?.atMs ?? cutAtMs;
  const backAfterMs = lastFar === undefined ? 0 : Math.round(lastFar.atMs - cutAtMs - cutMs);
  const late = spreadOf(glassToGlassMs(after.filter(({ atMs }) => atMs > endMs - 10_000)));
  return { beforeP50Ms: before.p50Ms, backAfterMs: lastFar === after.at(-1) ? null : backAfterMs, lateP50Ms: late?.p50Ms ?? null };
}

/** Frozen for the eye: the gaps between frames that came on screen, beyond 200 ms. */
export function freezesOf(frames: readonly SeenFrame[]): Stall[] {
  return frames.flatMap(({ atMs }, index) => {
    const gapMs = index === 0 ? 0 : atMs - (frames[index - 1]?.atMs ?? atMs);
    return gapMs > 200 ? [{ atMs: atMs - gapMs, stallMs: gapMs }] : [];
  });
}

/** The picture's time on screen when a card came, less the moment the card belongs to: early is negative. */
export function cardErrorsMs(cards: readonly SeenCard[], moments: ReadonlyMap<string, number>, by: 'stampMs' | 'programMs'): number[] {
  return cards.flatMap((card) => {
    const momentMs = moments.get(card.highlightId);
    const shownMs = card[by];
    return !card.isShown || momentMs === undefined || shownMs === null ? [] : [shownMs - momentMs];
  });
}

/** Growth of a series over its length by least squares, per hour. */
export function growthPerHour(samples: readonly { atMs: number; value: number }[]): number {
  if (samples.length < 2) return 0;
  const meanX = samples.reduce((sum, { atMs }) => sum + atMs, 0) / samples.length;
  const meanY = samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
  const covariance = samples.reduce((sum, { atMs, value }) => sum + (atMs - meanX) * (value - meanY), 0);
  const variance = samples.reduce((sum, { atMs }) => sum + (atMs - meanX) ** 2, 0);
  return variance === 0 ? 0 : (covariance / variance) * 3_600_000;
}

export type RequestKind = 'multivariant' | 'playlist' | 'part' | 'segment' | 'init' | 'other';
export function requestKindOf(url: string): RequestKind {
  const { pathname } = new URL(url);
  if (!/\/(live|recordings?|replays?)\//.test(pathname)) return 'other';
  if (/index\.m3u8$/.test(pathname)) return 'multivariant';
  if (pathname.endsWith('.m3u8')) return 'playlist';
  if (/init/.test(pathname)) return 'init';
  return /-\d+[-.]p?\d+\.m4s$|part/.test(pathname) ? 'part' : 'segment';
}
