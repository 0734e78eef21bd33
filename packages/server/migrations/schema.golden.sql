TABLE agg_org_viewer (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  n bigint NOT NULL,
  visit_count bigint NOT NULL,
  order_count bigint NOT NULL,
  first_order_at_ms bigint,
  last_order_at_ms bigint,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency_min text,
  currency_max text,
  CONSTRAINT agg_org_viewer_pkey PRIMARY KEY (org_id, viewer_id)
);

TABLE agg_org_viewer_day (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  b1d integer NOT NULL,
  n bigint NOT NULL,
  order_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  CONSTRAINT agg_org_viewer_day_pkey PRIMARY KEY (org_id, viewer_id, b1d)
);

TABLE agg_show (
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
  CONSTRAINT agg_show_pkey PRIMARY KEY (show_id)
);

TABLE agg_show_10s (
  show_id text NOT NULL,
  b10s integer NOT NULL,
  n bigint NOT NULL,
  org_id text,
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
  CONSTRAINT agg_show_10s_pkey PRIMARY KEY (show_id, b10s)
);

TABLE agg_show_highlight (
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
  CONSTRAINT agg_show_highlight_pkey PRIMARY KEY (show_id, highlight_id)
);

TABLE agg_show_highlight_order (
  show_id text NOT NULL,
  highlight_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  CONSTRAINT agg_show_highlight_order_pkey PRIMARY KEY (show_id, highlight_id, subject_id)
);

TABLE agg_show_minute (
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
  CONSTRAINT agg_show_minute_pkey PRIMARY KEY (show_id, b1m)
);

TABLE agg_show_minute_unique (
  show_id text NOT NULL,
  b1m integer NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  CONSTRAINT agg_show_minute_unique_pkey PRIMARY KEY (show_id, b1m, hb)
);

TABLE agg_show_product (
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
  CONSTRAINT agg_show_product_pkey PRIMARY KEY (show_id, product_id)
);

TABLE agg_show_product_minute (
  show_id text NOT NULL,
  product_id text NOT NULL,
  b1m integer NOT NULL,
  n bigint NOT NULL,
  org_id text,
  impression_count bigint NOT NULL,
  click_count bigint NOT NULL,
  cart_add_count bigint NOT NULL,
  unit_count bigint NOT NULL,
  gmv_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  CONSTRAINT agg_show_product_minute_pkey PRIMARY KEY (show_id, product_id, b1m)
);

TABLE agg_show_product_order (
  show_id text NOT NULL,
  product_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  CONSTRAINT agg_show_product_order_pkey PRIMARY KEY (show_id, product_id, subject_id)
);

TABLE agg_show_product_unique (
  show_id text NOT NULL,
  product_id text NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  CONSTRAINT agg_show_product_unique_pkey PRIMARY KEY (show_id, product_id, hb)
);

TABLE agg_show_question (
  show_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  open_ms bigint,
  CONSTRAINT agg_show_question_pkey PRIMARY KEY (show_id, subject_id)
);

TABLE agg_show_reaction (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  CONSTRAINT agg_show_reaction_pkey PRIMARY KEY (show_id, kind)
);

TABLE agg_show_session (
  show_id text NOT NULL,
  subject_id text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  viewer_id text,
  joined_at_ms bigint,
  left_at_ms bigint,
  watched_ms bigint NOT NULL,
  CONSTRAINT agg_show_session_pkey PRIMARY KEY (show_id, subject_id)
);

TABLE agg_show_source (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  CONSTRAINT agg_show_source_pkey PRIMARY KEY (show_id, kind)
);

TABLE agg_show_state (
  show_id text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  org_id text,
  first_at_ms bigint,
  last_at_ms bigint,
  CONSTRAINT agg_show_state_pkey PRIMARY KEY (show_id, kind)
);

TABLE agg_show_unique (
  show_id text NOT NULL,
  hb smallint NOT NULL,
  org_id text,
  hr smallint,
  CONSTRAINT agg_show_unique_pkey PRIMARY KEY (show_id, hb)
);

TABLE agg_show_viewer (
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
  CONSTRAINT agg_show_viewer_pkey PRIMARY KEY (show_id, viewer_id)
);

TABLE api_key (
  id text NOT NULL,
  config_id text NOT NULL,
  name text,
  start text,
  organization_id text NOT NULL,
  prefix text,
  key text NOT NULL,
  refill_interval integer,
  refill_amount integer,
  last_refill_at timestamp with time zone,
  enabled boolean,
  rate_limit_enabled boolean,
  rate_limit_time_window integer,
  rate_limit_max integer,
  request_count integer,
  remaining integer,
  last_request timestamp with time zone,
  expires_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  permissions text,
  metadata text,
  CONSTRAINT api_key_key_key UNIQUE (key),
  CONSTRAINT api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  CONSTRAINT api_key_pkey PRIMARY KEY (id)
);

