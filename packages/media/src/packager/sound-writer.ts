// The sound of a show, cut where the picture is. A cut waits until the sound up to it is there, at most SOUND_LIMITS
// of picture; what is missing then is silence. A picture that comes without sound has silence from the start, so every
// player finds the same tracks whatever the encoder does later.
import { type AacConfig, SILENT_CONFIG } from '../flv/aac.ts';
import type { BoxWriter } from '../fmp4/box-writer.ts';
import { type AudioTrack, createAudioTrack } from './audio-track.ts';
import type { Cut, DatedCut, GridPeriod } from './part-grid.ts';
import { bytesOfParts, type TrackOutput, type TrackPart, type TrackPeriod } from './track.ts';

export const SOUND_LIMITS = {
  /** A part waits for its sound until the picture is this much further. */
  waitMs: 300,
  /** The same for the first word about sound of a period: encoders begin with the picture. */
  configWaitMs: 600,
} as const;

export type SoundWriter = {
  /** The configuration the open period's sound is written with; null until it is settled. */
  readonly config: AacConfig | null;
  /** Begins the period's sound; null: nothing was announced yet. The period before must be finished. */
  begin(period: GridPeriod, config: AacConfig | null): void;
  /** The encoder announced its sound after the picture began. False: too late, it needs another period. */
  announce(config: AacConfig): boolean;
  push(dtsMs: number, data: Uint8Array): void;
  cut(cut: DatedCut): void;
  /** Writes what is complete or has waited long enough, now that the picture is at `pictureMs`. */
  drain(pictureMs: number): TrackOutput[];
};

export function createSoundWriter(options: { boxWriter: BoxWriter }): SoundWriter {
  const { boxWriter } = options;
  let clock: GridPeriod | null = null;
  let sound: AudioTrack | null = null;
  let period: TrackPeriod | null = null;
  let cuts: DatedCut[] = [];
  let parts: TrackPart[] = [];
  let fragmentCount = 0;
  let frameCount = 0;
  /** Media time the open segment begins at; null before its first frame. */
  let heardFromMs: number | null = null;

  const mediaMs = (at: GridPeriod, encoderMs: number) => encoderMs - at.originMs + at.baseMs;

  function isReady(cut: Cut, pictureMs: number): boolean {
    const lateMs = pictureMs - cut.endMs;
    if (cut.isPeriodEnd || lateMs >= SOUND_LIMITS.configWaitMs) return true;
    if (sound === null) return false;
    if (sound.config === SILENT_CONFIG) return true;
    return sound.newestMs >= mediaMs(cut.period, cut.endMs) || lateMs >= SOUND_LIMITS.waitMs;
  }

  function write(cut: DatedCut): TrackOutput[] {
    const track = sound ?? createAudioTrack(SILENT_CONFIG, cut.period.baseMs);
    sound = track;
    const { config } = track;
    const { discontinuitySequence, originMs, baseMs } = cut.period;
    const dateOf = (atMs: number) => cut.programOffsetMs + atMs - baseMs + originMs;
    period ??= {
      track: 'audio',
      discontinuitySequence,
      initIndex: 0,
      config,
      init: boxWriter.initSection({ timescaleTicks: config.sampleRateHz, config }),
    };
    // Sound that fell behind and was filled up catches up over the next parts: none may be too long.
    const { samples, decodeTimeTicks } = track.cut(mediaMs(cut.period, cut.endMs), cut.partTargetMs);
    const toMs = (ticks: number) => (ticks * 1000) / config.sampleRateHz;
    const common = {
      track: 'audio' as const,
      mediaSequence: cut.mediaSequence,
      period,
      discontinuitySequence,
      isDiscontinuity: cut.isFirstSegmentOfPeriod && cut.period.isDiscontinuity,
      isIndependent: true,
      isGap: false,
    };
    const outputs: TrackOutput[] = [];
    // A part shorter than a frame of sound may hold none: the frame is in the part before.
    if (samples.length > 0) {
      fragmentCount += 1;
      frameCount += samples.length;
      heardFromMs ??= toMs(decodeTimeTicks);
      const part: TrackPart = {
        ...common,
        partIndex: parts.length,
        durationMs: toMs(samples.reduce((sum, sample) => sum + sample.durationTicks, 0)),
        programDateTimeMs: dateOf(toMs(decodeTimeTicks)),
        partTargetMs: cut.partTargetMs,
        bytes: boxWriter.fragment({ sequenceNumber: fragmentCount, decodeTimeTicks, samples }),
      };
      parts.push(part);
      outputs.push({ kind: 'part', part });
    }
    if (!cut.isSegmentEnd) return outputs;
    outputs.push({
      kind: 'segment',
      segment: {
        ...common,
        isGap: parts.length === 0,
        programDateTimeMs: dateOf(heardFromMs ?? mediaMs(cut.period, cut.endMs)),
        targetDurationSec: cut.targetDurationSec,
        durationMs: parts.reduce((sum, each) => sum + each.durationMs, 0),
        frameCount,
        ...bytesOfParts(parts),
      },
    });
    parts = [];
    frameCount = 0;
    heardFromMs = null;
    return outputs;
  }

  return {
    get config() {
      return sound?.config ?? null;
    },
    begin(at, config) {
      clock = at;
      period = null;
      cuts = [];
      sound = config ? createAudioTrack(config, at.baseMs) : null;
    },
    announce(config) {
      if (sound || !clock) return false;
      sound = createAudioTrack(config, clock.baseMs);
      return true;
    },
    push(dtsMs, data) {
      if (sound && clock && dtsMs >= clock.originMs) sound.push(mediaMs(clock, dtsMs), data);
    },
    cut(cut) {
      cuts.push(cut);
    },
    drain(pictureMs) {
      const outputs: TrackOutput[] = [];
      // The end of a period settles all before it.
      const isOver = cuts.at(-1)?.isPeriodEnd === true;
      for (let cut = cuts[0]; cut && (isOver || isReady(cut, pictureMs)); cut = cuts[0]) {
        cuts.shift();
        outputs.push(...write(cut));
      }
      return outputs;
    },
  };
}
