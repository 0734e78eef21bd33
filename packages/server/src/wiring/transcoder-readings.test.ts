import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import type { TranscoderStatus } from '../modules/media/index.ts';
import { createTranscoderReadings, NEWS_SHOWN_MS } from './transcoder-readings.ts';

const BROADCAST = { broadcastId: 'brd_1', showId: 'shw_1' } as const;
const STATUS: TranscoderStatus = {
  ...{ state: 'full', rungs: ['v480', 'v360'], leftOut: [], speed: 1, lagMs: 20, droppedFrameCount: 0, restartCount: 0 },
};

function setUp() {
  const clock = createFakeClock(1_790_000_000_000);
  const readings = createTranscoderReadings({ clock });
  const listener = readings.openListener(BROADCAST);
  const tap = readings.openTap({
    ...{ broadcastId: BROADCAST.broadcastId, startedAtMs: 0, openRung: () => ({ push() {}, close() {} }) },
    grant: { showId: BROADCAST.showId, orgId: 'org_1', playbackId: 'ply_1', isSimulated: false, createdAtMs: 0 },
  });
  const tell = (status: Partial<TranscoderStatus>) => listener.onStatus?.({ ...STATUS, ...status });
  return { clock, tap, tell, read: () => readings.read(BROADCAST.showId) };
}

test('the qualities that were given up are told while they are away, and for a while when they are made again', () => {
  const { clock, tell, read } = setUp();
  expect(read()).toBeNull();
  tell({});
  expect(read()).toEqual({ speed: 1, queuedMs: 20, droppedRenditions: [], restoredRenditions: [] });
  tell({ state: 'reduced', rungs: ['v360'], leftOut: ['480p'], speed: null });
  expect(read()).toMatchObject({ speed: null, droppedRenditions: ['480p'] });
  tell({ state: 'off', rungs: [], leftOut: ['480p', '360p'], speed: null, lagMs: null });
  expect(read()).toMatchObject({ droppedRenditions: ['480p', '360p'], restoredRenditions: [] });
  tell({ state: 'reduced', rungs: ['v360'], leftOut: ['480p'] });
  expect(read()).toMatchObject({ droppedRenditions: ['480p'], restoredRenditions: ['360p'] });
  // The next ffmpeg starts.
  tell({ state: 'starting', leftOut: [] });
  expect(read()).toBeNull();
  tell({});
  expect(read()).toMatchObject({ droppedRenditions: [], restoredRenditions: ['480p'] });
  clock.advance(NEWS_SHOWN_MS);
  expect(read()).toMatchObject({ restoredRenditions: [] });
});

test('without an encoder nothing is known, and after the broadcast nothing is kept', () => {
  const { tap, tell, read } = setUp();
  tell({ state: 'reduced', leftOut: ['480p'] });
  tap.onDisconnected?.(1);
  expect(read()).toBeNull();
  tell({});
  expect(read()).toMatchObject({ restoredRenditions: ['480p'] });
  tap.onEnded?.(2);
  expect(read()).toBeNull();
});
