-- Restream targets of a show, and every change of their state while a broadcast ran. The stream key rests sealed
-- (AES-256-GCM, bound to organization and target); its last four characters are all that is ever shown again.

CREATE TABLE restream_target (
  id                   text     PRIMARY KEY,
  org_id               text     NOT NULL,
  show_id              text     NOT NULL,
  name                 text     NOT NULL,
  platform             text     NOT NULL,
  url                  text     NOT NULL,
  sealed_key           bytea    NOT NULL,
  stream_key_last_four text     NOT NULL,
  position             integer  NOT NULL,
  -- Goes on air with the show.
  is_enabled           boolean  NOT NULL,
  -- What a person asked for during this show: auto (nothing), on, off.
  mode                 text     NOT NULL DEFAULT 'auto' CHECK (mode IN ('auto', 'on', 'off')),
  created_at_ms        bigint   NOT NULL
);
CREATE INDEX restream_target_of_show ON restream_target (show_id, position, id);

CREATE TABLE restream_change (
  seq           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target_id     text    NOT NULL,
  org_id        text    NOT NULL,
  show_id       text    NOT NULL,
  at_ms         bigint  NOT NULL,
  from_state    text    NOT NULL,
  to_state      text    NOT NULL,
  reason        text    NOT NULL,
  -- The platform's words, without the key.
  detail        text    NOT NULL,
  attempt_count integer NOT NULL
);
CREATE INDEX restream_change_of_target ON restream_change (target_id, seq);
