import { describe, expect, test } from 'vitest';
import { judgeReload, type LiveEdge } from './blocking.ts';

/** Segments up to 20 are closed, with four parts each; two parts of 21 are there. */
const edge: LiveEdge = { lastClosedMediaSequence: 20, openPartCount: 2, partCountOf: () => 4, partTargetMs: 512 };
const ask = (mediaSequence: number | null, partIndex: number | null, at = edge) => judgeReload(at, { mediaSequence, partIndex });

describe('a request with numbers', () => {
  test('without any is answered at once', () => expect(ask(null, null)).toBe('answer'));

  test('[6.2.5.2-M1] for a segment waits until it is closed', () => {
    expect(ask(20, null)).toBe('answer');
    expect(ask(21, null)).toBe('wait');
    expect(ask(22, null)).toBe('wait');
  });

  test('[6.2.5.2-M2] for a part waits until it is there', () => {
    expect([0, 1, 2, 3].map((part) => ask(21, part))).toEqual(['answer', 'answer', 'wait', 'wait']);
    expect(ask(20, 3)).toBe('answer');
    expect(ask(22, 0)).toBe('wait');
  });

  test('[6.2.5.2-M3] for a part past the end of its segment means part 0 of the next', () => {
    expect(ask(20, 4)).toBe('answer');
    expect(ask(20, 4, { ...edge, openPartCount: 0 })).toBe('wait');
    expect(ask(20, 900, { ...edge, openPartCount: 0 })).toBe('wait');
    expect(ask(18, 900)).toBe('answer');
  });

  test('[6.2.5.2-M4] for what is long gone is answered at once', () => {
    expect(ask(0, null)).toBe('answer');
    expect(ask(0, 7)).toBe('answer');
  });

  test('[6.2.5.2-M6] for a part without a segment is refused', () => expect(ask(null, 0)).toBe('part_without_sequence'));

  test('[6.2.5.2-S1] for more than two segments ahead is refused', () => {
    expect(ask(22, null)).toBe('wait');
    expect(ask(23, null)).toBe('too_far_ahead');
    expect(ask(23, 0)).toBe('too_far_ahead');
  });

  test('[6.2.5.2-S1] for parts more than three seconds ahead is refused: six parts of 0.512 s, three of one second', () => {
    expect(ask(21, 7)).toBe('wait');
    expect(ask(21, 8)).toBe('too_far_ahead');
    expect(ask(22, 5)).toBe('wait');
    expect(ask(22, 6)).toBe('too_far_ahead');
    const long = { ...edge, partTargetMs: 1_003 };
    expect(ask(21, 4, long)).toBe('wait');
    expect(ask(21, 5, long)).toBe('too_far_ahead');
  });
});
