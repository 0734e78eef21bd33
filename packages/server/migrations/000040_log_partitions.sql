-- The event log in partitions: by stream, then by the day inside the event id (a UUIDv7, RFC 9562 section 5.7).
-- Two things follow. An id belongs to one partition for good, so that its uniqueness holds over the whole log, also for
-- a repeat that comes after midnight. And old days leave by dropping a table: nothing to vacuum.
-- Day partitions are made ahead by the server; a day it did not foresee (a device with a wrong clock) lands in the
-- default partition of its stream and moves when its day is made.
ALTER TABLE ev RENAME TO ev_whole;
ALTER TABLE ev_whole DROP CONSTRAINT ev_id_key;
ALTER INDEX ev_log_order RENAME TO ev_whole_log_order;
ALTER INDEX ev_of_show RENAME TO ev_whole_of_show;
ALTER SEQUENCE ev_seq_seq OWNED BY NONE;

CREATE TABLE ev (
  seq            bigint    NOT NULL DEFAULT nextval('ev_seq_seq'),
  xid            xid8      NOT NULL DEFAULT pg_current_xact_id(),
  id             text      NOT NULL,
  stream         text      NOT NULL CHECK (stream IN ('money', 'engage', 'chat')),
  -- days since 1970-01-01 of the time inside the id
  log_day        integer   NOT NULL,
  type           smallint  NOT NULL,
  v              smallint  NOT NULL,
  occurred_at_ms bigint    NOT NULL,
  received_at_ms bigint    NOT NULL,
  -- floor(occurred_at_ms / 10,000), / 60,000, / 86,400,000
  b10s           integer   NOT NULL,
  b1m            integer   NOT NULL,
  b1d            integer   NOT NULL,
  -- viewer hash mod 64: spreads one show over the partitions of a distributed log
  salt           smallint  NOT NULL DEFAULT 0,
  org_id         text      NOT NULL,
  show_id        text,
  viewer_id      text,
  product_id     text,
  highlight_id   text,
  -- what the event is about, taken out of the payload: order, message, session, cue ...
  subject_id     text,
  kind           text,
  currency       text,
  amount_minor   bigint    NOT NULL DEFAULT 0,
  weight         bigint    NOT NULL DEFAULT 1 CHECK (weight >= 1),
  is_simulated   boolean   NOT NULL DEFAULT false,
  -- HyperLogLog bucket and rank of the viewer
  hb             smallint,
  hr             smallint,
  actor_kind     text      NOT NULL,
  actor_id       text,
  props          jsonb     NOT NULL DEFAULT '{}',
  UNIQUE (id, stream, log_day)
) PARTITION BY LIST (stream);
CREATE INDEX ev_log_order ON ev (xid, seq);
CREATE INDEX ev_of_show ON ev (show_id, xid, seq) WHERE show_id IS NOT NULL;
ALTER SEQUENCE ev_seq_seq OWNED BY ev.seq;

CREATE TABLE ev_money PARTITION OF ev FOR VALUES IN ('money') PARTITION BY RANGE (log_day);
CREATE TABLE ev_engage PARTITION OF ev FOR VALUES IN ('engage') PARTITION BY RANGE (log_day);
CREATE TABLE ev_chat PARTITION OF ev FOR VALUES IN ('chat') PARTITION BY RANGE (log_day);
CREATE TABLE ev_money_default PARTITION OF ev_money DEFAULT;
CREATE TABLE ev_engage_default PARTITION OF ev_engage DEFAULT;
CREATE TABLE ev_chat_default PARTITION OF ev_chat DEFAULT;

INSERT INTO ev (seq, xid, id, stream, log_day, type, v, occurred_at_ms, received_at_ms, b10s, b1m, b1d, org_id, show_id,
    viewer_id, product_id, highlight_id, subject_id, kind, currency, amount_minor, weight, is_simulated, hb, hr,
    actor_kind, actor_id, props)
  SELECT seq, xid, id, stream, (('x' || substr(id, 5, 12))::bit(48)::bigint / 86400000)::integer, type, v, occurred_at_ms,
    received_at_ms, b10s, b1m, (occurred_at_ms / 86400000)::integer, org_id, show_id, viewer_id, product_id, highlight_id,
    subject_id, kind, currency, amount_minor, weight, is_simulated, hb, hr, actor_kind, actor_id, props
  FROM ev_whole;
DROP TABLE ev_whole;

-- Days that were dropped after their events were set aside in the schema `retired` (000041). An id of such a day is
-- refused: nobody could tell any more whether it is a repeat.
CREATE TABLE log_retired (
  stream        text    NOT NULL,
  log_day       integer NOT NULL,
  event_count   bigint  NOT NULL,
  retired_at_ms bigint  NOT NULL,
  PRIMARY KEY (stream, log_day)
);
