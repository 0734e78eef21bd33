// A line without axes: where the values went in the time shown. Pure; the drawing is `spark-line.tsx`.

export type SparkPoint = { readonly at: number; readonly value: number | null };
export type SparkBox = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Less than this is no movement worth drawing large. */
  readonly leastSpan?: number;
};

/** Two points farther apart than this are not joined: nothing was measured between. */
export const GAP_MS = 25_000;

/** An SVG path; empty when there are fewer than two values. The least and the greatest touch the edges of the box. */
export function sparkPath(points: readonly SparkPoint[], { widthPx, heightPx, fromMs, toMs, leastSpan = 0 }: SparkBox): string {
  const shown = points.filter(
    (point): point is { at: number; value: number } => point.value !== null && point.at >= fromMs && point.at <= toMs,
  );
  if (shown.length < 2 || toMs <= fromMs) return '';
  const values = shown.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(highest - lowest, leastSpan);
  const least = (lowest + highest - span) / 2;
  const x = (at: number) => round(((at - fromMs) / (toMs - fromMs)) * widthPx);
  // A value that stays is a line through the middle.
  const y = (value: number) => round(span === 0 ? heightPx / 2 : heightPx - 1 - ((value - least) / span) * (heightPx - 2));
  let lastAt = Number.NEGATIVE_INFINITY;
  return shown
    .map(({ at, value }) => {
      const letter = at - lastAt > GAP_MS ? 'M' : 'L';
      lastAt = at;
      return `${letter}${x(at)} ${y(value)}`;
    })
    .join('');
}

const round = (value: number) => Math.round(value * 10) / 10;
