// Restream: states of a target, why it is in one, and what the platforms ask of a stream. The transition table itself is
// the restream module's: `server/src/modules/restream/relay/target-state.ts`.

export const RESTREAM_STATES = [
  'idle',
  'resolving',
  'connecting',
  'handshaking',
  'publishing',
  'live',
  'degraded',
  'backoff',
  'failed',
  'ended',
] as const;
export type RestreamState = (typeof RESTREAM_STATES)[number];

/** Why a target is in its state. Words for people are the console's. */
export const RESTREAM_REASONS = [
  // as wanted
  'not_started',
  'waits_for_show',
  'waits_for_encoder',
  'show_on_air',
  'started_by_host',
  'stopped_by_host',
  'changed_by_host',
  'show_ended',
  'server_stopping',
  'next_try',
  'name_resolved',
  'connection_made',
  'key_sent',
  'picture_sent',
  // the line
  'too_slow',
  'caught_up',
  'stalled',
  'name_unresolved',
  'unreachable',
  'tls_failed',
  'no_answer',
  'connection_lost',
  'hung_up_on_key',
  'protocol_broken',
  // a clear no
  'address_refused',
  'key_rejected',
  'key_in_use',
  'login_required',
  'address_rejected',
  'publish_refused',
  'stopped_by_platform',
] as const;
export type RestreamReason = (typeof RESTREAM_REASONS)[number];

/** `auto`: goes with the show. `on`, `off`: a person started or stopped it during this show. */
export const RESTREAM_MODES = ['auto', 'on', 'off'] as const;
export type RestreamMode = (typeof RESTREAM_MODES)[number];

export const RESTREAM_COMMANDS = ['start', 'stop'] as const;
export type RestreamCommand = (typeof RESTREAM_COMMANDS)[number];

export const RESTREAM_PLATFORMS = ['youtube', 'facebook', 'instagram', 'rtmp'] as const;
export type RestreamPlatform = (typeof RESTREAM_PLATFORMS)[number];

/** What a platform asks of the stream; null: it does not say. */
export type PlatformRules = {
  readonly name: string;
  /** Its server address where that is the same for everybody. */
  readonly url: string | null;
  readonly isTlsRequired: boolean;
  readonly maxKeyFrameIntervalMs: number | null;
  readonly minBitsPerSec: number | null;
  readonly maxBitsPerSec: number | null;
  readonly maxHeightPx: number | null;
  readonly maxDurationMs: number | null;
  readonly isVertical: boolean;
  /** The key is good for one broadcast. */
  readonly isKeyForOneShow: boolean;
};

const HOUR_MS = 3_600_000;

/** As the platforms' help pages had it in 2026; instagram's four hours from third parties (media.md 6). */
export const PLATFORM_RULES: Readonly<Record<RestreamPlatform, PlatformRules>> = {
  youtube: {
    name: 'YouTube',
    url: 'rtmps://a.rtmps.youtube.com:443/live2',
    isTlsRequired: false,
    maxKeyFrameIntervalMs: 4_000,
    minBitsPerSec: null,
    maxBitsPerSec: null,
    maxHeightPx: null,
    maxDurationMs: null,
    isVertical: false,
    isKeyForOneShow: false,
  },
  facebook: {
    name: 'Facebook',
    url: 'rtmps://live-api-s.facebook.com:443/rtmp/',
    isTlsRequired: true,
    maxKeyFrameIntervalMs: 4_000,
    minBitsPerSec: 3_000_000,
    maxBitsPerSec: 6_000_000,
    maxHeightPx: 1_080,
    maxDurationMs: 8 * HOUR_MS,
    isVertical: false,
    isKeyForOneShow: true,
  },
  instagram: {
    name: 'Instagram',
    url: null,
    isTlsRequired: true,
    maxKeyFrameIntervalMs: null,
    minBitsPerSec: null,
    maxBitsPerSec: null,
    maxHeightPx: null,
    maxDurationMs: 4 * HOUR_MS,
    isVertical: true,
    isKeyForOneShow: true,
  },
  rtmp: {
    name: 'Other server',
    url: null,
    isTlsRequired: false,
    maxKeyFrameIntervalMs: null,
    minBitsPerSec: null,
    maxBitsPerSec: null,
    maxHeightPx: null,
    maxDurationMs: null,
    isVertical: false,
    isKeyForOneShow: false,
  },
};
