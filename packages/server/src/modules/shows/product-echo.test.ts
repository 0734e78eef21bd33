import type { ShowId } from '@insp/protocol';
import { createFakeClock } from '@insp/test-kit';
import { expect, test } from 'vitest';
import { createProductEcho, PRODUCT_ECHO_INTERVAL_MS } from './product-echo.ts';

test('the first change is told at once, a burst after it once more, each show by itself', async () => {
  const clock = createFakeClock();
  const told: ShowId[] = [];
  const echo = createProductEcho({
    clock,
    async tell(showId) {
      told.push(showId);
    },
  });
  echo.changed('shw_a');
  expect(told).toEqual(['shw_a']);
  for (let count = 0; count < 50; count += 1) echo.changed('shw_a');
  echo.changed('shw_b');
  expect(told).toEqual(['shw_a', 'shw_b']);
  await clock.advanceAsync(PRODUCT_ECHO_INTERVAL_MS);
  expect(told).toEqual(['shw_a', 'shw_b', 'shw_a']);
  await clock.advanceAsync(PRODUCT_ECHO_INTERVAL_MS * 2);
  expect(told).toHaveLength(3);
  expect(clock.timerCount).toBe(0);
  echo.changed('shw_a');
  expect(told).toHaveLength(4);
});

test('what changes while it is being told is told afterwards; stopping leaves no timer', async () => {
  const clock = createFakeClock();
  let finish = () => {};
  let toldCount = 0;
  const echo = createProductEcho({
    clock,
    tell() {
      toldCount += 1;
      return new Promise((done) => {
        finish = done;
      });
    },
  });
  echo.changed('shw_a');
  echo.changed('shw_a');
  await clock.advanceAsync(PRODUCT_ECHO_INTERVAL_MS * 4);
  expect(toldCount).toBe(1);
  finish();
  await clock.advanceAsync(PRODUCT_ECHO_INTERVAL_MS);
  expect(toldCount).toBe(2);
  finish();
  await clock.advanceAsync(0);
  echo.stop();
  expect(clock.timerCount).toBe(0);
});
