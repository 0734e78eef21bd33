// Live figures and the report: the same numbers from the same aggregates (product.md 3.6).
import * as z from 'zod';
import { currencySchema, epochMsSchema, idSchema } from './basics.ts';
import { questionClusterSchema } from './insights.ts';
import { samplingNoteSchema } from './pressure.ts';
import { showSchema, showTransitionSchema } from './shows.ts';

/** Money fields are null for a reader without `turnover.read` (OR2). */
const turnover = z.int().nullable();

export const showKpisSchema = z.strictObject({
  showId: idSchema('shw'),
  /** Sockets in the room now; a state of this moment, not an aggregate. */
  watchingCount: z.int(),
  peakWatchingCount: z.int(),
  uniqueViewerCount: z.int(),
  /** True for a large show, whose viewers are estimated by HyperLogLog (2.3 % standard error). */
  isUniqueViewerCountEstimated: z.boolean(),
  visitCount: z.int(),
  messageCount: z.int(),
  chatterCount: z.int(),
  reactionCount: z.int(),
  productClickCount: z.int(),
  cartAddCount: z.int(),
  orderCount: z.int(),
  unitCount: z.int(),
  gmvMinor: turnover,
  refundedMinor: turnover,
  currency: currencySchema.nullable(),
  /** True when simulated facts are counted in. */
  hasSimulated: z.boolean(),
  updatedAt: epochMsSchema,
});

/** One minute of the strip. `minute` = floor(epoch ms / 60000). */
export const minuteKpisSchema = z.strictObject({
  minute: z.int(),
  /** Mean of the concurrency samples of the minute, and the greatest. */
  watchingMean: z.number(),
  watchingMax: z.int(),
  /** Viewers who came, left or did something: a HyperLogLog estimate, at times one off in a small room, 2.3 % standard error in a large one. */
  uniqueViewerCount: z.int(),
  messageCount: z.int(),
  reactionCount: z.int(),
  cartAddCount: z.int(),
  orderCount: z.int(),
  unitCount: z.int(),
  gmvMinor: turnover,
});

export const productKpisSchema = z.strictObject({
  productId: idSchema('prd'),
  impressionCount: z.int(),
  clickCount: z.int(),
  cartAddCount: z.int(),
  orderCount: z.int(),
  unitCount: z.int(),
  gmvMinor: turnover,
});

/** A span of the highlight band under the strip. */
export const highlightSpanSchema = z.strictObject({
  highlightId: idSchema('hlt'),
  productId: idSchema('prd'),
  startedAt: epochMsSchema,
  endedAt: epochMsSchema.nullable(),
  clickCount: z.int(),
  cartAddCount: z.int(),
  orderCount: z.int(),
  unitCount: z.int(),
  gmvMinor: turnover,
});

export const liveKpisSchema = z.strictObject({
  totals: showKpisSchema,
  minutes: z.array(minuteKpisSchema),
  products: z.array(productKpisSchema),
  highlights: z.array(highlightSpanSchema),
  /** Null: every figure is exact. */
  sampling: samplingNoteSchema.nullable(),
});

/** A metric of the report (docs/reference/metrics.md). No value: nothing to divide by, no one currency, or not for this reader. */
export const reportMetricSchema = z.strictObject({
  name: z.string(),
  label: z.string(),
  version: z.int(),
  unit: z.enum(['count', 'ratio', 'ms', 'minor', 'minute']),
  value: z.number().nullable(),
  definition: z.string(),
  formula: z.string(),
  /** The figures the formula names. */
  parts: z.record(z.string(), z.number().nullable()),
});

/** Visits by the phase of the show they began in (AN11). */
export const reportPhaseSchema = z.strictObject({
  phase: z.enum(['pre_live', 'live', 'replay']),
  viewerCount: z.int(),
  visitCount: z.int(),
  watchedMs: z.int(),
});

export const showReportSchema = z.strictObject({
  show: showSchema,
  kpis: liveKpisSchema,
  transitions: z.array(showTransitionSchema),
  openQuestions: z.array(questionClusterSchema),
  sources: z.array(z.strictObject({ source: z.string(), visitCount: z.int() })),
  /** Order coverage (3.6): attributed to this show; of all orders of the organization in the window. */
  coverage: z.strictObject({ attributedCount: z.int(), unattributedCount: z.int() }),
  /** Formula of each headline figure, for the "why" behind a number. */
  formulas: z.record(z.string(), z.string()),
  metrics: z.array(reportMetricSchema).optional(),
  phases: z.array(reportPhaseSchema).optional(),
});

export type ShowKpis = z.infer<typeof showKpisSchema>;
export type MinuteKpis = z.infer<typeof minuteKpisSchema>;
export type ProductKpis = z.infer<typeof productKpisSchema>;
export type HighlightSpan = z.infer<typeof highlightSpanSchema>;
export type LiveKpis = z.infer<typeof liveKpisSchema>;
export type ReportMetric = z.infer<typeof reportMetricSchema>;
export type ReportPhase = z.infer<typeof reportPhaseSchema>;
export type ShowReport = z.infer<typeof showReportSchema>;
