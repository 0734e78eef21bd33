// Which video the shopper gets: the show on air, the same from its beginning, the replay of one that has ended, or none.
import { ON_AIR_STATES } from '@insp/protocol';
import type { RoomState } from './player-state.ts';

type Addressed = Pick<RoomState, 'showState' | 'playlistUrl' | 'startOverUrl' | 'isStartedOver' | 'replay' | 'isReplayOpen'>;

export function pictureAddress({ showState, playlistUrl, startOverUrl, isStartedOver, replay, isReplayOpen }: Addressed): string | null {
  if (ON_AIR_STATES.includes(showState)) return (isStartedOver ? startOverUrl : null) ?? playlistUrl;
  return isReplay({ showState, replay, isReplayOpen }) ? (replay?.playlistUrl ?? null) : null;
}

/** The show has ended and the shopper watches it again. Who saw it end is asked first; who came later wants just that. */
export const isReplay = ({ showState, replay, isReplayOpen }: Pick<RoomState, 'showState' | 'replay' | 'isReplayOpen'>): boolean =>
  showState === 'ended' && replay !== null && isReplayOpen;
