import type { ChatMessage, ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createVisibleLane, LANES_MAX } from './visible-lane.ts';

const show = (n: number): ShowId => `shw_${n.toString(16).padStart(32, '0')}`;
const author = (kind: 'viewer' | 'staff', isBuyer = false): Pick<ChatMessage, 'author'> => ({
  author: { kind, id: 'x', name: 'x', isBuyer, isSimulated: false },
});

test('[C13] ten lines a second are shown, then none until the next place is free', () => {
  const clock = createFakeClock();
  const lane = createVisibleLane({ clock, linesPerSec: () => 10 });
  const shown = (count: number) => Array.from({ length: count }, () => lane.shows(show(1), author('viewer'))).filter(Boolean).length;
  expect(shown(500)).toBe(10);
  clock.advance(1_000);
  expect(shown(500)).toBe(10);
  clock.advance(100);
  expect(shown(5)).toBe(1);
  // Another room has places of its own.
  expect(lane.shows(show(2), author('viewer'))).toBe(true);
});

test('[C13] staff and buyers are always shown, and take places', () => {
  const clock = createFakeClock();
  const lane = createVisibleLane({ clock, linesPerSec: () => 10 });
  for (let n = 0; n < 30; n += 1) expect(lane.shows(show(1), n % 2 ? author('staff') : author('viewer', true))).toBe(true);
  expect(lane.shows(show(1), author('viewer'))).toBe(false);
});

test('[C13] without pressure every line is shown; lanes are bounded', () => {
  let perSec: number | null = 10;
  const lane = createVisibleLane({ clock: createFakeClock(), linesPerSec: () => perSec });
  for (let n = 0; n <= LANES_MAX; n += 1) for (let line = 0; line < 10; line += 1) lane.shows(show(n), author('viewer'));
  // The first is forgotten and starts anew, the last is remembered.
  expect([lane.shows(show(LANES_MAX), author('viewer')), lane.shows(show(0), author('viewer'))]).toEqual([false, true]);
  perSec = null;
  expect(lane.shows(show(LANES_MAX), author('viewer'))).toBe(true);
});
