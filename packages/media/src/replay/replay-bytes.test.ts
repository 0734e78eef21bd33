// What jobs do to the bytes of segments, and how a poster and dead air are found.
import { expect, test } from 'vitest';
import { readAacConfig } from '../flv/aac.ts';
import { readAvcConfig } from '../flv/avc.ts';
import { readFragment, readInitConfig } from '../fmp4/fmp4-reader.ts';
import { fmp4Writer } from '../fmp4/fmp4-writer.ts';
import { writeStoryboardTrack } from './chapters.ts';
import { keyFrameOf, shiftSegment, spanOfSegment } from './fragments.ts';
import { choosePoster, looksOf, suggestTrim } from './frame-looks.ts';

const AVC = readAvcConfig(
  Uint8Array.from(Buffer.from('0142c014ffe100186742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20', 'hex')),
);
const AAC = readAacConfig(Uint8Array.of(0x11, 0x90));
if (!AVC || !AAC) throw new Error('the configurations are well formed');
const nal = (type: number) => Uint8Array.of(0, 0, 0, 3, type, 7, 9);
const sample = (isSync: boolean) => ({ durationTicks: 3_000, compositionOffsetTicks: 0, isSync, data: nal(isSync ? 0x65 : 0x41) });
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
/** Two parts, as a low-latency packager closes a segment. */
const twoParts = join(
  fmp4Writer.fragment({ sequenceNumber: 7, decodeTimeTicks: 2 ** 33, samples: [sample(true), sample(false)] }),
  fmp4Writer.fragment({ sequenceNumber: 8, decodeTimeTicks: 2 ** 33 + 6_000, samples: [sample(false)] }),
);

test('a segment is moved in time in all its parts, and nothing else of it changes', () => {
  expect(spanOfSegment(twoParts)).toEqual({ startTicks: 2 ** 33, endTicks: 2 ** 33 + 9_000 });
  const moved = shiftSegment(twoParts, -(2 ** 33) + 90_000);
  expect(spanOfSegment(moved)).toEqual({ startTicks: 90_000, endTicks: 99_000 });
  expect(readFragment(moved).samples.map(({ data, isSync }) => [data, isSync])).toEqual(
    readFragment(twoParts).samples.map(({ data, isSync }) => [data, isSync]),
  );
  expect(shiftSegment(moved, 2 ** 33 - 90_000)).toEqual(twoParts);
  expect(() => shiftSegment(twoParts, -(2 ** 33) - 1)).toThrow(RangeError);
  expect(() => spanOfSegment(new Uint8Array(0))).toThrow(RangeError);
});

test('the key frame of a segment stands alone: parameter sets, then the picture', () => {
  const frame = keyFrameOf(twoParts, AVC);
  const types = [
    ...Buffer.from(frame ?? [])
      .toString('hex')
      .matchAll(/00000001(..)/g),
  ].map(([, byte]) => Number.parseInt(byte ?? '', 16) & 0x1f);
  expect(types).toEqual([7, 8, 5]);
  const without = fmp4Writer.fragment({ sequenceNumber: 1, decodeTimeTicks: 0, samples: [sample(false)] });
  expect(keyFrameOf(without, AVC)).toBeNull();
});

test('an init section tells its configuration; anything else tells none', () => {
  for (const config of [AVC, AAC]) {
    const init = fmp4Writer.initSection({ timescaleTicks: 90_000, config });
    expect(readInitConfig(init)).toEqual(config);
    expect(readInitConfig(init.subarray(0, init.length - 40))).toBeNull();
  }
  expect(readInitConfig(Uint8Array.of(1, 2, 3))).toBeNull();
});

test('the poster is the sharpest picture that is not black', () => {
  const paint = (valueAt: (x: number, y: number) => number) =>
    Uint8Array.from({ length: 64 * 36 }, (_, index) => valueAt(index % 64, Math.floor(index / 64)));
  const [black, flat, soft, sharp, blackButSharp] = [
    paint(() => 16),
    paint(() => 120),
    paint((x) => 60 + x),
    paint((x, y) => ((x + y) % 2 ? 200 : 40)),
    paint((x, y) => ((x + y) % 2 ? 30 : 0)),
  ].map((grey) => looksOf(grey, 64, 36));
  if (!black || !flat || !soft || !sharp || !blackButSharp) throw new Error('five pictures');
  expect(black.meanLuma).toBe(16);
  expect(flat.sharpness).toBe(0);
  expect(choosePoster([black, flat, soft, sharp, blackButSharp])).toBe(3);
  expect(choosePoster([black, blackButSharp, flat])).toBe(2);
  expect(choosePoster([blackButSharp, black])).toBe(1);
  expect(choosePoster([])).toBeNull();
  expect(() => looksOf(new Uint8Array(10), 64, 36)).toThrow(RangeError);
});

test('dead air is suggested away at the ends, never in the middle, never all of it', () => {
  const minute = 60_000;
  expect(suggestTrim(minute, [])).toBeNull();
  expect(suggestTrim(minute, [{ startMs: 0, endMs: 1_999 }])).toBeNull();
  expect(suggestTrim(minute, [{ startMs: 0, endMs: 2_000 }])).toEqual({ startMs: 1_700, endMs: minute });
  expect(suggestTrim(minute, [{ startMs: 20_000, endMs: 40_000 }])).toBeNull();
  // Black, then silence: one stretch.
  expect(
    suggestTrim(minute, [
      { startMs: 3_800, endMs: 7_000 },
      { startMs: 0, endMs: 4_000 },
      { startMs: 50_000, endMs: minute },
    ]),
  ).toEqual({
    startMs: 6_700,
    endMs: 50_300,
  });
  expect(suggestTrim(minute, [{ startMs: 0, endMs: minute }])).toBeNull();
});

test('a storyboard names sheet and place of every picture, and its last cue lasts to the end', () => {
  const text = writeStoryboardTrack(
    {
      widthPx: 160,
      heightPx: 90,
      columnCount: 10,
      rowCount: 10,
      intervalMs: 10_000,
      pictureCount: 102,
      uriOf: (sheet) => `sheet-${sheet}.jpg`,
    },
    1_013_500,
  );
  const cues = text.split('\n').filter((line) => line.includes('#xywh'));
  expect([cues[0], cues[11], cues[99], cues[101]]).toEqual([
    'sheet-0.jpg#xywh=0,0,160,90',
    'sheet-0.jpg#xywh=160,90,160,90',
    'sheet-0.jpg#xywh=1440,810,160,90',
    'sheet-1.jpg#xywh=160,0,160,90',
  ]);
  expect(text).toContain('00:16:50.000 --> 00:16:53.500');
});
