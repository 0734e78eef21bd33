import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { readAacConfig, SILENT_CONFIG, silentFrame } from './aac.ts';
import { hasIdrSlice, readAvcConfig } from './avc.ts';
import { createFlvDemuxer, type DemuxEvent, JUMP_LIMIT_MS } from './demuxer.ts';
import { type FlvTag, readAudioTag, readVideoTag } from './flv-tag.ts';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Decoder configuration records as libx264 wrote them (ffmpeg 5.1.9); sizes as ffprobe tells them. */
const RECORDS = {
  '320x180 baseline': bytes('0142c014ffe1001a6742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20'),
  '1280x720 high': bytes('0164001fffe1001b6764001facd9405005bb016a02020280000003008000001e478c18cb01000568efbcb0'),
};
const CONFIG = RECORDS['1280x720 high'];
const OTHER_CONFIG = RECORDS['320x180 baseline'];

const idr = Uint8Array.of(0, 0, 0, 2, 0x65, 1);
const inter = Uint8Array.of(0, 0, 0, 2, 0x41, 1);
const videoTag = (timestampMs: number, body: Uint8Array): FlvTag => ({ kind: 'video', timestampMs, body });
const configTag = (record: Uint8Array, timestampMs = 0) => videoTag(timestampMs, concatBytes([Uint8Array.of(0x17, 0, 0, 0, 0), record]));
const frameTag = (timestampMs: number, isKey: boolean, compositionMs = 0) =>
  videoTag(
    timestampMs,
    concatBytes([
      Uint8Array.of(isKey ? 0x17 : 0x27, 1, (compositionMs >> 16) & 255, (compositionMs >> 8) & 255, compositionMs & 255),
      isKey ? idr : inter,
    ]),
  );
const audioTag = (timestampMs: number, ...body: number[]): FlvTag => ({ kind: 'audio', timestampMs, body: Uint8Array.of(...body) });
const AAC_CONFIG_TAG = audioTag(0, 0xaf, 0, 0x11, 0x90);

function demux(tags: readonly FlvTag[]): DemuxEvent[] {
  const demuxer = createFlvDemuxer();
  return tags.flatMap((tag) => demuxer.push(tag));
}
const timesOf = (events: readonly DemuxEvent[]) =>
  events.flatMap((event) => (event.kind === 'video' || event.kind === 'audio' ? [event.dtsMs] : []));

describe('FLV tag bodies', () => {
  test('composition offsets are signed 24-bit numbers', () => {
    expect(readVideoTag(Uint8Array.of(0x27, 1, 0xff, 0xff, 0xdf, 1))).toMatchObject({ kind: 'frame', compositionMs: -33 });
    expect(readVideoTag(Uint8Array.of(0x27, 1, 0, 0, 66, 1))).toMatchObject({ kind: 'frame', compositionMs: 66 });
  });

  test.each([
    ['HEVC of enhanced RTMP', bytes('90') as Uint8Array, 'hvc1', 'HEVC (H.265)'],
    ['AV1', bytes('90'), 'av01', 'AV1'],
    ['VP9', bytes('90'), 'vp09', 'VP9'],
    ['something new', bytes('90'), 'zzzz', 'a codec of enhanced RTMP'],
  ])('[RI5] %s is named', (_what, first, fourCc, codec) => {
    expect(readVideoTag(concatBytes([first, new TextEncoder().encode(fourCc), Uint8Array.of(1)]))).toEqual({ kind: 'unsupported', codec });
  });

  test('[RI5] old codecs and foreign sound are named', () => {
    expect(readVideoTag(Uint8Array.of(0x12, 0))).toEqual({ kind: 'unsupported', codec: 'Sorenson H.263' });
    expect(readVideoTag(Uint8Array.of(0x1c, 0))).toEqual({ kind: 'unsupported', codec: 'HEVC (H.265)' });
    expect(readAudioTag(Uint8Array.of(0x2f, 0))).toEqual({ kind: 'unsupported', codec: 'MP3' });
    expect(readAudioTag(concatBytes([Uint8Array.of(0x90), new TextEncoder().encode('Opus')]))).toEqual({
      kind: 'unsupported',
      codec: 'Opus',
    });
  });

  test('[RI6] random bodies never throw, neither here nor in the demuxer', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kind: fc.constantFrom('video' as const, 'audio' as const),
            timestampMs: fc.nat(0xffffffff),
            body: fc.uint8Array({ maxLength: 80 }),
          }),
        ),
        (tags) => {
          demux(tags);
          demux([configTag(CONFIG), AAC_CONFIG_TAG, ...tags]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('H.264 configuration', () => {
  test.each([
    ['320x180 baseline', 320, 180, 'avc1.42c014'],
    ['1280x720 high', 1280, 720, 'avc1.64001f'],
  ] as const)('%s gives size and codec string', (name, widthPx, heightPx, codecString) => {
    expect(readAvcConfig(RECORDS[name])).toMatchObject({ widthPx, heightPx, codecString, nalLengthBytes: 4 });
  });

  test('a record cut anywhere is refused or read, never a throw', () => {
    for (let length = 0; length < CONFIG.length; length += 1) readAvcConfig(CONFIG.subarray(0, length));
    expect(readAvcConfig(CONFIG.subarray(0, 10))).toBeNull();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        (random) => void readAvcConfig(concatBytes([Uint8Array.of(1, 100, 0, 31, 0xff, 0xe1, 0, 50, 0x67), random])),
      ),
    );
  });

  test('an IDR slice is found behind other NAL units; lies about lengths are not followed', () => {
    expect(hasIdrSlice(concatBytes([Uint8Array.of(0, 0, 0, 2, 0x06, 5), idr]), 4)).toBe(true);
    expect(hasIdrSlice(inter, 4)).toBe(false);
    expect(hasIdrSlice(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x41), 4)).toBe(false);
    expect(hasIdrSlice(new Uint8Array(0), 4)).toBe(false);
  });
});

