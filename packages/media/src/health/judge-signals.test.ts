import { describe, expect, test } from 'vitest';
import { SILENT_CONFIG } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { HealthReading } from './health-meter.ts';
import { HEALTH_THRESHOLDS, judgeSignals } from './judge-signals.ts';
import { NO_OUTSIDE_READINGS, type OutsideReadings, type PictureReading, type TranscoderReading } from './outside-readings.ts';
import { SIGNAL_NAMES, type SignalLevel, type SignalName } from './signal.ts';

const VIDEO: AvcConfig = {
  codec: 'avc',
  decoderConfig: new Uint8Array(),
  codecString: 'avc1.64001f',
  nalLengthBytes: 4,
  widthPx: 1280,
  heightPx: 720,
};
const NOW = 1_000_000;

const fine: HealthReading = {
  video: VIDEO,
  audio: SILENT_CONFIG,
  declared: { framesPerSec: 30, videoBitsPerSec: 6_000_000 },
  bitrateBitsPerSec: 6_000_000,
  framesPerSec: 30,
  keyFrameIntervalMs: 2_000,
  hasKeyFrame: true,
  longestFrameGapMs: 34,
  silentForMs: 30,
  pictureSilentForMs: 30,
  uploadDelayMs: 10,
  uploadSlopeMsPerSec: 0,
  avSkewMs: 20,
  clockJumpCount: 0,
  connectedForMs: 60_000,
};
const seen: PictureReading = {
  pictureAtMs: NOW,
  soundAtMs: NOW,
  blackSinceMs: null,
  frozenSinceMs: null,
  silentSinceMs: null,
  clippedSinceMs: null,
  loudnessLufs: -18,
};
const transcoder = (change: Partial<TranscoderReading>): TranscoderReading => ({
  ...{ speed: 1, queuedMs: 0, droppedRenditions: [], restoredRenditions: [] },
  ...change,
});
const outside: OutsideReadings = {
  picture: seen,
  transcoder: transcoder({}),
  viewers: { rebufferRatio: 0, joinP50Ms: 800, latencyP95Ms: null },
};

const judged = (name: SignalName, reading: Partial<HealthReading> = {}, around: Partial<OutsideReadings> = {}) => {
  const signal = judgeSignals({ ...fine, ...reading }, { ...outside, ...around }, NOW).find((one) => one.name === name);
  if (!signal) throw new Error(`no signal ${name}`);
  return signal;
};
const picture = (change: Partial<PictureReading>): Partial<OutsideReadings> => ({ picture: { ...seen, ...change } });

test('[HE1] all well: every signal is good and says nothing', () => {
  const signals = judgeSignals(fine, outside, NOW);
  expect(signals.map(({ name }) => name)).toEqual([...SIGNAL_NAMES]);
  expect(signals.map(({ level, sentence }) => [level, sentence])).toEqual(signals.map(() => ['good', '']));
});

test('[HE5] what nobody measures is unknown, never a warning', () => {
  const unknown = judgeSignals(fine, NO_OUTSIDE_READINGS, NOW).filter(({ level }) => level !== 'good');
  expect(unknown.map(({ name, level, sentence }) => [name, level, sentence])).toEqual(
    ['picture', 'sound', 'loudness', 'transcoder', 'viewers'].map((name) => [name, 'unknown', '']),
  );
  const stale = NOW - HEALTH_THRESHOLDS.lookStaleMs - 1;
  expect(judged('picture', {}, picture({ pictureAtMs: stale, blackSinceMs: 0 })).level).toBe('unknown');
  expect(judged('sound', {}, picture({ soundAtMs: stale, silentSinceMs: 0 })).level).toBe('unknown');
  expect(judged('loudness', {}, picture({ soundAtMs: stale, loudnessLufs: -3 })).level).toBe('unknown');
});

type Case = [SignalName, SignalLevel, Partial<HealthReading>, Partial<OutsideReadings>];
const slow = { longestFrameGapMs: 600 };

