import type { ShowState } from '@insp/protocol';
import { SHOW_STATES } from '@insp/protocol';
import { expect, test } from 'vitest';
import { pictureAddress } from './picture-address.ts';

const replay = { playlistUrl: 'replay', durationMs: 1, chaptersUrl: 'chapters', storyboardUrl: null, posterUrl: null };
const at = (showState: ShowState, more = {}) =>
  pictureAddress({ showState, playlistUrl: 'live', startOverUrl: 'start', isStartedOver: false, replay, isReplayOpen: true, ...more });

test('on air the live picture, or from the beginning on wish; after the end the replay; else none', () => {
  expect(Object.fromEntries(SHOW_STATES.map((state) => [state, at(state)]))).toEqual({
    ...{
      draft: null,
      scheduled: null,
      waiting: null,
      live: 'live',
      paused: 'live',
      encoder_lost: 'live',
      ended: 'replay',
      cancelled: null,
    },
  });
  expect(at('live', { isStartedOver: true })).toBe('start');
  expect(at('live', { isStartedOver: true, startOverUrl: null })).toBe('live');
  expect(at('ended', { replay: null })).toBeNull();
  expect(at('ended', { isReplayOpen: false })).toBeNull();
});
