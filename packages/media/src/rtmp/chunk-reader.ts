// Chunks in, messages out (RTMP 1.0 section 5.3). Bytes may be split anywhere. What a stranger can make us hold is
// capped: message length, chunk streams, and bytes of unfinished messages; memory grows with bytes that really
// came, not with the length a header claims.
import { INITIAL_CHUNK_BYTES, MESSAGE_TYPE, type RtmpMessage } from './message.ts';

export type ChunkFault =
  | 'message_too_large'
  | 'too_many_chunk_streams'
  | 'too_much_unfinished'
  | 'chunk_size_invalid'
  | 'header_without_predecessor'
  | 'message_interrupted'
  | 'control_message_malformed';

export const CHUNK_LIMITS = {
  /** One coded picture. A 1080p key frame at 6 Mbit/s has 0.1 to 0.5 MB. */
  messageBytes: 4 * 1024 * 1024,
  unfinishedBytes: 8 * 1024 * 1024,
  chunkStreamCount: 32,
  chunkBytes: 0xff_ffff,
} as const;

type ChunkStream = {
  timestampMs: number;
  /** What a type 3 header that begins a message adds to the clock. */
  deltaMs: number;
  lengthBytes: number;
  typeId: number;
  messageStreamId: number;
  hasExtendedTimestamp: boolean;
  /** Grows with the bytes received: doubling, never beyond the announced length. */
  buffer: Uint8Array;
  receivedBytes: number;
  /** The longest message that came whole: the next buffer is made for one as long. */
  longestBytes: number;
};

/** Most messages (sound, small pictures) fit at once. */
const FIRST_BUFFER_BYTES = 16 * 1024;
/** A buffer made beforehand is no larger: all chunk streams together stay within `unfinishedBytes`. */
const MAX_FIRST_BUFFER_BYTES = CHUNK_LIMITS.unfinishedBytes / CHUNK_LIMITS.chunkStreamCount;
const EMPTY = new Uint8Array(0);
const MESSAGE_HEADER_BYTES = [11, 7, 3, 0] as const;

export type ChunkReader = {
  /** Hands each finished message to `onMessage`, in order. A fault is final: feed nothing after it. */
  push(bytes: Uint8Array, onMessage: (message: RtmpMessage) => void): ChunkFault | null;
  /** Lowers or raises the cap on one message; before a key is checked little is needed. */
  limitMessageBytes(maxBytes: number): void;
};

