import { HEALTH_SIGNALS, type HealthSignal, type StreamHealth } from '@insp/protocol';
import { expect, test } from 'vitest';
import { backupText, formatText, HISTORY_KEPT_MS, healthRows, seriesOf, withHealth } from './health-rows.ts';
import { GAP_MS, sparkPath } from './spark-path.ts';

const UNITS = {
  bitrate: 'bit/s',
  frame_rate: 'frames/s',
  clock: 'count',
  loudness: 'LUFS',
  transcoder: 'ratio',
  viewers: 'ratio',
} as const;
const signal = (name: HealthSignal['name'], more: Partial<HealthSignal> = {}): HealthSignal => ({
  name,
  level: 'good',
  value: 0,
  unit: name in UNITS ? UNITS[name as keyof typeof UNITS] : 'ms',
  sentence: '',
  ...more,
});
const healthAt = (updatedAt: number, signals: HealthSignal[]): StreamHealth => ({
  status: 'good',
  advice: '',
  source: 'primary',
  standby: 'none',
  videoCodec: 'avc1.640028',
  audioCodec: 'mp4a.40.2',
  widthPx: 1920,
  heightPx: 1080,
  framesPerSec: 30,
  bitrateBitsPerSec: 4_000_000,
  keyFrameIntervalMs: 2_000,
  signals,
  updatedAt,
});

test('[HE8] rows keep their place, whatever is worst', () => {
  const turned = HEALTH_SIGNALS.toReversed().map((name) => signal(name));
  expect(healthRows({ signals: turned }).map(({ name }) => name)).toEqual([...HEALTH_SIGNALS]);
  expect(healthRows({ signals: [] })).toEqual([]);
});

test.each<[HealthSignal, string, string]>([
  [signal('encoder', { value: 40 }), 'sends', 'calm'],
  [signal('picture', { value: 0 }), 'moves', 'calm'],
  [signal('picture', { value: 12_000, level: 'bad' }), '12 s', 'act'],
  [signal('picture', { value: null, level: 'unknown' }), 'not measured', 'none'],
  [signal('key_frames', { value: 2_000 }), 'every 2 s', 'calm'],
  [signal('bitrate', { value: 4_012_000 }), '4,012 kbit/s', 'calm'],
  [signal('av_skew', { value: 90, level: 'warning' }), '+90 ms', 'act'],
  [signal('loudness', { value: -17.6 }), '-18 LUFS', 'calm'],
  [signal('sound', { value: null, level: 'warning' }), 'none', 'act'],
  [signal('viewers', { value: 0.0041, level: 'warning' }), '0.4 %', 'act'],
  [signal('clock', { value: 1, level: 'warning' }), '1 jump', 'act'],
])('[HE8] %o reads %s', (one, value, tone) => {
  expect(healthRows({ signals: [one] })[0]).toMatchObject({ value, tone });
});

test('[HE8] what comes in is named once', () => {
  expect(formatText(healthAt(0, []))).toBe('1920 × 1080, avc1.640028, mp4a.40.2');
  expect(formatText({ ...healthAt(0, []), widthPx: null, videoCodec: null })).toBe('mp4a.40.2');
});

test('[HE6] news go on top of the history, once each, for an hour', () => {
  let history = withHealth({ names: [], points: [] }, healthAt(1_000, [signal('bitrate', { value: 5 })]));
  history = withHealth(history, healthAt(1_000, [signal('bitrate', { value: 6 })]));
  history = withHealth(history, healthAt(2_000, []));
  history = withHealth(history, healthAt(3_000, [signal('bitrate', { value: 7 })]));
  expect(seriesOf(history, 'bitrate')).toEqual([
    { at: 1_000, value: 5 },
    { at: 3_000, value: 7 },
  ]);
  expect(seriesOf(history, 'viewers').map(({ value }) => value)).toEqual([null, null]);
  const later = withHealth(history, healthAt(2_000 + HISTORY_KEPT_MS, [signal('bitrate', { value: 8 })]));
  expect(seriesOf(later, 'bitrate').map(({ at }) => at)).toEqual([3_000, 2_000 + HISTORY_KEPT_MS]);
});

test('[HE8] a line touches its box, breaks where nothing was measured, and is flat for what stays', () => {
  const box = { widthPx: 100, heightPx: 20, fromMs: 0, toMs: 100_000 };
  expect(sparkPath([{ at: 0, value: 1 }], box)).toBe('');
  expect(
    sparkPath(
      [
        { at: 0, value: 1 },
        { at: 10_000, value: 3 },
        { at: 20_000, value: null },
        { at: 30_000, value: 2 },
      ],
      box,
    ),
  ).toBe('M0 19L10 1L30 10');
  expect(
    sparkPath(
      [
        { at: 0, value: 1 },
        { at: GAP_MS + 1, value: 3 },
        { at: GAP_MS + 1_001, value: 3 },
      ],
      box,
    ),
  ).toBe('M0 19M25 1L26 1');
  const still = [0, 10_000].map((at) => ({ at, value: 7 }));
  expect(sparkPath(still, box)).toBe('M0 10L10 10');
  const hardly = [0, 10_000].map((at) => ({ at, value: 7 + at / 10_000 }));
  expect(sparkPath(hardly, { ...box, leastSpan: 18 })).toBe('M0 10.5L10 9.5');
  expect(sparkPath(still, { ...box, fromMs: 5_000 })).toBe('');
});

test('a backup is told of once there is one: whether it could take over, and that it did', () => {
  expect(backupText({ source: 'primary', standby: 'none' })).toBeNull();
  expect(backupText({ source: null, standby: 'none' })).toBeNull();
  expect(backupText({ source: 'primary', standby: 'ready' })).toBe('Backup ready to take over.');
  expect(backupText({ source: 'backup', standby: 'none' })).toBe('The backup encoder is on air; the first is away.');
  expect(backupText({ source: 'backup', standby: 'ready' })).toBe('The backup encoder is on air; the first is ready again.');
});
