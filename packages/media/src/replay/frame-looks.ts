// What a small grey picture tells: whether it is black, and how sharp it is. Used to choose a poster and to find dead air.

export type FrameLooks = {
  /** 0 to 255. */ readonly meanLuma: number /** Variance of the Laplacian: blur has little. */;
  readonly sharpness: number;
};

/** Studio black is 16; a dim scene is above this. */
export const BLACK_BELOW_LUMA = 24;

/** Looks of one picture of 8-bit grey values, row by row. */
export function looksOf(grey: Uint8Array, widthPx: number, heightPx: number): FrameLooks {
  if (grey.length < widthPx * heightPx || widthPx < 3 || heightPx < 3) throw new RangeError('too few grey values');
  let lumaSum = 0;
  for (let index = 0; index < widthPx * heightPx; index += 1) lumaSum += grey[index] as number;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < heightPx - 1; y += 1) {
    for (let x = 1; x < widthPx - 1; x += 1) {
      const at = y * widthPx + x;
      const edge =
        4 * (grey[at] as number) -
        (grey[at - 1] as number) -
        (grey[at + 1] as number) -
        (grey[at - widthPx] as number) -
        (grey[at + widthPx] as number);
      sum += edge;
      squares += edge * edge;
    }
  }
  const count = (widthPx - 2) * (heightPx - 2);
  return { meanLuma: lumaSum / (widthPx * heightPx), sharpness: squares / count - (sum / count) ** 2 };
}

/** Index of the sharpest picture that is not black; without one, of the brightest. Null for none at all. */
export function choosePoster(frames: readonly FrameLooks[]): number | null {
  let best: number | null = null;
  const isBetter = (a: FrameLooks, b: FrameLooks) => {
    const [isASeen, isBSeen] = [a.meanLuma >= BLACK_BELOW_LUMA, b.meanLuma >= BLACK_BELOW_LUMA];
    if (isASeen !== isBSeen) return isASeen;
    return isASeen ? a.sharpness > b.sharpness : a.meanLuma > b.meanLuma;
  };
  for (const [index, frame] of frames.entries()) if (best === null || isBetter(frame, frames[best] as FrameLooks)) best = index;
  return best;
}

export type Span = { readonly startMs: number; readonly endMs: number };

/** Shorter dead air is a breath. */
export const MIN_DEAD_AIR_MS = 2_000;
/** Kept around what is left, so that no first syllable is cut. */
const MARGIN_MS = 300;
/** Silence and black join over this. */
const JOIN_MS = 250;

/**
 * Where a replay might begin and end: without the silence or black at its two ends. Null when there is nothing worth
 * cutting, or nothing would be left. Positions in ms.
 */
export function suggestTrim(durationMs: number, dead: readonly Span[]): Span | null {
  const spans = dead.toSorted((a, b) => a.startMs - b.startMs);
  let startMs = 0;
  for (const span of spans) if (span.startMs <= startMs + JOIN_MS) startMs = Math.max(startMs, span.endMs);
  let endMs = durationMs;
  for (const span of spans.toSorted((a, b) => b.endMs - a.endMs)) if (span.endMs >= endMs - JOIN_MS) endMs = Math.min(endMs, span.startMs);
  const lead = startMs >= MIN_DEAD_AIR_MS ? Math.max(0, startMs - MARGIN_MS) : 0;
  const tail = durationMs - endMs >= MIN_DEAD_AIR_MS ? Math.min(durationMs, endMs + MARGIN_MS) : durationMs;
  if ((lead === 0 && tail === durationMs) || tail - lead < MIN_DEAD_AIR_MS) return null;
  return { startMs: lead, endMs: tail };
}
