import {
  PLATFORM_RULES,
  RESTREAM_PLATFORMS,
  RESTREAM_REASONS,
  RESTREAM_STATES,
  type RestreamTarget,
  type StreamHealth,
} from '@insp/protocol';
import { describe, expect, test } from 'vitest';
import { brokenRules, platformRules, targetsSummary, targetWords } from './restream-words.ts';

const NOW = 1_790_000_000_000;
const target = (status: Partial<RestreamTarget['status']> = {}, more: Partial<RestreamTarget> = {}): RestreamTarget => ({
  ...{
    id: `rst_${'1'.repeat(32)}`,
    showId: `shw_${'1'.repeat(32)}`,
    name: 'Our channel',
    platform: 'youtube',
    url: 'rtmps://a.example/live2',
  },
  ...{ streamKeyLastFour: '7x9q', position: 0, isEnabled: true, mode: 'auto' },
  status: {
    ...{ state: 'idle', reason: 'waits_for_show', detail: '', since: NOW, attemptCount: 0, nextTryAt: null, liveSince: null },
    ...{ bitrateBitsPerSec: null, droppedFrameCount: 0 },
    ...status,
  },
  ...more,
});

describe('what a target is doing', () => {
  test('every state and every reason has words, and none of them is the machine name', () => {
    for (const state of RESTREAM_STATES)
      for (const reason of RESTREAM_REASONS) {
        const { word, sentence } = targetWords(target({ state, reason }), NOW);
        expect(word).toMatch(/^[A-Z]/);
        expect(`${word} ${sentence}`).not.toMatch(/_|undefined|null/);
      }
  });

  test('on air: for how long, at which rate, and what was left out', () => {
    const words = targetWords(
      target({ state: 'live', reason: 'picture_sent', liveSince: NOW - 252_000, bitrateBitsPerSec: 4_012_300, droppedFrameCount: 1 }),
      NOW,
    );
    expect(words).toEqual({ word: 'On air', act: 'stop', tone: 'live', sentence: '04:12, 4,012 kbit/s. 1 picture left out so far.' });
  });

  test('a refusal says what to do, in the words of the platform too', () => {
    expect(targetWords(target({ state: 'failed', reason: 'key_rejected', detail: 'no such stream' }), NOW)).toMatchObject({
      ...{ word: 'Stopped', act: 'start', tone: 'act' },
      sentence: 'It refuses the key: copy it anew from the platform. It says: “no such stream”.',
    });
  });

  test('the next try is counted down', () => {
    const backoff = (inMs: number) => targetWords(target({ state: 'backoff', reason: 'unreachable', nextTryAt: NOW + inMs }), NOW).sentence;
    expect(backoff(12_000)).toMatch(/Next try in 12 s\.$/);
    expect(backoff(999)).toMatch(/Next try now\.$/);
    expect(backoff(-5)).toMatch(/Next try now\.$/);
  });

  test('waiting for the encoder is no connecting', () => {
    expect(targetWords(target({ state: 'publishing', reason: 'waits_for_encoder' }), NOW)).toMatchObject({
      word: 'Connected',
      tone: 'calm',
    });
    expect(targetWords(target({ state: 'publishing', reason: 'key_sent' }), NOW)).toMatchObject({
      word: 'Connecting',
      tone: 'busy',
      act: 'stop',
    });
  });
});

describe('all targets in one line', () => {
  const live = target({ state: 'live', reason: 'picture_sent' });
  const failed = target({ state: 'failed', reason: 'key_rejected' }, { name: 'Facebook page' });
  test.each([
    [[], 'Restream', 'calm'],
    [[target()], '1 platform', 'calm'],
    [[live], 'On 1 platform', 'calm'],
    [[live, target()], 'On 1 of 2 platforms', 'calm'],
    [[live, failed], 'Facebook page: stopped', 'act'],
    [[failed, live, failed], 'Facebook page: stopped (+1)', 'act'],
  ] as const)('%#: %s', (targets, text, tone) => {
    expect(targetsSummary(targets, NOW)).toEqual({ text, tone });
  });
});

describe('rules of the platforms', () => {
  const health: StreamHealth = {
    ...{ status: 'good', advice: '', videoCodec: 'avc1', audioCodec: 'mp4a', widthPx: 1920, heightPx: 1080, framesPerSec: 30 },
    ...{ bitrateBitsPerSec: 4_500_000, keyFrameIntervalMs: 2_000, updatedAt: NOW },
  };
  const rules = (platform: RestreamTarget['platform'], change: Partial<StreamHealth> = {}, url = 'rtmps://a.example/x', liveMs = 0) =>
    brokenRules({ platform, url }, { ...health, ...change }, liveMs);

  test('a stream that fits breaks none; without an encoder there is nothing to say', () => {
    expect([rules('youtube'), rules('facebook'), rules('rtmp', { keyFrameIntervalMs: 9_000 })]).toEqual([[], [], []]);
    expect(brokenRules({ platform: 'youtube', url: '' }, { ...health, status: 'no_encoder', keyFrameIntervalMs: 9_000 }, 0)).toEqual([]);
    expect(brokenRules({ platform: 'facebook', url: 'rtmps://x/y' }, null, 0)).toEqual([]);
  });

  test('each at its edge', () => {
    expect(rules('youtube', { keyFrameIntervalMs: 4_000 })).toEqual([]);
    expect(rules('youtube', { keyFrameIntervalMs: 4_001 })).toEqual([expect.stringContaining('set the keyframe interval to 2 s')]);
    expect(rules('facebook', { bitrateBitsPerSec: 6_600_000 })).toEqual([]);
    expect(rules('facebook', { bitrateBitsPerSec: 6_600_001 })).toEqual([
      '6.6 Mbit/s is more than Facebook takes: set the bitrate to 6,000 kbit/s.',
    ]);
    expect(rules('facebook', { widthPx: 1080, heightPx: 1920 })).toEqual([]);
    expect(rules('facebook', { widthPx: 2560, heightPx: 1440 })).toEqual([expect.stringContaining('1080p at most')]);
    expect(rules('instagram')).toEqual([expect.stringContaining('upright')]);
    expect(rules('instagram', { widthPx: 1080, heightPx: 1920 })).toEqual([]);
    expect(rules('facebook', {}, 'rtmp://a.example/x')).toEqual(['Facebook takes rtmps:// addresses only.']);
    const eightHoursMs = PLATFORM_RULES.facebook.maxDurationMs ?? 0;
    expect(rules('facebook', {}, undefined, eightHoursMs - 15 * 60_000)).toEqual([]);
    expect(rules('facebook', {}, undefined, eightHoursMs - 14 * 60_000)).toEqual(['Facebook ends a stream after 8 h: that is in 14 min.']);
  });

  test('the form says them before the show', () => {
    expect(platformRules('facebook')).toEqual([
      'H.264 and AAC',
      'key frame every 2 s, at most 4 s',
      '3 to 6 Mbit/s',
      'up to 1080p',
      'at most 8 h',
      'rtmps only',
      'the key is good for one show',
    ]);
    for (const platform of RESTREAM_PLATFORMS) expect(platformRules(platform)[0]).toBe('H.264 and AAC');
  });
});
