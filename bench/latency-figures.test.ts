import { expect, test } from 'vitest';
import { cardErrorsMs, comeBackOf, freezesOf, glassToGlassMs, growthPerHour, requestKindOf, spreadOf } from './latency-figures.ts';
import type { SeenFrame } from './latency-page.ts';

const frame = (atMs: number, behindMs: number): SeenFrame => ({
  atMs,
  stampMs: atMs - behindMs,
  programMs: null,
  latencySec: null,
  targetSec: null,
  rate: 1,
});
const frames = (fromMs: number, toMs: number, behindMs: (atMs: number) => number) =>
  Array.from({ length: Math.floor((toMs - fromMs) / 33) }, (_, index) => frame(fromMs + index * 33, behindMs(fromMs + index * 33)));

test('a spread names the middle, the tail and the worst', () => {
  expect(spreadOf(Array.from({ length: 100 }, (_, index) => index + 1))).toEqual({ p5Ms: 5, p50Ms: 50, p95Ms: 95, maxMs: 100, count: 100 });
  expect(spreadOf([])).toBeNull();
});

test('unreadable frames are no latency', () => {
  expect(glassToGlassMs([frame(10_000, 1_500), { ...frame(10_033, 0), stampMs: null }])).toEqual([1_500]);
});

test('after a cut the way back ends with the last frame that was too far behind', () => {
  const seen = [...frames(0, 10_000, () => 1_500), ...frames(13_500, 40_000, (atMs) => Math.max(1_500, 4_000 - (atMs - 13_500) / 10))];
  const back = comeBackOf(seen, 10_000, 3_000);
  // 4,000 falls to 1,900 in 21 s after 13.5 s; the line was back at 13 s.
  expect(back?.beforeP50Ms).toBe(1_500);
  expect(back?.backAfterMs).toBeGreaterThan(21_300);
  expect(back?.backAfterMs).toBeLessThan(21_600);
  expect(comeBackOf([...frames(0, 10_000, () => 1_500), ...frames(13_000, 20_000, () => 4_000)], 10_000, 3_000)?.backAfterMs).toBeNull();
});

test('a gap between frames is a freeze', () => {
  expect(freezesOf([...frames(0, 1_000, () => 0), ...frames(2_000, 3_000, () => 0)])).toHaveLength(1);
});

test('a card is measured against the moment it belongs to; hidden ones and strangers are not', () => {
  const card = { highlightId: 'a', isShown: true, atMs: 0, stampMs: 1_040, programMs: 1_100 };
  const cards = [card, { ...card, isShown: false }, { ...card, highlightId: 'b' }];
  expect(cardErrorsMs(cards, new Map([['a', 1_000]]), 'stampMs')).toEqual([40]);
  expect(cardErrorsMs(cards, new Map([['a', 1_000]]), 'programMs')).toEqual([100]);
});

test('growth is told per hour', () => {
  expect(growthPerHour([0, 1, 2, 3].map((minute) => ({ atMs: minute * 60_000, value: 100 + minute * 2 })))).toBeCloseTo(120);
  expect(growthPerHour([{ atMs: 0, value: 1 }])).toBe(0);
});

test('requests are told apart by their names', () => {
  const at = (name: string) => requestKindOf(`http://host/live/play-one/${name}`);
  expect([at('index.m3u8'), at('video.m3u8?_HLS_msn=4'), at('video-init-7.mp4'), at('video-123.m4s'), at('video-123-2.m4s')]).toEqual([
    'multivariant',
    'playlist',
    'init',
    'segment',
    'part',
  ]);
  expect(requestKindOf('http://host/v1/shows')).toBe('other');
});
