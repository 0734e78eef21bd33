-- The event log (docs/reference/events.md). Append-only; read in (xid, seq) order below the snapshot horizon, because
-- seq alone is handed out before commit: a reader that remembers only seq loses rows of slower writers.
-- Columns are flat so that aggregates are plain GROUP BY; props is opaque to them.
CREATE TABLE ev (
  seq            bigserial NOT NULL,
  xid            xid8      NOT NULL DEFAULT pg_current_xact_id(),
  id             text      NOT NULL UNIQUE,
  stream         text      NOT NULL CHECK (stream IN ('money', 'engage', 'chat')),
  type           smallint  NOT NULL,
  v              smallint  NOT NULL,
  occurred_at_ms bigint    NOT NULL,
  received_at_ms bigint    NOT NULL,
  b10s           integer   NOT NULL,
  b1m            integer   NOT NULL,
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
  props          jsonb     NOT NULL DEFAULT '{}'
);
CREATE INDEX ev_log_order ON ev (xid, seq);
CREATE INDEX ev_of_show ON ev (show_id, xid, seq) WHERE show_id IS NOT NULL;

-- What could not become an event, with the reason, for a person to look at. Bounded by the writer.
CREATE TABLE dead_letter (
  id             bigserial PRIMARY KEY,
  received_at_ms bigint NOT NULL,
  org_id         text,
  event_id       text,
  event_name     text,
  reason         text   NOT NULL,
  body           text   NOT NULL
);
CREATE INDEX dead_letter_by_time ON dead_letter (received_at_ms);