describe('[HE1] each side of every number of media.md 11', () => {
  test.each<Case>([
    ['encoder', 'good', { silentForMs: 999 }, {}],
    ['encoder', 'warning', { silentForMs: 1_000 }, {}],
    ['encoder', 'bad', { silentForMs: 3_000 }, {}],
    ['bitrate', 'good', { bitrateBitsPerSec: 4_200_000, ...slow }, {}],
    ['bitrate', 'warning', { bitrateBitsPerSec: 4_190_000, ...slow }, {}],
    ['bitrate', 'bad', { bitrateBitsPerSec: 2_390_000, ...slow }, {}],
    ['bitrate', 'good', { bitrateBitsPerSec: 600_000 }, {}],
    ['frame_rate', 'good', { framesPerSec: 28.5 }, {}],
    ['frame_rate', 'warning', { framesPerSec: 28.4 }, {}],
    ['frame_rate', 'bad', { framesPerSec: 23.9 }, {}],
    ['frame_gap', 'good', { longestFrameGapMs: 500 }, {}],
    ['frame_gap', 'warning', { longestFrameGapMs: 501 }, {}],
    ['key_frames', 'good', { keyFrameIntervalMs: 2_200 }, {}],
    ['key_frames', 'warning', { keyFrameIntervalMs: 2_201 }, {}],
    ['key_frames', 'warning', { keyFrameIntervalMs: 4_000 }, {}],
    ['key_frames', 'bad', { keyFrameIntervalMs: 4_001 }, {}],
    ['key_frames', 'bad', { keyFrameIntervalMs: null, hasKeyFrame: false, connectedForMs: 4_000 }, {}],
    ['key_frames', 'unknown', { keyFrameIntervalMs: null, hasKeyFrame: false, connectedForMs: 3_999 }, {}],
    ['av_skew', 'good', { avSkewMs: -79 }, {}],
    ['av_skew', 'warning', { avSkewMs: 80 }, {}],
    ['av_skew', 'bad', { avSkewMs: -250 }, {}],
    ['clock', 'warning', { clockJumpCount: 1 }, {}],
    ['clock', 'bad', { clockJumpCount: 3 }, {}],
    ['upload', 'good', { uploadDelayMs: 149, uploadSlopeMsPerSec: 200 }, {}],
    ['upload', 'warning', { uploadDelayMs: 150, uploadSlopeMsPerSec: 24 }, {}],
    ['upload', 'bad', { uploadDelayMs: 150, uploadSlopeMsPerSec: 25 }, {}],
    ['upload', 'bad', { uploadDelayMs: 3_000 }, {}],
    ['upload', 'unknown', { uploadDelayMs: 3_000, connectedForMs: 5_999 }, {}],
    ['picture', 'good', {}, picture({ blackSinceMs: NOW - 2_000 })],
    ['picture', 'warning', {}, picture({ blackSinceMs: NOW - 2_001 })],
    ['picture', 'bad', {}, picture({ blackSinceMs: NOW - 10_001 })],
    ['picture', 'good', {}, picture({ frozenSinceMs: NOW - 6_000 })],
    ['picture', 'warning', {}, picture({ frozenSinceMs: NOW - 6_001 })],
    ['picture', 'bad', {}, picture({ frozenSinceMs: NOW - 10_001 })],
    ['picture', 'good', { video: { ...VIDEO, widthPx: 1080, heightPx: 1920 } }, {}],
    ['picture', 'warning', { video: { ...VIDEO, widthPx: 1082, heightPx: 1920 } }, {}],
    ['picture', 'warning', { video: { ...VIDEO, widthPx: 2560, heightPx: 1440 } }, { picture: null }],
    ['picture', 'warning', { pictureSilentForMs: 1_000 }, {}],
    ['picture', 'bad', { pictureSilentForMs: 3_000 }, {}],
    ['picture', 'good', { pictureSilentForMs: 3_000, silentForMs: 3_000 }, {}],
    ['picture', 'bad', { video: null, connectedForMs: 4_000 }, {}],
    ['picture', 'unknown', { video: null, connectedForMs: 3_999 }, {}],
    ['sound', 'good', {}, picture({ silentSinceMs: NOW - 5_000 })],
    ['sound', 'warning', {}, picture({ silentSinceMs: NOW - 5_001 })],
    ['sound', 'bad', {}, picture({ silentSinceMs: NOW - 20_001 })],
    ['sound', 'warning', { audio: null }, {}],
    ['loudness', 'good', {}, picture({ loudnessLufs: -24 })],
    ['loudness', 'warning', {}, picture({ loudnessLufs: -24.1 })],
    ['loudness', 'good', {}, picture({ loudnessLufs: -12 })],
    ['loudness', 'warning', {}, picture({ loudnessLufs: -11.9 })],
    ['loudness', 'warning', {}, picture({ clippedSinceMs: NOW - 5_001 })],
    ['loudness', 'bad', {}, picture({ clippedSinceMs: NOW - 20_001 })],
    ['loudness', 'unknown', {}, picture({ silentSinceMs: NOW - 9_000, loudnessLufs: -60 })],
    ['transcoder', 'good', {}, { transcoder: transcoder({ speed: 0.98, queuedMs: 2_000 }) }],
    ['transcoder', 'unknown', {}, { transcoder: transcoder({ speed: null }) }],
    ['transcoder', 'warning', {}, { transcoder: transcoder({ speed: 0.97 }) }],
    ['transcoder', 'warning', {}, { transcoder: transcoder({ speed: null, droppedRenditions: ['480p'] }) }],
    ['transcoder', 'bad', {}, { transcoder: transcoder({ queuedMs: 2_001, droppedRenditions: ['480p'] }) }],
    ['viewers', 'good', {}, { viewers: { rebufferRatio: 0.0029, joinP50Ms: null, latencyP95Ms: null } }],
    ['viewers', 'warning', {}, { viewers: { rebufferRatio: 0.003, joinP50Ms: null, latencyP95Ms: null } }],
    ['viewers', 'bad', {}, { viewers: { rebufferRatio: 0.01, joinP50Ms: null, latencyP95Ms: null } }],
  ])('%s is %s for %o %o', (name, level, reading, around) => {
    const signal = judged(name, reading, around);
    expect(signal.level).toBe(level);
    // One sentence with what to do, or none.
    if (level === 'warning' || level === 'bad') expect(signal.sentence).toMatch(/^[A-Z0-9].{20,200}: .+\.$/);
    else expect(signal.sentence).toBe('');
  });
});

