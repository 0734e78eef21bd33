-- Running figures (modules/aggregates/definitions.ts). Every agg_ table is rendered from its definition; a test holds
-- this file to it. Money is in minor units.

-- How far the engine has read the log. Merging a batch and moving the cursor is one transaction. epoch counts rebuilds.
CREATE TABLE log_cursor (
  name  text PRIMARY KEY,
  xid   xid8   NOT NULL DEFAULT '0',
  seq   bigint NOT NULL DEFAULT 0,
  epoch bigint NOT NULL DEFAULT 0
);
INSERT INTO log_cursor (name) VALUES ('aggregates');

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

-- A viewer who came, left or did something in a minute: rows count the distinct viewers of the minute.
CREATE TABLE agg_show_minute_viewer (
  show_id text NOT NULL,
  b1m integer NOT NULL,
  viewer_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  PRIMARY KEY (show_id, b1m, viewer_id)
) WITH (fillfactor = 70);

-- Shows a viewer has attended.
CREATE INDEX agg_show_viewer_attended ON agg_show_viewer (org_id, viewer_id) WHERE visit_count > 0;
