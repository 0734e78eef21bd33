// What all targets of a broadcast share: the configurations in force and the pictures since the last key frame, cut into
// chunks once. Bounded: a group longer than a second is not kept, whoever comes then begins at the next key frame.
import {
  type AmfObject,
  type ChunkedTag,
  chunkTag,
  type FlvTag,
  readAacConfig,
  readAudioTag,
  readAvcConfig,
  readVideoTag,
  type TagRole,
  tagRole,
} from '@insp/media';

export type RelayTag = ChunkedTag & {
  readonly role: Exclude<TagRole, 'none' | 'config'>;
  /** The encoder's decode time, unwrapped, ms. */
  readonly dtsMs: number;
  /** Rises when the encoder's clock starts anew: another connection, or a jump. */
  readonly epoch: number;
  /** The configuration this tag is decoded with. */
  readonly config: ChunkedTag;
  readonly arrivedAtMs: number;
};

export const RING_LIMITS = {
  /** How far back a target that joins may begin. */
  spanMs: 1_000,
  /** A step of the encoder's clock beyond this begins a new epoch (as the demuxer's). */
  jumpMs: 1_000,
} as const;

export type TagRing = {
  /** A connection of an encoder begins: its clock and its configurations are its own. */
  begin(): void;
  /** Gives the tag as the targets get it; null for what none of them gets. */
  push(tag: FlvTag, arrivedAtMs: number): RelayTag | null;
  /** From the last key frame on, or nothing when that is too far back. */
  recent(): readonly RelayTag[];
  /** What servers like to know beforehand: size and codecs. */
  metadata(): AmfObject;
  readonly sizeBytes: number;
};

export function createTagRing(): TagRing {
  const configs: { video: ChunkedTag | null; audio: ChunkedTag | null } = { video: null, audio: null };
  let nalLengthBytes = 4;
  let lastRawMs: number | null = null;
  /** Runs on over connections and jumps of the encoder, so that what waits can be measured across them. */
  let lastDtsMs = 0;
  let epoch = 0;
  let group: RelayTag[] = [];
  let sizeBytes = 0;
  let described: AmfObject = {};

  function describe({ kind, body }: FlvTag): void {
    const tag = kind === 'video' ? readVideoTag(body) : readAudioTag(body);
    if (tag.kind !== 'config') return;
    if (kind === 'video') {
      const avc = readAvcConfig(tag.decoderConfig);
      nalLengthBytes = avc?.nalLengthBytes ?? 4;
      if (avc !== null) described = { ...described, videocodecid: 7, width: avc.widthPx, height: avc.heightPx };
      return;
    }
    const aac = readAacConfig(tag.decoderConfig);
    if (aac !== null)
      described = {
        ...described,
        audiocodecid: 10,
        audiosamplerate: aac.sampleRateHz,
        audiosamplesize: 16,
        stereo: aac.channelCount === 2,
      };
  }

  function forget(): void {
    group = [];
    sizeBytes = 0;
  }

  function timeOf(rawMs: number): number {
    const stepMs = lastRawMs === null ? 1 : (rawMs - lastRawMs) | 0;
    const isJump = Math.abs(stepMs) > RING_LIMITS.jumpMs;
    if (isJump) {
      epoch += 1;
      forget();
    }
    lastRawMs = rawMs;
    lastDtsMs += isJump ? 1 : stepMs;
    return lastDtsMs;
  }

  return {
    begin() {
      configs.video = null;
      configs.audio = null;
      described = {};
      lastRawMs = null;
      epoch += 1;
      forget();
    },
    push(tag, arrivedAtMs) {
      const role = tagRole(tag, nalLengthBytes);
      if (role === 'none') return null;
      const chunked = chunkTag(tag);
      if (role === 'config') {
        configs[tag.kind] = chunked;
        describe(tag);
        return null;
      }
      const config = configs[tag.kind];
      if (config === null) return null;
      const relayTag: RelayTag = { ...chunked, role, dtsMs: timeOf(tag.timestampMs), epoch, config, arrivedAtMs };
      if (role === 'key') forget();
      const first = group[0];
      if (role === 'key' || first !== undefined) {
        group.push(relayTag);
        sizeBytes += chunked.body.length;
        if (relayTag.dtsMs - (first?.dtsMs ?? relayTag.dtsMs) > RING_LIMITS.spanMs) forget();
      }
      return relayTag;
    },
    recent: () => group,
    metadata: () => described,
    get sizeBytes() {
      return sizeBytes;
    },
  };
}
