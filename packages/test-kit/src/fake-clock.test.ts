import { expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

test('timers run in the order they fall due, each at its own instant', () => {
  const clock = createFakeClock(1_000);
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.nowMs()]);
  clock.after(30, note('late'));
  clock.after(10, note('first'));
  clock.after(10, note('second'));
  clock.advance(29);
  expect(ran).toEqual([
    ['first', 1_010],
    ['second', 1_010],
  ]);
  clock.advance(1);
  expect(ran.at(-1)).toEqual(['late', 1_030]);
  expect(clock.timerCount).toBe(0);
});

test('a timer set by a timer runs within the same advance', () => {
  const clock = createFakeClock();
  let count = 0;
  const again = () => {
    count += 1;
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(100);
  expect(count).toBe(10);
});

test('an interval runs until it is stopped', () => {
  const clock = createFakeClock();
  let count = 0;
  const stop = clock.every(10, () => {
    count += 1;
    if (count === 3) stop();
  });
  clock.advance(1_000);
  expect(count).toBe(3);
});

test('a jump moves the wall and no timer', () => {
  const clock = createFakeClock(0);
  let hasRun = false;
  clock.after(10, () => {
    hasRun = true;
  });
  clock.jump(-5_000);
  expect(clock.nowMs()).toBe(-5_000);
  expect(hasRun).toBe(false);
  clock.advance(10);
  expect(hasRun).toBe(true);
});

test('advanceAsync lets promises settle between timers', async () => {
  const clock = createFakeClock();
  const log: string[] = [];
  clock.after(10, () => void Promise.resolve().then(() => log.push('promise of the first')));
  clock.after(20, () => log.push('second'));
  await clock.advanceAsync(20);
  expect(log).toEqual(['promise of the first', 'second']);
});

test('a timer that sets itself again at once is found out', () => {
  const clock = createFakeClock();
  const forever = () => void clock.after(0, forever);
  forever();
  expect(() => clock.advance(1)).toThrow('sets itself again');
});
