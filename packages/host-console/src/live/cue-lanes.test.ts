import { expect, test } from 'vitest';
import { cueLanes, topCue } from './cue-lanes.ts';
import { cue } from './test-room.ts';

test('each lane shows its newest living cue', () => {
  const lanes = cueLanes([cue(1, 'say', 10), cue(2, 'say', 20), cue(3, 'who', 5, 99), cue(4, 'sell', 5, 100)], 99);
  expect([lanes.say?.id, lanes.who, lanes.sell?.id]).toEqual([cue(2, 'say', 20).id, null, cue(4, 'sell', 5).id]);
});

test('the keys act on the first lane that has one', () => {
  expect(topCue(cueLanes([cue(1, 'who', 1), cue(2, 'sell', 1)], 2))?.lane).toBe('sell');
  expect(topCue(cueLanes([], 2))).toBeNull();
});
