// One rung of the ladder beside the source. It is cut where the source was cut, whenever its frames have come so far;
// the source never waits for it. A part whose frames do not come in time, or a segment that does not begin with an IDR,
// is a gap, so that the sequence goes on in step with the source and players turn to another rung.

import type { AvcConfig } from '../flv/avc.ts';
import type { DemuxEvent } from '../flv/demuxer.ts';
import type { BoxWriter } from '../fmp4/box-writer.ts';
import type { Cut, DatedCut } from './part-grid.ts';
import { createPictureWriter } from './picture-writer.ts';
import type { TrackName, TrackOutput } from './track.ts';

export const RUNG_LIMITS = {
  /** A rung's part is given up when the source is this much further. */
  patienceMs: 3_000,
  /** Frames that wait for the source's cut: they cannot be ahead of it by more than a part. */
  waitingFrameCount: 600,
  /** Of one show. */
  rungCount: 6,
} as const;

/** One run of a rung's encoder. Its frames carry the decode times of the source's. */
export type RungFeed = {
  push(event: DemuxEvent): TrackOutput[];
  /** The encoder has ended; gaps follow until another feed is opened. */
  close(): TrackOutput[];
};

export type Rung = {
  readonly isFed: boolean;
  /** A new encoder run, whose first frames belong to the source's timeline of now. The run before is closed. */
  open(timelineOfSource: () => number): RungFeed;
  /** Closes the run that is open. */
  close(): TrackOutput[];
  /** The source was cut. */
  cut(cut: DatedCut): TrackOutput[];
};

export function createRung(options: { track: TrackName; boxWriter: BoxWriter }): Rung {
  const writer = createPictureWriter({ ...options, isSource: false });
  const cuts: DatedCut[] = [];
  let feed: RungFeed | null = null;
  let isStarted = false;

  /** The rung has shown all there is of this part. */
  function isComplete(cut: Cut): boolean {
    const { newest } = writer;
    if (!newest) return false;
    if (newest.timeline !== cut.period.timeline) return newest.timeline > cut.period.timeline;
    return newest.dtsMs >= (cut.isPeriodEnd ? cut.lastFrameMs : cut.framesUntilMs);
  }

  function isOverdue(cut: Cut): boolean {
    const last = cuts.at(-1) as Cut;
    const isOtherClock = last.period.timeline !== cut.period.timeline;
    return isOtherClock || last.endMs - cut.endMs > RUNG_LIMITS.patienceMs || writer.waitingCount > RUNG_LIMITS.waitingFrameCount;
  }

  function drain(): TrackOutput[] {
    const outputs: TrackOutput[] = [];
    for (let cut = cuts[0]; cut; cut = cuts[0]) {
      const isWhole = isComplete(cut);
      if (!isWhole && feed && !isOverdue(cut)) break;
      cuts.shift();
      outputs.push(...writer.cut(cut, !isWhole));
    }
    return outputs;
  }

  return {
    get isFed() {
      return feed !== null;
    },
    open(timelineOfSource) {
      let timeline = timelineOfSource();
      let config: AvcConfig | null = null;
      const self: RungFeed = {
        push(event) {
          if (feed !== self) return [];
          if (event.kind === 'video_config') config = event.config;
          // The source's clock jumped, and the rung's frames follow it there. What is a jump to a rung without sound
          // may only have been a hole in the picture.
          if (event.kind === 'jump') timeline = Math.min(timeline + 1, timelineOfSource());
          if (event.kind !== 'video' || !config) return [];
          writer.push({ ...event, timeline, config });
          return drain();
        },
        close() {
          if (feed !== self) return [];
          feed = null;
          return drain();
        },
      };
      feed = self;
      return self;
    },
    close: () => feed?.close() ?? [],
    cut(cut) {
      // One that joins within a segment begins with the next.
      if (!isStarted && cut.partIndex > 0) return [];
      isStarted = true;
      cuts.push(cut);
      return drain();
    },
  };
}
