/**
 * Reads big-endian values front to back. Reading past the end throws `OutOfBytes`: parsers of untrusted input
 * catch it at their own border and answer with a refusal.
 */
export type ByteReader = {
  readonly leftBytes: number;
  u8(): number;
  u16(): number;
  u24(): number;
  u32(): number;
  u64(): number;
  i32(): number;
  f64(): number;
  /** A view, not a copy. */
  bytes(countBytes: number): Uint8Array;
  skip(countBytes: number): void;
};

export class OutOfBytes extends Error {
  constructor() {
    super('the input ends too early');
    this.name = 'OutOfBytes';
  }
}

export function createByteReader(input: Uint8Array): ByteReader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  const step = (countBytes: number): number => {
    if (countBytes < 0 || at + countBytes > input.length) throw new OutOfBytes();
    at += countBytes;
    return at - countBytes;
  };
  return {
    get leftBytes() {
      return input.length - at;
    },
    u8: () => view.getUint8(step(1)),
    u16: () => view.getUint16(step(2)),
    u24() {
      const from = step(3);
      return view.getUint16(from) * 256 + view.getUint8(from + 2);
    },
    u32: () => view.getUint32(step(4)),
    u64() {
      const from = step(8);
      return view.getUint32(from) * 2 ** 32 + view.getUint32(from + 4);
    },
    i32: () => view.getInt32(step(4)),
    f64: () => view.getFloat64(step(8)),
    bytes(countBytes) {
      const from = step(countBytes);
      return input.subarray(from, from + countBytes);
    },
    skip(countBytes) {
      step(countBytes);
    },
  };
}
