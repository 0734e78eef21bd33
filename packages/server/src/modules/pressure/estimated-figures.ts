// Which figures are estimates once facts were sampled. Total over the names of all figures: a new figure without a
// decision does not compile. A figure is as good as the facts it is summed from.
import type { HighlightSpan, MinuteKpis, ProductKpis, ShedLevel, ShowKpis } from '@insp/protocol';
import { KEPT_ONE_IN, type SamplingClass } from './sampling-rules.ts';

type NumberKeys<T> = { [K in keyof T]: T[K] extends number | null ? (number extends T[K] ? K : never) : never }[keyof T];
export type FigureName = NumberKeys<ShowKpis> | NumberKeys<MinuteKpis> | NumberKeys<ProductKpis> | NumberKeys<HighlightSpan>;

/** The class of the facts behind each figure; `never` = exact at every level. */
export const FIGURE_CLASS: Readonly<Record<FigureName, SamplingClass>> = {
  // A state of this moment.
  watchingCount: 'never',
  // Greatest of the readings: fewer readings may miss the top.
  peakWatchingCount: 'gauge',
  watchingMax: 'gauge',
  watchingMean: 'gauge',
  uniqueViewerCount: 'never',
  visitCount: 'never',
  messageCount: 'never',
  chatterCount: 'never',
  reactionCount: 'never',
  impressionCount: 'interest',
  productClickCount: 'interest',
  clickCount: 'interest',
  cartAddCount: 'never',
  orderCount: 'never',
  unitCount: 'never',
  gmvMinor: 'never',
  refundedMinor: 'never',
  // Places in time.
  minute: 'never',
  startedAt: 'never',
  endedAt: 'never',
  updatedAt: 'never',
};

/** Names of the figures that are estimates after this level was reached. */
export function estimatedFigures(greatestLevel: ShedLevel): FigureName[] {
  return (Object.keys(FIGURE_CLASS) as FigureName[]).filter((name) => KEPT_ONE_IN[FIGURE_CLASS[name]][greatestLevel] > 1);
}
