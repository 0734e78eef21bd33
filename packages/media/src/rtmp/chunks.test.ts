import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../bytes/byte-writer.ts';
import { CHUNK_LIMITS, type ChunkFault, createChunkReader } from './chunk-reader.ts';
import { writeMessage } from './chunk-writer.ts';
import { MESSAGE_TYPE, type RtmpMessage } from './message.ts';

function readAll(pieces: readonly Uint8Array[], reader = createChunkReader()): { messages: RtmpMessage[]; fault: ChunkFault | null } {
  const messages: RtmpMessage[] = [];
  for (const piece of pieces) {
    const fault = reader.push(piece, (message) => messages.push(message));
    if (fault) return { messages, fault };
  }
  return { messages, fault: null };
}

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}

const setChunkSize = (sizeBytes: number) => {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, sizeBytes);
  return writeMessage({ chunkStreamId: 2, typeId: MESSAGE_TYPE.setChunkSize, messageStreamId: 0, timestampMs: 0, payload }, 128);
};

const message = fc.record({
  chunkStreamId: fc.integer({ min: 3, max: 20 }),
  typeId: fc.constantFrom(8, 9, 18, 20),
  messageStreamId: fc.integer({ min: 0, max: 5 }),
  timestampMs: fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0xff_fffe, 0xff_ffff, 0x100_0000, 0xffff_ffff)),
  payload: fc.uint8Array({ maxLength: 700 }),
});

/** Header of type `fmt` on chunk stream 4. */
const type1 = (deltaMs: number, lengthBytes: number, typeId: number) =>
  Uint8Array.of(0x44, deltaMs >> 16, (deltaMs >> 8) & 255, deltaMs & 255, 0, lengthBytes >> 8, lengthBytes & 255, typeId);
const type2 = (deltaMs: number) => Uint8Array.of(0x84, deltaMs >> 16, (deltaMs >> 8) & 255, deltaMs & 255);
const type3 = Uint8Array.of(0xc4);
const video = (payload: Uint8Array, timestampMs = 0) =>
  writeMessage({ chunkStreamId: 4, typeId: MESSAGE_TYPE.video, messageStreamId: 1, timestampMs, payload }, 128);

