// One tag for many receivers. Everything of an RTMP message but its timestamp is the same for all of them, so the body
// is cut into chunks once and shared; each receiver adds a header of 12 bytes (section 5.3.1: a type 0 header, then
// type 3). From 4 h 39 min on a timestamp repeats in every chunk (5.3.1.3), and a message is written for each receiver.
import type { FlvTag } from '../flv/flv-tag.ts';
import { writeMessage } from './chunk-writer.ts';
import { MESSAGE_TYPE } from './message.ts';

export type ChunkedTag = {
  readonly kind: FlvTag['kind'];
  readonly body: Uint8Array;
  /** The body with the type 3 headers in it; made for the first receiver, then shared. */
  readonly chunks: () => Uint8Array;
};

/** What OBS and ffmpeg use or exceed; every server takes it. */
export const TAG_CHUNK_BYTES = 4096;
const CHUNK_STREAM = { audio: 4, video: 6 } as const;
const TYPE = { audio: MESSAGE_TYPE.audio, video: MESSAGE_TYPE.video } as const;
const EXTENDED_FROM_MS = 0xff_ffff;

export function chunkTag(tag: Pick<FlvTag, 'kind' | 'body'>): ChunkedTag {
  const { kind, body } = tag;
  let made: Uint8Array | null = null;
  return { kind, body, chunks: () => (made ??= chunksOf(kind, body)) };
}

function chunksOf(kind: FlvTag['kind'], body: Uint8Array): Uint8Array {
  if (body.length <= TAG_CHUNK_BYTES) return body;
  const chunks = new Uint8Array(body.length + Math.ceil(body.length / TAG_CHUNK_BYTES) - 1);
  let to = 0;
  for (let from = 0; from < body.length; from += TAG_CHUNK_BYTES) {
    if (from > 0) {
      chunks[to] = 0xc0 | CHUNK_STREAM[kind];
      to += 1;
    }
    const piece = body.subarray(from, from + TAG_CHUNK_BYTES);
    chunks.set(piece, to);
    to += piece.length;
  }
  return chunks;
}

/** The bytes of one tag at a time of this receiver, in parts to be sent one after the other; the large one is shared. */
export function tagParts(tag: ChunkedTag, timestampMs: number, messageStreamId: number): readonly Uint8Array[] {
  const { kind, body } = tag;
  if (timestampMs >= EXTENDED_FROM_MS) {
    return [
      writeMessage({ chunkStreamId: CHUNK_STREAM[kind], typeId: TYPE[kind], messageStreamId, timestampMs, payload: body }, TAG_CHUNK_BYTES),
    ];
  }
  const header = new Uint8Array(12);
  header[0] = CHUNK_STREAM[kind];
  setU24(header, 1, timestampMs);
  setU24(header, 4, body.length);
  header[7] = TYPE[kind];
  // The one little-endian number of the protocol.
  for (let index = 0; index < 4; index += 1) header[8 + index] = (messageStreamId >>> (8 * index)) & 0xff;
  return [header, tag.chunks()];
}

function setU24(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >>> 16) & 0xff;
  bytes[at + 1] = (value >>> 8) & 0xff;
  bytes[at + 2] = value & 0xff;
}
