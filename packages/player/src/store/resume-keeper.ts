// Keeps the resume record true while the shopper has the player open or small, and removes it when they close it.

import type { ShowId } from '@insp/protocol';
import type { ResumeRecord, ResumeStore } from '../loader/resume-record.ts';
import type { PlayerState } from './player-state.ts';

export function resumeRecordOf(
  state: PlayerState,
  { token, bitsPerSec }: Pick<ResumeRecord, 'token' | 'bitsPerSec'>,
  isOpenedByShopper: boolean,
  nowMs: number,
): ResumeRecord | null {
  const { surface, settings, room, video, corner } = state;
  // An inline player in its place comes back with its page; only its small window follows the shopper.
  const isKept = surface === 'mini' || (surface === 'open' && isOpenedByShopper && settings.mode !== 'inline');
  if (!isKept || room.showState === 'ended' || room.showState === 'cancelled') return null;
  return {
    v: 1,
    showId: settings.show as ShowId,
    surface: surface === 'mini' ? 'mini' : 'open',
    programMs: video.programMs,
    isMuted: video.isMuted,
    isLandscape: video.widthPx > video.heightPx,
    isPaused: video.isPausedByShopper,
    corner,
    token,
    playlistUrl: room.playlistUrl,
    bitsPerSec,
    savedAtMs: nowMs,
  };
}

export function createResumeKeeper(store: ResumeStore) {
  let hasRecord = false;
  return {
    keep(record: ResumeRecord | null) {
      if (record !== null) store.write(record);
      else if (hasRecord) store.clear();
      hasRecord = record !== null;
    },
    /** The record of the page before is ours now. */
    takeOver() {
      hasRecord = true;
    },
  };
}
