-- Running figures (modules/aggregates/definitions.ts). Every agg_ table is rendered from its definition; a test holds
-- this file to it. Money is in minor units. The figures of before are dropped: the engine replays the log.
DROP TABLE agg_show, agg_show_minute, agg_show_product, agg_show_product_order, agg_show_highlight,
  agg_show_highlight_order, agg_show_source, agg_show_reaction, agg_show_viewer, agg_show_minute_viewer;
DROP TABLE log_cursor;

-- How far each part of the figures has read the log. Merging a batch and moving the cursor is one statement.
-- One process works on a part while its lease runs (database time); fence changes hands with the lease, so that a
-- process that slept through its lease merges nothing. epoch counts rebuilds.
CREATE TABLE log_cursor (
  name       text PRIMARY KEY,
  xid        xid8        NOT NULL DEFAULT '0',
  seq        bigint      NOT NULL DEFAULT 0,
  epoch      bigint      NOT NULL DEFAULT 0,
  fence      bigint      NOT NULL DEFAULT 0,
  holder     text,
  held_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO log_cursor (name) VALUES ('aggregates_live'), ('aggregates_who');

-- Totals of a show.
CREATE TABLE agg_show (
  show_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  peak_watching_count bigint,
  visit_count bigint NOT NULL,
  message_count bigint NOT NULL,
  reaction_count bigint NOT NULL,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency_min text,
  currency_max text,
  simulated_count bigint NOT NULL,
  PRIMARY KEY (show_id)
) WITH (fillfactor = 70);

-- A minute of a show: the strip. b1m = floor(epoch ms / 60000).
CREATE TABLE agg_show_minute (
  show_id text NOT NULL,
  b1m integer NOT NULL,
  n bigint NOT NULL,
  org_id text,
  watching_sum bigint NOT NULL,
  watching_sample_count bigint NOT NULL,
  watching_max bigint,
  visit_count bigint NOT NULL,
  message_count bigint NOT NULL,
  reaction_count bigint NOT NULL,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, b1m)
) WITH (fillfactor = 70);

-- Ten seconds of a show: the pulse. b10s = floor(epoch ms / 10000).
CREATE TABLE agg_show_10s (
  show_id text NOT NULL,
  b10s integer NOT NULL,
  n bigint NOT NULL,
  org_id text,
  watching_max bigint,
  visit_count bigint NOT NULL,
  message_count bigint NOT NULL,
  reaction_count bigint NOT NULL,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, b10s)
) WITH (fillfactor = 70);

-- A product in a show.
CREATE TABLE agg_show_product (
  show_id text NOT NULL,
  product_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, product_id)
) WITH (fillfactor = 70);

-- A product in a minute of a show.
CREATE TABLE agg_show_product_minute (
  show_id text NOT NULL,
  product_id text NOT NULL,
  b1m integer NOT NULL,
  n bigint NOT NULL,
  org_id text,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, product_id, b1m)
) WITH (fillfactor = 70);

-- An order that holds a product, in a show: rows count the distinct orders.
CREATE TABLE agg_show_product_order (
  show_id text NOT NULL,
  product_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  PRIMARY KEY (show_id, product_id, subject_id)
) WITH (fillfactor = 70);

-- A highlight of a show: its span and what it brought.
CREATE TABLE agg_show_highlight (
  show_id text NOT NULL,
  highlight_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  product_id text,
  started_at_ms bigint,
  ended_at_ms bigint,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, highlight_id)
) WITH (fillfactor = 70);

-- An order with a line bought through a highlight: rows count the distinct orders.
CREATE TABLE agg_show_highlight_order (
  show_id text NOT NULL,
  highlight_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  PRIMARY KEY (show_id, highlight_id, subject_id)
) WITH (fillfactor = 70);

-- Visits of a show by traffic source.
CREATE TABLE agg_show_source (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  PRIMARY KEY (show_id, kind)
) WITH (fillfactor = 70);

-- Reactions of a show by kind.
CREATE TABLE agg_show_reaction (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  PRIMARY KEY (show_id, kind)
) WITH (fillfactor = 70);