test('[HE2] the sentence names the setting of OBS and the number to put in', () => {
  expect(judged('upload', { uploadDelayMs: 900, uploadSlopeMsPerSec: 120 }).sentence).toBe(
    'Your upload cannot hold 6 Mbit/s: set OBS, Settings, Output, Video Bitrate to 4200 Kbps.',
  );
  expect(judged('key_frames', { keyFrameIntervalMs: 8_333 }).sentence).toBe(
    'A key frame comes every 8.3 s: set OBS, Settings, Output, Keyframe Interval to 2 s.',
  );
  expect(judged('picture', { video: { ...VIDEO, widthPx: 2560, heightPx: 1440 } }).sentence).toBe(
    'Your picture is 2560x1440, more than many phones play: set OBS, Settings, Video, Output (Scaled) Resolution to 1920x1080.',
  );
  expect(judged('picture', { video: { ...VIDEO, widthPx: 2160, heightPx: 3840 } }).sentence).toContain('to 1080x1920.');
  expect(judged('loudness', {}, picture({ loudnessLufs: -30 })).sentence).toMatch(/push Mic\/Aux in the OBS Audio Mixer up by 12 dB/);
  const sentenceAt = (framesPerSec: number, reading: Partial<TranscoderReading>) =>
    judged('transcoder', { framesPerSec }, { transcoder: transcoder(reading) }).sentence;
  expect(sentenceAt(60, { speed: 0.5, droppedRenditions: ['720p at 60 fps', '480p'] })).toBe(
    'This server is too slow for every quality: set OBS, Settings, Video, Common FPS Values to 30, or ask your operator for more CPU. Left out until there is room again: 720p at 60 fps, 480p.',
  );
  expect(sentenceAt(30, { speed: 1, droppedRenditions: ['480p'] })).toBe(
    'This server is too slow for every quality: ask your operator for more CPU. Left out until there is room again: 480p.',
  );
});

test('[HE2] a quality that is made again is told although all is well', () => {
  const signal = judged('transcoder', {}, { transcoder: transcoder({ restoredRenditions: ['480p'] }) });
  expect(signal).toMatchObject({ level: 'good', sentence: 'Made again: 480p.' });
});
