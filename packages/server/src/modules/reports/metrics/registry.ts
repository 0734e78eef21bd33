// All metrics of a report in one list: the values, the formulas behind them and docs/reference/metrics.md come from it.
import type { ReportMetric } from '@insp/protocol';
import { audienceMetrics } from './audience.ts';
import { commerceMetrics } from './commerce.ts';
import { engagementMetrics } from './engagement.ts';
import type { Metric, MetricFigures } from './metric.ts';

export const METRIC_FAMILIES: Readonly<Record<string, readonly Metric[]>> = {
  audience: audienceMetrics,
  engagement: engagementMetrics,
  commerce: commerceMetrics,
};
export const METRICS: readonly Metric[] = Object.values(METRIC_FAMILIES).flat();

/** `v1: clickCount / impressionCount` */
export const formulaOf = ({ version, formula }: Metric): string => `v${version}: ${formula}`;

/** Every metric with its value, and the numbers of its formula where the reader may see them. */
export function computeMetrics(figures: MetricFigures, mayReadTurnover: boolean): ReportMetric[] {
  return METRICS.map((metric) => {
    const { name, label, version, unit, definition, isTurnover, parts } = metric;
    const isHidden = isTurnover && !mayReadTurnover;
    const value = isHidden ? null : metric.compute(figures);
    const told = isHidden ? {} : Object.fromEntries(parts.map((part) => [part, figures[part]]));
    return { name, label, version, unit, value, definition, formula: formulaOf(metric), parts: told };
  });
}
