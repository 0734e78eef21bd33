// One picture after another out of a stream of JPEGs. Between start and end of image the end marker never occurs: in
// coded data 0xff is followed by 0x00 or a restart marker (ITU-T T.81, B.1.1.5), and ffmpeg's have no thumbnails inside.

/** A picture larger than this is none of ours. */
const MAX_JPEG_BYTES = 16 * 1024 * 1024;

export function createJpegSplitter(onJpeg: (jpeg: Uint8Array) => void): { push(chunk: Uint8Array): void } {
  let kept: Uint8Array = new Uint8Array(0);
  let looked = 0;
  return {
    push(chunk) {
      const bytes = new Uint8Array(kept.length + chunk.length);
      bytes.set(kept);
      bytes.set(chunk, kept.length);
      let start = 0;
      for (let at = Math.max(1, looked); at < bytes.length; at += 1) {
        if (bytes[at] !== 0xd9 || bytes[at - 1] !== 0xff) continue;
        onJpeg(bytes.slice(start, at + 1));
        start = at + 1;
      }
      kept = bytes.slice(start);
      looked = kept.length;
      if (kept.length > MAX_JPEG_BYTES) throw new RangeError('a picture without an end');
    },
  };
}
