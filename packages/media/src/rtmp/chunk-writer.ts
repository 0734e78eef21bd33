import { createByteWriter } from '../bytes/byte-writer.ts';
import type { RtmpMessage } from './message.ts';

/** Writes one message as chunks: a type 0 header, then type 3 for the rest. Chunk stream ids 2 to 63 only. */
export function writeMessage(message: RtmpMessage, chunkBytes: number): Uint8Array {
  const { chunkStreamId, payload } = message;
  if (chunkStreamId < 2 || chunkStreamId > 63) throw new RangeError(`chunk stream id ${chunkStreamId} is not one of 2 to 63`);
  const timestampMs = message.timestampMs >>> 0;
  const isExtended = timestampMs >= 0xff_ffff;
  const writer = createByteWriter(payload.length + 32 + 5 * Math.ceil(payload.length / chunkBytes));
  writer.u8(chunkStreamId);
  writer.u24(isExtended ? 0xff_ffff : timestampMs);
  writer.u24(payload.length);
  writer.u8(message.typeId);
  // The one little-endian number of the protocol.
  for (const shift of [0, 8, 16, 24]) writer.u8((message.messageStreamId >>> shift) & 0xff);
  if (isExtended) writer.u32(timestampMs);
  for (let at = 0; at < payload.length; at += chunkBytes) {
    if (at > 0) {
      writer.u8(0xc0 | chunkStreamId);
      if (isExtended) writer.u32(timestampMs);
    }
    writer.bytes(payload.subarray(at, at + chunkBytes));
  }
  return writer.finish();
}