-- A viewer in a show: visits > 0 makes a unique viewer, messages > 0 a chatter.
CREATE TABLE agg_show_viewer (
  show_id text NOT NULL,
  viewer_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  visit_count bigint NOT NULL,
  first_seen_at_ms bigint,
  message_count bigint NOT NULL,
  reaction_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (show_id, viewer_id)
) WITH (fillfactor = 70);
CREATE INDEX agg_show_viewer_attended ON agg_show_viewer (org_id, viewer_id) WHERE visit_count > 0;
CREATE INDEX agg_show_viewer_visited ON agg_show_viewer (show_id) WHERE visit_count > 0;
CREATE INDEX agg_show_viewer_chatted ON agg_show_viewer (show_id) WHERE message_count > 0;

-- A viewer of an organization over all shows: visits and purchases so far.
CREATE TABLE agg_org_viewer (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  n bigint NOT NULL,
  visit_count bigint NOT NULL,
  order_count bigint NOT NULL,
  first_order_at_ms bigint,
  last_order_at_ms bigint,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency_min text,
  currency_max text,
  PRIMARY KEY (org_id, viewer_id)
) WITH (fillfactor = 70);

-- A day (UTC) on which a viewer ordered: rows count the distinct purchase days. b1d = days since 1970-01-01.
CREATE TABLE agg_org_viewer_day (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  b1d integer NOT NULL,
  n bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  PRIMARY KEY (org_id, viewer_id, b1d)
) WITH (fillfactor = 70);

-- HyperLogLog of the viewers of a show: greatest rank of each bucket. Shows and days merge by MAX.
CREATE TABLE agg_show_unique (
  show_id text NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  PRIMARY KEY (show_id, hb)
) WITH (fillfactor = 70);

-- HyperLogLog of the viewers who came, left or did something in a minute of a show.
CREATE TABLE agg_show_minute_unique (
  show_id text NOT NULL,
  b1m integer NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  PRIMARY KEY (show_id, b1m, hb)
) WITH (fillfactor = 70);

-- HyperLogLog of the viewers who tapped, added or bought a product in a show.
CREATE TABLE agg_show_product_unique (
  show_id text NOT NULL,
  product_id text NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  PRIMARY KEY (show_id, product_id, hb)
) WITH (fillfactor = 70);

-- What the events of dropped days added up to: a figure is this table and the log together.
CREATE SCHEMA retired;
CREATE TABLE retired.agg_show (LIKE agg_show INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_minute (LIKE agg_show_minute INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_10s (LIKE agg_show_10s INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_product (LIKE agg_show_product INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_product_minute (LIKE agg_show_product_minute INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_product_order (LIKE agg_show_product_order INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_highlight (LIKE agg_show_highlight INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_highlight_order (LIKE agg_show_highlight_order INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_source (LIKE agg_show_source INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_reaction (LIKE agg_show_reaction INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_viewer (LIKE agg_show_viewer INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_org_viewer (LIKE agg_org_viewer INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_org_viewer_day (LIKE agg_org_viewer_day INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_unique (LIKE agg_show_unique INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_minute_unique (LIKE agg_show_minute_unique INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE retired.agg_show_product_unique (LIKE agg_show_product_unique INCLUDING DEFAULTS INCLUDING INDEXES);

-- HyperLogLog estimate (Flajolet et al. 2007) from the rows of one sketch: how many buckets are filled, and the sum of
-- 2^-rank over them. The same rule as hllEstimate in packages/dataflow.
CREATE FUNCTION hll_estimate(filled_count bigint, inverse_sum double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN filled_count IS NULL OR filled_count = 0 THEN 0
    WHEN filled_count < 2048 AND (0.7213 / (1 + 1.079 / 2048)) * 2048 * 2048 / (2048 - filled_count + inverse_sum) <= 2.5 * 2048
      THEN ROUND(2048 * LN(2048.0 / (2048 - filled_count)))
    ELSE ROUND((0.7213 / (1 + 1.079 / 2048)) * 2048 * 2048 / (2048 - filled_count + inverse_sum))
  END::bigint
$$;
