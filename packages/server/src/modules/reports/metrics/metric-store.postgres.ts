// Reads the figures of the metrics from the views of migration 000071, in one statement, hence from one snapshot.
import type { ReportPhase, ShowId } from '@insp/protocol';
import type { Sql } from '../../../platform/postgres/database.ts';
import type { MetricFigures } from './metric.ts';

export type StoredMetricFigures = Omit<MetricFigures, 'openQuestionCount' | 'attributedOrderCount' | 'unattributedOrderCount'>;

// json_build_object keys are the names of the figures, so a row needs no second mapping.
const READ = `
SELECT
  (SELECT row_to_json(x) FROM (SELECT
      COALESCE(MAX(message_count), 0) AS "messageCount", COALESCE(MAX(impression_count), 0) AS "impressionCount",
      COALESCE(MAX(click_count), 0) AS "clickCount", COALESCE(MAX(cart_add_count), 0) AS "cartAddCount",
      COALESCE(MAX(order_count), 0) AS "orderCount", COALESCE(MAX(gmv_minor), 0) AS "gmvMinor",
      COALESCE(MAX(refunded_minor), 0) AS "refundedMinor",
      MAX(CASE WHEN currency_min = currency_max THEN currency_min END) AS "currency"
    FROM agg_show WHERE show_id = $1) x) AS totals,
  (SELECT json_build_object('viewerCount', COALESCE(MAX(viewer_count), 0), 'chatterCount', COALESCE(MAX(chatter_count), 0),
      'reactorCount', COALESCE(MAX(reactor_count), 0), 'adderCount', COALESCE(MAX(adder_count), 0),
      'buyerCount', COALESCE(MAX(buyer_count), 0), 'buyerUnitCount', COALESCE(MAX(buyer_unit_count), 0))
    FROM metric_show_people WHERE show_id = $1) AS people,
  (SELECT json_build_object('visitCount', COALESCE(SUM(visit_count), 0), 'effectiveViewCount', COALESCE(SUM(effective_view_count), 0))
    FROM metric_show_phase WHERE show_id = $1) AS visits,
  (SELECT json_build_object('watchTimeMs', COALESCE(SUM(watch_time_ms), 0)) FROM metric_show_watch_time WHERE show_id = $1) AS watch,
  (SELECT json_build_object('watchingSum', COALESCE(MAX(watching_sum), 0), 'watchingSampleCount', COALESCE(MAX(watching_sample_count), 0),
      'watchingMax', COALESCE(MAX(watching_max), 0), 'peakMinute', MAX(peak_b1m))
    FROM metric_show_concurrency WHERE show_id = $1) AS concurrency,
  (SELECT json_build_object('closedQuestionCount', COALESCE(MAX(closed_count), 0), 'answerP50Ms', MAX(p50_ms), 'answerP95Ms', MAX(p95_ms))
    FROM metric_show_answer_time WHERE show_id = $1) AS questions,
  (SELECT json_agg(json_build_object('phase', phase, 'viewerCount', viewer_count, 'visitCount', visit_count, 'watchedMs', watched_ms)
      ORDER BY array_position(ARRAY['pre_live', 'live', 'replay'], phase))
    FROM metric_show_phase WHERE show_id = $1) AS phases`;

export async function readMetricFigures(sql: Sql, showId: ShowId): Promise<{ figures: StoredMetricFigures; phases: ReportPhase[] }> {
  const [row] = await sql.query<Record<string, object> & { phases: ReportPhase[] | null }>(READ, [showId]);
  const { phases = null, ...parts } = row ?? {};
  return { figures: Object.assign({}, ...Object.values(parts)) as StoredMetricFigures, phases: (phases as ReportPhase[] | null) ?? [] };
}
