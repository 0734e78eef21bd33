// How long parts are: so many whole frames as come nearest to what is wanted. All in integers of ms and ticks, because
// a part one rounding error longer than PART-TARGET makes AVPlayer refuse the whole show (media.md 4).
import { AAC_FRAME_TICKS } from '../flv/aac.ts';

export type PartTiming = {
  /** No part of the picture is longer. */
  readonly pictureLimitMs: number;
  /** EXT-X-PART-INF of every rendition: the longest part of picture or sound. */
  readonly partTargetMs: number;
  /** A part of the picture that is not the last of its segment is at least this long (4.4.4.9: 85 %). */
  readonly shortestMs: number;
};

/** Of two rates that whole ms cannot tell apart (30 and 29.97) only the slower one: its parts are the longer ones. */
const FRAMES_PER_1001_SEC = [10_000, 12_000, 15_000, 20_000, 24_000, 25_025, 30_000, 48_000, 50_050, 60_000, 100_100, 120_000];
const SAME_RATE = 0.005;
/** Beyond this a picture of few frames is cut between frames, or parts would be longer than segments. */
const LONGEST_PICTURE_PART_MS = 1_500;
const SHORTEST_PART = 0.85;

/**
 * Chooses the lengths of a show's parts. `frameIntervalMs` is measured over some frames whose times were rounded to
 * ms; `soundRateHz` is that of the AAC core.
 */
export function choosePartTiming(wanted: { partMs: number; frameIntervalMs: number; soundRateHz: number }): PartTiming {
  const rate = FRAMES_PER_1001_SEC.find((frames) => Math.abs((wanted.frameIntervalMs * frames) / 1_001_000 - 1) <= SAME_RATE);
  const frameIntervalMs = rate === undefined ? wanted.frameIntervalMs : 1_001_000 / rate;
  const frameCount = Math.max(1, Math.round(wanted.partMs / frameIntervalMs));
  const frameMs = rate === undefined ? Math.ceil(frameCount * frameIntervalMs) : Math.ceil((frameCount * 1_001_000) / rate);
  const pictureLimitMs = Math.min(LONGEST_PICTURE_PART_MS, frameMs);
  // Sound: all frames that begin within a part of the picture, at most one more than fit.
  const soundFrameCount = Math.ceil((pictureLimitMs * wanted.soundRateHz) / (1000 * AAC_FRAME_TICKS));
  const soundLimitMs = Math.ceil((soundFrameCount * AAC_FRAME_TICKS * 1000) / wanted.soundRateHz);
  const partTargetMs = Math.max(pictureLimitMs, soundLimitMs);
  return { pictureLimitMs, partTargetMs, shortestMs: Math.ceil(partTargetMs * SHORTEST_PART) };
}
