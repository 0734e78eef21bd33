// The picture of the latency harness: 640x360 luma with its own time burned in (media.md 10). The upper 96 rows are 48
// blocks of 40x32 px, white or black: 32 bits of Date.now() mod 2^32, the XOR of its four bytes, and a fixed byte that
// tells a readable frame from a grey one. Below it a texture moves, so that the encoder has something to do.
export const FRAME_SIZE = { widthPx: 640, heightPx: 360, framesPerSec: 30 } as const;
export const CODE_ROWS = 96;
export const BLOCK = { widthPx: 40, heightPx: 32, perRow: 16, count: 48 } as const;
export const FRAME_BYTES = (FRAME_SIZE.widthPx * FRAME_SIZE.heightPx * 3) / 2;
const FIXED_BITS = 0b1010_0101;
/** Video range: full swing survives every conversion on the way. */
const WHITE = 235;
const BLACK = 16;

/** The 48 bits of a time, first block first. */
export function bitsOf(atMs: number): readonly boolean[] {
  const stamp = atMs % 2 ** 32;
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(stamp / 2 ** shift) % 256);
  const checksum = bytes.reduce((sum, byte) => sum ^ byte, 0);
  return [...bytes, checksum, FIXED_BITS].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((byte >> bit) & 1) === 1));
}

/** The time that these blocks show, mod 2^32; null when they are not a time. */
export function stampOf(bits: readonly boolean[]): number | null {
  if (bits.length !== BLOCK.count) return null;
  const bytes = Array.from({ length: 6 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => byte * 2 + (bit ? 1 : 0), 0),
  );
  const [a = 0, b = 0, c = 0, d = 0, checksum, fixed] = bytes;
  if (fixed !== FIXED_BITS || checksum !== (a ^ b ^ c ^ d)) return null;
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

/** Paints frames (planar 4:2:0) into a buffer of its own that is good until the next call. */
export function createFramePainter(seed = 1): (atMs: number, frameNumber: number) => Buffer {
  const { widthPx, heightPx } = FRAME_SIZE;
  const frame = Buffer.alloc(FRAME_BYTES, 128);
  const rows = heightPx - CODE_ROWS;
  // A little larger than what is shown: the window wanders over it.
  const texture = Buffer.alloc((widthPx + 64) * (rows + 64));
  let state = seed;
  for (let index = 0; index < texture.length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const x = index % (widthPx + 64);
    const y = Math.floor(index / (widthPx + 64));
    texture[index] = 110 + 60 * Math.sin(x / 23) * Math.cos(y / 31) + (state >> 24) / 4;
  }
  return (atMs, frameNumber) => {
    for (const [index, bit] of bitsOf(atMs).entries()) {
      const left = (index % BLOCK.perRow) * BLOCK.widthPx;
      const top = Math.floor(index / BLOCK.perRow) * BLOCK.heightPx;
      for (let y = top; y < top + BLOCK.heightPx; y += 1)
        frame.fill(bit ? WHITE : BLACK, y * widthPx + left, y * widthPx + left + BLOCK.widthPx);
    }
    const shiftX = Math.round(32 + 31 * Math.sin(frameNumber / 19));
    const shiftY = Math.round(32 + 31 * Math.cos(frameNumber / 29));
    for (let y = 0; y < rows; y += 1) {
      const from = (y + shiftY) * (widthPx + 64) + shiftX;
      texture.copy(frame, (CODE_ROWS + y) * widthPx, from, from + widthPx);
    }
    return frame;
  };
}
