// Samples in, segments out: one picture and one sound file per segment, cut IDR to IDR.
//
//   show    a playlist address; media and discontinuity sequence only rise
//   period  what one init section describes: begins with a key frame after an encoder (re)connected, changed its
//           configuration, or jumped in time; every period but the first starts with a discontinuity
//   segment first IDR at least MIN_SEGMENT_MS after the last cut. A picture group longer than the target duration
//           is cut without an IDR (the segment says so), so the target duration is never broken
//
// The target duration is measured on the first segment and then never changes (RFC 8216bis 6.2.1). A picture cut is
// published once the sound up to it is there; sound that is late by more than AUDIO_WAIT_MS is filled with silence,
// and a picture that comes without sound has silence from the start, so every player finds the same two renditions
// whatever the encoder does later.
//
// Media time runs on over periods, so decode times never go back either. Pure: wall times come in as arguments.

import { type AacConfig, SILENT_CONFIG } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import type { BoxSample, BoxWriter } from '../fmp4/box-writer.ts';
import { type AudioTrack, createAudioTrack } from './audio-track.ts';

/** 1 s less what clocks of 29.97 fps and ms rounding take away. */
export const MIN_SEGMENT_MS = 900;
export const MAX_TARGET_DURATION_SEC = 4;
const AUDIO_WAIT_MS = 700;
/** Sound that runs on alone for this long ends the period; it is kept no longer than that. */
const VIDEO_WAIT_MS = 5_000;
const VIDEO_TICKS_PER_MS = 90;
/** Shown when the very last frame of a period has no successor to tell its length. */
const FALLBACK_FRAME_MS = 33;
/** A cut is forced beyond this, whatever the encoder's clock says. */
export const MAX_SEGMENT_BYTES = 24 * 1024 * 1024;

/** What a period's init sections hold; published before its first segment. */
export type Period = {
  readonly discontinuitySequence: number;
  readonly video: AvcConfig;
  readonly audio: AacConfig;
  readonly videoInit: Uint8Array;
  readonly audioInit: Uint8Array;
};

export type SegmentFile = { readonly durationMs: number; readonly bytes: Uint8Array };

export type Segment = {
  readonly mediaSequence: number;
  readonly period: Period;
  /** First of its period, and not the first of all. */
  readonly isDiscontinuity: boolean;
  /** Begins with an IDR. */
  readonly isIndependent: boolean;
  readonly programDateTimeMs: number;
  /** Fixed for the life of the packager. */
  readonly targetDurationSec: number;
  readonly frameCount: number;
  readonly video: SegmentFile;
  readonly audio: SegmentFile;
};

export type Packager = {
  /** A new encoder connection: what is open is closed, and the next key frame begins a period. */
  begin(): Segment[];
  /** Takes one sample or configuration. `arrivedAtMs` is wall time, it anchors EXT-X-PROGRAM-DATE-TIME. */
  push(event: DemuxEvent, arrivedAtMs: number): Segment[];
  /** The connection is gone: closes the open segment. */
  flush(): Segment[];
};

type VideoFrame = { dtsMs: number; compositionMs: number; isKey: boolean; data: Uint8Array };

type OpenPeriod = {
  /** Encoder time of the first key frame, the media time it got, and the wall time it arrived at. */
  originMs: number;
  baseMs: number;
  originWallMs: number;
  videoConfig: AvcConfig;
  audio: AudioTrack | null;
  published: Period | null;
  isFirstEver: boolean;
};

