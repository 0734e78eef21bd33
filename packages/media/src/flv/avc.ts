// H.264 as FLV and MP4 carry it: the decoder configuration record (ISO 14496-15, 5.3.3.1) and what a player must
// know of the sequence parameter set (ITU-T H.264, 7.3.2.1.1).
import { createByteReader, OutOfBytes } from '../bytes/byte-reader.ts';
import { concatBytes, isSameBytes } from '../bytes/byte-writer.ts';

export type AvcConfig = {
  readonly codec: 'avc';
  /** The whole record; goes into `avcC` untouched. */
  readonly decoderConfig: Uint8Array;
  /** RFC 6381, such as `avc1.64001f`. */
  readonly codecString: string;
  readonly nalLengthBytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
};

const IDR = 5;
const SPS = 7;
const PPS = 8;
/** Profiles with chroma and scaling fields, 7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Reads a decoder configuration record; null when it is malformed or without a usable SPS. */
export function readAvcConfig(record: Uint8Array): AvcConfig | null {
  try {
    const reader = createByteReader(record);
    if (reader.u8() !== 1) return null;
    const profile = reader.u8();
    const compatibility = reader.u8();
    const level = reader.u8();
    const nalLengthBytes = (reader.u8() & 3) + 1;
    const spsCount = reader.u8() & 0x1f;
    if (nalLengthBytes === 3 || spsCount < 1) return null;
    const size = readSpsSize(reader.bytes(reader.u16()));
    if (!size) return null;
    const hex = (value: number) => value.toString(16).padStart(2, '0');
    return {
      codec: 'avc',
      decoderConfig: record.slice(),
      codecString: `avc1.${hex(profile)}${hex(compatibility)}${hex(level)}`,
      nalLengthBytes,
      ...size,
    };
  } catch (cause) {
    if (cause instanceof OutOfBytes) return null;
    throw cause;
  }
}

/** Whether a sample (length-prefixed NAL units) holds an IDR slice. False for malformed samples. */
export function hasIdrSlice(sample: Uint8Array, nalLengthBytes: number): boolean {
  for (let at = 0; at + nalLengthBytes < sample.length; ) {
    let lengthBytes = 0;
    for (let index = 0; index < nalLengthBytes; index += 1) lengthBytes = lengthBytes * 256 + (sample[at + index] ?? 0);
    at += nalLengthBytes;
    if (((sample[at] ?? 0) & 0x1f) === IDR) return true;
    at += lengthBytes;
  }
  return false;
}

/**
 * Whether no other picture is predicted from this sample: every slice in it has `nal_ref_idc` 0 (7.4.1). Leaving it out
 * costs one picture and nothing else. False for malformed samples and for those without a slice.
 */
export function isDisposablePicture(sample: Uint8Array, nalLengthBytes: number): boolean {
  let sliceCount = 0;
  for (let at = 0; at + nalLengthBytes < sample.length; ) {
    let lengthBytes = 0;
    for (let index = 0; index < nalLengthBytes; index += 1) lengthBytes = lengthBytes * 256 + (sample[at + index] ?? 0);
    at += nalLengthBytes;
    const first = sample[at] ?? 0;
    const isSlice = (first & 0x1f) >= 1 && (first & 0x1f) <= IDR;
    if (isSlice && (first & 0x60) !== 0) return false;
    if (isSlice) sliceCount += 1;
    at += lengthBytes;
  }
  return sliceCount > 0;
}

/**
 * The configuration a sample brings along when it holds parameter sets of its own that differ from `config`; null when it
 * does not. Sample entries of type `avc1` forbid that (ISO 14496-15, 5.4.2.1), encoders that change size do it all the same.
 */
export function readInBandConfig(sample: Uint8Array, config: AvcConfig): AvcConfig | null {
  const { nalLengthBytes } = config;
  let sps: Uint8Array | null = null;
  let pps: Uint8Array | null = null;
  for (let at = 0; at + nalLengthBytes < sample.length; ) {
    let lengthBytes = 0;
    for (let index = 0; index < nalLengthBytes; index += 1) lengthBytes = lengthBytes * 256 + (sample[at + index] ?? 0);
    at += nalLengthBytes;
    const type = (sample[at] ?? 0) & 0x1f;
    // Parameter sets stand before the picture.
    if (type === IDR || lengthBytes === 0) break;
    if (at + lengthBytes > sample.length) return null;
    if (type === SPS) sps ??= sample.subarray(at, at + lengthBytes);
    if (type === PPS) pps ??= sample.subarray(at, at + lengthBytes);
    at += lengthBytes;
  }
  if (!sps || !pps || sps.length < 4 || sps.length > 0xffff || pps.length > 0xffff) return null;
  const record = concatBytes([
    Uint8Array.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xfc | (nalLengthBytes - 1), 0xe1, sps.length >> 8, sps.length & 0xff),
    sps,
    Uint8Array.of(1, pps.length >> 8, pps.length & 0xff),
    pps,
  ]);
  const known = parameterSetsOf(config.decoderConfig);
  if (known && isSameBytes(known, parameterSetsOf(record) ?? record)) return null;
  return readAvcConfig(record);
}

