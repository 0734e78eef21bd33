// Single JPEGs out of a stream of them (ffmpeg's image2pipe). Headers are walked by their lengths, so that bytes in
// tables that look like an end are none; inside the picture FF is always followed by 00 or a restart marker (ISO
// 10918-1, B.1.1.5).
import { concatBytes } from '../bytes/byte-writer.ts';

export const STILL_LIMITS = { jpegBytes: 2 * 1024 * 1024 } as const;

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Reads bytes in pieces of any size. What is no JPEG, or too large a one, is skipped to the next beginning. */
export function createJpegSplitter(
  limits: { readonly jpegBytes: number } = STILL_LIMITS,
): (bytes: Uint8Array, onJpeg: (jpeg: Uint8Array) => void) => void {
  let pending: Uint8Array = new Uint8Array(0);
  /** How far `pending` was looked at, and whether the picture itself has begun. */
  let at = 0;
  let isInScan = false;

  function reset(from: number): void {
    pending = pending.slice(from);
    at = 0;
    isInScan = false;
  }

  /** Goes to where a JPEG begins; false when there is none yet. */
  function findBegin(): boolean {
    if (at > 0) return true;
    let from = 0;
    while (from + 1 < pending.length && !(pending[from] === 0xff && pending[from + 1] === SOI)) from += 1;
    if (from > 0) reset(from);
    if (pending.length < 2) return false;
    at = 2;
    return true;
  }

  return (bytes, onJpeg) => {
    pending = concatBytes([pending, bytes]);
    while (findBegin()) {
      if (at > limits.jpegBytes) {
        reset(at);
        continue;
      }
      const marker = pending[at + 1];
      if (marker === undefined) break;
      if (isInScan) {
        const isMarker = pending[at] === 0xff && marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7);
        if (!isMarker) {
          at += 1;
          continue;
        }
        isInScan = false;
      }
      if (pending[at] !== 0xff) {
        reset(2);
        continue;
      }
      if (marker === EOI) {
        if (at + 2 <= limits.jpegBytes) onJpeg(pending.slice(0, at + 2));
        reset(at + 2);
        continue;
      }
      const lengthBytes = ((pending[at + 2] ?? 0) << 8) | (pending[at + 3] ?? 0);
      if (at + 4 > pending.length) break;
      at += 2 + lengthBytes;
      isInScan = marker === SOS;
    }
  };
}
