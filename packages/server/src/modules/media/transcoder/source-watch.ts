// What has to be known of a source before a ladder is planned: its size from the configuration, its rate and whether it
// has B-frames from the first pictures, its bitrate a few picture groups later. Until then the pictures are kept, so
// that nothing of the first group is lost.
import type { AvcConfig, DemuxEvent, LadderSource } from '@insp/media';

export const SOURCE_LIMITS = {
  /** Pictures looked at before the first start: 0.27 s at 30 fps, less than the shortest part. */
  sampledFrameCount: 8,
  /** Kept meanwhile, sound included; more without enough pictures is no source. */
  keptEventCount: 400,
  /** With key frames further apart the source is cut between them, and no rung has one there. */
  groupMs: 4_000,
  /** The bitrate counts when measured over this long. */
  bitrateAfterMs: 4_000,
} as const;

export type SourceFacts = LadderSource & { readonly hasBFrames: boolean };

export type SourceWatch = {
  /** Takes all of a source's events, in order. */
  observe(event: DemuxEvent): void;
  /** Another configuration or connection: all is measured anew. */
  reset(): void;
  /** Null until enough was seen. The bitrate comes later. */
  readonly facts: SourceFacts | null;
  /** The newest picture group was, or already is, longer than segments may be. */
  readonly isGroupTooLong: boolean;
};

export function createSourceWatch(): SourceWatch {
  let config: AvcConfig | null = null;
  let rate: { framesPerSec: number; hasBFrames: boolean } | null = null;
  let sampledDtsMs: number[] = [];
  let hasBFrames = false;
  let measuredBytes = 0;
  let measuredFromMs: number | null = null;
  let bitrateBitsPerSec: number | null = null;
  let lastKeyMs: number | null = null;
  let isGroupTooLong = false;

  function reset(): void {
    rate = null;
    sampledDtsMs = [];
    hasBFrames = false;
    measuredBytes = 0;
    measuredFromMs = null;
    bitrateBitsPerSec = null;
    lastKeyMs = null;
    isGroupTooLong = false;
  }

  return {
    observe(event) {
      if (event.kind === 'video_config') {
        reset();
        config = event.config;
      } else if (event.kind === 'jump') {
        sampledDtsMs = [];
        lastKeyMs = null;
        measuredFromMs = null;
        measuredBytes = 0;
      } else if (event.kind === 'video') {
        hasBFrames ||= event.compositionMs !== 0;
        if (!rate) {
          sampledDtsMs.push(event.dtsMs);
          const [first] = sampledDtsMs;
          if (sampledDtsMs.length >= SOURCE_LIMITS.sampledFrameCount && first !== undefined)
            rate = { framesPerSec: framesPerSecOf(sampledDtsMs), hasBFrames };
        }
        const groupMs = event.dtsMs - (lastKeyMs ?? event.dtsMs);
        if (event.isKey) isGroupTooLong = groupMs > SOURCE_LIMITS.groupMs;
        else isGroupTooLong ||= groupMs > SOURCE_LIMITS.groupMs;
        if (event.isKey) lastKeyMs = event.dtsMs;
        // From key frame to key frame, or a short time weighs the large key frame too much.
        if (event.isKey && measuredFromMs === null) measuredFromMs = event.dtsMs;
        const measuredMs = event.dtsMs - (measuredFromMs ?? event.dtsMs);
        if (event.isKey && bitrateBitsPerSec === null && measuredMs >= SOURCE_LIMITS.bitrateAfterMs)
          bitrateBitsPerSec = (measuredBytes * 8_000) / measuredMs;
        measuredBytes += event.data.length;
      }
    },
    reset() {
      reset();
      config = null;
    },
    get isGroupTooLong() {
      return isGroupTooLong;
    },
    get facts() {
      if (!config || !rate) return null;
      return { widthPx: config.widthPx, heightPx: config.heightPx, bitrateBitsPerSec, ...rate };
    },
  };
}

/** By the median step: an encoder's first pictures may come with a hole. */
function framesPerSecOf(dtsMs: readonly number[]): number {
  const steps = dtsMs.slice(1).map((ms, index) => ms - (dtsMs[index] ?? ms));
  const [first, last] = [dtsMs[0] ?? 0, dtsMs.at(-1) ?? 0];
  const medianMs = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 33;
  const meanMs = (last - first) / steps.length;
  // Times are whole ms: the mean is finer, unless a hole spoils it.
  const stepMs = Math.abs(meanMs - medianMs) <= 1 ? meanMs : medianMs;
  return Math.min(240, Math.max(1, 1_000 / Math.max(stepMs, 1)));
}
