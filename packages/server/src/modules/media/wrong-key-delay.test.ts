import { expect, test } from 'vitest';
import { createWrongKeyDelay, WRONG_KEY_LIMITS as L } from './wrong-key-delay.ts';

function withAttempts(count: number) {
  const delay = createWrongKeyDelay();
  for (let attempt = 0; attempt < count; attempt += 1) delay.wrong('a', 0);
  return delay;
}

test('[RI1] four wrong keys cost nothing, from the fifth on the wait doubles up to its cap', () => {
  expect(withAttempts(L.freeAttemptCount - 1).delayMs('a', 0)).toBe(0);
  expect(withAttempts(L.freeAttemptCount).delayMs('a', 0)).toBe(L.firstDelayMs);
  expect(withAttempts(L.freeAttemptCount + 1).delayMs('a', 0)).toBe(L.firstDelayMs * 2);
  expect(withAttempts(1_000).delayMs('a', 0)).toBe(L.maxDelayMs);
});

test('another address, a right key, and time are forgiven', () => {
  const delay = withAttempts(L.freeAttemptCount);
  expect(delay.delayMs('b', 0)).toBe(0);
  expect(delay.delayMs('a', L.forgetAfterMs)).toBe(L.firstDelayMs);
  expect(delay.delayMs('a', L.forgetAfterMs + 1)).toBe(0);
  delay.right('a');
  expect(delay.delayMs('a', 0)).toBe(0);
});

test('the oldest address is forgotten when too many are known', () => {
  const delay = withAttempts(L.freeAttemptCount);
  for (let index = 0; index < L.addressCount - 1; index += 1) delay.wrong(`other ${index}`, 0);
  expect(delay.delayMs('a', 0)).toBe(L.firstDelayMs);
  delay.wrong('one more', 0);
  expect(delay.delayMs('a', 0)).toBe(0);
});
