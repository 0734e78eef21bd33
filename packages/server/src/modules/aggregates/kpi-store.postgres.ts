// Reads the figures of a show in one statement, hence from one snapshot: the minutes add up to the totals.
import type { HighlightSpan, LiveKpis, MinuteKpis, OrgId, ProductKpis, ShowId, ShowKpis, ViewerId } from '@insp/protocol';
import type { Sql } from '../../platform/postgres/database.ts';

/** The watching count is a state of this moment, the room knows it; whether counts were sampled, pressure knows. */
export type StoredKpis = Omit<LiveKpis, 'totals' | 'sampling'> & { totals: Omit<ShowKpis, 'watchingCount'> };

/** A strip longer than a day shows its last day. */
const MAX_MINUTES = 1_440;
const MAX_PRODUCTS = 500;
const MAX_HIGHLIGHTS = 2_000;

/** Shows the sketch puts at this many viewers or fewer are counted one by one; for larger ones it answers (2.3 % standard error). */
const COUNTED_VIEWERS = 10_000;

/** Which rows of a show to read; left out, all. */
export type KpiRows = Readonly<Partial<Record<'minutes', readonly number[]> & Record<'productIds' | 'highlightIds', readonly string[]>>>;

const sketch = (table: string) => `hll_estimate(COUNT(*), SUM(POWER(2::double precision, -hr))) FROM ${table}`;

// json_build_object keys are the wire names, so a row needs no second mapping. $2, $3, $4: minutes, products,
// highlights to read, or null for all.
const READ = `
WITH viewers AS (SELECT ${sketch('agg_show_unique')} WHERE show_id = $1)
SELECT
  (SELECT json_build_object(
    'peakWatchingCount', COALESCE(peak_watching_count, 0), 'visitCount', visit_count, 'messageCount', message_count,
    'reactionCount', reaction_count, 'productClickCount', click_count, 'cartAddCount', cart_add_count,
    'orderCount', order_count, 'unitCount', unit_count, 'gmvMinor', gmv_minor, 'refundedMinor', refunded_minor,
    'currency', CASE WHEN currency_min = currency_max THEN currency_min END, 'hasSimulated', simulated_count > 0)
    FROM agg_show WHERE show_id = $1) AS totals,
  CASE WHEN (SELECT hll_estimate FROM viewers) <= ${COUNTED_VIEWERS} THEN
    (SELECT COUNT(*) FROM agg_show_viewer WHERE show_id = $1 AND visit_count > 0) END AS counted_viewer_count,
  (SELECT hll_estimate FROM viewers) AS estimated_viewer_count,
  (SELECT COUNT(*) FROM agg_show_viewer WHERE show_id = $1 AND message_count > 0) AS chatter_count,
  (SELECT json_agg(json_build_object(
    'minute', m.b1m, 'watchingMean', CASE WHEN watching_sample_count > 0 THEN ROUND(watching_sum::numeric / watching_sample_count, 2) ELSE 0 END,
    'watchingMax', COALESCE(watching_max, 0),
    'uniqueViewerCount', (SELECT ${sketch('agg_show_minute_unique u')} WHERE u.show_id = $1 AND u.b1m = m.b1m),
    'messageCount', message_count,
    'reactionCount', reaction_count, 'cartAddCount', cart_add_count, 'orderCount', order_count,
    'unitCount', unit_count, 'gmvMinor', gmv_minor) ORDER BY m.b1m)
    FROM (SELECT * FROM agg_show_minute WHERE show_id = $1 AND ($2::int[] IS NULL OR b1m = ANY ($2)) ORDER BY b1m DESC LIMIT ${MAX_MINUTES}) m) AS minutes,
  (SELECT json_agg(json_build_object(
    'productId', p.product_id, 'impressionCount', impression_count, 'clickCount', click_count, 'cartAddCount', cart_add_count,
    'orderCount', (SELECT COUNT(*) FROM agg_show_product_order o WHERE o.show_id = $1 AND o.product_id = p.product_id),
    'unitCount', unit_count, 'gmvMinor', gmv_minor) ORDER BY gmv_minor DESC, click_count DESC, p.product_id)
    FROM (SELECT * FROM agg_show_product WHERE show_id = $1 AND ($3::text[] IS NULL OR product_id = ANY ($3))
      ORDER BY gmv_minor DESC, click_count DESC, product_id LIMIT ${MAX_PRODUCTS}) p) AS products,
  (SELECT json_agg(json_build_object(
    'highlightId', h.highlight_id, 'productId', h.product_id, 'startedAt', started_at_ms, 'endedAt', ended_at_ms,
    'clickCount', click_count, 'cartAddCount', cart_add_count,
    'orderCount', (SELECT COUNT(*) FROM agg_show_highlight_order o WHERE o.show_id = $1 AND o.highlight_id = h.highlight_id),
    'unitCount', unit_count, 'gmvMinor', gmv_minor) ORDER BY started_at_ms, h.highlight_id)
    FROM (SELECT * FROM agg_show_highlight WHERE show_id = $1 AND started_at_ms IS NOT NULL AND product_id IS NOT NULL
      AND ($4::text[] IS NULL OR highlight_id = ANY ($4)) ORDER BY started_at_ms DESC LIMIT ${MAX_HIGHLIGHTS}) h) AS highlights`;

