// What is watched of an incoming picture, and how good each is (media.md 11). The order is the order in which a host
// should look: of two equally bad signals the earlier one speaks.

export const HEALTH_SIGNALS = [
  'encoder',
  'picture',
  'key_frames',
  'upload',
  'bitrate',
  'frame_rate',
  'frame_gap',
  'clock',
  'av_skew',
  'sound',
  'loudness',
  'transcoder',
  'viewers',
] as const;
export type HealthSignalName = (typeof HEALTH_SIGNALS)[number];

/** `unknown`: not measured, or not now; never a reason for advice. */
export const HEALTH_LEVELS = ['unknown', 'good', 'warning', 'bad'] as const;
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

export const HEALTH_UNITS = ['ms', 'bit/s', 'frames/s', 'count', 'LUFS', 'ratio'] as const;
export type HealthUnit = (typeof HEALTH_UNITS)[number];

/** Why a broadcast that nobody ends ends by itself (product.md LC6). */
export const AUTO_END_CAUSES = ['dead_air', 'unwatched', 'too_long'] as const;
export type AutoEndCause = (typeof AUTO_END_CAUSES)[number];
