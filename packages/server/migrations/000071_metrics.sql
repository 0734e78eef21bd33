-- The metrics of product.md 3.6: what they need beside the running figures, and a view for each family. The formulas over
-- these views are in modules/reports/metrics. Views may use what aggregates may not (DISTINCT, windows, ranks): they read rows
-- that are merged already, of one show at a time.

-- A session of a viewer in a show: when it began and ended, and what was watched in it.
CREATE TABLE agg_show_session (
  show_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  viewer_id text,
  joined_at_ms bigint,
  left_at_ms bigint,
  watched_ms bigint NOT NULL,
  PRIMARY KEY (show_id, subject_id)
) WITH (fillfactor = 70);

-- A state a show has been in: when it came to it first and last.
CREATE TABLE agg_show_state (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  first_at_ms bigint,
  last_at_ms bigint,
  PRIMARY KEY (show_id, kind)
) WITH (fillfactor = 70);

-- A group of questions that was answered, and how long it had stood open.
CREATE TABLE agg_show_question (
  show_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  open_ms bigint,
  PRIMARY KEY (show_id, subject_id)
) WITH (fillfactor = 70);

-- Three flat columns older rows carry in their payload only.
UPDATE ev SET amount_minor = (props->>'watchedMs')::bigint WHERE type = 11 AND amount_minor = 0 AND props ? 'watchedMs';
UPDATE ev SET amount_minor = (props->>'openMs')::bigint WHERE type = 82 AND amount_minor = 0 AND props ? 'openMs';
UPDATE ev SET kind = props->>'to' WHERE type = 1 AND kind IS NULL;

-- All figures are built anew from the log, the new tables with them: the engine starts at its beginning.
DO $$
DECLARE figures text;
BEGIN
  SELECT string_agg(format('%I', tablename), ', ') INTO figures FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'agg\_%';
  EXECUTE 'TRUNCATE ' || figures;
  UPDATE log_cursor SET xid = '0', seq = 0, epoch = epoch + 1;
END $$;

-- When a show was first live and when it ended; not ended while it is live again.
CREATE VIEW metric_show_span AS
SELECT show_id, live_at_ms, CASE WHEN last_ended_at_ms >= last_live_at_ms THEN last_ended_at_ms END AS ended_at_ms
FROM (
  SELECT show_id,
    MIN(first_at_ms) FILTER (WHERE kind = 'live') AS live_at_ms,
    MAX(last_at_ms) FILTER (WHERE kind = 'live') AS last_live_at_ms,
    MAX(last_at_ms) FILTER (WHERE kind = 'ended') AS last_ended_at_ms
  FROM agg_show_state GROUP BY show_id
) s;

-- A visit: sessions of one viewer with at most 30 minutes between leaving and coming back. It belongs to the phase it began in.
CREATE VIEW metric_show_visit AS
SELECT v.show_id, v.viewer_id, v.visit_no, v.started_at_ms, v.watched_ms,
  CASE WHEN v.started_at_ms >= p.ended_at_ms THEN 'replay' WHEN v.started_at_ms >= p.live_at_ms THEN 'live' ELSE 'pre_live' END AS phase
FROM (
  SELECT show_id, viewer_id, visit_no, MIN(joined_at_ms) AS started_at_ms, CAST(SUM(watched_ms) AS bigint) AS watched_ms
  FROM (
    SELECT g.*, SUM(CASE WHEN joined_at_ms - idle_since_ms <= 1800000 THEN 0 ELSE 1 END)
      OVER (PARTITION BY show_id, viewer_id ORDER BY joined_at_ms, subject_id) AS visit_no
    FROM (
      SELECT s.*, MAX(GREATEST(left_at_ms, joined_at_ms)) OVER (
        PARTITION BY show_id, viewer_id ORDER BY joined_at_ms, subject_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS idle_since_ms
      FROM agg_show_session s WHERE viewer_id IS NOT NULL AND joined_at_ms IS NOT NULL
    ) g
  ) n GROUP BY show_id, viewer_id, visit_no
) v LEFT JOIN metric_show_span p USING (show_id);

-- Before, during and after the show apart. A viewer of two phases counts in both.
CREATE VIEW metric_show_phase AS
SELECT show_id, phase, COUNT(DISTINCT viewer_id) AS viewer_count, COUNT(*) AS visit_count,
  COUNT(*) FILTER (WHERE watched_ms > 10000) AS effective_view_count, CAST(SUM(watched_ms) AS bigint) AS watched_ms
FROM metric_show_visit GROUP BY show_id, phase;

-- Of each viewer at most the length of the show, once it has one.
CREATE VIEW metric_show_watch_time AS
SELECT show_id, viewer_id, LEAST(v.watched_ms, p.ended_at_ms - p.live_at_ms) AS watch_time_ms
FROM (SELECT show_id, viewer_id, CAST(SUM(watched_ms) AS bigint) AS watched_ms FROM metric_show_visit GROUP BY show_id, viewer_id) v
LEFT JOIN metric_show_span p USING (show_id);

CREATE VIEW metric_show_people AS
SELECT show_id,
  COUNT(*) FILTER (WHERE visit_count > 0) AS viewer_count,
  COUNT(*) FILTER (WHERE message_count > 0) AS chatter_count,
  COUNT(*) FILTER (WHERE reaction_count > 0) AS reactor_count,
  COUNT(*) FILTER (WHERE cart_add_count > 0) AS adder_count,
  COUNT(*) FILTER (WHERE order_count > 0) AS buyer_count,
  CAST(COALESCE(SUM(unit_count) FILTER (WHERE order_count > 0), 0) AS bigint) AS buyer_unit_count
FROM agg_show_viewer GROUP BY show_id;

CREATE VIEW metric_show_concurrency AS
SELECT show_id, CAST(SUM(watching_sum) AS bigint) AS watching_sum, CAST(SUM(watching_sample_count) AS bigint) AS watching_sample_count,
  MAX(watching_max) AS watching_max,
  (ARRAY_AGG(b1m ORDER BY watching_max DESC, b1m) FILTER (WHERE watching_max IS NOT NULL))[1] AS peak_b1m
FROM agg_show_minute GROUP BY show_id;

-- Nearest rank, in whole numbers: the smallest value that at least p of 100 do not exceed.
CREATE VIEW metric_show_answer_time AS
SELECT show_id, COUNT(*) AS closed_count,
  (ARRAY_AGG(open_ms ORDER BY open_ms))[(50 * COUNT(*) + 99) / 100] AS p50_ms,
  (ARRAY_AGG(open_ms ORDER BY open_ms))[(95 * COUNT(*) + 99) / 100] AS p95_ms
FROM agg_show_question GROUP BY show_id;

-- What dropped days added up to (000041).
CREATE TABLE retired.agg_show_session (LIKE agg_show_session INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_state (LIKE agg_show_state INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_question (LIKE agg_show_question INCLUDING DEFAULTS INCLUDING INDEXES);
