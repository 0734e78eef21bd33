import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { FRESH_START, startAfreshWhenDry } from './fresh-start.ts';

/** A picture at 10 s that stands; `aheadSec` is in hand. */
function setUp() {
  const clock = createFakeClock();
  const seeks: number[] = [];
  const at = { aheadSec: 0, readyState: 2, seeking: false, paused: false };
  const video = Object.assign(new EventTarget(), {
    get buffered() {
      return { length: 1, start: () => 4, end: () => 10 + at.aheadSec };
    },
  });
  Object.defineProperties(video, {
    currentTime: { get: () => 10, set: (sec: number) => seeks.push(sec) },
    ...Object.fromEntries((['readyState', 'seeking', 'paused'] as const).map((name) => [name, { get: () => at[name] }])),
  });
  const stop = startAfreshWhenDry(video as unknown as HTMLVideoElement, (intervalMs, work) => clock.every(intervalMs, work));
  return { clock, seeks, at, stop, tell: (type: string) => void video.dispatchEvent(new Event(type)) };
}

test('a picture that stands with enough in hand is sought to where it is, once, and again only when it stands anew', () => {
  const { clock, seeks, at, tell } = setUp();
  tell('waiting');
  clock.advance(5_000);
  expect(seeks).toEqual([]);
  at.aheadSec = FRESH_START.aheadSec + 0.01;
  clock.advance(FRESH_START.afterMs - 1);
  expect(seeks).toEqual([]);
  clock.advance(FRESH_START.lookEveryMs);
  expect(seeks).toHaveLength(1);
  expect(seeks[0]! - 10).toBeCloseTo(FRESH_START.stepSec, 9);
  // The seek makes it wait once more.
  tell('waiting');
  clock.advance(5_000);
  expect(seeks).toHaveLength(1);
  tell('playing');
  tell('waiting');
  clock.advance(5_000);
  expect(seeks).toHaveLength(2);
});

test.each([
  ['plays', { readyState: 3 }],
  ['is paused', { paused: true }],
  ['is on its way to another place', { seeking: true }],
  ['has too little', { aheadSec: FRESH_START.aheadSec - 0.01 }],
])('one that %s is left alone', (_, change) => {
  const { clock, seeks, at, tell } = setUp();
  Object.assign(at, { aheadSec: 2 }, change);
  tell('waiting');
  clock.advance(5_000);
  expect(seeks).toEqual([]);
});

test('one that goes on by itself, or is given up, is not looked at any more', () => {
  const { clock, seeks, at, tell, stop } = setUp();
  tell('waiting');
  tell('playing');
  at.aheadSec = 2;
  clock.advance(5_000);
  tell('waiting');
  stop();
  tell('waiting');
  clock.advance(5_000);
  expect(seeks).toEqual([]);
  expect(clock.timerCount).toBe(0);
});
