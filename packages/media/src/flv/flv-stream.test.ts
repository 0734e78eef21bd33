import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { SILENT_CONFIG } from './aac.ts';
import { readAvcConfig } from './avc.ts';
import { createFlvDemuxer } from './demuxer.ts';
import { createFlvReader, FLV_LIMITS } from './flv-stream-reader.ts';
import { aacConfigTag, aacFrameTag, avcConfigTag, avcFrameTag, flvHeader, flvTagBytes, flvTagPieces } from './flv-stream-writer.ts';
import type { FlvTag } from './flv-tag.ts';

const RECORD = Uint8Array.from(
  '0142c014ffe1001a6742c014da05067e7e7c04400000030040000007a3c50aa801000568ce0fcb20'.match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
);
const tagArbitrary = fc.record({
  kind: fc.constantFrom('video' as const, 'audio' as const),
  timestampMs: fc.nat(0xffffffff),
  body: fc.uint8Array({ maxLength: 300 }),
});

function readAll(pieces: readonly Uint8Array[], limits?: { tagBytes: number }) {
  const reader = createFlvReader(limits);
  const tags: FlvTag[] = [];
  let fault: string | null = null;
  for (const piece of pieces) fault = reader.push(piece, (tag) => tags.push(tag));
  return { tags, fault, pendingBytes: reader.pendingBytes };
}

describe('[TR2] FLV as a stream', () => {
  test('any tags, cut anywhere, are read as they were written', () => {
    let multiTagCount = 0;
    fc.assert(
      fc.property(fc.array(tagArbitrary, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (tags, sizes) => {
        const bytes = concatBytes([flvHeader({ hasVideo: true, hasAudio: true }), ...tags.map(flvTagBytes)]);
        const pieces: Uint8Array[] = [];
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        if (tags.length > 1) multiTagCount += 1;
        expect(readAll(pieces)).toEqual({ tags, fault: null, pendingBytes: 0 });
      }),
    );
    expect(multiTagCount).toBeGreaterThan(20);
  });

  test('a tag that came in one piece is not copied', () => {
    const bytes = concatBytes([
      flvHeader({ hasVideo: true, hasAudio: false }),
      flvTagBytes({ kind: 'video', timestampMs: 5, body: Uint8Array.of(7, 8) }),
    ]);
    const [tag] = readAll([bytes]).tags;
    expect(tag?.body).toEqual(Uint8Array.of(7, 8));
    expect(tag?.body.buffer).toBe(bytes.buffer);
  });

  test('a large payload is written as it is, a small one in one piece with its header', () => {
    const large = new Uint8Array(50_000).fill(3);
    const pieces = flvTagPieces(avcFrameTag(70_000_000, { isKey: false, compositionMs: 40, data: large }));
    expect(pieces[1]).toBe(large);
    const [tag] = readAll([flvHeader({ hasVideo: true, hasAudio: false }), ...pieces]).tags;
    expect(tag).toMatchObject({ kind: 'video', timestampMs: 70_000_000 });
    expect(tag?.body).toEqual(concatBytes([Uint8Array.of(0x27, 1, 0, 0, 40), large]));
    expect(flvTagPieces(aacFrameTag(5, new Uint8Array(300)))).toHaveLength(1);
  });

  test('script tags are skipped', () => {
    const script = flvTagBytes({ kind: 'video', timestampMs: 0, body: Uint8Array.of(2, 0, 0) });
    script[0] = 18;
    const video: FlvTag = { kind: 'video', timestampMs: 1, body: Uint8Array.of(1) };
    expect(readAll([flvHeader({ hasVideo: true, hasAudio: false }), script, flvTagBytes(video)]).tags).toEqual([video]);
  });

  test('a stream that is none is a fault, and nothing follows it', () => {
    const reader = createFlvReader();
    expect(
      reader.push(
        Uint8Array.from('RIFF....WAVE.', (char) => char.charCodeAt(0)),
        () => expect.unreachable(),
      ),
    ).toBe('not_flv');
    expect(
      reader.push(
        concatBytes([
          flvHeader({ hasVideo: true, hasAudio: false }),
          flvTagBytes({ kind: 'video', timestampMs: 0, body: Uint8Array.of(1) }),
        ]),
        () => expect.unreachable(),
      ),
    ).toBe('not_flv');
    expect(reader.pendingBytes).toBe(0);
  });

  test('a tag may be as large as the limit and no larger', () => {
    const header = flvHeader({ hasVideo: true, hasAudio: false });
    const tagOf = (sizeBytes: number) => flvTagBytes({ kind: 'video', timestampMs: 0, body: new Uint8Array(sizeBytes) });
    expect(readAll([header, tagOf(100)], { tagBytes: 100 })).toMatchObject({ fault: null, tags: [{ body: { length: 100 } }] });
    expect(readAll([header, tagOf(101)], { tagBytes: 100 })).toMatchObject({ fault: 'tag_too_large', tags: [], pendingBytes: 0 });
    expect(FLV_LIMITS.tagBytes).toBeLessThan(2 ** 24);
  });

  test('tags made of demuxed events are demuxed to the same events', () => {
    const config = readAvcConfig(RECORD);
    if (!config) throw new Error('the record is good');
    const demuxer = createFlvDemuxer();
    const frame = { isKey: true, compositionMs: -33, data: Uint8Array.of(0, 0, 0, 2, 0x65, 1) };
    const inter = { isKey: false, compositionMs: 66, data: Uint8Array.of(0, 0, 0, 2, 0x41, 1) };
    const tags = [
      avcConfigTag(0, config),
      aacConfigTag(0, SILENT_CONFIG),
      avcFrameTag(1_000, frame),
      avcFrameTag(1_033, inter),
      aacFrameTag(1_001, Uint8Array.of(9)),
    ];
    const { tags: read } = readAll([flvHeader({ hasVideo: true, hasAudio: true }), ...tags.map(flvTagBytes)]);
    expect(read.flatMap((tag) => demuxer.push(tag))).toEqual([
      { kind: 'video_config', config },
      { kind: 'audio_config', config: SILENT_CONFIG },
      { kind: 'video', dtsMs: 1_000, ...frame },
      { kind: 'video', dtsMs: 1_033, ...inter },
      { kind: 'audio', dtsMs: 1_001, data: Uint8Array.of(9) },
    ]);
  });
});
