/** Appends big-endian numbers and byte runs to a growing buffer. */
export type ByteWriter = {
  readonly lengthBytes: number;
  u8(value: number): void;
  u16(value: number): void;
  u24(value: number): void;
  u32(value: number): void;
  u64(value: number): void;
  i32(value: number): void;
  f64(value: number): void;
  bytes(value: Uint8Array): void;
  ascii(value: string): void;
  /** Overwrites four bytes written before, such as a box size known only at its end. */
  patchU32(atByte: number, value: number): void;
  /** The bytes so far. The writer must not be used after. */
  finish(): Uint8Array;
};

export function createByteWriter(initialBytes = 256): ByteWriter {
  let buffer = new Uint8Array(initialBytes);
  let view = new DataView(buffer.buffer);
  let length = 0;

  const room = (countBytes: number): number => {
    const at = length;
    length += countBytes;
    if (length > buffer.length) {
      const larger = new Uint8Array(Math.max(length, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
      view = new DataView(buffer.buffer);
    }
    return at;
  };

  return {
    get lengthBytes() {
      return length;
    },
    u8(value) {
      const at = room(1);
      buffer[at] = value;
    },
    u16(value) {
      const at = room(2);
      view.setUint16(at, value);
    },
    u24(value) {
      const at = room(3);
      view.setUint16(at, (value >>> 8) & 0xffff);
      view.setUint8(at + 2, value & 0xff);
    },
    u32(value) {
      const at = room(4);
      view.setUint32(at, value);
    },
    u64(value) {
      const at = room(8);
      view.setUint32(at, Math.floor(value / 2 ** 32));
      view.setUint32(at + 4, value >>> 0);
    },
    i32(value) {
      const at = room(4);
      view.setInt32(at, value);
    },
    f64(value) {
      const at = room(8);
      view.setFloat64(at, value);
    },
    bytes(value) {
      const at = room(value.length);
      buffer.set(value, at);
    },
    ascii(value) {
      const at = room(value.length);
      for (let index = 0; index < value.length; index += 1) buffer[at + index] = value.charCodeAt(index) & 0x7f;
    },
    patchU32(atByte, value) {
      view.setUint32(atByte, value);
    },
    finish: () => buffer.subarray(0, length),
  };
}

/** Joins byte runs into one. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
