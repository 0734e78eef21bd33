-- Recordings: the index of stored segments, the replay made of them, and the jobs that make pictures and files of it.
-- The files themselves are in the segment store; their names say all that a row says, so the index can be made again.

-- One broadcast as it was stored. A show that was interrupted for long, or whose server was started again, has several.
CREATE TABLE recording (
  broadcast_id text PRIMARY KEY,
  org_id text NOT NULL,
  show_id text NOT NULL REFERENCES show (id),
  state text NOT NULL CHECK (state IN ('recording', 'complete')),
  started_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  -- What could not be stored while the show went on.
  gap_count integer NOT NULL DEFAULT 0,
  gap_ms bigint NOT NULL DEFAULT 0,
  gap_cause text
);
CREATE INDEX recording_by_show ON recording (show_id);
CREATE INDEX recording_open ON recording (show_id) WHERE state = 'recording';

-- One init section of one track.
CREATE TABLE recording_period (
  broadcast_id text NOT NULL REFERENCES recording (broadcast_id),
  track text NOT NULL,
  period bigint NOT NULL,
  -- AVCDecoderConfigurationRecord or AudioSpecificConfig.
  decoder_config bytea NOT NULL,
  byte_count integer NOT NULL,
  PRIMARY KEY (broadcast_id, track, period)
);

CREATE TABLE recording_segment (
  broadcast_id text NOT NULL REFERENCES recording (broadcast_id),
  track text NOT NULL,
  media_sequence bigint NOT NULL,
  period bigint NOT NULL,
  program_date_time_ms bigint NOT NULL,
  duration_us bigint NOT NULL,
  byte_count integer NOT NULL,
  frame_count integer NOT NULL,
  is_independent boolean NOT NULL,
  target_duration_sec integer NOT NULL,
  PRIMARY KEY (broadcast_id, track, media_sequence)
);

-- What viewers get of a show that is over. `open`: the show may still go on.
CREATE TABLE replay (
  show_id text PRIMARY KEY REFERENCES show (id),
  org_id text NOT NULL,
  playback_id text NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('open', 'ready', 'empty', 'removed')),
  is_public boolean NOT NULL DEFAULT true,
  -- Wall times; null = not cut on that side. Nothing is thrown away by a trim.
  trim_from_ms bigint,
  trim_to_ms bigint,
  -- Of what viewers see, and of all that was on air.
  duration_ms bigint NOT NULL DEFAULT 0,
  full_duration_ms bigint NOT NULL DEFAULT 0,
  -- Names the present cut in the addresses of pictures and files made of it.
  cut text NOT NULL DEFAULT '',
  full_cut text NOT NULL DEFAULT '',
  ready_at_ms bigint,
  removed_at_ms bigint,
  removed_reason text
);
CREATE INDEX replay_by_age ON replay (ready_at_ms) WHERE state = 'ready';

CREATE TABLE recording_job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id text NOT NULL,
  show_id text NOT NULL REFERENCES show (id),
  kind text NOT NULL CHECK (kind IN ('pictures', 'mp4', 'purge')),
  cut text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  progress real NOT NULL DEFAULT 0,
  attempt_count integer NOT NULL DEFAULT 0,
  failure text,
  result jsonb,
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  UNIQUE (show_id, kind, cut)
);
CREATE INDEX recording_job_waiting ON recording_job (id) WHERE state = 'queued';
