-- Shows: plan, state, line-up, what is on display, and every transition with who, when and why.

CREATE TABLE show (
  id text PRIMARY KEY,
  org_id text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  host_name text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'scheduled', 'waiting', 'live', 'paused', 'encoder_lost', 'ended', 'cancelled')),
  -- What to go back to when the encoder returns.
  state_before_loss text CHECK (state_before_loss IN ('live', 'paused')),
  grace_ends_at_ms bigint,
  -- Counts changes of the plan; the If-Match of the API.
  version integer NOT NULL,
  is_simulated boolean NOT NULL,
  -- Names the HLS path for the life of the show; random, so that a preview cannot be guessed.
  playback_id text NOT NULL UNIQUE,
  -- HMAC-SHA256 of the stream key: the key itself is shown once and never kept.
  stream_key_hash text UNIQUE,
  stream_key_last_four text,
  -- First frame ever: the checklist's "picture source works".
  picture_seen_at_ms bigint,
  scheduled_at_ms bigint,
  live_at_ms bigint,
  ended_at_ms bigint,
  created_at_ms bigint NOT NULL,
  CHECK ((state = 'encoder_lost') = (grace_ends_at_ms IS NOT NULL)),
  CHECK ((state = 'encoder_lost') = (state_before_loss IS NOT NULL))
);
CREATE INDEX show_by_org ON show (org_id, id DESC);
-- The two timers of a show (room opens, grace ends) find their next turn here.
CREATE INDEX show_opening ON show (scheduled_at_ms) WHERE state = 'scheduled';
CREATE INDEX show_grace ON show (grace_ends_at_ms) WHERE state = 'encoder_lost';

CREATE TABLE show_line_up (
  org_id text NOT NULL,
  show_id text NOT NULL REFERENCES show (id),
  product_id text NOT NULL,
  position integer NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (show_id, product_id)
);
CREATE INDEX show_line_up_by_product ON show_line_up (product_id);

CREATE TABLE show_highlight (
  id text PRIMARY KEY,
  org_id text NOT NULL,
  show_id text NOT NULL REFERENCES show (id),
  product_id text NOT NULL,
  started_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  end_reason text
);
CREATE UNIQUE INDEX show_highlight_on_display ON show_highlight (show_id, product_id) WHERE ended_at_ms IS NULL;
CREATE INDEX show_highlight_by_show ON show_highlight (show_id, id);

CREATE TABLE show_transition (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id text NOT NULL,
  show_id text NOT NULL REFERENCES show (id),
  from_state text NOT NULL,
  to_state text NOT NULL,
  cause text NOT NULL,
  reason text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text NOT NULL,
  occurred_at_ms bigint NOT NULL
);
CREATE INDEX show_transition_by_show ON show_transition (show_id, id);
