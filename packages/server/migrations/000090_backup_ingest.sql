-- The key of a show's second encoder (product.md LC5). A table of its own: a unique column on `show` would want an index
-- built while shows are on air.

CREATE TABLE show_backup_key (
  show_id text PRIMARY KEY REFERENCES show (id),
  org_id text NOT NULL,
  -- HMAC-SHA256, as show.stream_key_hash.
  key_hash text NOT NULL UNIQUE,
  last_four text NOT NULL,
  created_at_ms bigint NOT NULL
);
