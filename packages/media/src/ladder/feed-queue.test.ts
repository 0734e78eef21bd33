import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFeedQueue, FEED_LIMITS, type FeedItem } from './feed-queue.ts';

const item = (kind: FeedItem['kind'], dtsMs: number, sizeBytes = 10): FeedItem => ({
  kind,
  dtsMs,
  ptsMs: dtsMs,
  pieces: [new Uint8Array(sizeBytes - 1), new Uint8Array(1)],
});
const drain = (queue: ReturnType<typeof createFeedQueue>): FeedItem[] => {
  const items: FeedItem[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) items.push(next);
  return items;
};

describe('[TR4] what waits for stdin', () => {
  test('up to 2 s wait; a frame more drops all to the next key frame, counted, and keeps configurations', () => {
    const queue = createFeedQueue();
    queue.push(item('config', 0));
    queue.push(item('key', 0));
    for (let ms = 100; ms <= FEED_LIMITS.spanMs; ms += 100) expect(queue.push(item('inter', ms))).toBe(0);
    expect(queue.spanMs).toBe(2_000);
    expect(queue.push(item('inter', 2_100))).toBe(22);
    expect(queue.push(item('inter', 2_200))).toBe(1);
    expect(queue.push(item('sound', 2_250))).toBe(0);
    queue.push(item('config', 2_260));
    expect(queue.push(item('key', 2_300))).toBe(0);
    expect(queue.push(item('sound', 2_310))).toBe(0);
    expect(drain(queue).map(({ kind, dtsMs }) => `${kind} ${dtsMs}`)).toEqual(['config 0', 'config 2260', 'key 2300', 'sound 2310']);
    expect(queue.isEmpty).toBe(true);
  });

  test('a key frame that makes it too much is the one that stays', () => {
    const queue = createFeedQueue();
    queue.push(item('key', 0));
    queue.push(item('inter', 1_900));
    expect(queue.push(item('key', 2_001))).toBe(2);
    expect(drain(queue).map(({ dtsMs }) => dtsMs)).toEqual([2_001]);
  });

  test('bytes are bounded too', () => {
    const queue = createFeedQueue({ spanMs: 2_000, bytes: 100 });
    queue.push(item('key', 0, 60));
    expect(queue.push(item('inter', 1, 40))).toBe(0);
    expect(queue.push(item('inter', 2, 1))).toBe(3);
  });

  test('whatever comes and goes: never over the limits, order kept, and pictures never follow a hole without a key frame', () => {
    const steps = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            kind: fc.constantFrom('inter' as const, 'inter' as const, 'inter' as const, 'sound' as const, 'key' as const),
            stepMs: fc.nat(250),
          }),
        },
        { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('config' as const), stepMs: fc.constant(0) }) },
        { weight: 2, arbitrary: fc.constant(null) },
      ),
      { minLength: 30, maxLength: 200, size: 'max' },
    );
    let droppingRunCount = 0;
    fc.assert(
      fc.property(steps, (list) => {
        const queue = createFeedQueue();
        let dtsMs = 0;
        let pushed: FeedItem[] = [];
        const sent: FeedItem[] = [];
        let dropped = 0;
        for (const step of list) {
          if (!step) {
            const next = queue.shift();
            if (next) sent.push(next);
            continue;
          }
          dtsMs += step.stepMs;
          const next = item(step.kind, dtsMs);
          pushed = [...pushed, next];
          dropped += queue.push(next);
          expect(queue.spanMs).toBeLessThanOrEqual(FEED_LIMITS.spanMs);
        }
        sent.push(...drain(queue));
        const isPicture = ({ kind }: FeedItem) => kind === 'key' || kind === 'inter';
        const pictures = pushed.filter(isPicture);
        const sentPictures = sent.filter(isPicture);
        expect(sentPictures.length + dropped).toBe(pictures.length);
        expect(sent.filter(({ kind }) => kind === 'config')).toEqual(pushed.filter(({ kind }) => kind === 'config'));
        const places = sentPictures.map((picture) => pictures.indexOf(picture));
        for (const [index, place] of places.entries()) {
          const before = index === 0 ? place : places[index - 1];
          if (before !== undefined && index > 0 && place !== before + 1) expect(sentPictures[index]?.kind).toBe('key');
          if (index > 0) expect(place).toBeGreaterThan(before ?? -1);
        }
        if (dropped > 0) droppingRunCount += 1;
      }),
    );
    expect(droppingRunCount).toBeGreaterThan(10);
  });
});
