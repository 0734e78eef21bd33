// The signals as rows that never change their place, in the units OBS uses. What is wrong comes with its sentence. Pure.
import { HEALTH_SIGNALS, type HealthHistory, type HealthSignal, type HealthSignalName, type StreamHealth } from '@insp/protocol';
import { bitrateText, spanText } from '../ui/format.ts';

export type HealthRow = {
  readonly name: HealthSignalName;
  readonly label: string;
  /** What is measured now, in a few characters. */
  readonly value: string;
  readonly tone: 'calm' | 'act' | 'none';
  readonly sentence: string;
};

const LABELS: Readonly<Record<HealthSignalName, string>> = {
  encoder: 'Encoder',
  picture: 'Picture',
  key_frames: 'Key frames',
  upload: 'Upload delay',
  bitrate: 'Bitrate',
  frame_rate: 'Frames',
  frame_gap: 'Dropped frames',
  clock: 'Encoder clock',
  av_skew: 'Lip sync',
  sound: 'Sound',
  loudness: 'Loudness',
  transcoder: 'Qualities',
  viewers: 'Viewers wait',
};

/** Below this a look found nothing worth a number. */
const HARDLY_MS = 1_000;

const secondsText = (ms: number) => `${(ms / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
/** Durations of something bad: nothing is best. */
const trouble = (calm: string) => (ms: number) => (ms < HARDLY_MS ? calm : spanText(ms));

const VALUES: Readonly<Record<HealthSignalName, (value: number) => string>> = {
  encoder: trouble('sends'),
  picture: trouble('moves'),
  key_frames: (ms) => `every ${secondsText(ms)}`,
  upload: (ms) => `${Math.round(ms)} ms`,
  bitrate: bitrateText,
  frame_rate: (perSec) => `${Math.round(perSec)} a second`,
  frame_gap: (ms) => (ms <= 500 ? 'none' : `${secondsText(ms)} gap`),
  clock: (count) => (count === 0 ? 'steady' : `${count} ${count === 1 ? 'jump' : 'jumps'}`),
  av_skew: (ms) => `${ms > 0 ? '+' : ''}${Math.round(ms)} ms`,
  sound: trouble('heard'),
  loudness: (lufs) => `${Math.round(lufs)} LUFS`,
  transcoder: (speed) => `${speed.toFixed(2)} ×`,
  viewers: (ratio) => `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} %`,
};

/** What moves less than this is drawn as nearly still. */
export const LEAST_SPANS: Readonly<Record<HealthSignalName, number>> = {
  encoder: 1_000,
  picture: 2_000,
  key_frames: 1_000,
  upload: 150,
  bitrate: 1_000_000,
  frame_rate: 5,
  frame_gap: 300,
  clock: 2,
  av_skew: 160,
  sound: 5_000,
  loudness: 12,
  transcoder: 0.1,
  viewers: 0.01,
};

function rowOf(signal: HealthSignal): HealthRow {
  const { name, level, value, sentence } = signal;
  const known = value === null ? (level === 'unknown' ? 'not measured' : 'none') : VALUES[name](value);
  return { name, label: LABELS[name], value: known, tone: level === 'unknown' ? 'none' : level === 'good' ? 'calm' : 'act', sentence };
}

/** Every signal the server told, in the order of the protocol. */
export function healthRows({ signals }: Pick<StreamHealth, 'signals'>): HealthRow[] {
  const byName = new Map(signals.map((signal) => [signal.name, signal]));
  return HEALTH_SIGNALS.flatMap((name) => {
    const signal = byName.get(name);
    return signal ? [rowOf(signal)] : [];
  });
}

/** `1920 × 1080, avc1.640028, mp4a.40.2`: what comes in at all. */
export function formatText({ widthPx, heightPx, videoCodec, audioCodec }: StreamHealth): string {
  const size = widthPx !== null && heightPx !== null ? `${widthPx} × ${heightPx}` : null;
  return [size, videoCodec, audioCodec].filter((part) => part !== null).join(', ');
}

const OTHER_ENCODER = {
  primary: { none: null, connected: 'Backup connected, but without a key frame yet.', ready: 'Backup ready to take over.' },
  backup: {
    none: 'The backup encoder is on air; the first is away.',
    connected: 'The backup encoder is on air; the first is back, without a key frame yet.',
    ready: 'The backup encoder is on air; the first is ready again.',
  },
} as const;

/** Nothing for a show with one encoder. */
export const backupText = ({ source, standby }: Pick<StreamHealth, 'source' | 'standby'>): string | null =>
  source === null ? null : OTHER_ENCODER[source][standby];

export const HISTORY_KEPT_MS = 60 * 60_000;
export const HISTORY_POINTS_MAX = 5_000;

/** The history with what the room has told since. A value of before, or of another shape, changes nothing. */
export function withHealth(history: HealthHistory, health: StreamHealth): HealthHistory {
  const names = history.names.length > 0 ? history.names : [...HEALTH_SIGNALS];
  const newestAt = history.points.at(-1)?.[0] ?? 0;
  if (health.updatedAt <= newestAt || health.signals.length === 0) return history;
  const values = new Map(health.signals.map(({ name, value }) => [name, value]));
  const point = [health.updatedAt, ...names.map((name) => values.get(name) ?? null)];
  const kept = history.points.filter(([at]) => (at ?? 0) > health.updatedAt - HISTORY_KEPT_MS);
  return { names, points: [...kept, point].slice(-HISTORY_POINTS_MAX) };
}

/** Of one signal: when and what. */
export function seriesOf({ names, points }: HealthHistory, name: HealthSignalName): { at: number; value: number | null }[] {
  const index = names.indexOf(name) + 1;
  return index === 0 ? [] : points.map((point) => ({ at: point[0] ?? 0, value: point[index] ?? null }));
}
