// Frames of ffmpeg's filters -> what is black, frozen, silent, clipped, and how loud. The filters tell beginnings and
// ends at their own time; here they become wall clock. The same fold reads the side-car's filters and a transcoder's:
//
//   picture: blackdetect, freezedetect         sound: ebur128=metadata=1, astats (peaks of each frame), silencedetect
import type { FilterFrame } from './filter-frames.ts';
import type { PictureReading } from './outside-readings.ts';

export const PICTURE_FOLD_LIMITS = {
  /** A sample this near to full scale is clipped. */
  clippedFromDb: -0.5,
  /** Clipping that pauses for less than this goes on. */
  clipPauseMs: 3_000,
  /** Under this, R128 says "nothing to measure". */
  leastLufs: -70,
} as const;

export type PictureFold = {
  picture(frame: FilterFrame, nowMs: number): void;
  sound(frame: FilterFrame, nowMs: number): void;
  /** Sound is not listened to any more, or there is none: silent since `sinceMs`, or unknown. */
  noSound(sinceMs: number | null): void;
  read(): PictureReading;
};

const NOTHING: PictureReading = {
  pictureAtMs: null,
  soundAtMs: null,
  blackSinceMs: null,
  frozenSinceMs: null,
  silentSinceMs: null,
  clippedSinceMs: null,
  loudnessLufs: null,
};

export function createPictureFold(): PictureFold {
  let signal = NOTHING;
  let clippedAtMs = 0;

  /** The wall clock of a filter's time: the frame it is told with has just come. */
  const wallOf = (text: string, frame: FilterFrame, nowMs: number): number => {
    const sec = Number(text);
    return Number.isFinite(sec) ? Math.round(nowMs - Math.max(0, frame.timeSec - sec) * 1_000) : nowMs;
  };

  /** Begun, ended or as before. One frame may end a span and begin the next. */
  function span(frame: FilterFrame, nowMs: number, keys: { start: string; end: string }, before: number | null): number | null {
    const start = frame.values.get(keys.start);
    const end = frame.values.get(keys.end);
    if (start === undefined) return end === undefined ? before : null;
    if (end !== undefined && Number(end) > Number(start)) return null;
    return wallOf(start, frame, nowMs);
  }

  return {
    picture(frame, nowMs) {
      signal = {
        ...signal,
        pictureAtMs: nowMs,
        blackSinceMs: span(frame, nowMs, { start: 'lavfi.black_start', end: 'lavfi.black_end' }, signal.blackSinceMs),
        frozenSinceMs: span(
          frame,
          nowMs,
          { start: 'lavfi.freezedetect.freeze_start', end: 'lavfi.freezedetect.freeze_end' },
          signal.frozenSinceMs,
        ),
      };
    },
    sound(frame, nowMs) {
      const peakDb = Number(frame.values.get('lavfi.astats.Overall.Peak_level') ?? Number.NaN);
      const lufs = Number(frame.values.get('lavfi.r128.S') ?? Number.NaN);
      const isClipped = peakDb >= PICTURE_FOLD_LIMITS.clippedFromDb;
      let { clippedSinceMs } = signal;
      if (isClipped) {
        clippedSinceMs ??= nowMs;
        clippedAtMs = nowMs;
      } else if (nowMs - clippedAtMs > PICTURE_FOLD_LIMITS.clipPauseMs) clippedSinceMs = null;
      signal = {
        ...signal,
        soundAtMs: nowMs,
        clippedSinceMs,
        silentSinceMs: span(frame, nowMs, { start: 'lavfi.silence_start', end: 'lavfi.silence_end' }, signal.silentSinceMs),
        loudnessLufs: Number.isNaN(lufs) ? signal.loudnessLufs : lufs > PICTURE_FOLD_LIMITS.leastLufs ? lufs : null,
      };
    },
    noSound(sinceMs) {
      signal = { ...signal, silentSinceMs: sinceMs, clippedSinceMs: null, loudnessLufs: null, soundAtMs: null };
    },
    read: () => signal,
  };
}
