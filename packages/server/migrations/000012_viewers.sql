-- Viewers by pseudonym (a random id, or a keyed hash of the shop's customer id) and the shows they came to.

CREATE TABLE viewer (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  customer_id text,
  name text NOT NULL,
  -- True when the person chose the name; a name from the shop or a generated one does not overwrite it.
  has_chosen_name boolean NOT NULL,
  is_simulated boolean NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  last_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (org_id, viewer_id)
);

CREATE TABLE show_attendance (
  org_id text NOT NULL,
  show_id text NOT NULL,
  viewer_id text NOT NULL,
  source text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (show_id, viewer_id)
);
CREATE INDEX show_attendance_by_viewer ON show_attendance (org_id, viewer_id);
