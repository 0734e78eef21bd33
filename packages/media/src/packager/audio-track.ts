// Sound of one period as a gapless row of AAC frames. RTMP rounds times to ms, AAC frames are exactly 1,024 samples:
// a frame within the tolerance of where the row ends is put there; a later one leaves a hole, filled with silence;
// an earlier one has lost its place and is dropped. So a player never meets gaps or overlaps, and sound can never
// drift from the picture by more than the tolerance.

import { AAC_FRAME_TICKS, type AacConfig, silentFrame } from '../flv/aac.ts';
import type { BoxSample } from '../fmp4/box-writer.ts';

/** Two frames: 43 ms at 48 kHz, below what an ear calls late. */
const TOLERANCE_TICKS = 2 * AAC_FRAME_TICKS;
/** A hole longer than this is left open; the period's own cuts bound it long before. */
const MAX_FILL_FRAME_COUNT = 500;

export type AudioCut = { readonly decodeTimeTicks: number; readonly samples: readonly BoxSample[] };

export type AudioTrack = {
  readonly config: AacConfig;
  readonly droppedFrameCount: number;
  /** Time in ms of the period's own clock, where the period begins at its base. */
  push(periodMs: number, data: Uint8Array): void;
  /** Takes the frames that begin before `untilMs`, filled up with silence, at most `maxMs` of them; the rest stays. */
  cut(untilMs: number, maxMs?: number): AudioCut;
  /** Begin of the newest frame. */
  readonly newestMs: number;
};

export function createAudioTrack(config: AacConfig, baseMs: number): AudioTrack {
  const ticksOf = (ms: number) => Math.round((ms * config.sampleRateHz) / 1000);
  let samples: BoxSample[] = [];
  /** Where the first kept sample begins, and where the row ends. */
  let startTicks = ticksOf(baseMs);
  let endTicks = startTicks;
  let newestMs = baseMs;
  let droppedFrameCount = 0;

  const append = (data: Uint8Array) => {
    samples.push({ durationTicks: AAC_FRAME_TICKS, compositionOffsetTicks: 0, isSync: true, data });
    endTicks += AAC_FRAME_TICKS;
  };

  /** Fills up with silence until at most half a frame is missing; without a silent frame the last one is stretched. */
  const fill = (untilTicks: number): void => {
    const silence = silentFrame(config);
    const missingFrameCount = Math.round((untilTicks - endTicks) / AAC_FRAME_TICKS);
    if (missingFrameCount < 1) return;
    if (silence && missingFrameCount <= MAX_FILL_FRAME_COUNT) {
      for (let index = 0; index < missingFrameCount; index += 1) append(silence);
      return;
    }
    const last = samples.pop();
    const stretchTicks = untilTicks - endTicks;
    if (last) samples.push({ ...last, durationTicks: last.durationTicks + stretchTicks });
    else startTicks += stretchTicks;
    endTicks = untilTicks;
  };

  return {
    config,
    get droppedFrameCount() {
      return droppedFrameCount;
    },
    get newestMs() {
      return newestMs;
    },
    push(periodMs, data) {
      newestMs = Math.max(newestMs, periodMs);
      const wantedTicks = ticksOf(periodMs);
      if (wantedTicks < endTicks - TOLERANCE_TICKS) {
        droppedFrameCount += 1;
        return;
      }
      if (wantedTicks > endTicks + TOLERANCE_TICKS) fill(wantedTicks);
      append(data);
    },
    cut(untilMs, maxMs = Number.POSITIVE_INFINITY) {
      const untilTicks = ticksOf(untilMs);
      if (endTicks < untilTicks - TOLERANCE_TICKS) fill(untilTicks);
      let count = 0;
      let atTicks = startTicks;
      const maxTicks = startTicks + (maxMs * config.sampleRateHz) / 1000;
      for (; count < samples.length && atTicks < untilTicks; count += 1) {
        const nextTicks = atTicks + (samples[count] as BoxSample).durationTicks;
        if (count > 0 && nextTicks > maxTicks) break;
        atTicks = nextTicks;
      }
      const taken = { decodeTimeTicks: startTicks, samples: samples.slice(0, count) };
      samples = samples.slice(count);
      startTicks = atTicks;
      return taken;
    },
  };
}
