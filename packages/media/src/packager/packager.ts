// Samples in, parts and segments out, for all tracks of one show.
//
//   show    a playlist address; media and discontinuity sequence only rise
//   period  what one set of init sections describes: begins with a key frame after an encoder (re)connected, changed
//           its configuration, or jumped in time; every period but the first starts with a discontinuity
//
// Where a segment and a part end is the grid's matter (part-grid.ts), when it was in the world the clock's
// (program-clock.ts); the picture is written at once, the sound when it has come (sound-writer.ts), rungs of the ladder
// when their encoder has (rung.ts).
//
// Media time runs on over periods, so decode times never go back either. Pure: wall times come in as arguments.

import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import type { BoxWriter } from '../fmp4/box-writer.ts';
import { type Cut, createPartGrid, type DatedCut, type GridPeriod } from './part-grid.ts';
import { createPictureWriter } from './picture-writer.ts';
import { createProgramClock } from './program-clock.ts';
import { createRung, RUNG_LIMITS, type Rung, type RungFeed } from './rung.ts';
import { createSoundWriter } from './sound-writer.ts';
import type { TrackName, TrackOutput } from './track.ts';

/** Sound that runs on alone for this long ends the period; it is kept no longer than that. */
const VIDEO_WAIT_MS = 5_000;
/** Between two periods, so that the decode times of one never touch those of the other. */
const PERIOD_DISTANCE_MS = 100;
const COMMON_SOUND_RATE_HZ = 48_000;

/** What parts may be asked to last, media.md 4. */
export const PART_LENGTHS_MS = [333, 500, 1_000] as const;

export type Packager = {
  /** A new encoder connection: what is open is closed, and the next key frame begins a period. */
  begin(): TrackOutput[];
  /** Takes one sample or configuration. `arrivedAtMs` is wall time, EXT-X-PROGRAM-DATE-TIME comes of it. */
  push(event: DemuxEvent, arrivedAtMs: number): TrackOutput[];
  /** The connection is gone: closes the open segment. */
  flush(): TrackOutput[];
  /**
   * A rung's encoder begins, fed from now on with what `push` is: its frames must carry the same decode times. Open
   * another for each connection of the host's encoder.
   */
  openRung(track: `v${number}`): RungFeed;
  /** The broadcast is over: no rung's encoder has anything left to say. */
  closeRungs(): TrackOutput[];
};

type VideoSample = Extract<DemuxEvent, { kind: 'video' }>;

