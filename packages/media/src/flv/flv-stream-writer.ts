// The FLV file format as a stream (Adobe, "Video File Format Specification 10.1", annex E.2 to E.4): what ffmpeg reads
// from a pipe. Tag bodies are those of RTMP, so passing a picture on costs a header of 11 bytes and a trailer of 4.
import { concatBytes } from '../bytes/byte-writer.ts';
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

/** A tag whose payload is not copied into its body: a picture goes from the socket it came by to a pipe as it is. */
export type OpenFlvTag = Pick<FlvTag, 'kind' | 'timestampMs'> & {
  /** The first bytes of the body. */
  readonly head: readonly number[];
  /** The rest of it. */
  readonly data: Uint8Array;
};

/** Below this a copy costs less than pieces of their own. */
const COPIED_BYTES = 2_048;
const TRAILER_BYTES = 4;

/** A tag of somebody else, to be written at another time. */
export const tagAt = (timestampMs: number, { kind, body }: FlvTag): OpenFlvTag => ({ kind, timestampMs, head: [], data: body });

/**
 * One tag with its trailer, in the pieces to write one after another. The time is written as it is, 32 bits; ffmpeg's
 * own muxer knows 31 of them.
 */
export function flvTagPieces({ kind, timestampMs, head, data }: OpenFlvTag): readonly Uint8Array[] {
  const bodyBytes = head.length + data.length;
  const isCopied = data.length <= COPIED_BYTES;
  const front = new Uint8Array(TAG_HEADER_BYTES + head.length + (isCopied ? data.length + TRAILER_BYTES : 0));
  front[0] = kind === 'video' ? VIDEO_TAG : AUDIO_TAG;
  setU24(front, 1, bodyBytes);
  setU24(front, 4, timestampMs & 0xffffff);
  front[7] = timestampMs >>> 24;
  front.set(head, TAG_HEADER_BYTES);
  if (!isCopied) return [front, data, setTrailer(new Uint8Array(TRAILER_BYTES), 0, bodyBytes)];
  front.set(data, TAG_HEADER_BYTES + head.length);
  return [setTrailer(front, front.length - TRAILER_BYTES, bodyBytes)];
}

/** The same in one piece. */
export const flvTagBytes = (tag: FlvTag | OpenFlvTag): Uint8Array =>
  concatBytes(flvTagPieces('body' in tag ? tagAt(tag.timestampMs, tag) : tag));

export const avcConfigTag = (timestampMs: number, config: AvcConfig): OpenFlvTag => ({
  kind: 'video',
  timestampMs,
  head: [0x17, 0, 0, 0, 0],
  data: config.decoderConfig,
});

export const avcFrameTag = (
  timestampMs: number,
  frame: { readonly isKey: boolean; readonly compositionMs: number; readonly data: Uint8Array },
): OpenFlvTag => {
  const { compositionMs: offset, data } = frame;
  const head = [frame.isKey ? 0x17 : 0x27, 1, (offset >> 16) & 255, (offset >> 8) & 255, offset & 255];
  return { kind: 'video', timestampMs, head, data };
};

/** FLV's rate and channel bits are fixed for AAC (E.4.2.1): readers take them from the configuration. */
export const aacConfigTag = (timestampMs: number, config: AacConfig): OpenFlvTag => ({
  kind: 'audio',
  timestampMs,
  head: [0xaf, 0],
  data: config.decoderConfig,
});

export const aacFrameTag = (timestampMs: number, data: Uint8Array): OpenFlvTag => ({ kind: 'audio', timestampMs, head: [0xaf, 1], data });

function setU24(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 16;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value;
}

/** The size of the tag before: header and body. */
function setTrailer(bytes: Uint8Array, at: number, bodyBytes: number): Uint8Array {
  bytes[at] = (TAG_HEADER_BYTES + bodyBytes) >>> 24;
  setU24(bytes, at + 1, TAG_HEADER_BYTES + bodyBytes);
  return bytes;
}