/** First SPS and first PPS of a record, one after the other; null when there are none. */
function parameterSetsOf(record: Uint8Array): Uint8Array | null {
  try {
    const reader = createByteReader(record);
    reader.skip(5);
    const spsCount = reader.u8() & 0x1f;
    const sets = Array.from({ length: spsCount }, () => reader.bytes(reader.u16()));
    const ppsCount = reader.u8();
    const [pps] = Array.from({ length: ppsCount }, () => reader.bytes(reader.u16()));
    return sets[0] && pps ? concatBytes([sets[0], pps]) : null;
  } catch (cause) {
    if (cause instanceof OutOfBytes) return null;
    throw cause;
  }
}

function readSpsSize(nal: Uint8Array): { widthPx: number; heightPx: number } | null {
  if (((nal[0] ?? 0) & 0x1f) !== 7) return null;
  const bits = createBitReader(withoutEmulationPrevention(nal.subarray(1)));
  const profile = bits.take(8);
  bits.take(16);
  bits.unsigned();
  let chromaFormat = 1;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = bits.unsigned();
    if (chromaFormat === 3) bits.take(1);
    bits.unsigned();
    bits.unsigned();
    bits.take(1);
    if (bits.take(1)) {
      for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list += 1) if (bits.take(1)) skipScalingList(bits, list < 6 ? 16 : 64);
    }
  }
  bits.unsigned();
  const orderCountType = bits.unsigned();
  if (orderCountType === 0) bits.unsigned();
  else if (orderCountType === 1) {
    bits.take(1);
    bits.signed();
    bits.signed();
    const cycleCount = bits.unsigned();
    if (cycleCount > 255) return null;
    for (let index = 0; index < cycleCount; index += 1) bits.signed();
  }
  bits.unsigned();
  bits.take(1);
  const widthMacroblocks = bits.unsigned() + 1;
  const heightMapUnits = bits.unsigned() + 1;
  const isFrameOnly = bits.take(1);
  if (!isFrameOnly) bits.take(1);
  bits.take(1);
  let cropX = 0;
  let cropY = 0;
  if (bits.take(1)) {
    const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
    const unitY = (chromaFormat === 1 ? 2 : 1) * (isFrameOnly ? 1 : 2);
    cropX = (bits.unsigned() + bits.unsigned()) * unitX;
    cropY = (bits.unsigned() + bits.unsigned()) * unitY;
  }
  const widthPx = widthMacroblocks * 16 - cropX;
  const heightPx = heightMapUnits * 16 * (isFrameOnly ? 1 : 2) - cropY;
  const isSane = widthPx > 0 && heightPx > 0 && widthPx <= 16_384 && heightPx <= 16_384;
  return isSane ? { widthPx, heightPx } : null;
}

type BitReader = { take(countBits: number): number; unsigned(): number; signed(): number };

function createBitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  const bit = (): number => {
    const byte = bytes[at >> 3];
    if (byte === undefined) throw new OutOfBytes();
    const value = (byte >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const take = (countBits: number): number => {
    let value = 0;
    for (let index = 0; index < countBits; index += 1) value = value * 2 + bit();
    return value;
  };
  /** Exp-Golomb, 9.1. */
  const unsigned = (): number => {
    let zeroCount = 0;
    while (bit() === 0) {
      zeroCount += 1;
      if (zeroCount > 32) throw new OutOfBytes();
    }
    return 2 ** zeroCount - 1 + take(zeroCount);
  };
  const signed = (): number => {
    const code = unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  };
  return { take, unsigned, signed };
}

function skipScalingList(bits: BitReader, sizeCount: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < sizeCount; index += 1) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** 7.4.1: `00 00 03` stands for `00 00`. */
function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] === 3 && index >= 2 && bytes[index - 1] === 0 && bytes[index - 2] === 0) continue;
    kept.push(bytes[index] ?? 0);
  }
  return Uint8Array.from(kept);
}