export function createPackager(options: {
  boxWriter: BoxWriter;
  firstMediaSequence: number;
  firstDiscontinuitySequence: number;
}): Packager {
  const { boxWriter } = options;
  let nextMediaSequence = options.firstMediaSequence;
  let nextDiscontinuitySequence = options.firstDiscontinuitySequence;
  let targetDurationSec: number | null = null;
  /** Where the media time of the next period begins. */
  let nextBaseMs = 0;
  let videoConfig: AvcConfig | null = null;
  let audioConfig: AacConfig | null = null;
  /** The open period no longer fits what comes: the next key frame begins another. */
  let isPeriodOver = true;
  let isFirstEver = true;
  let period: OpenPeriod | null = null;
  let frames: VideoFrame[] = [];
  let frameBytes = 0;
  /** Frames of the next segment while sound for the last cut is awaited. */
  let cutAtFrame: number | null = null;

  /** Cut without an IDR from here on. */
  const forcedCutMs = () => (targetDurationSec ?? MAX_TARGET_DURATION_SEC) * 1000 + 350;
  /** EXTINF, rounded, may not exceed the target duration (4.4.3.1); sound may be a frame longer than the picture. */
  const longestSegmentMs = () => (targetDurationSec ?? MAX_TARGET_DURATION_SEC) * 1000 + 450;

  /** Closes the segment that ends before frame `count` of `frames`, at encoder time `endMs`. */
  function close(count: number, endMs: number): Segment[] {
    const open = period as OpenPeriod;
    const taken = frames.slice(0, count);
    frames = frames.slice(count);
    frameBytes = frames.reduce((sum, frame) => sum + frame.data.length, 0);
    cutAtFrame = null;
    const [first] = taken;
    if (!first) return [];
    const toPeriodMs = (encoderMs: number) => encoderMs - open.originMs + open.baseMs;

    open.audio ??= createAudioTrack(audioConfig ?? SILENT_CONFIG, open.baseMs);
    const isDiscontinuity = open.published === null && !open.isFirstEver;
    open.published ??= {
      discontinuitySequence: nextDiscontinuitySequence++,
      video: open.videoConfig,
      audio: open.audio.config,
      videoInit: boxWriter.initSection({ timescaleTicks: VIDEO_TICKS_PER_MS * 1000, config: open.videoConfig }),
      audioInit: boxWriter.initSection({ timescaleTicks: open.audio.config.sampleRateHz, config: open.audio.config }),
    };

    const videoSamples: BoxSample[] = taken.map((frame, index) => ({
      durationTicks: ((taken[index + 1]?.dtsMs ?? endMs) - frame.dtsMs) * VIDEO_TICKS_PER_MS,
      compositionOffsetTicks: frame.compositionMs * VIDEO_TICKS_PER_MS,
      isSync: frame.isKey,
      data: frame.data,
    }));
    const audio = open.audio.cut(toPeriodMs(endMs));
    const audioTicks = audio.samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
    const audioMs = (audioTicks * 1000) / open.audio.config.sampleRateHz;
    const durationMs = endMs - first.dtsMs;
    targetDurationSec ??= Math.min(MAX_TARGET_DURATION_SEC, Math.max(1, Math.round(Math.max(durationMs, audioMs) / 1000)));
    nextBaseMs = Math.ceil(toPeriodMs(endMs) + 100);
    const mediaSequence = nextMediaSequence++;
    const write = (decodeTimeTicks: number, samples: readonly BoxSample[]) =>
      boxWriter.fragment({ sequenceNumber: mediaSequence, decodeTimeTicks, samples });
    return [
      {
        mediaSequence,
        period: open.published,
        isDiscontinuity,
        isIndependent: first.isKey,
        programDateTimeMs: open.originWallMs + first.dtsMs + first.compositionMs - open.originMs,
        targetDurationSec,
        frameCount: taken.length,
        video: { durationMs, bytes: write(toPeriodMs(first.dtsMs) * VIDEO_TICKS_PER_MS, videoSamples) },
        audio: { durationMs: audioMs, bytes: write(audio.decodeTimeTicks, audio.samples) },
      },
    ];
  }

  /** Closes all that is open; the last frame is given the length of the one before. */
  function closeAll(): Segment[] {
    const segments: Segment[] = [];
    if (cutAtFrame !== null) segments.push(...close(cutAtFrame, (frames[cutAtFrame] as VideoFrame).dtsMs));
    const last = frames.at(-1);
    if (last) {
      const before = frames.at(-2);
      const lastFrameMs = before ? last.dtsMs - before.dtsMs : FALLBACK_FRAME_MS;
      const latestEndMs = (frames[0] as VideoFrame).dtsMs + longestSegmentMs();
      segments.push(...close(frames.length, Math.max(last.dtsMs + 1, Math.min(last.dtsMs + lastFrameMs, latestEndMs))));
    }
    period = null;
    return segments;
  }

  function pushVideo(frame: VideoFrame, arrivedAtMs: number): Segment[] {
    const segments: Segment[] = [];
    if (isPeriodOver || !period) {
      if (!frame.isKey || !videoConfig) return [];
      segments.push(...closeAt(frame.dtsMs));
      period = {
        originMs: frame.dtsMs,
        baseMs: nextBaseMs,
        originWallMs: arrivedAtMs,
        videoConfig,
        audio: audioConfig ? createAudioTrack(audioConfig, nextBaseMs) : null,
        published: null,
        isFirstEver,
      };
      isPeriodOver = false;
      isFirstEver = false;
    }
    const start = frames[cutAtFrame ?? 0];
    if (start) {
      const openMs = frame.dtsMs - start.dtsMs;
      if (openMs > longestSegmentMs()) {
        // The encoder left a hole too long for one segment: a new period, at once if this is a key frame.
        segments.push(...closeAll());
        isPeriodOver = true;
        return [...segments, ...pushVideo(frame, arrivedAtMs)];
      }
      const isDue = frame.isKey ? openMs >= MIN_SEGMENT_MS : openMs >= forcedCutMs() || frameBytes > MAX_SEGMENT_BYTES;
      if (isDue) {
        if (cutAtFrame !== null) segments.push(...close(cutAtFrame, (frames[cutAtFrame] as VideoFrame).dtsMs));
        cutAtFrame = frames.length;
      }
    }
    frames.push(frame);
    frameBytes += frame.data.length;
    segments.push(...closeIfSoundIsThere());
    return segments;
  }

  /** Closes what is open of the old period at the first frame of the new one, if its time line still runs on. */
  function closeAt(dtsMs: number): Segment[] {
    const start = frames[cutAtFrame ?? 0];
    const isContinuous = start && dtsMs > (frames.at(-1) as VideoFrame).dtsMs && dtsMs - start.dtsMs <= longestSegmentMs();
    if (!period || !isContinuous) return closeAll();
    const segments = cutAtFrame !== null ? close(cutAtFrame, (frames[cutAtFrame] as VideoFrame).dtsMs) : [];
    segments.push(...close(frames.length, dtsMs));
    period = null;
    return segments;
  }

  function closeIfSoundIsThere(): Segment[] {
    if (cutAtFrame === null || !period) return [];
    const cutMs = (frames[cutAtFrame] as VideoFrame).dtsMs;
    const newestVideoMs = (frames.at(-1) as VideoFrame).dtsMs;
    const isComplete = audioConfig === null || (period.audio !== null && period.audio.newestMs >= cutMs - period.originMs + period.baseMs);
    return isComplete || newestVideoMs - cutMs >= AUDIO_WAIT_MS ? close(cutAtFrame, cutMs) : [];
  }

  return {
    begin() {
      const segments = closeAll();
      isPeriodOver = true;
      videoConfig = null;
      audioConfig = null;
      return segments;
    },
    push(event, arrivedAtMs) {
      switch (event.kind) {
        case 'video_config':
          videoConfig = event.config;
          if (period) isPeriodOver = true;
          return [];
        case 'audio_config':
          audioConfig = event.config;
          // Sound announced before the first cut belongs to the period; later it needs another init section.
          if (period && period.published === null && period.audio === null) period.audio = createAudioTrack(audioConfig, period.baseMs);
          else if (period) isPeriodOver = true;
          return [];
        case 'jump': {
          const segments = closeAll();
          isPeriodOver = true;
          return segments;
        }
        case 'video':
          return pushVideo(event, arrivedAtMs);
        case 'audio': {
          if (!period?.audio || event.dtsMs < period.originMs) return [];
          if (period.audio.config !== audioConfig) return [];
          if (event.dtsMs - (frames.at(-1)?.dtsMs ?? period.originMs) > VIDEO_WAIT_MS) {
            isPeriodOver = true;
            return closeAll();
          }
          period.audio.push(event.dtsMs - period.originMs + period.baseMs, event.data);
          return closeIfSoundIsThere();
        }
        case 'unsupported':
          return [];
      }
    },
    flush() {
      const segments = closeAll();
      isPeriodOver = true;
      return segments;
    },
  };
}
