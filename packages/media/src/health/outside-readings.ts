// What others measure of a broadcast: the picture watch or the transcoder's filters, the transcoder, the viewers. Null:
// nobody measures it, or not now.

/**
 * What the decoded picture and sound look like. The picture watch makes it with a side-car; a transcoder may make the
 * same from its own filters. Times are wall clock; `null` since = it is not so.
 */
export type PictureReading = {
  /** The newest picture that was looked at; null = none was, or not any more. */
  readonly pictureAtMs: number | null;
  /** The newest sound that was listened to; null likewise. */
  readonly soundAtMs: number | null;
  readonly blackSinceMs: number | null;
  readonly frozenSinceMs: number | null;
  readonly silentSinceMs: number | null;
  /** Peaks at full scale, again and again. */
  readonly clippedSinceMs: number | null;
  /** EBU R128 short-term (3 s); null in silence or before three seconds. */
  readonly loudnessLufs: number | null;
};

export type TranscoderReading = {
  /** Media time made per second; 1 = in time. Null: not known yet. */
  readonly speed: number | null;
  readonly queuedMs: number;
  /** Left out because the machine could not make all, as a host reads them: `480p`. */
  readonly droppedRenditions: readonly string[];
  /** Made again since a moment ago. */
  readonly restoredRenditions: readonly string[];
};

export type ViewersReading = {
  /** Share of the watching time of the last minutes in which the picture stood; null = nobody watched. */
  readonly rebufferRatio: number | null;
  readonly joinP50Ms: number | null;
  /** Glass to glass, as the players tell it; null when they do not. */
  readonly latencyP95Ms: number | null;
};

export type OutsideReadings = {
  readonly picture: PictureReading | null;
  readonly transcoder: TranscoderReading | null;
  readonly viewers: ViewersReading | null;
};

export const NO_OUTSIDE_READINGS: OutsideReadings = { picture: null, transcoder: null, viewers: null };