TABLE auth_account (
  id text NOT NULL,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  user_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT auth_account_pkey PRIMARY KEY (id),
  CONSTRAINT auth_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

TABLE auth_session (
  id text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  token text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp with time zone NOT NULL,
  ip_address text,
  user_agent text,
  user_id text NOT NULL,
  active_organization_id text,
  CONSTRAINT auth_session_pkey PRIMARY KEY (id),
  CONSTRAINT auth_session_token_key UNIQUE (token),
  CONSTRAINT auth_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

TABLE auth_user (
  id text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL,
  image text,
  created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  must_change_password boolean NOT NULL DEFAULT false,
  CONSTRAINT auth_user_email_key UNIQUE (email),
  CONSTRAINT auth_user_pkey PRIMARY KEY (id)
);

TABLE auth_verification (
  id text NOT NULL,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT auth_verification_pkey PRIMARY KEY (id)
);

TABLE chat_ban (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  show_id text NOT NULL,
  viewer_name text NOT NULL,
  reason text NOT NULL,
  until_ms bigint,
  banned_at_ms bigint NOT NULL,
  banned_by_id text NOT NULL,
  banned_by_name text NOT NULL,
  CONSTRAINT chat_ban_pkey PRIMARY KEY (org_id, viewer_id, show_id)
);

TABLE chat_message (
  id text NOT NULL,
  org_id text NOT NULL,
  show_id text NOT NULL,
  seq bigint NOT NULL,
  viewer_id text NOT NULL,
  client_key text NOT NULL,
  author_kind text NOT NULL,
  author_id text NOT NULL,
  author_name text NOT NULL,
  customer_id text,
  is_buyer boolean NOT NULL,
  is_simulated boolean NOT NULL,
  featured_product_id text,
  text text NOT NULL,
  posted_at_ms bigint NOT NULL,
  removed_at_ms bigint,
  removed_by_id text,
  removed_by_name text,
  removal_reason text,
  CONSTRAINT chat_message_author_kind_check CHECK ((author_kind = ANY (ARRAY['viewer'::text, 'staff'::text]))),
  CONSTRAINT chat_message_pkey PRIMARY KEY (id),
  CONSTRAINT chat_message_seq_check CHECK ((seq >= 1)),
  CONSTRAINT chat_message_show_id_seq_key UNIQUE (show_id, seq),
  CONSTRAINT chat_message_show_id_viewer_id_client_key_key UNIQUE (show_id, viewer_id, client_key)
);

TABLE chat_room (
  show_id text NOT NULL,
  org_id text NOT NULL,
  last_seq bigint NOT NULL DEFAULT 0,
  slow_mode_sec integer NOT NULL DEFAULT 0,
  pinned_message_id text,
  CONSTRAINT chat_room_pkey PRIMARY KEY (show_id),
  CONSTRAINT chat_room_slow_mode_sec_check CHECK (((slow_mode_sec >= 0) AND (slow_mode_sec <= 600)))
);

TABLE dead_letter (
  id bigint NOT NULL DEFAULT nextval('dead_letter_id_seq'::regclass),
  received_at_ms bigint NOT NULL,
  org_id text,
  event_id text,
  event_name text,
  reason text NOT NULL,
  body text NOT NULL,
  CONSTRAINT dead_letter_pkey PRIMARY KEY (id)
);

TABLE ev (
  seq bigint NOT NULL DEFAULT nextval('ev_seq_seq'::regclass),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id text NOT NULL,
  stream text NOT NULL,
  log_day integer NOT NULL,
  type smallint NOT NULL,
  v smallint NOT NULL,
  occurred_at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  b10s integer NOT NULL,
  b1m integer NOT NULL,
  b1d integer NOT NULL,
  salt smallint NOT NULL DEFAULT 0,
  org_id text NOT NULL,
  show_id text,
  viewer_id text,
  product_id text,
  highlight_id text,
  subject_id text,
  kind text,
  currency text,
  amount_minor bigint NOT NULL DEFAULT 0,
  weight bigint NOT NULL DEFAULT 1,
  is_simulated boolean NOT NULL DEFAULT false,
  hb smallint,
  hr smallint,
  actor_kind text NOT NULL,
  actor_id text,
  props jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT ev_id_stream_log_day_key UNIQUE (id, stream, log_day),
  CONSTRAINT ev_stream_check1 CHECK ((stream = ANY (ARRAY['money'::text, 'engage'::text, 'chat'::text]))),
  CONSTRAINT ev_weight_check1 CHECK ((weight >= 1))
);

TABLE insights_question_answered (
  org_id text NOT NULL,
  show_id text NOT NULL,
  question_key text NOT NULL,
  answered_at_ms bigint NOT NULL,
  answered_by text NOT NULL,
  CONSTRAINT insights_question_answered_pkey PRIMARY KEY (show_id, question_key)
);

TABLE log_cursor (
  name text NOT NULL,
  xid xid8 NOT NULL DEFAULT '0'::xid8,
  seq bigint NOT NULL DEFAULT 0,
  epoch bigint NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  holder text,
  held_until timestamp with time zone NOT NULL DEFAULT '-infinity'::timestamp with time zone,
  CONSTRAINT log_cursor_pkey PRIMARY KEY (name)
);

TABLE log_retired (
  stream text NOT NULL,
  log_day integer NOT NULL,
  event_count bigint NOT NULL,
  retired_at_ms bigint NOT NULL,
  CONSTRAINT log_retired_pkey PRIMARY KEY (stream, log_day)
);

TABLE order_line (
  order_id text NOT NULL,
  line_id text NOT NULL,
  org_id text NOT NULL,
  position integer NOT NULL,
  sku text NOT NULL,
  product_ref text NOT NULL,
  product_id text,
  quantity integer NOT NULL,
  amount_minor bigint NOT NULL,
  token_verdict text NOT NULL,
  show_id text,
  highlight_id text,
  viewer_id text,
  CONSTRAINT order_line_amount_minor_check CHECK ((amount_minor >= 0)),
  CONSTRAINT order_line_check CHECK (((token_verdict = 'attributed'::text) = (show_id IS NOT NULL))),
  CONSTRAINT order_line_check1 CHECK (((token_verdict = 'attributed'::text) = (viewer_id IS NOT NULL))),
  CONSTRAINT order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  CONSTRAINT order_line_pkey PRIMARY KEY (order_id, line_id),
  CONSTRAINT order_line_quantity_check CHECK ((quantity > 0)),
  CONSTRAINT order_line_token_verdict_check CHECK ((token_verdict = ANY (ARRAY['attributed'::text, 'absent'::text, 'invalid'::text, 'other_product'::text, 'unknown_show'::text, 'too_early'::text, 'too_late'::text])))
);

TABLE order_refund (
  order_id text NOT NULL,
  refund_ref text NOT NULL,
  line_id text NOT NULL,
  org_id text NOT NULL,
  quantity integer NOT NULL,
  amount_minor bigint NOT NULL,
  told_amount_minor bigint NOT NULL,
  refunded_at_ms bigint NOT NULL,
  CONSTRAINT order_refund_amount_minor_check CHECK ((amount_minor >= 0)),
  CONSTRAINT order_refund_order_id_line_id_fkey FOREIGN KEY (order_id, line_id) REFERENCES order_line(order_id, line_id),
  CONSTRAINT order_refund_pkey PRIMARY KEY (order_id, refund_ref, line_id),
  CONSTRAINT order_refund_quantity_check CHECK ((quantity >= 0)),
  CONSTRAINT order_refund_told_amount_minor_check CHECK ((told_amount_minor >= 0))
);

TABLE orders (
  id text NOT NULL,
  org_id text NOT NULL,
  order_ref text NOT NULL,
  content_digest text NOT NULL,
  customer_id text,
  customer_name text,
  currency text NOT NULL,
  total_minor bigint NOT NULL,
  is_counted boolean NOT NULL,
  is_simulated boolean NOT NULL,
  placed_at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  seq bigint NOT NULL GENERATED AS IDENTITY,
  CONSTRAINT orders_org_id_order_ref_key UNIQUE (org_id, order_ref),
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_total_minor_check CHECK ((total_minor >= 0))
);

TABLE organization (
  id text NOT NULL,
  name text NOT NULL,
  slug text NOT NULL,
  logo text,
  created_at timestamp with time zone NOT NULL,
  metadata text,
  CONSTRAINT organization_pkey PRIMARY KEY (id),
  CONSTRAINT organization_slug_key UNIQUE (slug)
);

TABLE organization_invitation (
  id text NOT NULL,
  organization_id text NOT NULL,
  email text NOT NULL,
  role text,
  status text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  inviter_id text NOT NULL,
  CONSTRAINT organization_invitation_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES auth_user(id) ON DELETE CASCADE,
  CONSTRAINT organization_invitation_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  CONSTRAINT organization_invitation_pkey PRIMARY KEY (id)
);

TABLE organization_member (
  id text NOT NULL,
  organization_id text NOT NULL,
  user_id text NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT organization_member_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  CONSTRAINT organization_member_organization_id_user_id_key UNIQUE (organization_id, user_id),
  CONSTRAINT organization_member_pkey PRIMARY KEY (id),
  CONSTRAINT organization_member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'producer'::text, 'host'::text, 'moderator'::text, 'analyst'::text]))),
  CONSTRAINT organization_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user(id) ON DELETE CASCADE
);