export function createChunkReader(): ChunkReader {
  const streams = new Map<number, ChunkStream>();
  const header = new Uint8Array(18);
  let headerBytes = 0;
  let chunkBytes = INITIAL_CHUNK_BYTES;
  let maxMessageBytes: number = CHUNK_LIMITS.messageBytes;
  let unfinishedBytes = 0;
  /** The stream whose chunk payload is being read, and how much of that chunk is to come. */
  let current: { id: number; stream: ChunkStream; leftBytes: number } | null = null;

  /** How long the header is, judged by the bytes of it we have. */
  function wantedHeaderBytes(): number {
    if (headerBytes < 1) return 1;
    const basic = basicHeaderBytes(header);
    if (headerBytes < basic) return basic;
    const fmt = (header[0] ?? 0) >> 6;
    const withMessage = basic + (MESSAGE_HEADER_BYTES[fmt] ?? 0);
    if (headerBytes < withMessage) return withMessage;
    const isExtended = fmt === 3 ? streams.get(chunkStreamId(header))?.hasExtendedTimestamp === true : u24(header, basic) === 0xff_ffff;
    return withMessage + (isExtended ? 4 : 0);
  }

  function beginChunk(): ChunkFault | null {
    const id = chunkStreamId(header);
    const basic = basicHeaderBytes(header);
    const fmt = (header[0] ?? 0) >> 6;
    let stream = streams.get(id);
    if (!stream) {
      if (fmt !== 0) return 'header_without_predecessor';
      if (streams.size >= CHUNK_LIMITS.chunkStreamCount) return 'too_many_chunk_streams';
      stream = {
        timestampMs: 0,
        deltaMs: 0,
        lengthBytes: 0,
        typeId: 0,
        messageStreamId: 0,
        hasExtendedTimestamp: false,
        buffer: EMPTY,
        receivedBytes: 0,
        longestBytes: FIRST_BUFFER_BYTES,
      };
      streams.set(id, stream);
    }
    const isNewMessage = stream.receivedBytes === 0;
    if (!isNewMessage && fmt !== 3) return 'message_interrupted';
    if (fmt < 3) {
      const field = u24(header, basic);
      stream.hasExtendedTimestamp = field === 0xff_ffff;
      const time = stream.hasExtendedTimestamp ? u32(header, basic + (MESSAGE_HEADER_BYTES[fmt] ?? 0)) : field;
      stream.deltaMs = time;
      if (fmt <= 1) {
        stream.lengthBytes = u24(header, basic + 3);
        stream.typeId = header[basic + 6] ?? 0;
      }
      if (fmt === 0) {
        stream.messageStreamId =
          (header[basic + 7] ?? 0) | ((header[basic + 8] ?? 0) << 8) | ((header[basic + 9] ?? 0) << 16) | ((header[basic + 10] ?? 0) << 24);
        stream.timestampMs = time;
      } else stream.timestampMs = (stream.timestampMs + time) >>> 0;
    } else if (isNewMessage) {
      // 5.3.1.2.4: the last delta again; after a type 0 chunk its timestamp counts as the delta.
      stream.timestampMs = (stream.timestampMs + stream.deltaMs) >>> 0;
    }
    if (stream.lengthBytes > maxMessageBytes) return 'message_too_large';
    current = { id, stream, leftBytes: Math.min(chunkBytes, stream.lengthBytes - stream.receivedBytes) };
    return null;
  }

  function finishMessage(id: number, stream: ChunkStream, onMessage: (message: RtmpMessage) => void): ChunkFault | null {
    const payload = stream.buffer.subarray(0, stream.lengthBytes);
    unfinishedBytes -= stream.receivedBytes;
    stream.buffer = EMPTY;
    stream.receivedBytes = 0;
    stream.longestBytes = Math.min(MAX_FIRST_BUFFER_BYTES, Math.max(stream.longestBytes, stream.lengthBytes));
    if (stream.typeId === MESSAGE_TYPE.setChunkSize) {
      if (payload.length < 4) return 'control_message_malformed';
      const size = u32(payload, 0);
      if (size < 1 || size > 0x7fff_ffff) return 'chunk_size_invalid';
      chunkBytes = Math.min(size, CHUNK_LIMITS.chunkBytes);
      return null;
    }
    if (stream.typeId === MESSAGE_TYPE.abort) {
      if (payload.length < 4) return 'control_message_malformed';
      const aborted = streams.get(u32(payload, 0));
      if (aborted) {
        unfinishedBytes -= aborted.receivedBytes;
        aborted.buffer = EMPTY;
        aborted.receivedBytes = 0;
      }
      return null;
    }
    onMessage({
      chunkStreamId: id,
      typeId: stream.typeId,
      messageStreamId: stream.messageStreamId,
      timestampMs: stream.timestampMs,
      payload,
    });
    return null;
  }

  return {
    limitMessageBytes(maxBytes) {
      maxMessageBytes = Math.min(maxBytes, CHUNK_LIMITS.messageBytes);
    },
    push(bytes, onMessage) {
      let at = 0;
      for (;;) {
        if (!current) {
          const wanted = wantedHeaderBytes();
          if (headerBytes < wanted) {
            if (at >= bytes.length) return null;
            header[headerBytes] = bytes[at] ?? 0;
            headerBytes += 1;
            at += 1;
            continue;
          }
          const fault = beginChunk();
          headerBytes = 0;
          if (fault) return fault;
          continue;
        }
        const { id, stream, leftBytes } = current as { id: number; stream: ChunkStream; leftBytes: number };
        const takeBytes = Math.min(leftBytes, bytes.length - at);
        if (takeBytes > 0) {
          unfinishedBytes += takeBytes;
          if (unfinishedBytes > CHUNK_LIMITS.unfinishedBytes) return 'too_much_unfinished';
          append(stream, bytes.subarray(at, at + takeBytes));
          current.leftBytes -= takeBytes;
          at += takeBytes;
        }
        if (current.leftBytes > 0) return null;
        current = null;
        if (stream.receivedBytes === stream.lengthBytes) {
          const fault = finishMessage(id, stream, onMessage);
          if (fault) return fault;
        }
      }
    },
  };
}

function append(stream: ChunkStream, bytes: Uint8Array): void {
  const neededBytes = stream.receivedBytes + bytes.length;
  if (neededBytes > stream.buffer.length) {
    const larger = new Uint8Array(Math.min(stream.lengthBytes, Math.max(neededBytes, stream.buffer.length * 2, stream.longestBytes)));
    if (stream.receivedBytes > 0) larger.set(stream.buffer.subarray(0, stream.receivedBytes));
    stream.buffer = larger;
  }
  stream.buffer.set(bytes, stream.receivedBytes);
  stream.receivedBytes = neededBytes;
}

function basicHeaderBytes(header: Uint8Array): number {
  const low = (header[0] ?? 0) & 0x3f;
  return low === 0 ? 2 : low === 1 ? 3 : 1;
}

function chunkStreamId(header: Uint8Array): number {
  const low = (header[0] ?? 0) & 0x3f;
  if (low === 0) return 64 + (header[1] ?? 0);
  if (low === 1) return 64 + (header[1] ?? 0) + (header[2] ?? 0) * 256;
  return low;
}

function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return (u24(bytes, at) * 256 + (bytes[at + 3] ?? 0)) >>> 0;
}
