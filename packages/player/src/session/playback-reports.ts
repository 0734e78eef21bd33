// How the shopper's video fares, as events for the server: join and first frame, stalls, latency now and then, quality
// switches, what broke and how it was mended. Whole milliseconds within the protocol's limits; a player in trouble tells
// a bounded number of times, the first ones.
import type { PlayerEvent } from '@insp/protocol';
import type { MediaDeps } from '../store/media-mediator.ts';
import type { EventReporter } from './event-reporter.ts';

/** The protocol's limit of a duration: ten minutes. */
export const MAX_TOLD_MS = 600_000;
/** Each kind, for one player. Stalls and joins are rare or the reason somebody looks: they are all told. */
export const MAX_TOLD_QUALITIES = 60;
export const MAX_TOLD_REMEDIES = 60;

const wholeMs = (ms: number) => Math.round(Math.min(MAX_TOLD_MS, Math.max(0, ms)));

type Reports = Pick<MediaDeps, 'onJoined' | 'onStalled' | 'onFailed' | 'onRemedy' | 'onLatency' | 'onQuality'>;

export function createPlaybackReports(deps: {
  report: EventReporter['report'];
  /** When the shopper opened the player, by the same clock as `nowMs`. */
  openedAtMs(): number;
  nowMs(): number;
  onFailed(detail: string): void;
  onLatency(): void;
}): Reports {
  const { report } = deps;
  let qualityCount = 0;
  let remedyCount = 0;
  return {
    onJoined: (firstFrameMs) =>
      report({ name: 'player.joined', joinMs: wholeMs(deps.nowMs() - deps.openedAtMs()), firstFrameMs: wholeMs(firstFrameMs) }),
    onStalled: (stallMs) => report({ name: 'player.stalled', stallMs: wholeMs(stallMs) }),
    onFailed: deps.onFailed,
    onRemedy(remedy, detail) {
      // Giving up is told by `player.failed`.
      if (remedy === 'give_up' || remedyCount >= MAX_TOLD_REMEDIES) return;
      remedyCount += 1;
      report({ name: 'player.recovered', remedy, detail: detail.slice(0, 100) } satisfies Omit<
        Extract<PlayerEvent, { name: 'player.recovered' }>,
        'id' | 'occurredAt'
      >);
    },
    onLatency({ latencyMs, targetMs, behindHostMs }) {
      deps.onLatency();
      report({
        name: 'player.latency_measured',
        latencyMs: wholeMs(latencyMs),
        targetMs: wholeMs(targetMs),
        behindHostMs: behindHostMs === null ? null : wholeMs(behindHostMs),
      });
    },
    onQuality({ heightPx, bitrateBitsPerSec }) {
      if (qualityCount >= MAX_TOLD_QUALITIES) return;
      qualityCount += 1;
      report({
        name: 'player.quality_changed',
        heightPx: Math.max(0, Math.round(heightPx)),
        bitrateBitsPerSec: Math.max(0, Math.round(bitrateBitsPerSec)),
      });
    },
  };
}
