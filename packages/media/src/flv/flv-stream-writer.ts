// The FLV file format as a stream (Adobe, "Video File Format Specification 10.1", annex E.2 to E.4): what ffmpeg reads
// from a pipe. Tag bodies are those of RTMP, so passing a picture on costs a header of 11 bytes and a trailer of 4.
import { createByteWriter } from '../bytes/byte-writer.ts';
import type { AacConfig } from './aac.ts';
import type { AvcConfig } from './avc.ts';
import type { FlvTag } from './flv-tag.ts';

export const AUDIO_TAG = 8;
export const VIDEO_TAG = 9;
export const TAG_HEADER_BYTES = 11;

/** The nine bytes every FLV begins with, and the size of the tag before the first: 0. */
export function flvHeader(tracks: { hasVideo: boolean; hasAudio: boolean }): Uint8Array {
  const flags = (tracks.hasAudio ? 4 : 0) | (tracks.hasVideo ? 1 : 0);
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0);
}

/** One tag with its trailer. The time is written as it is, 32 bits; ffmpeg's own muxer knows 31 of them. */
export function flvTagBytes(tag: FlvTag): Uint8Array {
  const writer = createByteWriter(TAG_HEADER_BYTES + tag.body.length + 4);
  writer.u8(tag.kind === 'video' ? VIDEO_TAG : AUDIO_TAG);
  writer.u24(tag.body.length);
  writer.u24(tag.timestampMs & 0xffffff);
  writer.u8((tag.timestampMs >>> 24) & 0xff);
  writer.u24(0);
  writer.bytes(tag.body);
  writer.u32(TAG_HEADER_BYTES + tag.body.length);
  return writer.finish();
}

export const avcConfigTag = (timestampMs: number, config: AvcConfig): FlvTag =>
  tagOf('video', timestampMs, [0x17, 0, 0, 0, 0], config.decoderConfig);

export const avcFrameTag = (
  timestampMs: number,
  frame: { readonly isKey: boolean; readonly compositionMs: number; readonly data: Uint8Array },
): FlvTag => {
  const { compositionMs: offset } = frame;
  return tagOf('video', timestampMs, [frame.isKey ? 0x17 : 0x27, 1, (offset >> 16) & 255, (offset >> 8) & 255, offset & 255], frame.data);
};

/** FLV's rate and channel bits are fixed for AAC (E.4.2.1): readers take them from the configuration. */
export const aacConfigTag = (timestampMs: number, config: AacConfig): FlvTag =>
  tagOf('audio', timestampMs, [0xaf, 0], config.decoderConfig);

export const aacFrameTag = (timestampMs: number, data: Uint8Array): FlvTag => tagOf('audio', timestampMs, [0xaf, 1], data);

function tagOf(kind: FlvTag['kind'], timestampMs: number, head: readonly number[], data: Uint8Array): FlvTag {
  const body = new Uint8Array(head.length + data.length);
  body.set(head);
  body.set(data, head.length);
  return { kind, timestampMs, body };
}
