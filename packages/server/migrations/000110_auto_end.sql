-- Forgotten broadcasts (LC6): how long a show may be on air at all, and until when its staff said to keep it.
ALTER TABLE organization_settings ADD COLUMN max_live_min integer NOT NULL DEFAULT 480 CHECK (max_live_min BETWEEN 30 AND 1440);
CREATE TABLE show_keep_live (
  show_id    text   PRIMARY KEY,
  kept_at_ms bigint NOT NULL,
  -- The cap on the time on air does not end the show before this.
  until_ms   bigint NOT NULL
);
