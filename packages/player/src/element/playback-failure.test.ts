import { expect, test } from 'vitest';
import { freshRecovery, nextRemedy } from '../video/recovery.ts';
import { tellPlaybackFailure } from './playback-failure.ts';

test('[EM7] video that breaks again and again ends in INSP_EMBED_PLAYBACK_FAILED: told to developer, shopper and room, not fatal', () => {
  const told: unknown[] = [];
  const tell = {
    report: (problem: unknown) => void told.push(['developer', problem]),
    notice: (text: string, problem: unknown) => void told.push(['shopper', text, problem]),
    count: (event: unknown) => void told.push(['room', event]),
  };
  let state = freshRecovery;
  for (let failure = 1; told.length === 0 && failure < 100; failure += 1) {
    const next = nextRemedy(state, 'media', failure);
    state = next.state;
    if (next.remedy.do === 'give_up') tellPlaybackFailure(tell, 'bufferAppendError');
  }
  expect(told).toEqual([
    ['developer', { code: 'INSP_EMBED_PLAYBACK_FAILED', detail: 'bufferAppendError', isFatal: false }],
    ['shopper', 'videoFailed', { code: 'INSP_EMBED_PLAYBACK_FAILED' }],
    ['room', { name: 'player.failed', code: 'INSP_EMBED_PLAYBACK_FAILED' }],
  ]);
});
