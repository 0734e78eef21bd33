// All transcoders of this server: what can be run here, the CPU they share, and the tap that opens one per broadcast.
//
//   const transcoder = createTranscoder({ launcher, ladder: parseLadder('auto'), ... });
//   createMedia({ ..., openTaps: [transcoder.openTap] });
//   await transcoder.start();
import { CPU_COSTS, createCpuBudget, LADDER_LIMITS, type PictureReading } from '@insp/media';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import type { BroadcastTap, OpenTap } from '../taps.ts';
import { type BroadcastTranscoder, createBroadcastTranscoder } from './broadcast-transcoder.ts';
import type { Ladder } from './ladder-setting.ts';
import type { OpenTranscoderListener, TranscodeLauncher, TranscoderStatus } from './ports.ts';

export const TICK_MS = 1_000;

export type Transcoder = Service & {
  readonly openTap: OpenTap;
  /** Of a broadcast that is on; null when it has none. */
  status(broadcastId: string): TranscoderStatus | null;
  /** What is seen and heard of a show's source; null while no transcoder looks at it. */
  picture(showId: string): PictureReading | null;
  /** Why there are no rungs at all; null when there can be some. */
  readonly unavailable: string | null;
};

export function createTranscoder(deps: {
  readonly launcher: TranscodeLauncher;
  readonly ladder: Ladder;
  /** For each encoder; null leaves it to x264. */
  readonly threadCount: number | null;
  readonly listeners?: readonly OpenTranscoderListener[];
  readonly clock: Clock;
  readonly logger: Logger;
}): Transcoder {
  const { launcher, ladder, clock } = deps;
  const logger = deps.logger.child({ part: 'transcoder' });
  let budget = createCpuBudget(0);
  const sidesPx = { auto: LADDER_LIMITS.sidesPx, off: [], sides: ladder.kind === 'sides' ? ladder.sidesPx : [] }[ladder.kind];
  const open = new Map<string, BroadcastTranscoder>();
  /** A show has one broadcast at a time. */
  const byShow = new Map<string, BroadcastTranscoder>();
  let unavailable: string | null = 'not started';
  let stopTicking: (() => void) | null = null;

  return {
    get unavailable() {
      return unavailable;
    },
    picture: (showId) => byShow.get(showId)?.picture ?? null,
    status: (broadcastId) => open.get(broadcastId)?.status ?? null,
    openTap({ broadcastId, grant, openRung }): BroadcastTap {
      if (unavailable !== null) return {};
      const listeners = (deps.listeners ?? []).map((openListener) => openListener({ broadcastId, showId: grant.showId }));
      const tap = createBroadcastTranscoder({
        ...{ broadcastId, launcher, budget, sidesPx, listeners, clock },
        threadCount: deps.threadCount,
        openRung,
        logger: logger.child({ showId: grant.showId }),
      });
      open.set(broadcastId, tap);
      byShow.set(grant.showId, tap);
      return {
        ...tap,
        onEnded(atMs) {
          open.delete(broadcastId);
          if (byShow.get(grant.showId) === tap) byShow.delete(grant.showId);
          tap.onEnded?.(atMs);
        },
      };
    },
    async start() {
      const probe = await launcher.probe();
      unavailable = probe.isAvailable ? null : probe.detail;
      // Who names the rungs has counted the cores.
      budget = createCpuBudget(ladder.kind === 'auto' ? probe.coreCount * CPU_COSTS.shareOfCores : Number.POSITIVE_INFINITY);
      if (probe.isAvailable)
        logger.info({ version: probe.detail, ladder: ladder.kind, cores: budget.freeCores }, 'the transcoder is ready');
      else logger.warn({ reason: probe.detail }, 'no transcoder here: viewers get the source only, without smaller pictures and stills');
      stopTicking ??= clock.every(TICK_MS, () => {
        for (const broadcast of open.values()) broadcast.tick();
      });
    },
    async stop() {
      stopTicking?.();
      stopTicking = null;
      for (const broadcast of open.values()) broadcast.onEnded?.(clock.nowMs());
      open.clear();
      byShow.clear();
    },
  };
}