type Totals = Omit<
  ShowKpis,
  'showId' | 'watchingCount' | 'uniqueViewerCount' | 'isUniqueViewerCountEstimated' | 'chatterCount' | 'updatedAt'
>;

const NOTHING_YET: Totals = {
  peakWatchingCount: 0,
  visitCount: 0,
  messageCount: 0,
  reactionCount: 0,
  productClickCount: 0,
  cartAddCount: 0,
  orderCount: 0,
  unitCount: 0,
  gmvMinor: 0,
  refundedMinor: 0,
  currency: null,
  hasSimulated: false,
};

/** Reads the figures of a show, or the totals and those rows of it. */
export async function readKpis(sql: Sql, showId: ShowId, updatedAt: number, rows: KpiRows = {}): Promise<StoredKpis> {
  const [row] = await sql.query<{
    totals: Totals | null;
    counted_viewer_count: number | null;
    estimated_viewer_count: number;
    chatter_count: number;
    minutes: MinuteKpis[] | null;
    products: ProductKpis[] | null;
    highlights: HighlightSpan[] | null;
  }>(READ, [showId, rows.minutes ?? null, rows.productIds ?? null, rows.highlightIds ?? null]);
  return {
    totals: {
      showId,
      ...(row?.totals ?? NOTHING_YET),
      uniqueViewerCount: row?.counted_viewer_count ?? row?.estimated_viewer_count ?? 0,
      isUniqueViewerCountEstimated: row !== undefined && row.counted_viewer_count === null,
      chatterCount: row?.chatter_count ?? 0,
      updatedAt,
    },
    minutes: row?.minutes ?? [],
    products: row?.products ?? [],
    highlights: row?.highlights ?? [],
  };
}

export async function readSources(sql: Sql, showId: ShowId): Promise<{ source: string; visitCount: number }[]> {
  return sql.query('SELECT kind AS source, n AS "visitCount" FROM agg_show_source WHERE show_id = $1 ORDER BY n DESC, kind', [showId]);
}

export async function readReactionTotals(sql: Sql, showId: ShowId): Promise<Record<string, number>> {
  const rows = await sql.query<{ kind: string; n: number }>('SELECT kind, n FROM agg_show_reaction WHERE show_id = $1', [showId]);
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
}

/** How many shows of the organization each of these viewers has visited. Viewers with none are absent. */
export async function readShowsAttended(sql: Sql, orgId: OrgId, viewerIds: readonly ViewerId[]): Promise<Map<ViewerId, number>> {
  const rows = await sql.query<{ viewer_id: ViewerId; show_count: number }>(
    `SELECT viewer_id, COUNT(*) AS show_count FROM agg_show_viewer
      WHERE org_id = $1 AND viewer_id = ANY ($2) AND visit_count > 0 GROUP BY viewer_id`,
    [orgId, viewerIds],
  );
  return new Map(rows.map((row) => [row.viewer_id, row.show_count]));
}
