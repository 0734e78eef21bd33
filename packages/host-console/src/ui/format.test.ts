import { describe, expect, test } from 'vitest';
import { agoText, bitrateText, clockText, localInputText, rateText, shareText, spanText, timerText } from './format.ts';

describe('clocks', () => {
  test('the live clock keeps its width', () => {
    expect([0, 42 * 60_000 + 17_000, 36_000_000, -5].map(clockText)).toEqual(['00:00:00', '00:42:17', '10:00:00', '00:00:00']);
  });
  test('a timer grows an hour only when it has one', () => {
    expect([252_000, 3_599_999, 3_600_000].map(timerText)).toEqual(['04:12', '59:59', '1:00:00']);
  });
  test('ages have one unit', () => {
    expect([9_999, 10_000, 59_999, 60_000, 3_599_000, 3_600_000, 86_400_000].map(agoText)).toEqual([
      'now',
      '10 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '1 d',
    ]);
  });
});

describe('shares', () => {
  test('of nothing there is no share', () => {
    expect([shareText(0, 0), rateText(3, 0)]).toEqual(['–', '–']);
  });
  test('are whole on glances and precise in reports', () => {
    expect([shareText(61, 100), rateText(1, 24)]).toEqual(['61 %', '4.2 %']);
  });
});

test('a bitrate is said in the unit OBS uses', () => expect(bitrateText(4_000_400)).toBe('4,000 kbit/s'));

test('the date input gets local wall time', () => {
  expect(localInputText(new Date(2026, 2, 5, 9, 7).getTime())).toBe('2026-03-05T09:07');
});

test.each([
  [0, '0 s'],
  [45_400, '45 s'],
  [252_000, '4 min 12 s'],
  [240_000, '4 min'],
  [3_725_000, '1 h 2 min'],
  [7_200_000, '2 h'],
  [5_000 * 3_600_000, '5,000 h'],
])('a length of %i ms reads %s', (durationMs, text) => expect(spanText(durationMs)).toBe(text));
