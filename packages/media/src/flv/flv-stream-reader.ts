// Reads an FLV stream in pieces of any size: what comes out of ffmpeg's pipes. Script tags are skipped, tags of the two
// kinds we know are handed on. A stream that is none, or a tag beyond the limit, is a fault, and nothing follows it.

import { AUDIO_TAG, TAG_HEADER_BYTES, VIDEO_TAG } from './flv-stream-writer.ts';
import type { FlvTag } from './flv-tag.ts';

export const FLV_LIMITS = {
  /** A key frame of 1080p at 20 Mbit/s is under 1 MB. */
  tagBytes: 8 * 1024 * 1024,
} as const;

export type FlvFault = 'not_flv' | 'tag_too_large';
export type FlvReader = {
  /** Calls `onTag` for each tag that is complete. Bodies may be parts of the input: it is not to be used again. Returns the fault, once there is one. */
  push(bytes: Uint8Array, onTag: (tag: FlvTag) => void): FlvFault | null;
  /** Bytes of a tag that is not complete. */
  readonly pendingBytes: number;
};

const SIGNATURE = [0x46, 0x4c, 0x56];
const TRAILER_BYTES = 4;
const HEADER_BYTES = 9;

export function createFlvReader(limits: { readonly tagBytes: number } = FLV_LIMITS): FlvReader {
  let pieces: Uint8Array[] = [];
  let pendingBytes = 0;
  let neededBytes = HEADER_BYTES + TRAILER_BYTES;
  let isHeaderRead = false;
  let fault: FlvFault | null = null;

  /** All that is pending as one run; joined only when there is enough of it to go on. */
  function joined(): Uint8Array {
    const [first] = pieces;
    if (pieces.length === 1 && first) return first;
    const all = new Uint8Array(pendingBytes);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    pieces = [all];
    return all;
  }

  return {
    get pendingBytes() {
      return pendingBytes;
    },
    push(bytes, onTag) {
      if (fault || bytes.length === 0) return fault;
      pieces.push(bytes);
      pendingBytes += bytes.length;
      if (pendingBytes < neededBytes) return null;
      const all = joined();
      let at = 0;
      const u24 = (from: number) => ((all[from] ?? 0) << 16) | ((all[from + 1] ?? 0) << 8) | (all[from + 2] ?? 0);
      for (;;) {
        const leftBytes = all.length - at;
        if (!isHeaderRead) {
          if (leftBytes < neededBytes) break;
          const headerBytes = u24(at + 6) + (all[at + 5] ?? 0) * 2 ** 24;
          if (SIGNATURE.some((byte, index) => all[at + index] !== byte) || headerBytes !== HEADER_BYTES) {
            fault = 'not_flv';
            break;
          }
          at += neededBytes;
          isHeaderRead = true;
          continue;
        }
        neededBytes = TAG_HEADER_BYTES;
        if (leftBytes < neededBytes) break;
        const bodyBytes = u24(at + 1);
        if (bodyBytes > limits.tagBytes) {
          fault = 'tag_too_large';
          break;
        }
        neededBytes = TAG_HEADER_BYTES + bodyBytes + TRAILER_BYTES;
        if (leftBytes < neededBytes) break;
        const type = (all[at] ?? 0) & 0x1f;
        if (type === VIDEO_TAG || type === AUDIO_TAG) {
          const timestampMs = ((all[at + 7] ?? 0) * 2 ** 24 + u24(at + 4)) >>> 0;
          const from = at + TAG_HEADER_BYTES;
          onTag({ kind: type === VIDEO_TAG ? 'video' : 'audio', timestampMs, body: all.subarray(from, from + bodyBytes) });
        }
        at += neededBytes;
      }
      const rest = all.subarray(at);
      pieces = fault || rest.length === 0 ? [] : [rest];
      pendingBytes = fault ? 0 : rest.length;
      return fault;
    },
  };
}
