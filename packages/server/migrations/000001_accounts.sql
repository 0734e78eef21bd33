-- People, sessions, organizations, invitations, API keys: read and written by better-auth (its names mapped in
-- modules/accounts/auth.better-auth.ts; a test holds this file and better-auth's own idea of the schema together),
-- and our settings and secrets of an organization.

CREATE TABLE auth_user (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL,
  image text,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  must_change_password boolean NOT NULL DEFAULT false
);

CREATE TABLE auth_session (
  id text PRIMARY KEY,
  expires_at timestamptz NOT NULL,
  token text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  user_id text NOT NULL REFERENCES auth_user (id) ON DELETE CASCADE,
  active_organization_id text
);
CREATE INDEX auth_session_user_id_idx ON auth_session (user_id);

CREATE TABLE auth_account (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  user_id text NOT NULL REFERENCES auth_user (id) ON DELETE CASCADE,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL
);
CREATE INDEX auth_account_user_id_idx ON auth_account (user_id);

CREATE TABLE auth_verification (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX auth_verification_identifier_idx ON auth_verification (identifier);

CREATE TABLE organization (
  id text PRIMARY KEY,
  name text NOT NULL,
  slug text NOT NULL UNIQUE,
  logo text,
  created_at timestamptz NOT NULL,
  metadata text
);

CREATE TABLE organization_member (
  id text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES auth_user (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'producer', 'host', 'moderator', 'analyst')),
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, user_id)
);
CREATE INDEX organization_member_user_id_idx ON organization_member (user_id);

CREATE TABLE organization_invitation (
  id text PRIMARY KEY,
  organization_id text NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  email text NOT NULL,
  role text,
  status text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  inviter_id text NOT NULL REFERENCES auth_user (id) ON DELETE CASCADE
);
CREATE INDEX organization_invitation_organization_id_idx ON organization_invitation (organization_id);
CREATE INDEX organization_invitation_email_idx ON organization_invitation (email);

CREATE TABLE api_key (
  id text PRIMARY KEY,
  config_id text NOT NULL,
  name text,
  start text,
  organization_id text NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  prefix text,
  key text NOT NULL UNIQUE,
  refill_interval integer,
  refill_amount integer,
  last_refill_at timestamptz,
  enabled boolean,
  rate_limit_enabled boolean,
  rate_limit_time_window integer,
  rate_limit_max integer,
  request_count integer,
  remaining integer,
  last_request timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  permissions text,
  metadata text
);
CREATE INDEX api_key_config_id_idx ON api_key (config_id);
CREATE INDEX api_key_organization_id_idx ON api_key (organization_id);

CREATE TABLE organization_settings (
  org_id text PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
  currency text NOT NULL DEFAULT 'EUR',
  locale text NOT NULL DEFAULT 'en',
  store_origins text[] NOT NULL DEFAULT '{}',
  product_feed_url text,
  shop_url text,
  encoder_grace_sec integer NOT NULL DEFAULT 120 CHECK (encoder_grace_sec BETWEEN 10 AND 600)
);

-- Sealed with AES-256-GCM under a key derived from the server secret (modules/accounts/seal.ts).
CREATE TABLE organization_secret (
  org_id text NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  name text NOT NULL,
  sealed bytea NOT NULL,
  previous_sealed bytea,
  previous_until_ms bigint,
  PRIMARY KEY (org_id, name)
);
