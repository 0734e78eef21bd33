import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecodeTimes, type SentPicture } from './decode-times.ts';

/** Closed picture groups with runs of B-frames: decoded I/P first, shown after the B-frames before it. */
function groupsOf(groups: readonly { frameCount: number; bFrames: number }[], frameMs: number): SentPicture[] {
  const sent: SentPicture[] = [];
  const delayMs = 2 * frameMs;
  let shownFrom = 0;
  for (const { frameCount, bFrames } of groups) {
    const order: number[] = [0];
    for (let next = 1; next < frameCount; ) {
      const anchor = Math.min(next + bFrames, frameCount - 1);
      order.push(anchor, ...Array.from({ length: anchor - next }, (_, index) => next + index));
      next = anchor + 1;
    }
    for (const [index, shown] of order.entries())
      sent.push({ dtsMs: (shownFrom + index) * frameMs, ptsMs: (shownFrom + shown) * frameMs + delayMs, isKey: index === 0 });
    shownFrom += frameCount;
  }
  return sent;
}

const groupArbitrary = fc.array(fc.record({ frameCount: fc.integer({ min: 1, max: 60 }), bFrames: fc.constantFrom(0, 1, 2) }), {
  minLength: 1,
  maxLength: 6,
});

test('[TR3] pictures in the order they are shown get all decode times in order, key frames exactly their own', () => {
  let reorderedCount = 0;
  fc.assert(
    fc.property(groupArbitrary, fc.constantFrom(17, 33, 40), (groups, frameMs) => {
      const times = createDecodeTimes();
      const sent = groupsOf(groups, frameMs);
      for (const picture of sent) times.sent(picture);
      const shown = sent.toSorted((a, b) => a.ptsMs - b.ptsMs);
      if (shown.some((picture, index) => picture !== sent[index])) reorderedCount += 1;
      const answered = shown.map((picture) => times.of(picture.ptsMs));
      // Only the groups still remembered.
      const fromMs = (shown.at(-1)?.ptsMs ?? 0) - 15_000;
      for (const [index, picture] of shown.entries()) {
        if (picture.ptsMs < fromMs + 4_000) continue;
        expect(answered[index]).toBe(sent[index]?.dtsMs);
        expect(answered[index]).toBeLessThanOrEqual(picture.ptsMs);
        if (picture.isKey) expect(answered[index]).toBe(picture.dtsMs);
      }
    }),
  );
  expect(reorderedCount).toBeGreaterThan(20);
});

test('[TR3] without B-frames nothing changes, also when pictures are missing', () => {
  const times = createDecodeTimes();
  for (const ms of [0, 33, 67, 200, 233]) times.sent({ dtsMs: ms, ptsMs: ms, isKey: ms === 0 });
  expect([0, 67, 200].map((ms) => times.of(ms))).toEqual([0, 67, 200]);
  expect(times.of(-5)).toBe(-5);
});