TABLE organization_secret (
  org_id text NOT NULL,
  name text NOT NULL,
  sealed bytea NOT NULL,
  previous_sealed bytea,
  previous_until_ms bigint,
  CONSTRAINT organization_secret_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE,
  CONSTRAINT organization_secret_pkey PRIMARY KEY (org_id, name)
);

TABLE organization_settings (
  org_id text NOT NULL,
  currency text NOT NULL DEFAULT 'EUR'::text,
  locale text NOT NULL DEFAULT 'en'::text,
  store_origins text[] NOT NULL DEFAULT '{}'::text[],
  product_feed_url text,
  shop_url text,
  encoder_grace_sec integer NOT NULL DEFAULT 120,
  max_live_min integer NOT NULL DEFAULT 480,
  CONSTRAINT organization_settings_encoder_grace_sec_check CHECK (((encoder_grace_sec >= 10) AND (encoder_grace_sec <= 600))),
  CONSTRAINT organization_settings_max_live_min_check CHECK (((max_live_min >= 30) AND (max_live_min <= 1440))),
  CONSTRAINT organization_settings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE,
  CONSTRAINT organization_settings_pkey PRIMARY KEY (org_id)
);

TABLE product (
  id text NOT NULL,
  org_id text NOT NULL,
  external_id text NOT NULL,
  title text NOT NULL,
  brand text NOT NULL,
  description text NOT NULL,
  category text NOT NULL,
  url text NOT NULL,
  image_url text,
  facts jsonb NOT NULL,
  option_names jsonb NOT NULL,
  updated_at_ms bigint NOT NULL,
  CONSTRAINT product_org_id_external_id_key UNIQUE (org_id, external_id),
  CONSTRAINT product_pkey PRIMARY KEY (id)
);

