// The FLV file format as a stream (Adobe, "Video File Format Specification 10.1", annex E.2 to E.4): what ffmpeg reads
// from a pipe.
import type { FlvTag } from '@insp/media';

export function flvHeader(hasSound: boolean): Uint8Array {
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, hasSound ? 5 : 1, 0, 0, 0, 9, 0, 0, 0, 0);
}

/** A tag with its trailer. */
export function flvTagBytes({ kind, body }: FlvTag, timeMs: number): Uint8Array {
  const bytes = new Uint8Array(11 + body.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ((kind === 'video' ? 9 : 8) << 24) | body.length);
  view.setUint32(4, ((timeMs & 0xffffff) << 8) | ((timeMs >>> 24) & 0x7f));
  bytes.set(body, 11);
  view.setUint32(11 + body.length, 11 + body.length);
  return bytes;
}
