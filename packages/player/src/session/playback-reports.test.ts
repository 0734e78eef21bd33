import { playerEventSchema } from '@insp/protocol/schemas';
import { expect, test } from 'vitest';
import { createPlaybackReports, MAX_TOLD_MS, MAX_TOLD_QUALITIES, MAX_TOLD_REMEDIES } from './playback-reports.ts';

function setUp() {
  const told: { name: string }[] = [];
  const reports = createPlaybackReports({
    report: (event) => told.push(playerEventSchema.parse({ ...event, id: `evt_${'1'.repeat(32)}`, occurredAt: 1 })),
    openedAtMs: () => 1_000,
    nowMs: () => 2_500.4,
    onFailed: () => {},
    onLatency: () => {},
  });
  return { told, reports };
}

test('everything it tells is an event the server takes, however odd the figures', () => {
  const { told, reports } = setUp();
  reports.onJoined(432.1);
  reports.onStalled(MAX_TOLD_MS + 1);
  reports.onRemedy('rebuild', 'x'.repeat(300));
  reports.onLatency({ latencyMs: -5, targetMs: 1_500, behindHostMs: null });
  reports.onQuality({ heightPx: 359.6, bitrateBitsPerSec: -1 });
  expect(told).toMatchObject([
    { name: 'player.joined', joinMs: 1_500, firstFrameMs: 432 },
    { name: 'player.stalled', stallMs: MAX_TOLD_MS },
    { name: 'player.recovered', remedy: 'rebuild', detail: 'x'.repeat(100) },
    { name: 'player.latency_measured', latencyMs: 0, targetMs: 1_500, behindHostMs: null },
    { name: 'player.quality_changed', heightPx: 360, bitrateBitsPerSec: 0 },
  ]);
});

test('giving up is no recovery', () => {
  const { told, reports } = setUp();
  reports.onRemedy('give_up', '');
  expect(told).toEqual([]);
});

test('a player in trouble tells a bounded number of times', () => {
  const { told, reports } = setUp();
  for (let index = 0; index < 2 * MAX_TOLD_REMEDIES; index += 1) reports.onRemedy('retry', 'levelLoadError');
  for (let index = 0; index < 2 * MAX_TOLD_QUALITIES; index += 1) reports.onQuality({ heightPx: 480, bitrateBitsPerSec: 1 });
  const countOf = (name: string) => told.filter((event) => event.name === name).length;
  expect([countOf('player.recovered'), countOf('player.quality_changed')]).toEqual([MAX_TOLD_REMEDIES, MAX_TOLD_QUALITIES]);
});