TABLE product_variant (
  id text NOT NULL,
  org_id text NOT NULL,
  product_id text NOT NULL,
  position integer NOT NULL,
  sku text NOT NULL,
  options jsonb NOT NULL,
  price_minor bigint NOT NULL,
  original_price_minor bigint,
  currency text NOT NULL,
  stock_count bigint,
  stock_as_of_ms bigint NOT NULL,
  is_available boolean NOT NULL,
  CONSTRAINT product_variant_org_id_sku_key UNIQUE (org_id, sku),
  CONSTRAINT product_variant_original_price_minor_check CHECK ((original_price_minor >= 0)),
  CONSTRAINT product_variant_pkey PRIMARY KEY (id),
  CONSTRAINT product_variant_price_minor_check CHECK ((price_minor >= 0)),
  CONSTRAINT product_variant_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  CONSTRAINT product_variant_stock_count_check CHECK ((stock_count >= 0))
);

TABLE recording (
  broadcast_id text NOT NULL,
  org_id text NOT NULL,
  show_id text NOT NULL,
  state text NOT NULL,
  started_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  gap_count integer NOT NULL DEFAULT 0,
  gap_ms bigint NOT NULL DEFAULT 0,
  gap_cause text,
  CONSTRAINT recording_pkey PRIMARY KEY (broadcast_id),
  CONSTRAINT recording_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id),
  CONSTRAINT recording_state_check CHECK ((state = ANY (ARRAY['recording'::text, 'complete'::text])))
);

TABLE recording_job (
  id bigint NOT NULL GENERATED AS IDENTITY,
  org_id text NOT NULL,
  show_id text NOT NULL,
  kind text NOT NULL,
  cut text NOT NULL,
  state text NOT NULL,
  progress real NOT NULL DEFAULT 0,
  attempt_count integer NOT NULL DEFAULT 0,
  failure text,
  result jsonb,
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  CONSTRAINT recording_job_kind_check CHECK ((kind = ANY (ARRAY['pictures'::text, 'mp4'::text, 'purge'::text]))),
  CONSTRAINT recording_job_pkey PRIMARY KEY (id),
  CONSTRAINT recording_job_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id),
  CONSTRAINT recording_job_show_id_kind_cut_key UNIQUE (show_id, kind, cut),
  CONSTRAINT recording_job_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
);

TABLE recording_period (
  broadcast_id text NOT NULL,
  track text NOT NULL,
  period bigint NOT NULL,
  decoder_config bytea NOT NULL,
  byte_count integer NOT NULL,
  CONSTRAINT recording_period_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES recording(broadcast_id),
  CONSTRAINT recording_period_pkey PRIMARY KEY (broadcast_id, track, period)
);

