// The arithmetic of trimming: two handles on a line that never cross. Pure.
export type Range = { readonly startMs: number; readonly endMs: number };
export type Handle = 'start' | 'end';

/** The server refuses less. */
export const MIN_LEFT_MS = 1_000;

/** Moves one handle; it stops at the ends, and before the other one. */
export function moveHandle(range: Range, handle: Handle, toMs: number, durationMs: number): Range {
  if (handle === 'start') return { ...range, startMs: Math.round(Math.min(Math.max(0, toMs), range.endMs - MIN_LEFT_MS)) };
  return { ...range, endMs: Math.round(Math.max(Math.min(durationMs, toMs), range.startMs + MIN_LEFT_MS)) };
}

/** By arrow keys a second, with shift ten; Home and End go to the ends. Null for any other key. */
export function handleByKey(range: Range, handle: Handle, key: string, isShifted: boolean, durationMs: number): Range | null {
  const at = handle === 'start' ? range.startMs : range.endMs;
  const stepMs = isShifted ? 10_000 : 1_000;
  const targets: Record<string, number> = {
    ArrowLeft: at - stepMs,
    ArrowDown: at - stepMs,
    ArrowRight: at + stepMs,
    ArrowUp: at + stepMs,
    Home: 0,
    End: durationMs,
  };
  const target = targets[key];
  return target === undefined ? null : moveHandle(range, handle, target, durationMs);
}

/** Null when nothing is cut off: that is how the server is told so. */
export const trimOf = (range: Range, durationMs: number): Range | null => (range.startMs <= 0 && range.endMs >= durationMs ? null : range);

/** The chapter at a position. */
export const chapterAt = <T extends { startMs: number; endMs: number }>(chapters: readonly T[], positionMs: number): T | null =>
  chapters.findLast(({ startMs }) => startMs <= positionMs) ?? null;