describe('AAC configuration', () => {
  test.each([
    ['1190', 48_000, 2, 'mp4a.40.2'],
    ['1208', 44_100, 1, 'mp4a.40.2'],
    ['2b920800', 22_050, 2, 'mp4a.40.5'],
  ])('%s is read', (hex, sampleRateHz, channelCount, codecString) => {
    expect(readAacConfig(bytes(hex))).toMatchObject({ sampleRateHz, channelCount, codecString });
  });

  test('what browsers cannot play, or is cut short, is refused', () => {
    expect(readAacConfig(bytes('0990'))).toBeNull(); // AAC Main
    expect(readAacConfig(bytes('11'))).toBeNull();
    expect(readAacConfig(new Uint8Array(0))).toBeNull();
  });

  test('silence exists for low complexity in mono and stereo only', () => {
    expect(silentFrame(SILENT_CONFIG)).not.toBeNull();
    expect(silentFrame({ ...SILENT_CONFIG, channelCount: 1 })).not.toBeNull();
    expect(silentFrame({ ...SILENT_CONFIG, channelCount: 6 })).toBeNull();
    expect(silentFrame({ ...SILENT_CONFIG, codecString: 'mp4a.40.5' })).toBeNull();
  });
});

describe('the demuxer', () => {
  test('[RI4] decode times stay as sent, composition offsets are kept', () => {
    const events = demux([
      configTag(CONFIG),
      frameTag(0, true, 66),
      frameTag(33, false, 132),
      frameTag(67, false, 0),
      frameTag(100, false, -1),
    ]);
    expect(events.flatMap((event) => (event.kind === 'video' ? [[event.dtsMs, event.compositionMs, event.isKey]] : []))).toEqual([
      [0, 66, true],
      [33, 132, false],
      [67, 0, false],
      [100, -1, false],
    ]);
  });

  test('[RI4] the 32-bit clock wraps without a jump', () => {
    const events = demux([configTag(CONFIG), frameTag(0xffff_fff0, true), frameTag(0x10, false)]);
    expect(timesOf(events)).toEqual([0xffff_fff0, 0x1_0000_0010]);
    expect(events.some((event) => event.kind === 'jump')).toBe(false);
  });

  test('[RI4] a step back up to the limit is clamped and keeps the time of presentation', () => {
    const events = demux([configTag(CONFIG), frameTag(5_000, true), frameTag(5_000 - JUMP_LIMIT_MS, false), frameTag(5_040, false)]);
    expect(timesOf(events)).toEqual([5_000, 5_001, 5_040]);
    expect(events.filter((event) => event.kind === 'video').map((event) => event.dtsMs + event.compositionMs)).toEqual([
      5_000, 4_000, 5_040,
    ]);
    expect(events.some((event) => event.kind === 'jump')).toBe(false);
  });

  test('[RI4] a larger step, back or ahead, is a jump', () => {
    const jumpsOf = (stepMs: number) =>
      demux([configTag(CONFIG), frameTag(5_000, true), frameTag(5_000 + stepMs, true)]).filter((event) => event.kind === 'jump');
    expect(jumpsOf(-JUMP_LIMIT_MS)).toEqual([]);
    expect(jumpsOf(-JUMP_LIMIT_MS - 1)).toEqual([{ kind: 'jump', stepMs: -JUMP_LIMIT_MS - 1 }]);
    expect(jumpsOf(JUMP_LIMIT_MS)).toEqual([]);
    expect(jumpsOf(JUMP_LIMIT_MS + 1)).toEqual([{ kind: 'jump', stepMs: JUMP_LIMIT_MS + 1 }]);
  });

  test('[RI4] the end-of-sequence tag, flagged as a key frame, is dropped', () => {
    expect(demux([configTag(CONFIG), videoTag(9_000, Uint8Array.of(0x17, 2, 0, 0, 0))]).map((event) => event.kind)).toEqual([
      'video_config',
    ]);
  });

  test('[RI4] the same configuration again says nothing, another one does; its time is ignored', () => {
    const events = demux([
      configTag(CONFIG),
      frameTag(9_000, true),
      configTag(CONFIG, 0),
      configTag(OTHER_CONFIG, 0),
      frameTag(9_033, false),
    ]);
    expect(events.map((event) => event.kind)).toEqual(['video_config', 'video', 'video_config', 'video']);
  });

  test('[RI4] parameter sets that change inside a key frame are a new configuration, told once', () => {
    const sets = {
      large: [bytes('6764001facd9405005bb016a02020280000003008000001e478c18cb'), bytes('68efbcb0')],
      small: [bytes('6742c014da05067e7e7c04400000030040000007a3c50aa8'), bytes('68ce0fcb20')],
    } as const;
    const withLength = (nal: Uint8Array) => concatBytes([Uint8Array.of(nal.length >> 8, nal.length & 255), nal]);
    const recordOf = ([sps, pps]: readonly [Uint8Array, Uint8Array]) =>
      concatBytes([Uint8Array.of(1), sps.subarray(1, 4), Uint8Array.of(0xff, 0xe1), withLength(sps), Uint8Array.of(1), withLength(pps)]);
    const keyWith = (size: keyof typeof sets, timestampMs: number) => {
      const nals = sets[size].map((nal) => concatBytes([Uint8Array.of(0, 0), withLength(nal)]));
      return videoTag(timestampMs, concatBytes([Uint8Array.of(0x17, 1, 0, 0, 0), ...nals, idr]));
    };
    const large = configTag(recordOf(sets.large));
    const kinds = (tags: FlvTag[]) => demux(tags).map((event) => (event.kind === 'video_config' ? event.config.widthPx : event.kind));
    expect(kinds([large, keyWith('large', 0), frameTag(40, false)])).toEqual([1280, 'video', 'video']);
    expect(kinds([large, keyWith('small', 0), keyWith('small', 40), keyWith('large', 80)])).toEqual([
      ...[1280, 320, 'video', 'video'],
      ...[1280, 'video'],
    ]);
    // Not whole, or lying about lengths: as if it were not there.
    const whole = keyWith('small', 0);
    for (let lengthBytes = 6; lengthBytes < whole.body.length - idr.length; lengthBytes += 1)
      expect(kinds([large, { ...whole, body: whole.body.subarray(0, lengthBytes) }])).toEqual([1280, 'video']);
  });

  test('a key frame flag without an IDR slice is not a key frame', () => {
    const tag = videoTag(0, concatBytes([Uint8Array.of(0x17, 1, 0, 0, 0), inter]));
    expect(demux([configTag(CONFIG), tag])).toContainEqual(expect.objectContaining({ kind: 'video', isKey: false }));
  });

  test('frames before their configuration are dropped; sound and picture share one clock', () => {
    const events = demux([
      frameTag(0, true),
      audioTag(0, 0xaf, 1, 1),
      configTag(CONFIG),
      AAC_CONFIG_TAG,
      frameTag(0xffff_ff00, true),
      audioTag(0x20, 0xaf, 1, 7),
    ]);
    expect(timesOf(events)).toEqual([0xffff_ff00, 0x1_0000_0020]);
  });

  test('[RI5] an AAC no browser plays is named', () => {
    expect(demux([audioTag(0, 0xaf, 0, 0x09, 0x90)])).toEqual([{ kind: 'unsupported', media: 'audio', codec: 'this kind of AAC' }]);
  });
});