TABLE recording_segment (
  broadcast_id text NOT NULL,
  track text NOT NULL,
  media_sequence bigint NOT NULL,
  period bigint NOT NULL,
  program_date_time_ms bigint NOT NULL,
  duration_us bigint NOT NULL,
  byte_count integer NOT NULL,
  frame_count integer NOT NULL,
  is_independent boolean NOT NULL,
  target_duration_sec integer NOT NULL,
  CONSTRAINT recording_segment_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES recording(broadcast_id),
  CONSTRAINT recording_segment_pkey PRIMARY KEY (broadcast_id, track, media_sequence)
);

TABLE rejected_event_count (
  org_id text NOT NULL,
  b1d integer NOT NULL,
  event_name text NOT NULL,
  reason text NOT NULL,
  rejected_count bigint NOT NULL,
  last_at_ms bigint NOT NULL,
  CONSTRAINT rejected_event_count_pkey PRIMARY KEY (org_id, b1d, event_name, reason)
);

TABLE replay (
  show_id text NOT NULL,
  org_id text NOT NULL,
  playback_id text NOT NULL,
  state text NOT NULL,
  is_public boolean NOT NULL DEFAULT true,
  trim_from_ms bigint,
  trim_to_ms bigint,
  duration_ms bigint NOT NULL DEFAULT 0,
  full_duration_ms bigint NOT NULL DEFAULT 0,
  cut text NOT NULL DEFAULT ''::text,
  full_cut text NOT NULL DEFAULT ''::text,
  ready_at_ms bigint,
  removed_at_ms bigint,
  removed_reason text,
  CONSTRAINT replay_pkey PRIMARY KEY (show_id),
  CONSTRAINT replay_playback_id_key UNIQUE (playback_id),
  CONSTRAINT replay_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id),
  CONSTRAINT replay_state_check CHECK ((state = ANY (ARRAY['open'::text, 'ready'::text, 'empty'::text, 'removed'::text])))
);

TABLE restream_change (
  seq bigint NOT NULL GENERATED AS IDENTITY,
  target_id text NOT NULL,
  org_id text NOT NULL,
  show_id text NOT NULL,
  at_ms bigint NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  attempt_count integer NOT NULL,
  CONSTRAINT restream_change_pkey PRIMARY KEY (seq)
);

TABLE restream_target (
  id text NOT NULL,
  org_id text NOT NULL,
  show_id text NOT NULL,
  name text NOT NULL,
  platform text NOT NULL,
  url text NOT NULL,
  sealed_key bytea NOT NULL,
  stream_key_last_four text NOT NULL,
  position integer NOT NULL,
  is_enabled boolean NOT NULL,
  mode text NOT NULL DEFAULT 'auto'::text,
  created_at_ms bigint NOT NULL,
  CONSTRAINT restream_target_mode_check CHECK ((mode = ANY (ARRAY['auto'::text, 'on'::text, 'off'::text]))),
  CONSTRAINT restream_target_pkey PRIMARY KEY (id)
);

TABLE schema_migration (
  name text NOT NULL,
  digest text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (name)
);

TABLE show (
  id text NOT NULL,
  org_id text NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  host_name text NOT NULL,
  state text NOT NULL,
  state_before_loss text,
  grace_ends_at_ms bigint,
  version integer NOT NULL,
  is_simulated boolean NOT NULL,
  playback_id text NOT NULL,
  stream_key_hash text,
  stream_key_last_four text,
  picture_seen_at_ms bigint,
  scheduled_at_ms bigint,
  live_at_ms bigint,
  ended_at_ms bigint,
  created_at_ms bigint NOT NULL,
  seq bigint NOT NULL GENERATED AS IDENTITY,
  CONSTRAINT show_check CHECK (((state = 'encoder_lost'::text) = (grace_ends_at_ms IS NOT NULL))),
  CONSTRAINT show_check1 CHECK (((state = 'encoder_lost'::text) = (state_before_loss IS NOT NULL))),
  CONSTRAINT show_pkey PRIMARY KEY (id),
  CONSTRAINT show_playback_id_key UNIQUE (playback_id),
  CONSTRAINT show_state_before_loss_check CHECK ((state_before_loss = ANY (ARRAY['live'::text, 'paused'::text]))),
  CONSTRAINT show_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'waiting'::text, 'live'::text, 'paused'::text, 'encoder_lost'::text, 'ended'::text, 'cancelled'::text]))),
  CONSTRAINT show_stream_key_hash_key UNIQUE (stream_key_hash)
);

TABLE show_attendance (
  org_id text NOT NULL,
  show_id text NOT NULL,
  viewer_id text NOT NULL,
  source text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  CONSTRAINT show_attendance_pkey PRIMARY KEY (show_id, viewer_id)
);

TABLE show_backup_key (
  show_id text NOT NULL,
  org_id text NOT NULL,
  key_hash text NOT NULL,
  last_four text NOT NULL,
  created_at_ms bigint NOT NULL,
  CONSTRAINT show_backup_key_key_hash_key UNIQUE (key_hash),
  CONSTRAINT show_backup_key_pkey PRIMARY KEY (show_id),
  CONSTRAINT show_backup_key_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id)
);

