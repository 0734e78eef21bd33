import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { ffmpegArguments, type TranscodePlan } from './ffmpeg-arguments.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { planLadder } from './plan-ladder.ts';
import { createProgressReader, type TranscodeProgress } from './progress-reader.ts';

const SOURCE = { widthPx: 1920, heightPx: 1080, framesPerSec: 30, hasBFrames: false, bitrateBitsPerSec: null };
const planOf = (changes: Partial<TranscodePlan> = {}): TranscodePlan => ({
  rungs: planLadder(changes.source ? { ...SOURCE, ...changes.source } : SOURCE),
  source: SOURCE,
  hasSound: true,
  threadCount: null,
  ...changes,
});
const after = (args: readonly string[], flag: string) => args.flatMap((arg, index) => (arg === flag ? [args[index + 1]] : []));

/** Splits text into pieces of these lengths, over and over. */
function inPieces<T extends string | Uint8Array>(whole: T, sizes: readonly number[]): T[] {
  const pieces: T[] = [];
  for (let at = 0, index = 0; at < whole.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(whole.slice(at, at + size) as T);
    at += size;
  }
  return pieces;
}
const sizesArbitrary = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });

describe('[TR2] arguments', () => {
  test('a pipe for each rung, for stills and progress; key frames are the source’s', () => {
    const args = ffmpegArguments(planOf());
    expect(after(args, '-i')).toEqual(['pipe:0']);
    expect(after(args, '-progress')).toEqual(['pipe:3']);
    expect(args.filter((arg) => /^pipe:\d$/.test(arg))).toEqual(['pipe:3', 'pipe:0', 'pipe:7', 'pipe:8', 'pipe:9', 'pipe:5']);
    expect(after(args, '-force_key_frames')).toEqual(['source', 'source', 'source']);
    expect(after(args, '-b:v')).toEqual(['2800000', '1200000', '600000']);
    expect(args).not.toContain('-threads:v');
    expect(after(args, '-filter_complex')[0]).toContain('split=5[s0][s1][s2][w][t]');
    expect(after(args, '-filter_complex')[0]).toContain("file='pipe\\:4'");
    expect(after(args, '-af')[0]).toContain("file='pipe\\:6'");
  });

  test('nothing but key frames is decoded when there is no rung', () => {
    const args = ffmpegArguments(planOf({ rungs: [] }));
    expect(after(args, '-skip_frame')).toEqual(['nokey']);
    expect(args).not.toContain('libx264');
    expect(after(args, '-filter_complex')[0]).toContain('split=2[w][t]');
  });

  test('pictures are put out at once only when they come in order; sound is asked for only when there is some', () => {
    expect(after(ffmpegArguments(planOf()), '-flags')).toEqual(['low_delay']);
    const args = ffmpegArguments(planOf({ source: { ...SOURCE, hasBFrames: true }, hasSound: false, threadCount: 2 }));
    expect(after(args, '-flags')).toEqual([]);
    expect(after(args, '-af')).toEqual([]);
    expect(after(args, '-threads')).toEqual(['2', '2', '2', '1']);
  });

  test('stills of a portrait source are upright; half rates keep key frames', () => {
    const graph =
      after(ffmpegArguments(planOf({ source: { ...SOURCE, widthPx: 1080, heightPx: 1920, framesPerSec: 60 } })), '-filter_complex')[0] ??
      '';
    expect(graph).toContain('scale=-2:640');
    expect(graph.match(/select='key\+/g)).toHaveLength(2);
  });
});

describe('[TR8] what ffmpeg tells', () => {
  const PROGRESS =
    'frame=60\nfps=30.1\nbitrate= 512.0kbits/s\nout_time_us=2003000\nout_time=00:00:02.003000\ndup_frames=0\ndrop_frames=1\nspeed=0.99x\nprogress=continue\n';
  const LAST = 'frame=N/A\nout_time_us=N/A\nspeed=N/A\nprogress=end\n';

  test('progress, in pieces of any size', () => {
    fc.assert(
      fc.property(sizesArbitrary, (sizes) => {
        const read = createProgressReader();
        const told: TranscodeProgress[] = [];
        for (const piece of inPieces(PROGRESS + LAST, sizes)) read(piece, (progress) => told.push(progress));
        expect(told).toEqual([
          { frameCount: 60, outTimeMs: 2_003, droppedFrameCount: 1, doubledFrameCount: 0, speed: 0.99, isLast: false },
          { frameCount: null, outTimeMs: null, droppedFrameCount: null, doubledFrameCount: null, speed: null, isLast: true },
        ]);
      }),
    );
  });

  test('random text is survived, and a line without end is not kept', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const progress = createProgressReader();
        for (const text of [...texts, 'x'.repeat(10_000), '\n']) progress(text, () => {});
        const told: TranscodeProgress[] = [];
        progress(`\n${PROGRESS}`, (one) => told.push(one));
        expect(told).toHaveLength(1);
      }),
    );
  });
});

describe('[TR8] stills', () => {
  /** SOI, an APP0 whose body holds what looks like an end, SOS, coded bytes with stuffing and a restart marker, EOI. */
  const jpegOf = (coded: readonly number[]) =>
    Uint8Array.of(
      0xff,
      0xd8,
      0xff,
      0xe0,
      0,
      6,
      0xff,
      0xd9,
      1,
      2,
      0xff,
      0xda,
      0,
      4,
      1,
      1,
      ...coded.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])),
      0xff,
      0xd0,
      5,
      0xff,
      0xd9,
    );
  const split = (pieces: readonly Uint8Array[], limits?: { jpegBytes: number }) => {
    const splitter = createJpegSplitter(limits);
    const jpegs: Uint8Array[] = [];
    for (const piece of pieces) splitter(piece, (jpeg) => jpegs.push(jpeg));
    return jpegs;
  };

  test('each picture comes out whole, in pieces of any size, with rubbish before and between skipped', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(255), { maxLength: 60 }), { maxLength: 5 }), sizesArbitrary, (pictures, sizes) => {
        const jpegs = pictures.map(jpegOf);
        const rubbish = Uint8Array.of(0, 0xff, 0, 7);
        expect(split(inPieces(concatBytes(jpegs.flatMap((jpeg) => [rubbish, jpeg])), sizes))).toEqual(jpegs);
      }),
    );
  });

  test('one that is too large is skipped, and the next is found', () => {
    const small = jpegOf([1]);
    const atLimit = jpegOf(Array(40).fill(1));
    expect(split([atLimit, small], { jpegBytes: atLimit.length })).toEqual([atLimit, small]);
    const large = jpegOf(Array(200).fill(1));
    expect(split([large, small], { jpegBytes: atLimit.length })).toEqual([small]);
  });

  test('random bytes never throw', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => void split(pieces, { jpegBytes: 300 })));
  });
});
