// Reads back what the packager and its tests must know of a fragment: decode time and samples. Not a demuxer for
// foreign files.
import { createByteReader, OutOfBytes } from '../bytes/byte-reader.ts';
import { type AacConfig, readAacConfig } from '../flv/aac.ts';
import { type AvcConfig, readAvcConfig } from '../flv/avc.ts';

export type ReadSample = {
  readonly decodeTimeTicks: number;
  readonly durationTicks: number;
  readonly compositionOffsetTicks: number;
  readonly isSync: boolean;
  readonly data: Uint8Array;
};

export type Mp4Box = { readonly type: string; readonly startByte: number; readonly body: Uint8Array };

/** The boxes at the top of `bytes`, in order. Throws when sizes do not add up. */
export function readBoxes(bytes: Uint8Array): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const reader = createByteReader(bytes.subarray(at));
    const sizeBytes = reader.u32();
    const type = String.fromCharCode(...reader.bytes(4));
    if (sizeBytes < 8 || at + sizeBytes > bytes.length) throw new RangeError(`box ${type} at ${at} has a size of ${sizeBytes}`);
    boxes.push({ type, startByte: at, body: bytes.subarray(at + 8, at + sizeBytes) });
    at += sizeBytes;
  }
  return boxes;
}

/** The samples of one `moof` + `mdat` as our writer makes them. */
export function readFragment(bytes: Uint8Array): { sequenceNumber: number; samples: ReadSample[] } {
  const find = (boxes: Mp4Box[], type: string): Mp4Box => {
    const found = boxes.find((box) => box.type === type);
    if (!found) throw new RangeError(`no ${type}`);
    return found;
  };
  const top = readBoxes(bytes);
  const moof = find(top, 'moof');
  const inMoof = readBoxes(moof.body);
  const inTraf = readBoxes(find(inMoof, 'traf').body);
  const sequenceNumber = createByteReader(find(inMoof, 'mfhd').body.subarray(4)).u32();
  let decodeTimeTicks = createByteReader(find(inTraf, 'tfdt').body.subarray(4)).u64();
  const trun = createByteReader(find(inTraf, 'trun').body.subarray(4));
  const count = trun.u32();
  let dataAt = moof.startByte + trun.i32();
  const samples: ReadSample[] = [];
  for (let index = 0; index < count; index += 1) {
    const durationTicks = trun.u32();
    const sizeBytes = trun.u32();
    const isSync = (trun.u32() & 0x1_0000) === 0;
    const compositionOffsetTicks = trun.i32();
    samples.push({ decodeTimeTicks, durationTicks, compositionOffsetTicks, isSync, data: bytes.subarray(dataAt, dataAt + sizeBytes) });
    decodeTimeTicks += durationTicks;
    dataAt += sizeBytes;
  }
  return { sequenceNumber, samples };
}

/** The decoder configuration in an init section of ours; null for anything else. */
export function readInitConfig(init: Uint8Array): AvcConfig | AacConfig | null {
  try {
    const step = (boxes: Mp4Box[], type: string): Uint8Array => {
      const found = boxes.find((box) => box.type === type);
      if (!found) throw new RangeError(`no ${type}`);
      return found.body;
    };
    let body = step(readBoxes(init), 'moov');
    for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsd']) body = step(readBoxes(body), type);
    // stsd: version, flags, count; one sample entry.
    const [entry] = readBoxes(body.subarray(8));
    // ISO 14496-12, 12.1.3: 78 bytes of a visual sample entry; 12.2.3: 28 of an audio one.
    if (entry?.type === 'avc1') return readAvcConfig(step(readBoxes(entry.body.subarray(78)), 'avcC'));
    if (entry?.type !== 'mp4a') return null;
    const esds = step(readBoxes(entry.body.subarray(28)), 'esds');
    const specific = decoderSpecificInfo(esds.subarray(4));
    return specific ? readAacConfig(specific) : null;
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof OutOfBytes) return null;
    throw cause;
  }
}

/** ISO 14496-1, 7.2.6: ES descriptor (3), decoder configuration (4), decoder specific info (5), each with its size. */
function decoderSpecificInfo(descriptors: Uint8Array): Uint8Array | null {
  for (let at = 0; at + 2 <= descriptors.length; ) {
    const tag = descriptors[at++];
    let size = 0;
    for (let more = true; more && at < descriptors.length; ) {
      const byte = descriptors[at++] as number;
      size = size * 128 + (byte & 0x7f);
      more = (byte & 0x80) !== 0;
    }
    if (tag === 5) return descriptors.subarray(at, at + size);
    // Its own fields, then the descriptors inside.
    if (tag === 3) at += 3;
    else if (tag === 4) at += 13;
    else at += size;
  }
  return null;
}
