// The signals a host is told of, in the order in which to look at them, and the words for them. The same lists stand
// in the protocol; the server's types hold them together.
export const SIGNAL_NAMES = [
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
export type SignalName = (typeof SIGNAL_NAMES)[number];

export type SignalLevel = 'unknown' | 'good' | 'warning' | 'bad';
export type SignalUnit = 'ms' | 'bit/s' | 'frames/s' | 'count' | 'LUFS' | 'ratio';

export type Signal = {
  readonly name: SignalName;
  readonly level: SignalLevel;
  readonly value: number | null;
  readonly unit: SignalUnit;
  /** Empty when all is well and nothing is new. */
  readonly sentence: string;
};

/** Tells how bad a level is; unknown is as quiet as good. */
export const SEVERITY: Readonly<Record<SignalLevel, number>> = { unknown: 0, good: 0, warning: 1, bad: 2 };