export function createPackager(options: {
  boxWriter: BoxWriter;
  firstMediaSequence: number;
  firstDiscontinuitySequence: number;
  /** About how long a part is. */
  partMs?: number;
}): Packager {
  const { boxWriter, partMs = 500 } = options;
  let nextDiscontinuitySequence = options.firstDiscontinuitySequence;
  /** Where the media time of the next period begins. */
  let nextBaseMs = 0;
  /** Where the last period ended in the world: a date belongs to one moment of the picture only (6.2.1-M14). */
  let endWallMs = Number.NEGATIVE_INFINITY;
  let videoConfig: AvcConfig | null = null;
  let audioConfig: AacConfig | null = null;
  let timeline = 0;
  /** The open period no longer fits what comes: the next key frame begins another. */
  let isPeriodOver = true;
  let isFirstEver = true;
  let period: (GridPeriod & { readonly config: AvcConfig }) | null = null;
  /** Cuts whose dates are not settled yet. */
  let undated: Cut[] = [];
  /** Where the open segment begins. */
  let segmentStartMs = 0;
  /** Nobody can have a playlist before the first segment is whole. */
  let isFirstSegmentEver = true;
  const clock = createProgramClock();
  const soundRateHz = () => audioConfig?.sampleRateHz ?? COMMON_SOUND_RATE_HZ;
  const grid = createPartGrid({ partMs, firstMediaSequence: options.firstMediaSequence, soundRateHz });
  const picture = createPictureWriter({ track: 'video', boxWriter, isSource: true });
  const sound = createSoundWriter({ boxWriter });
  const rungs = new Map<TrackName, Rung>();

  /** Writes the parts that are whole and can be dated. */
  function write(cuts: readonly Cut[], pictureMs: number): TrackOutput[] {
    undated.push(...cuts);
    const isOver = undated.some((cut) => cut.isSegmentEnd);
    if (!isFirstSegmentEver && !isOver && clock.isSettling(pictureMs)) return [];
    const outputs: TrackOutput[] = [];
    const dated = undated.map(date);
    undated = [];
    for (const cut of dated) {
      outputs.push(...picture.cut(cut));
      sound.cut(cut);
    }
    outputs.push(...sound.drain(pictureMs));
    for (const cut of dated) for (const rung of rungs.values()) outputs.push(...rung.cut(cut));
    return outputs;
  }

  function date(cut: Cut): DatedCut {
    if (cut.partIndex === 0) {
      if (!cut.isFirstSegmentOfPeriod) clock.nextSegment(cut.startMs - segmentStartMs);
      segmentStartMs = cut.startMs;
    }
    if (!isFirstSegmentEver || cut.isSegmentEnd) clock.fix();
    if (cut.isSegmentEnd) isFirstSegmentEver = false;
    return { ...cut, programOffsetMs: clock.offsetMs };
  }

  /** Ends the open period at `endMs`, or when its last frame has lasted as long as those before. */
  function closePeriod(endMs?: number): TrackOutput[] {
    const { newestMs } = grid;
    const self = period;
    if (!self || newestMs === null) return [];
    let lastMs = newestMs + Math.max(1, Math.round(grid.frameIntervalMs));
    // A frame rate so low that another frame would break the target duration.
    while (endMs === undefined && lastMs > newestMs + 1 && !grid.fits(lastMs)) lastMs = newestMs + Math.ceil((lastMs - newestMs) / 2);
    const untilMs = endMs ?? lastMs;
    nextBaseMs = Math.ceil(untilMs - self.originMs + self.baseMs + PERIOD_DISTANCE_MS);
    period = null;
    const outputs = write(grid.finish(untilMs), untilMs);
    endWallMs = clock.offsetMs + untilMs;
    return outputs;
  }

  function beginPeriod(frame: VideoSample, config: AvcConfig): void {
    period = {
      discontinuitySequence: nextDiscontinuitySequence,
      timeline,
      originMs: frame.dtsMs,
      baseMs: nextBaseMs,
      isDiscontinuity: !isFirstEver,
      config,
    };
    nextDiscontinuitySequence += 1;
    isPeriodOver = false;
    isFirstEver = false;
    clock.begin(frame.dtsMs, endWallMs);
    grid.begin(period);
    sound.begin(period, audioConfig);
  }

  function pushVideo(frame: VideoSample, arrivedAtMs: number): TrackOutput[] {
    const outputs: TrackOutput[] = [];
    if (period && !grid.fits(frame.dtsMs)) {
      // The encoder left a hole too long for one segment.
      outputs.push(...closePeriod());
      isPeriodOver = true;
    }
    if (isPeriodOver || !period) {
      if (!frame.isKey || !videoConfig) {
        // Frames that only the old configuration decodes still belong to it; without a period there is nothing to add to.
        if (!period || videoConfig !== period.config) return outputs;
      } else {
        const isContinuous = grid.newestMs !== null && frame.dtsMs > grid.newestMs;
        outputs.push(...closePeriod(isContinuous ? frame.dtsMs : undefined));
        beginPeriod(frame, videoConfig);
      }
    }
    if (!period) return outputs;
    clock.observe(frame.dtsMs, arrivedAtMs);
    const cuts = grid.push({ dtsMs: frame.dtsMs, isKey: frame.isKey, sizeBytes: frame.data.length });
    outputs.push(...write(cuts, frame.dtsMs));
    picture.push({ ...frame, timeline, config: period.config });
    return outputs;
  }

  return {
    begin() {
      const outputs = closePeriod();
      isPeriodOver = true;
      timeline += 1;
      videoConfig = null;
      audioConfig = null;
      return outputs;
    },
    push(event, arrivedAtMs) {
      switch (event.kind) {
        case 'video_config':
          videoConfig = event.config;
          if (period) isPeriodOver = true;
          return [];
        case 'audio_config':
          audioConfig = event.config;
          // Sound announced before any was written belongs to the period; later it needs another init section.
          if (period && !sound.announce(audioConfig)) isPeriodOver = true;
          return [];
        case 'jump': {
          const outputs = closePeriod();
          isPeriodOver = true;
          timeline += 1;
          return outputs;
        }
        case 'video':
          return pushVideo(event, arrivedAtMs);
        case 'audio': {
          const { newestMs } = grid;
          if (!period || newestMs === null || sound.config !== audioConfig) return [];
          if (event.dtsMs - newestMs > VIDEO_WAIT_MS) {
            isPeriodOver = true;
            return closePeriod();
          }
          sound.push(event.dtsMs, event.data);
          return sound.drain(newestMs);
        }
        case 'unsupported':
          return [];
      }
    },
    flush() {
      const outputs = closePeriod();
      isPeriodOver = true;
      return outputs;
    },
    openRung(track) {
      if (!rungs.has(track) && rungs.size >= RUNG_LIMITS.rungCount) throw new RangeError(`more than ${RUNG_LIMITS.rungCount} rungs`);
      const rung = rungs.get(track) ?? createRung({ track, boxWriter });
      rungs.set(track, rung);
      return rung.open(() => timeline);
    },
    closeRungs: () => [...rungs.values()].flatMap((rung) => rung.close()),
  };
}
