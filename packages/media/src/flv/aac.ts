// AAC as FLV and MP4 carry it: the AudioSpecificConfig (ISO 14496-3, 1.6.2.1), and silence to fill holes with.
export type AacConfig = {
  readonly codec: 'aac';
  /** The whole AudioSpecificConfig; goes into `esds` untouched. */
  readonly decoderConfig: Uint8Array;
  /** RFC 6381, such as `mp4a.40.2`. */
  readonly codecString: string;
  readonly sampleRateHz: number;
  readonly channelCount: number;
};

/** One AAC access unit codes this many samples at the core rate. */
export const AAC_FRAME_TICKS = 1024;

/** The descriptors around it in MP4 have one-byte lengths. Real ones have 2 to 7 bytes. */
const MAX_CONFIG_BYTES = 64;
const LOW_COMPLEXITY = 2;
/** Low complexity, SBR (HE-AAC), PS (HE-AAC v2): what browsers decode. */
const PLAYABLE_OBJECT_TYPES = new Set([LOW_COMPLEXITY, 5, 29]);
const SAMPLE_RATES_HZ = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const CHANNEL_COUNTS = [0, 1, 2, 3, 4, 5, 6, 8];

/** Reads an AudioSpecificConfig; null when malformed or not playable in browsers. */
export function readAacConfig(config: Uint8Array): AacConfig | null {
  let at = 0;
  const take = (countBits: number): number => {
    let value = 0;
    for (let index = 0; index < countBits; index += 1, at += 1) value = value * 2 + (((config[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  let objectType = take(5);
  if (objectType === 31) objectType = 32 + take(6);
  const rateIndex = take(4);
  const sampleRateHz = rateIndex === 15 ? take(24) : SAMPLE_RATES_HZ[rateIndex];
  const channelCount = CHANNEL_COUNTS[take(4)];
  const isRead = at <= config.length * 8 && config.length <= MAX_CONFIG_BYTES;
  if (!isRead || !sampleRateHz || !channelCount || !PLAYABLE_OBJECT_TYPES.has(objectType)) return null;
  return { codec: 'aac', decoderConfig: config.slice(), codecString: `mp4a.40.${objectType}`, sampleRateHz, channelCount };
}

/** Low complexity, 48 kHz, stereo: for a picture that comes without sound. */
export const SILENT_CONFIG: AacConfig = {
  codec: 'aac',
  decoderConfig: Uint8Array.of(0x11, 0x90),
  codecString: 'mp4a.40.2',
  sampleRateHz: 48_000,
  channelCount: 2,
};

/** One access unit of silence, or null for layouts we have none for (more than two channels, HE-AAC). */
export function silentFrame(config: AacConfig): Uint8Array | null {
  if (config.codecString !== 'mp4a.40.2') return null;
  if (config.channelCount === 1) return Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80);
  return config.channelCount === 2 ? Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80) : null;
}
