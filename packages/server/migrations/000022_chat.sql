-- Chat of a show: the archive, what moderators set, and names people chose.

-- One row per show: the writer of messages locks it, so seq has no holes and no two messages share one.
CREATE TABLE chat_room (
  show_id           text    PRIMARY KEY,
  org_id            text    NOT NULL,
  last_seq          bigint  NOT NULL DEFAULT 0,
  slow_mode_sec     integer NOT NULL DEFAULT 0 CHECK (slow_mode_sec BETWEEN 0 AND 600),
  pinned_message_id text
);

CREATE TABLE chat_message (
  id                  text    PRIMARY KEY,
  org_id              text    NOT NULL,
  show_id             text    NOT NULL,
  seq                 bigint  NOT NULL CHECK (seq >= 1),
  -- the session's viewer id, of staff too: idempotency keys belong to it
  viewer_id           text    NOT NULL,
  client_key          text    NOT NULL,
  author_kind         text    NOT NULL CHECK (author_kind IN ('viewer', 'staff')),
  -- viewer id, or member id of staff
  author_id           text    NOT NULL,
  author_name         text    NOT NULL,
  customer_id         text,
  is_buyer            boolean NOT NULL,
  is_simulated        boolean NOT NULL,
  featured_product_id text,
  text                text    NOT NULL,
  posted_at_ms        bigint  NOT NULL,
  removed_at_ms       bigint,
  removed_by_id       text,
  removed_by_name     text,
  removal_reason      text,
  UNIQUE (show_id, seq),
  UNIQUE (show_id, viewer_id, client_key)
);
CREATE INDEX chat_message_removed ON chat_message (show_id, removed_at_ms) WHERE removed_at_ms IS NOT NULL;

CREATE TABLE chat_ban (
  org_id         text   NOT NULL,
  viewer_id      text   NOT NULL,
  -- '' = every show of the organization
  show_id        text   NOT NULL,
  viewer_name    text   NOT NULL,
  reason         text   NOT NULL,
  until_ms       bigint,
  banned_at_ms   bigint NOT NULL,
  banned_by_id   text   NOT NULL,
  banned_by_name text   NOT NULL,
  PRIMARY KEY (org_id, viewer_id, show_id)
);
