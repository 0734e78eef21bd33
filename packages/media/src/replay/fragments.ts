// What a replay's jobs do to the bytes of recorded segments: move them in time, and take the first key frame out.
// A segment is one or more `moof` + `mdat` pairs, one for each part.
import type { AvcConfig } from '../flv/avc.ts';
import { readBoxes, readFragment } from '../fmp4/fmp4-reader.ts';

/** Where decode times stand in the bytes of a segment, and what the last sample ends at. Ticks of the track. */
export type FragmentSpan = { readonly startTicks: number; readonly endTicks: number };

/** First and last decode time of a segment. Throws RangeError for bytes our packager did not write. */
export function spanOfSegment(bytes: Uint8Array): FragmentSpan {
  let startTicks: number | null = null;
  let endTicks = 0;
  for (const fragment of fragmentsOf(bytes)) {
    const { samples } = readFragment(fragment);
    startTicks ??= samples[0]?.decodeTimeTicks ?? null;
    const last = samples.at(-1);
    if (last) endTicks = last.decodeTimeTicks + last.durationTicks;
  }
  if (startTicks === null) throw new RangeError('a segment without samples');
  return { startTicks, endTicks };
}

/** The same segment `byTicks` later (or earlier): only `tfdt` changes. */
export function shiftSegment(bytes: Uint8Array, byTicks: number): Uint8Array {
  const shifted = bytes.slice();
  const view = new DataView(shifted.buffer, shifted.byteOffset, shifted.byteLength);
  for (const moof of readBoxes(shifted).filter(({ type }) => type === 'moof')) {
    const moofAt = moof.startByte + 8;
    for (const traf of readBoxes(moof.body).filter(({ type }) => type === 'traf')) {
      const tfdt = readBoxes(traf.body).find(({ type }) => type === 'tfdt');
      if (tfdt?.body[0] !== 1) throw new RangeError('a fragment without a 64-bit decode time');
      const at = moofAt + traf.startByte + 8 + tfdt.startByte + 8 + 4;
      const ticks = view.getBigUint64(at) + BigInt(byTicks);
      if (ticks < 0n) throw new RangeError(`decode time ${ticks} after a shift by ${byTicks}`);
      view.setBigUint64(at, ticks);
    }
  }
  return shifted;
}

/** The first sample of a picture segment as Annex B with its parameter sets, decodable alone; null when it is no IDR. */
export function keyFrameOf(bytes: Uint8Array, config: AvcConfig): Uint8Array | null {
  const [fragment] = fragmentsOf(bytes);
  const sample = fragment ? readFragment(fragment).samples[0] : undefined;
  if (!sample?.isSync) return null;
  const sets = parameterSetsOf(config.decoderConfig);
  return sets === null ? null : joinNals([...sets, ...nalsOf(sample.data, config.nalLengthBytes)]);
}

function fragmentsOf(bytes: Uint8Array): Uint8Array[] {
  const boxes = readBoxes(bytes);
  return boxes.flatMap((box, index) => {
    if (box.type !== 'moof') return [];
    const next = boxes.slice(index + 1).find(({ type }) => type === 'moof');
    return [bytes.subarray(box.startByte, next?.startByte ?? bytes.length)];
  });
}

/** SPS and PPS of a decoder configuration record (ISO 14496-15, 5.3.3.1). */
function parameterSetsOf(record: Uint8Array): Uint8Array[] | null {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at++] ?? 0) & mask;
    for (let index = 0; index < count; index += 1) {
      const size = ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0);
      at += 2;
      if (size === 0 || at + size > record.length) return null;
      sets.push(record.subarray(at, at + size));
      at += size;
    }
  }
  return sets;
}

function nalsOf(sample: Uint8Array, nalLengthBytes: number): Uint8Array[] {
  const nals: Uint8Array[] = [];
  for (let at = 0; at + nalLengthBytes < sample.length; ) {
    let size = 0;
    for (let index = 0; index < nalLengthBytes; index += 1) size = size * 256 + (sample[at + index] ?? 0);
    at += nalLengthBytes;
    nals.push(sample.subarray(at, Math.min(at + size, sample.length)));
    at += size;
  }
  return nals;
}

function joinNals(nals: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(nals.reduce((sum, nal) => sum + nal.length + 4, 0));
  let at = 0;
  for (const nal of nals) {
    joined[at + 3] = 1;
    joined.set(nal, at + 4);
    at += nal.length + 4;
  }
  return joined;
}
