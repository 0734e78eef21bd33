// The bodies of FLV tags, which are also the audio and video messages of RTMP (Adobe, "Video File Format
// Specification 10.1", annex E.4; Enhanced RTMP v2 for the codecs we refuse by name).

export type FlvTag = {
  readonly kind: 'video' | 'audio';
  /** RTMP's 32-bit decode clock in ms. */
  readonly timestampMs: number;
  readonly body: Uint8Array;
};

export type VideoTag =
  | { readonly kind: 'config'; readonly decoderConfig: Uint8Array }
  /** `data` holds length-prefixed NAL units. */
  | { readonly kind: 'frame'; readonly isKeyFlagged: boolean; readonly compositionMs: number; readonly data: Uint8Array }
  /** Sent at the end, flagged as a key frame, without a picture. */
  | { readonly kind: 'end_of_sequence' }
  | { readonly kind: 'unsupported'; readonly codec: string }
  | { readonly kind: 'ignored' };

export type AudioTag =
  | { readonly kind: 'config'; readonly decoderConfig: Uint8Array }
  | { readonly kind: 'frame'; readonly data: Uint8Array }
  | { readonly kind: 'unsupported'; readonly codec: string }
  | { readonly kind: 'ignored' };

const AVC = 7;
const AAC = 10;
const VIDEO_CODEC_NAMES: Record<number, string> = { 2: 'Sorenson H.263', 3: 'Screen Video', 4: 'VP6', 5: 'VP6', 12: 'HEVC (H.265)' };
const AUDIO_CODEC_NAMES: Record<number, string> = {
  1: 'ADPCM',
  2: 'MP3',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  11: 'Speex',
  14: 'MP3',
};
const FOUR_CC_NAMES: Record<string, string> = {
  hvc1: 'HEVC (H.265)',
  av01: 'AV1',
  vp08: 'VP8',
  vp09: 'VP9',
  avc1: 'H.264 in enhanced RTMP',
  Opus: 'Opus',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
  mp4a: 'AAC in enhanced RTMP',
};

/** Reads the body of a video tag. Never throws; what makes no sense is `ignored`. */
export function readVideoTag(body: Uint8Array): VideoTag {
  const first = body[0];
  if (first === undefined) return { kind: 'ignored' };
  if (first & 0x80) return { kind: 'unsupported', codec: fourCcName(body) };
  const codecId = first & 0x0f;
  if (codecId !== AVC) return { kind: 'unsupported', codec: VIDEO_CODEC_NAMES[codecId] ?? `video codec ${codecId}` };
  const frameType = first >> 4;
  if (frameType === 5 || body.length < 5) return { kind: 'ignored' };
  switch (body[1]) {
    case 0:
      return { kind: 'config', decoderConfig: body.subarray(5) };
    case 1: {
      const compositionMs = (((body[2] ?? 0) << 24) | ((body[3] ?? 0) << 16) | ((body[4] ?? 0) << 8)) >> 8;
      return body.length === 5
        ? { kind: 'ignored' }
        : { kind: 'frame', isKeyFlagged: frameType === 1, compositionMs, data: body.subarray(5) };
    }
    case 2:
      return { kind: 'end_of_sequence' };
    default:
      return { kind: 'ignored' };
  }
}

/** Reads the body of an audio tag. Never throws; what makes no sense is `ignored`. */
export function readAudioTag(body: Uint8Array): AudioTag {
  const first = body[0];
  if (first === undefined) return { kind: 'ignored' };
  const format = first >> 4;
  if (format === 9) return { kind: 'unsupported', codec: fourCcName(body) };
  if (format !== AAC) return { kind: 'unsupported', codec: AUDIO_CODEC_NAMES[format] ?? `audio codec ${format}` };
  if (body.length < 3) return { kind: 'ignored' };
  if (body[1] === 0) return { kind: 'config', decoderConfig: body.subarray(2) };
  return body[1] === 1 ? { kind: 'frame', data: body.subarray(2) } : { kind: 'ignored' };
}

function fourCcName(body: Uint8Array): string {
  const fourCc = String.fromCharCode(...body.subarray(1, 5));
  return FOUR_CC_NAMES[fourCc] ?? 'a codec of enhanced RTMP';
}
