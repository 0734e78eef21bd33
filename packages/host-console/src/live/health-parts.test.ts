import type { StreamHealth } from '@insp/protocol';
import { expect, test } from 'vitest';
import { healthParts, MAX_KEY_FRAME_INTERVAL_MS, MIN_FRAMES_PER_SEC } from './health-parts.ts';

const good: StreamHealth = {
  status: 'good',
  advice: '',
  source: 'primary',
  standby: 'none',
  videoCodec: 'h264',
  audioCodec: 'aac',
  widthPx: 1920,
  heightPx: 1080,
  framesPerSec: 30,
  bitrateBitsPerSec: 4_000_000,
  keyFrameIntervalMs: 2_000,
  updatedAt: 0,
};
const wrong = (more: Partial<StreamHealth>) =>
  healthParts({ ...good, ...more })
    .filter(({ isFine }) => !isFine)
    .map(({ name }) => name);

test('a good picture has four calm sentences', () =>
  expect(healthParts(good).map(({ isFine }) => isFine)).toEqual([true, true, true, true]));
test('without an encoder there is one sentence: start it', () => expect(healthParts({ ...good, status: 'no_encoder' })).toHaveLength(1));
test('key frames may be 4 s apart, not more', () => {
  expect([wrong({ keyFrameIntervalMs: MAX_KEY_FRAME_INTERVAL_MS }), wrong({ keyFrameIntervalMs: MAX_KEY_FRAME_INTERVAL_MS + 1 })]).toEqual([
    [],
    ['Key frames'],
  ]);
});
test('20 frames a second are enough, 19 are not', () => {
  expect([wrong({ framesPerSec: MIN_FRAMES_PER_SEC }), wrong({ framesPerSec: MIN_FRAMES_PER_SEC - 1 })]).toEqual([[], ['Picture']]);
});
test('a missing sound is told', () => expect(wrong({ audioCodec: null })).toEqual(['Sound']));
test('what is not measured is not wrong', () =>
  expect(wrong({ keyFrameIntervalMs: null, bitrateBitsPerSec: null, framesPerSec: null })).toEqual([]));

test('a backup is told of once there is one: whether it could take over, and that it did', () => {
  const sentence = (more: Partial<StreamHealth>) => healthParts({ ...good, ...more }).find(({ name }) => name === 'Backup');
  expect(sentence({})).toBeUndefined();
  expect(sentence({ standby: 'ready' })).toEqual({ name: 'Backup', sentence: 'Ready to take over.', isFine: true });
  expect(sentence({ standby: 'connected' })).toMatchObject({ isFine: false });
  expect(sentence({ source: 'backup' })).toMatchObject({ sentence: 'The backup encoder is on air; the first is away.', isFine: false });
  expect(sentence({ source: 'backup', standby: 'ready' })).toMatchObject({
    sentence: 'The backup encoder is on air; the first is ready again.',
  });
});
