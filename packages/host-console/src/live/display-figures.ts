// The numbers of what is on display: its own highlight's clicks, adds and orders, from the same aggregates as the report.
import type { HighlightSpan, LiveKpis } from '@insp/protocol';

export type DisplayFigures = Pick<HighlightSpan, 'clickCount' | 'cartAddCount' | 'orderCount' | 'gmvMinor'>;

/** Null while the aggregates do not know the highlight yet. */
export function displayFigures(kpis: LiveKpis | null, highlightId: string, productId: string): DisplayFigures | null {
  const own = kpis?.highlights.find((span) => span.highlightId === highlightId);
  // A highlight still on its way has no id of the server: the open span of its product is the same one.
  return own ?? kpis?.highlights.find((span) => span.productId === productId && span.endedAt === null) ?? null;
}