describe('RTMP chunks', () => {
  test('[RI6] messages survive any chunk size and any split of the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (messages, chunkBytes, cuts) => {
          const bytes = concatBytes([setChunkSize(chunkBytes), ...messages.map((each) => writeMessage(each, chunkBytes))]);
          const read = readAll(splitAt(bytes, cuts));
          expect(read.fault).toBeNull();
          expect(read.messages).toEqual(messages);
        },
      ),
    );
  });

  test('[RI6] a split at every boundary of a message gives the same message', () => {
    const bytes = video(new Uint8Array(300).fill(7), 0x100_0000);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { messages, fault } = readAll([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(fault).toBeNull();
      expect(messages.map((each) => [each.timestampMs, each.payload.length])).toEqual([[0x100_0000, 300]]);
    }
  });

  test('chunks of several messages may take turns', () => {
    const sound = writeMessage(
      { chunkStreamId: 5, typeId: 8, messageStreamId: 1, timestampMs: 4, payload: new Uint8Array(200).fill(8) },
      128,
    );
    const picture = video(new Uint8Array(200).fill(9), 3);
    const first = 12 + 128;
    const { messages } = readAll([picture.subarray(0, first), sound.subarray(0, first), picture.subarray(first), sound.subarray(first)]);
    expect(messages.map((each) => [each.typeId, each.timestampMs, each.payload[199]])).toEqual([
      [9, 3, 9],
      [8, 4, 8],
    ]);
  });

  test('header types 1 to 3 carry deltas on', () => {
    const one = Uint8Array.of(1);
    const { messages } = readAll([video(one, 1_000), type1(40, 1, 9), one, type2(33), one, type3, one]);
    expect(messages.map((each) => each.timestampMs)).toEqual([1_000, 1_040, 1_073, 1_106]);
  });

  test('[RI4] the 32-bit clock wraps', () => {
    const one = Uint8Array.of(1);
    const { messages } = readAll([video(one, 0xffff_fff0), type1(32, 1, 9), one]);
    expect(messages.map((each) => each.timestampMs)).toEqual([0xffff_fff0, 0x10]);
  });

  test('chunk stream ids of two and three bytes are told apart', () => {
    const header = [0, 0, 5, 0, 0, 1, 9, 1, 0, 0, 0];
    const { messages, fault } = readAll([Uint8Array.of(0x00, 10, ...header, 7), Uint8Array.of(0x01, 10, 1, ...header, 8)]);
    expect(fault).toBeNull();
    expect(messages.map((each) => each.chunkStreamId)).toEqual([74, 330]);
  });

  test('abort drops the unfinished message of its chunk stream', () => {
    const begun = video(new Uint8Array(300)).subarray(0, 12 + 128);
    const abort = writeMessage(
      { chunkStreamId: 2, typeId: MESSAGE_TYPE.abort, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(0, 0, 0, 4) },
      128,
    );
    const { messages, fault } = readAll([begun, abort, video(Uint8Array.of(5))]);
    expect(fault).toBeNull();
    expect(messages.map((each) => each.payload.length)).toEqual([1]);
  });

  describe('[RI6] limits', () => {
    const announce = (streamId: number, lengthBytes: number) =>
      Uint8Array.of(streamId, 0, 0, 0, (lengthBytes >> 16) & 255, (lengthBytes >> 8) & 255, lengthBytes & 255, 9, 1, 0, 0, 0);

    test('a message of exactly the limit passes, one byte more is a fault', () => {
      expect(readAll([announce(4, CHUNK_LIMITS.messageBytes)]).fault).toBeNull();
      expect(readAll([announce(4, CHUNK_LIMITS.messageBytes + 1)]).fault).toBe('message_too_large');
    });

    test('the cap on messages can be lowered', () => {
      const reader = createChunkReader();
      reader.limitMessageBytes(100);
      expect(readAll([announce(4, 101)], reader).fault).toBe('message_too_large');
    });

    test('as many chunk streams as the limit pass, one more is a fault', () => {
      const open = Array.from({ length: CHUNK_LIMITS.chunkStreamCount }, (_unused, index) =>
        concatBytes([announce(index + 3, 1), Uint8Array.of(0)]),
      );
      expect(readAll(open).fault).toBeNull();
      expect(readAll([...open, announce(63, 1)]).fault).toBe('too_many_chunk_streams');
    });

    test('three messages that together exceed the cap are a fault', () => {
      const reader = createChunkReader();
      const sizeBytes = 3 * 1024 * 1024;
      readAll([setChunkSize(1_000_000)], reader);
      const pieces = [4, 5, 6].map((id) => announce(id, sizeBytes));
      let fault: ChunkFault | null = null;
      let sentBytes = 0;
      for (let round = 0; round < 3 && !fault; round += 1) {
        for (const [index, id] of [4, 5, 6].entries()) {
          const head = round === 0 ? (pieces[index] as Uint8Array) : Uint8Array.of(0xc0 | id);
          fault = readAll([head, new Uint8Array(1_000_000)], reader).fault;
          sentBytes += 1_000_000;
          if (fault) break;
        }
      }
      expect(fault).toBe('too_much_unfinished');
      expect(sentBytes).toBe(9_000_000);
    });

    test('what is made ready for messages as long as those before stays within the cap, whatever a header claims', () => {
      const reader = createChunkReader();
      const ids = Array.from({ length: CHUNK_LIMITS.chunkStreamCount }, (_, index) => index + 3);
      const payload = new Uint8Array(1024 * 1024);
      const header = { typeId: 9, messageStreamId: 1, timestampMs: 0, payload };
      // All of it is kept, so that nothing is collected between the two looks.
      const whole = ids.map((chunkStreamId) => writeMessage({ ...header, chunkStreamId }, 128));
      const { messages, fault } = readAll(whole, reader);
      expect([messages.length, fault]).toEqual([ids.length, null]);
      const begun = whole.map((bytes) => bytes.subarray(0, 12 + 128));
      const beforeBytes = process.memoryUsage().arrayBuffers;
      expect(readAll(begun, reader).fault).toBeNull();
      expect(process.memoryUsage().arrayBuffers - beforeBytes).toBeLessThanOrEqual(CHUNK_LIMITS.unfinishedBytes + 1024 * 1024);
      expect(messages).toHaveLength(ids.length);
    });

    test('a chunk size of zero or with the sign bit is a fault', () => {
      expect(readAll([setChunkSize(1)]).fault).toBeNull();
      expect(readAll([setChunkSize(0)]).fault).toBe('chunk_size_invalid');
      expect(readAll([setChunkSize(0x8000_0000)]).fault).toBe('chunk_size_invalid');
    });

    test('a header that refers to nothing, or interrupts its own message, is a fault', () => {
      expect(readAll([type3]).fault).toBe('header_without_predecessor');
      const begun = video(new Uint8Array(300)).subarray(0, 12 + 128);
      expect(readAll([begun, video(Uint8Array.of(1))]).fault).toBe('message_interrupted');
    });

    test('a control message without its number is a fault', () => {
      const short = writeMessage(
        { chunkStreamId: 2, typeId: MESSAGE_TYPE.setChunkSize, messageStreamId: 0, timestampMs: 0, payload: Uint8Array.of(1) },
        128,
      );
      expect(readAll([short]).fault).toBe('control_message_malformed');
    });

    test('random bytes give messages or a fault, never a throw', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (pieces) => {
          readAll(pieces);
        }),
        { numRuns: 2_000 },
      );
    });
  });

  test('node-media-server reads what our writer writes, and both readers agree (differential)', () => {
    const require = createRequire(import.meta.url);
    const Rtmp = require('node-media-server/src/protocol/rtmp.js');
    // `data` is their reused buffer, longer than the packet.
    type Packet = { codec_type: number; dts: number; size: number; data: Uint8Array };
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            typeId: fc.constantFrom(8, 9),
            timestampMs: fc.integer({ min: 0, max: 0xffff_fffe }),
            payload: fc.uint8Array({ minLength: 6, maxLength: 900 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.integer({ min: 64, max: 700 }),
        (sent, chunkBytes) => {
          // A plain AAC or AVC tag header: what their parser wants to see.
          const messages = sent.map((each) => {
            const payload = each.payload.slice();
            payload.set(each.typeId === 8 ? [0xaf, 1] : [0x27, 1, 0, 0, 0]);
            return { chunkStreamId: each.typeId === 8 ? 4 : 6, messageStreamId: 1, ...each, payload };
          });
          const bytes = Buffer.from(concatBytes([setChunkSize(chunkBytes), ...messages.map((each) => writeMessage(each, chunkBytes))]));
          const theirs: { typeId: number; timestampMs: number; payload: number[] }[] = [];
          const rtmp = new Rtmp();
          rtmp.onPacketCallback = (packet: Packet) =>
            theirs.push({ typeId: packet.codec_type, timestampMs: packet.dts, payload: [...packet.data.subarray(0, packet.size)] });
          rtmp.parserData(Buffer.concat([Buffer.of(3), Buffer.alloc(1536)]));
          rtmp.parserData(Buffer.alloc(1536));
          rtmp.parserData(bytes);
          const ours = readAll([bytes]).messages.map((each) => ({
            typeId: each.typeId,
            timestampMs: each.timestampMs,
            payload: [...each.payload],
          }));
          expect(ours).toEqual(
            messages.map((each) => ({ typeId: each.typeId, timestampMs: each.timestampMs, payload: [...each.payload] })),
          );
          expect(theirs).toEqual(ours);
        },
      ),
      { numRuns: 50 },
    );
  });
});