TABLE show_highlight (
  id text NOT NULL,
  org_id text NOT NULL,
  show_id text NOT NULL,
  product_id text NOT NULL,
  started_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  end_reason text,
  seq bigint NOT NULL GENERATED AS IDENTITY,
  CONSTRAINT show_highlight_pkey PRIMARY KEY (id),
  CONSTRAINT show_highlight_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id)
);

TABLE show_keep_live (
  show_id text NOT NULL,
  kept_at_ms bigint NOT NULL,
  until_ms bigint NOT NULL,
  CONSTRAINT show_keep_live_pkey PRIMARY KEY (show_id)
);

TABLE show_line_up (
  org_id text NOT NULL,
  show_id text NOT NULL,
  product_id text NOT NULL,
  position integer NOT NULL,
  note text NOT NULL,
  CONSTRAINT show_line_up_pkey PRIMARY KEY (show_id, product_id),
  CONSTRAINT show_line_up_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id)
);

TABLE show_shed_change (
  event_id text NOT NULL,
  show_id text NOT NULL,
  at_ms bigint NOT NULL,
  level smallint NOT NULL,
  cause text,
  is_forced boolean NOT NULL,
  CONSTRAINT show_shed_change_level_check CHECK (((level >= 0) AND (level <= 4))),
  CONSTRAINT show_shed_change_pkey PRIMARY KEY (event_id)
);

TABLE show_transition (
  id bigint NOT NULL GENERATED AS IDENTITY,
  org_id text NOT NULL,
  show_id text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  cause text NOT NULL,
  reason text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text NOT NULL,
  occurred_at_ms bigint NOT NULL,
  CONSTRAINT show_transition_pkey PRIMARY KEY (id),
  CONSTRAINT show_transition_show_id_fkey FOREIGN KEY (show_id) REFERENCES show(id)
);

TABLE viewer (
  org_id text NOT NULL,
  viewer_id text NOT NULL,
  customer_id text,
  name text NOT NULL,
  has_chosen_name boolean NOT NULL,
  is_simulated boolean NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  last_seen_at_ms bigint NOT NULL,
  CONSTRAINT viewer_pkey PRIMARY KEY (org_id, viewer_id)
);

TABLE webhook_delivery (
  org_id text NOT NULL,
  webhook_id text NOT NULL,
  body_digest text NOT NULL,
  answer jsonb NOT NULL,
  received_at_ms bigint NOT NULL,
  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (org_id, webhook_id)
);

