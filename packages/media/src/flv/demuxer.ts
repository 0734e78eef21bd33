// FLV tags in, timed samples out: reads configurations, unwraps RTMP's 32-bit clock, and keeps the decode times of
// each track strictly rising. Decode times are the encoder's own; they are never derived from the picture order.
//
// Time faults (media.md 3): a step back of at most JUMP_LIMIT_MS is clamped; a larger step back, or a step ahead of
// more than that, is a `jump`: the owner starts a new period.

import { isSameBytes } from '../bytes/byte-writer.ts';
import { type AacConfig, readAacConfig } from './aac.ts';
import { type AvcConfig, hasIdrSlice, readAvcConfig, readInBandConfig } from './avc.ts';
import { type FlvTag, readAudioTag, readVideoTag } from './flv-tag.ts';

export const JUMP_LIMIT_MS = 1_000;

export type DemuxEvent =
  | { readonly kind: 'video_config'; readonly config: AvcConfig }
  | { readonly kind: 'audio_config'; readonly config: AacConfig }
  | {
      readonly kind: 'video';
      readonly dtsMs: number;
      readonly compositionMs: number;
      readonly isKey: boolean;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'audio'; readonly dtsMs: number; readonly data: Uint8Array }
  /** The encoder's clock made a step of `stepMs` that no player could follow. */
  | { readonly kind: 'jump'; readonly stepMs: number }
  | { readonly kind: 'unsupported'; readonly media: 'video' | 'audio'; readonly codec: string };

export type FlvDemuxer = { push(tag: FlvTag): DemuxEvent[] };

export function createFlvDemuxer(): FlvDemuxer {
  let videoConfig: AvcConfig | null = null;
  let audioConfig: AacConfig | null = null;
  let clock: { rawMs: number; unwrappedMs: number } | null = null;
  let latestMs = Number.NEGATIVE_INFINITY;
  let lastVideoMs = Number.NEGATIVE_INFINITY;
  let lastAudioMs = Number.NEGATIVE_INFINITY;

  /** Turns the 32-bit time of a tag into one that never wraps; pushes a jump when it stepped too far. */
  function unwrap(rawMs: number, events: DemuxEvent[]): number {
    const stepFromLast = clock ? (rawMs - clock.rawMs) | 0 : 0;
    const unwrappedMs = clock ? clock.unwrappedMs + stepFromLast : rawMs;
    clock = { rawMs, unwrappedMs };
    const stepMs = unwrappedMs - latestMs;
    if (Number.isFinite(stepMs) && Math.abs(stepMs) > JUMP_LIMIT_MS) {
      events.push({ kind: 'jump', stepMs });
      lastVideoMs = Number.NEGATIVE_INFINITY;
      lastAudioMs = Number.NEGATIVE_INFINITY;
      latestMs = unwrappedMs;
    }
    latestMs = Math.max(latestMs, unwrappedMs);
    return unwrappedMs;
  }

  function pushVideo(tag: FlvTag, events: DemuxEvent[]): void {
    const video = readVideoTag(tag.body);
    if (video.kind === 'unsupported') events.push({ kind: 'unsupported', media: 'video', codec: video.codec });
    else if (video.kind === 'config') {
      const config = readAvcConfig(video.decoderConfig);
      if (!config) return;
      if (videoConfig && isSameBytes(videoConfig.decoderConfig, config.decoderConfig)) return;
      videoConfig = config;
      events.push({ kind: 'video_config', config });
    } else if (video.kind === 'frame' && videoConfig) {
      // A size changed without a word: the key frame has the new parameter sets in it.
      const inBand = video.isKeyFlagged ? readInBandConfig(video.data, videoConfig) : null;
      if (inBand) {
        videoConfig = inBand;
        events.push({ kind: 'video_config', config: inBand });
      }
      const rawDtsMs = unwrap(tag.timestampMs, events);
      const dtsMs = Math.max(rawDtsMs, lastVideoMs + 1);
      lastVideoMs = dtsMs;
      events.push({
        kind: 'video',
        dtsMs,
        // Presentation time stays where the encoder put it when the decode time was clamped.
        compositionMs: video.compositionMs + rawDtsMs - dtsMs,
        isKey: video.isKeyFlagged && hasIdrSlice(video.data, videoConfig.nalLengthBytes),
        data: video.data,
      });
    }
  }

  function pushAudio(tag: FlvTag, events: DemuxEvent[]): void {
    const audio = readAudioTag(tag.body);
    if (audio.kind === 'unsupported') events.push({ kind: 'unsupported', media: 'audio', codec: audio.codec });
    else if (audio.kind === 'config') {
      const config = readAacConfig(audio.decoderConfig);
      if (!config) {
        events.push({ kind: 'unsupported', media: 'audio', codec: 'this kind of AAC' });
        return;
      }
      if (audioConfig && isSameBytes(audioConfig.decoderConfig, config.decoderConfig)) return;
      audioConfig = config;
      events.push({ kind: 'audio_config', config });
    } else if (audio.kind === 'frame' && audioConfig) {
      const dtsMs = Math.max(unwrap(tag.timestampMs, events), lastAudioMs + 1);
      lastAudioMs = dtsMs;
      events.push({ kind: 'audio', dtsMs, data: audio.data });
    }
  }

  return {
    push(tag) {
      const events: DemuxEvent[] = [];
      if (tag.kind === 'video') pushVideo(tag, events);
      else pushAudio(tag, events);
      return events;
    },
  };
}
