// Black, frozen, silent, clipped, how loud. The transcoder of a broadcast decodes it anyway and sees that too; while none
// does, a side-car decodes its key frames and its sound (0.02 of a core, media.md 13). It is a tap: bounded, synchronous,
// and whatever happens to it the ingest goes on.
//
//   const watch = createPictureWatch({ launcher: createFfmpegWatch({ ffmpeg: 'ffmpeg' }), elsewhere: transcoder.picture, ... });
//   createMedia({ openTaps: [watch.openTap], outside: (showId) => ({ picture: watch.read(showId), ... }) });
import type { PictureReading } from '@insp/media';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { OpenTap } from '../taps.ts';
import type { ReadLevel, WatchLauncher } from './ports.ts';
import { createWatchOne, type WatchOne } from './watch-one.ts';

export type PictureWatch = {
  readonly openTap: OpenTap;
  /** Null: nothing is known of this show's picture. */
  read(showId: string): PictureReading | null;
  /** Ends all side-cars. */
  stop(): void;
};

export function createPictureWatch(deps: {
  launcher: WatchLauncher;
  level: ReadLevel;
  clock: Clock;
  logger: Logger;
  /** What somebody else sees of a show: while it is not null there is no side-car. Left out: nobody does. */
  elsewhere?: (showId: string) => PictureReading | null;
}): PictureWatch {
  const { launcher, level, clock, elsewhere } = deps;
  const logger = deps.logger.child({ module: 'picture watch' });
  const watches = new Map<string, WatchOne>();
  let isMissing = false;
  let isStopped = false;

  return {
    openTap({ grant: { showId } }) {
      const watch = createWatchOne({
        launcher,
        level,
        nowMs: clock.nowMs,
        isMissing: () => isMissing || isStopped,
        isSeenElsewhere: elsewhere ? () => elsewhere(showId) !== null : null,
        onExit(exit) {
          if (exit.isMissing && !isMissing) {
            isMissing = true;
            logger.warn({ reason: exit.reason }, 'no ffmpeg here: black, frozen and silent pictures are not seen (INSP_FFMPEG)');
          } else if (!exit.isMissing) logger.warn({ showId, ...exit }, 'the picture watch ended; it is started again');
        },
      });
      watches.get(showId)?.reset();
      watches.set(showId, watch);
      return {
        onConnected: () => watch.reset(),
        onTag: (tag, arrivedAtMs) => watch.tag(tag, arrivedAtMs),
        onDisconnected: () => watch.reset(),
        onEnded() {
          watch.reset();
          if (watches.get(showId) === watch) watches.delete(showId);
        },
      };
    },
    read: (showId) => elsewhere?.(showId) ?? watches.get(showId)?.read() ?? null,
    stop() {
      isStopped = true;
      for (const watch of watches.values()) watch.reset();
    },
  };
}