CREATE INDEX agg_show_viewer_attended ON public.agg_show_viewer USING btree (org_id, viewer_id) WHERE (visit_count > 0);
CREATE INDEX agg_show_viewer_chatted ON public.agg_show_viewer USING btree (show_id) WHERE (message_count > 0);
CREATE INDEX agg_show_viewer_visited ON public.agg_show_viewer USING btree (show_id) WHERE (visit_count > 0);
CREATE INDEX api_key_config_id_idx ON public.api_key USING btree (config_id);
CREATE INDEX api_key_organization_id_idx ON public.api_key USING btree (organization_id);
CREATE INDEX auth_account_user_id_idx ON public.auth_account USING btree (user_id);
CREATE INDEX auth_session_user_id_idx ON public.auth_session USING btree (user_id);
CREATE INDEX auth_verification_identifier_idx ON public.auth_verification USING btree (identifier);
CREATE INDEX chat_message_by_time ON public.chat_message USING btree (show_id, posted_at_ms);
CREATE INDEX chat_message_removed ON public.chat_message USING btree (show_id, removed_at_ms) WHERE (removed_at_ms IS NOT NULL);
CREATE INDEX dead_letter_by_time ON public.dead_letter USING btree (received_at_ms);
CREATE INDEX dead_letter_of_org ON public.dead_letter USING btree (org_id, id) WHERE (org_id IS NOT NULL);
CREATE INDEX ev_log_order ON ONLY public.ev USING btree (xid, seq);
CREATE INDEX ev_of_show ON ONLY public.ev USING btree (show_id, xid, seq) WHERE (show_id IS NOT NULL);
CREATE INDEX order_line_by_show ON public.order_line USING btree (show_id, order_id) WHERE (show_id IS NOT NULL);
CREATE INDEX orders_by_customer ON public.orders USING btree (org_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX orders_by_time ON public.orders USING btree (org_id, placed_at_ms);
CREATE INDEX organization_invitation_email_idx ON public.organization_invitation USING btree (email);
CREATE INDEX organization_invitation_organization_id_idx ON public.organization_invitation USING btree (organization_id);
CREATE INDEX organization_member_user_id_idx ON public.organization_member USING btree (user_id);
CREATE INDEX product_by_title ON public.product USING btree (org_id, title, id);
CREATE INDEX product_variant_by_product ON public.product_variant USING btree (product_id, "position");
CREATE INDEX recording_by_show ON public.recording USING btree (show_id);
CREATE INDEX recording_job_waiting ON public.recording_job USING btree (id) WHERE (state = 'queued'::text);
CREATE INDEX recording_open ON public.recording USING btree (show_id) WHERE (state = 'recording'::text);
CREATE INDEX replay_by_age ON public.replay USING btree (ready_at_ms) WHERE (state = 'ready'::text);
CREATE INDEX restream_change_of_target ON public.restream_change USING btree (target_id, seq);
CREATE INDEX restream_target_of_show ON public.restream_target USING btree (show_id, "position", id);
CREATE INDEX show_attendance_by_viewer ON public.show_attendance USING btree (org_id, viewer_id);
CREATE INDEX show_by_org ON public.show USING btree (org_id, seq DESC);
CREATE INDEX show_grace ON public.show USING btree (grace_ends_at_ms) WHERE (state = 'encoder_lost'::text);
CREATE INDEX show_highlight_by_show ON public.show_highlight USING btree (show_id, seq);
CREATE UNIQUE INDEX show_highlight_on_display ON public.show_highlight USING btree (show_id, product_id) WHERE (ended_at_ms IS NULL);
CREATE INDEX show_line_up_by_product ON public.show_line_up USING btree (product_id);
CREATE INDEX show_opening ON public.show USING btree (scheduled_at_ms) WHERE (state = 'scheduled'::text);
CREATE INDEX show_shed_change_of_show ON public.show_shed_change USING btree (show_id, at_ms);
CREATE INDEX show_transition_by_show ON public.show_transition USING btree (show_id, id);
CREATE INDEX webhook_delivery_by_age ON public.webhook_delivery USING btree (received_at_ms);

FUNCTION hll_estimate(filled_count bigint, inverse_sum double precision);

VIEW metric_org_unique AS  SELECT org_id,
    hll_estimate(count(*), sum(power((2)::double precision, ((- hr))::double precision))) AS viewer_count
   FROM ( SELECT agg_show_unique.org_id,
            agg_show_unique.hb,
            max(agg_show_unique.hr) AS hr
           FROM agg_show_unique
          GROUP BY agg_show_unique.org_id, agg_show_unique.hb) merged
  GROUP BY org_id;;

VIEW metric_org_viewer AS  SELECT v.org_id,
    v.viewer_id,
    v.visit_count,
    v.order_count,
    v.unit_count,
    v.gmv_minor AS spend_minor,
    v.refunded_minor,
        CASE
            WHEN (v.currency_min = v.currency_max) THEN v.currency_min
            ELSE NULL::text
        END AS currency,
    v.first_order_at_ms,
    v.last_order_at_ms,
    COALESCE(d.day_count, (0)::bigint) AS purchase_day_count,
    GREATEST((COALESCE(d.day_count, (0)::bigint) - 1), (0)::bigint) AS repeat_day_count
   FROM (agg_org_viewer v
     LEFT JOIN ( SELECT agg_org_viewer_day.org_id,
            agg_org_viewer_day.viewer_id,
            count(*) FILTER (WHERE (agg_org_viewer_day.order_count > 0)) AS day_count
           FROM agg_org_viewer_day
          GROUP BY agg_org_viewer_day.org_id, agg_org_viewer_day.viewer_id) d USING (org_id, viewer_id));;

VIEW metric_show_answer_time AS  SELECT show_id,
    count(*) AS closed_count,
    (array_agg(open_ms ORDER BY open_ms))[(((50 * count(*)) + 99) / 100)] AS p50_ms,
    (array_agg(open_ms ORDER BY open_ms))[(((95 * count(*)) + 99) / 100)] AS p95_ms
   FROM agg_show_question
  GROUP BY show_id;;

VIEW metric_show_concurrency AS  SELECT show_id,
    (sum(watching_sum))::bigint AS watching_sum,
    (sum(watching_sample_count))::bigint AS watching_sample_count,
    max(watching_max) AS watching_max,
    (array_agg(b1m ORDER BY agg_show_minute.watching_max DESC, b1m) FILTER (WHERE (watching_max IS NOT NULL)))[1] AS peak_b1m
   FROM agg_show_minute
  GROUP BY show_id;;

VIEW metric_show_minute_unique AS  SELECT show_id,
    b1m,
    hll_estimate(count(*), sum(power((2)::double precision, ((- hr))::double precision))) AS viewer_count
   FROM agg_show_minute_unique
  GROUP BY show_id, b1m;;

VIEW metric_show_people AS  SELECT show_id,
    count(*) FILTER (WHERE (visit_count > 0)) AS viewer_count,
    count(*) FILTER (WHERE (message_count > 0)) AS chatter_count,
    count(*) FILTER (WHERE (reaction_count > 0)) AS reactor_count,
    count(*) FILTER (WHERE (cart_add_count > 0)) AS adder_count,
    count(*) FILTER (WHERE (order_count > 0)) AS buyer_count,
    (COALESCE(sum(unit_count) FILTER (WHERE (order_count > 0)), (0)::numeric))::bigint AS buyer_unit_count
   FROM agg_show_viewer
  GROUP BY show_id;;

VIEW metric_show_phase AS  SELECT show_id,
    phase,
    count(DISTINCT viewer_id) AS viewer_count,
    count(*) AS visit_count,
    count(*) FILTER (WHERE (watched_ms > 10000)) AS effective_view_count,
    (sum(watched_ms))::bigint AS watched_ms
   FROM metric_show_visit
  GROUP BY show_id, phase;;

VIEW metric_show_product_unique AS  SELECT show_id,
    product_id,
    hll_estimate(count(*), sum(power((2)::double precision, ((- hr))::double precision))) AS viewer_count
   FROM agg_show_product_unique
  GROUP BY show_id, product_id;;

VIEW metric_show_span AS  SELECT show_id,
    live_at_ms,
        CASE
            WHEN (last_ended_at_ms >= last_live_at_ms) THEN last_ended_at_ms
            ELSE NULL::bigint
        END AS ended_at_ms
   FROM ( SELECT agg_show_state.show_id,
            min(agg_show_state.first_at_ms) FILTER (WHERE (agg_show_state.kind = 'live'::text)) AS live_at_ms,
            max(agg_show_state.last_at_ms) FILTER (WHERE (agg_show_state.kind = 'live'::text)) AS last_live_at_ms,
            max(agg_show_state.last_at_ms) FILTER (WHERE (agg_show_state.kind = 'ended'::text)) AS last_ended_at_ms
           FROM agg_show_state
          GROUP BY agg_show_state.show_id) s;;

VIEW metric_show_unique AS  SELECT show_id,
    hll_estimate(count(*), sum(power((2)::double precision, ((- hr))::double precision))) AS viewer_count
   FROM agg_show_unique
  GROUP BY show_id;;

VIEW metric_show_visit AS  SELECT v.show_id,
    v.viewer_id,
    v.visit_no,
    v.started_at_ms,
    v.watched_ms,
        CASE
            WHEN (v.started_at_ms >= p.ended_at_ms) THEN 'replay'::text
            WHEN (v.started_at_ms >= p.live_at_ms) THEN 'live'::text
            ELSE 'pre_live'::text
        END AS phase
   FROM (( SELECT n.show_id,
            n.viewer_id,
            n.visit_no,
            min(n.joined_at_ms) AS started_at_ms,
            (sum(n.watched_ms))::bigint AS watched_ms
           FROM ( SELECT g.show_id,
                    g.subject_id,
                    g.n,
                    g.org_id,
                    g.viewer_id,
                    g.joined_at_ms,
                    g.left_at_ms,
                    g.watched_ms,
                    g.idle_since_ms,
                    sum(
                        CASE
                            WHEN ((g.joined_at_ms - g.idle_since_ms) <= 1800000) THEN 0
                            ELSE 1
                        END) OVER (PARTITION BY g.show_id, g.viewer_id ORDER BY g.joined_at_ms, g.subject_id) AS visit_no
                   FROM ( SELECT s.show_id,
                            s.subject_id,
                            s.n,
                            s.org_id,
                            s.viewer_id,
                            s.joined_at_ms,
                            s.left_at_ms,
                            s.watched_ms,
                            max(GREATEST(s.left_at_ms, s.joined_at_ms)) OVER (PARTITION BY s.show_id, s.viewer_id ORDER BY s.joined_at_ms, s.subject_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS idle_since_ms
                           FROM agg_show_session s
                          WHERE ((s.viewer_id IS NOT NULL) AND (s.joined_at_ms IS NOT NULL))) g) n
          GROUP BY n.show_id, n.viewer_id, n.visit_no) v
     LEFT JOIN metric_show_span p USING (show_id));;

VIEW metric_show_watch_time AS  SELECT v.show_id,
    v.viewer_id,
    LEAST(v.watched_ms, (p.ended_at_ms - p.live_at_ms)) AS watch_time_ms
   FROM (( SELECT metric_show_visit.show_id,
            metric_show_visit.viewer_id,
            (sum(metric_show_visit.watched_ms))::bigint AS watched_ms
           FROM metric_show_visit
          GROUP BY metric_show_visit.show_id, metric_show_visit.viewer_id) v
     LEFT JOIN metric_show_span p USING (show_id));;
