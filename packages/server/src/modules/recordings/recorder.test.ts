// The recorder at its limits: a store that stands still, a preview that is long, an index that is away.
import type { TrackSegment } from '@insp/media';
import type { Id } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { parseRange } from './byte-range.ts';
import { RECORDER_LIMITS } from './limits.ts';
import { createRecorder, type RecordingIndex } from './recorder.ts';
import { cutOf, readKey, type StoredSegment, segmentKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';

const SHOW_ID = `shw_${'1'.repeat(32)}` as Id<'shw'>;
const BROADCAST_ID = `brd_${'2'.repeat(32)}` as Id<'brd'>;
const grant = { showId: SHOW_ID, orgId: 'org', playbackId: 'play', isSimulated: false, createdAtMs: 0 };
const config = {
  codec: 'aac',
  decoderConfig: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
  sampleRateHz: 48_000,
  channelCount: 2,
} as const;

function segment(mediaSequence: number, byteCount = 10): TrackSegment {
  const period = { track: 'video', discontinuitySequence: 1, initIndex: 0, config, init: Uint8Array.of(1) };
  return {
    ...{ track: 'video', mediaSequence, period, discontinuitySequence: 1, isDiscontinuity: false, isIndependent: true, isGap: false },
    ...{
      programDateTimeMs: mediaSequence * 1_000,
      targetDurationSec: 1,
      durationMs: 1_000,
      frameCount: 30,
      pieces: [new Uint8Array(byteCount)],
      sizeBytes: byteCount,
    },
  } as unknown as TrackSegment;
}

function setUp(options: { isOnAir?: boolean } = {}) {
  const clock = createFakeClock(1_000_000);
  const keys: string[] = [];
  const rows: number[] = [];
  const gaps: { count: number; ms: number; cause: string }[] = [];
  let completedCount = 0;
  let open = () => {};
  let gate: Promise<void> = Promise.resolve();
  const state = { isIndexAway: false };
  const store = {
    async put(key: string) {
      await gate;
      keys.push(key);
    },
    freeBytes: async () => Number.POSITIVE_INFINITY,
  } as unknown as SegmentStore;
  const orThrow = async () => {
    if (state.isIndexAway) throw new Error('the database is away');
  };
  const index: RecordingIndex = {
    begin: orThrow,
    addPeriod: orThrow,
    async addSegments(_showId, added) {
      await orThrow();
      rows.push(...added.map(({ mediaSequence }) => mediaSequence));
    },
    async addGap(_broadcastId, gap) {
      await orThrow();
      gaps.push(gap);
    },
    async complete() {
      await orThrow();
      completedCount += 1;
    },
  };
  const recorder = createRecorder({
    ...{ store, index, clock, logger: silentLogger },
    isOnAir: async () => options.isOnAir ?? true,
    isWithinQuota: () => true,
  });
  const tap = recorder.openTap({ broadcastId: BROADCAST_ID, grant, startedAtMs: 1_000_000, openRung: () => ({ push() {}, close() {} }) });
  return {
    ...{ clock, recorder, tap, keys, rows, gaps, state },
    completedCount: () => completedCount,
    holdStore() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    releaseStore: () => open(),
    async settle() {
      for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('[RC5] a store that stands still fills the queue and no more; what is lost is one gap of the picture', async () => {
  const rig = setUp();
  await rig.settle();
  rig.holdStore();
  rig.tap.onSegment?.(segment(0));
  await rig.settle();
  for (let n = 1; n <= RECORDER_LIMITS.queuedSegments + 3; n += 1) rig.tap.onSegment?.(segment(n));
  expect(rig.recorder.stats()).toMatchObject({ gapCount: 1, gapMs: 3_000 });
  expect(rig.recorder.note(SHOW_ID)).toContain('too slow');
  rig.releaseStore();
  await rig.recorder.settled();
  expect(rig.rows).toEqual(Array.from({ length: RECORDER_LIMITS.queuedSegments + 1 }, (_, n) => n));
  expect(rig.gaps).toEqual([{ count: 1, ms: 3_000, cause: 'queue_full' }]);
  rig.clock.advance(RECORDER_LIMITS.noteShownMs + 1);
  expect(rig.recorder.note(SHOW_ID)).toBeNull();
});

test('[RC5] the queue is bounded by bytes too', async () => {
  const rig = setUp();
  await rig.settle();
  rig.holdStore();
  rig.tap.onSegment?.(segment(0, RECORDER_LIMITS.queuedBytes - 10));
  rig.tap.onSegment?.(segment(1, 10));
  expect(rig.recorder.stats().gapCount).toBe(0);
  rig.tap.onSegment?.(segment(2, 1));
  expect(rig.recorder.stats().gapCount).toBe(1);
  rig.releaseStore();
  await rig.recorder.settled();
  expect(rig.recorder.stats().queuedBytes).toBe(0);
});

test('[RC4] a preview keeps its last segments in memory, and gives them to the show when it goes live', async () => {
  const rig = setUp({ isOnAir: false });
  await rig.settle();
  for (let n = 0; n < RECORDER_LIMITS.previewSegments + 5; n += 1) rig.tap.onSegment?.(segment(n));
  await rig.settle();
  expect(rig.keys).toEqual([]);
  rig.recorder.showMoved(SHOW_ID, 'waiting');
  rig.recorder.showMoved(SHOW_ID, 'live');
  await rig.recorder.settled();
  expect(rig.rows).toEqual(Array.from({ length: RECORDER_LIMITS.previewSegments }, (_, n) => n + 5));
  rig.tap.onEnded?.(1);
  await rig.recorder.settled();
  expect(rig.completedCount()).toBe(1);
});

test('[RC7] rows wait for an index that is away; the end of a broadcast does too', async () => {
  const rig = setUp();
  await rig.settle();
  rig.state.isIndexAway = true;
  for (const n of [0, 1, 2]) rig.tap.onSegment?.(segment(n));
  rig.tap.onEnded?.(1);
  await rig.settle();
  expect([rig.keys.length, rig.rows.length]).toEqual([4, 0]);
  rig.state.isIndexAway = false;
  rig.clock.advance(RECORDER_LIMITS.retryRowsMs);
  await rig.recorder.settled();
  expect([rig.rows, rig.completedCount()]).toEqual([[0, 1, 2], 1]);
});

test('[RC1] the name of a file says all its row says, and other names say nothing', () => {
  const stored: StoredSegment = {
    ...{ broadcastId: BROADCAST_ID, track: 'v360', mediaSequence: 57_000_123, programDateTimeMs: 1_796_000_000_123, durationMs: 2_021.333 },
    ...{ frameCount: 60, isIndependent: false, periodId: 77_0001, targetDurationSec: 2, byteCount: 4_711 },
  };
  const key = segmentKeyOf(SHOW_ID, stored);
  expect(readKey({ key, byteCount: 4_711 })).toEqual({ kind: 'segment', segment: stored });
  for (const other of [
    `${key}.unfinished`,
    key.replace('v360', 'v36000'),
    key.replace('brd_', 'bro_'),
    'shw/x',
    '',
    key.replace('.m4s', '.mp4'),
  ])
    expect([other, readKey({ key: other, byteCount: 1 }).kind]).toEqual([other, 'unknown']);
  expect([cutOf([]), cutOf([35, 36, 71])]).toEqual(['', 'z-1z-3']);
});

test('byte ranges: one, whole, or refused', () => {
  expect(parseRange(undefined, 100)).toBeNull();
  expect(parseRange('bytes=0-9', 100)).toEqual({ startByte: 0, endByte: 9 });
  expect(parseRange('bytes=90-', 100)).toEqual({ startByte: 90, endByte: 99 });
  expect(parseRange('bytes=90-1000', 100)).toEqual({ startByte: 90, endByte: 99 });
  expect(parseRange('bytes=-10', 100)).toEqual({ startByte: 90, endByte: 99 });
  expect(parseRange('bytes=-1000', 100)).toEqual({ startByte: 0, endByte: 99 });
  expect([parseRange('bytes=100-', 100), parseRange('bytes=-0', 100)]).toEqual(['unsatisfiable', 'unsatisfiable']);
  for (const odd of ['bytes=0-1,5-6', 'pages=1-2', 'bytes=-', 'bytes=9-3', 'bytes=a-b'])
    expect([odd, parseRange(odd, 100)]).toEqual([odd, null]);
});
