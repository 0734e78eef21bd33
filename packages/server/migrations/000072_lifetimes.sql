-- A viewer of an organization over all shows, with the days on which they bought: repeat days are those after the first.
CREATE VIEW metric_org_viewer AS
SELECT v.org_id, v.viewer_id, v.visit_count, v.order_count, v.unit_count, v.gmv_minor AS spend_minor, v.refunded_minor,
  CASE WHEN v.currency_min = v.currency_max THEN v.currency_min END AS currency, v.first_order_at_ms, v.last_order_at_ms,
  COALESCE(d.day_count, 0) AS purchase_day_count, GREATEST(COALESCE(d.day_count, 0) - 1, 0) AS repeat_day_count
FROM agg_org_viewer v LEFT JOIN (
  SELECT org_id, viewer_id, COUNT(*) FILTER (WHERE order_count > 0) AS day_count FROM agg_org_viewer_day GROUP BY org_id, viewer_id
) d USING (org_id, viewer_id);

-- Distinct viewers by HyperLogLog (2.3 % standard error): of a show, of a minute of it, and who tapped, added or bought a product.
CREATE VIEW metric_show_unique AS
SELECT show_id, hll_estimate(COUNT(*), SUM(POWER(2::double precision, -hr))) AS viewer_count FROM agg_show_unique GROUP BY show_id;

CREATE VIEW metric_show_minute_unique AS
SELECT show_id, b1m, hll_estimate(COUNT(*), SUM(POWER(2::double precision, -hr))) AS viewer_count
FROM agg_show_minute_unique GROUP BY show_id, b1m;

CREATE VIEW metric_show_product_unique AS
SELECT show_id, product_id, hll_estimate(COUNT(*), SUM(POWER(2::double precision, -hr))) AS viewer_count
FROM agg_show_product_unique GROUP BY show_id, product_id;

-- Over all shows of an organization nobody counts twice: ranks merge by MAX before they are estimated.
CREATE VIEW metric_org_unique AS
SELECT org_id, hll_estimate(COUNT(*), SUM(POWER(2::double precision, -hr))) AS viewer_count
FROM (SELECT org_id, hb, MAX(hr) AS hr FROM agg_show_unique GROUP BY org_id, hb) merged GROUP BY org_id;
