// What a run measured, and the table that is read.
import type { machineFacts } from './chat-fanout-report.ts';
import type { CardFigures } from './latency-cards.ts';
import type { Spread } from './latency-figures.ts';

export type ViewerFigures = {
  glassToGlass: Spread | null;
  playerLatency: Spread | null;
  /** Where the player aims, and how much of the time it played faster or slower to get there. */
  playerTarget: Spread | null;
  fasterRatio: number;
  slowerRatio: number;
  programError: Spread | null;
  frameCount: number;
  unreadableCount: number;
  stallCount: number;
  stallMs: number;
  freezes: number[];
  droppedCount: number;
  totalCount: number;
};

export type LatencyResult = {
  settings: {
    partMs: number | null;
    rttMs: number;
    jitterMs: number;
    rateBitsPerSec: number;
    outageSec: number;
    profile: string;
    track: string | null;
    sec: number;
    bitrateBitsPerSec: number;
    gopSec: number;
  };
  machine: ReturnType<typeof machineFacts>;
  commit: string;
  date: string;
  publishToPlayableMs: number;
  publishToViewerMs: number;
  watchedSec: number;
  player: ViewerFigures;
  peer: (ViewerFigures & { firstFrameMs: number }) | null;
  joins: { joinMs: number; firstFrameMs: number; behindMs: number }[];
  outage: { beforeP50Ms: number; backAfterMs: number | null; lateP50Ms: number | null } | null;
  cards: CardFigures | null;
  /** The encoder died and came back: from its first frame to that frame on screen. */
  hostCut: { backAfterMs: number | null; stallCount: number; freezesAfter: number; lateP50Ms: number | null } | null;
  requestsPerSec: Record<string, number>;
  beacons: { name: string }[];
  sourceWaitedCount: number;
  process: {
    nodeCpuPct: number;
    ffmpegCpuPct: number;
    rssFirstMb: number;
    rssLastMb: number;
    rssMaxMb: number;
    rssGrowthMbPerHour: number;
    rssMb: number[];
  } | null;
  machineBusyPct: number;
};

type Row = { figure: string; insp: string; 'plain HLS': string; target: string };
const row = (figure: string, insp: unknown, peer: unknown = '', target = ''): Row => ({
  figure,
  insp: String(insp ?? '-'),
  'plain HLS': String(peer ?? '-'),
  target,
});
const spread = (of: Spread | null | undefined) => (of ? `${of.p50Ms} / ${of.p95Ms} / ${of.maxMs} ms` : '-');
const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

export function printLatency(result: LatencyResult): void {
  const { player, peer, joins, process, settings, outage, cards } = result;
  const firstFrames = joins.map(({ firstFrameMs }) => firstFrameMs);
  const rows = [
    row('glass to glass p50 / p95 / max', spread(player.glassToGlass), spread(peer?.glassToGlass), latencyTarget(settings)),
    row('as the player tells it', spread(player.playerLatency), '', `its aim: ${player.playerTarget?.p50Ms ?? '-'} ms`),
    row('played faster / slower', `${Math.round(player.fasterRatio * 100)} / ${Math.round(player.slowerRatio * 100)} % of the time`),
    row('playlist time less paint time', spread(player.programError)),
    row(
      `first frame after asking, median of ${joins.length} (max)`,
      `${median(firstFrames) ?? '-'} (${Math.max(0, ...firstFrames)}) ms`,
      `${peer?.firstFrameMs ?? '-'} ms`,
      settings.rttMs === 0 ? '600 ms' : '1200 ms',
    ),
    row('page load to first frame, median', `${median(joins.map(({ joinMs }) => joinMs)) ?? '-'} ms`),
    row('first frame behind the host, median', `${median(joins.map(({ behindMs }) => behindMs)) ?? '-'} ms`),
    row('publish to playable / to a waiting viewer', `${result.publishToPlayableMs} / ${result.publishToViewerMs} ms`, '', '3500 ms'),
    row(`stalls in ${Math.round(result.watchedSec)} s`, `${player.stallCount} (${player.stallMs} ms)`, peer?.stallCount ?? '', '0'),
    row('frozen over 200 ms', player.freezes.length === 0 ? '0' : player.freezes.join(', '), peer?.freezes.length ?? ''),
    row('frames dropped of', `${player.droppedCount} of ${player.totalCount}`, peer ? `${peer.droppedCount} of ${peer.totalCount}` : ''),
    row(
      'unreadable of',
      `${player.unreadableCount} of ${player.frameCount}`,
      peer ? `${peer.unreadableCount} of ${peer.frameCount}` : '',
      '0',
    ),
    ...(outage === null
      ? []
      : [
          row(
            `after ${settings.outageSec} s without a line`,
            `back within 0.4 s after ${outage.backAfterMs ?? 'never'} ms; ${outage.beforeP50Ms} -> ${outage.lateP50Ms} ms`,
            '',
            'one stall <= 2500 ms, back in 20 s',
          ),
        ]),
    ...(result.hostCut === null
      ? []
      : [
          row(
            "the encoder's first new frame on screen",
            `${result.hostCut.backAfterMs ?? 'never'} ms; then ${result.hostCut.lateP50Ms} ms behind, ${result.hostCut.freezesAfter} freezes`,
            '',
            '3000 ms',
          ),
        ]),
    ...(cards === null
      ? []
      : cards.map(({ place, stampError, programError, count, missingCount }) =>
          row(
            `card less its frame, ${place} (${count}, ${missingCount} missing)`,
            `painted ${range(stampError)}; playlist ${range(programError)}`,
            '',
            '+-250 ms',
          ),
        )),
    row(
      'requests a second',
      Object.entries(result.requestsPerSec)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', '),
    ),
    ...(process === null
      ? []
      : [
          row(`server process at ${settings.bitrateBitsPerSec / 1e6} Mbit/s`, `${process.nodeCpuPct} % of a core`, '', '5 %'),
          row('its ffmpeg children', `${process.ffmpegCpuPct} % of a core`),
          row(
            'memory first / last / max',
            `${process.rssFirstMb} / ${process.rssLastMb} / ${process.rssMaxMb} MB, ${process.rssGrowthMbPerHour} MB/h`,
            '',
            'flat',
          ),
        ]),
    row('machine busy', `${result.machineBusyPct} %; the host waited for ${result.sourceWaitedCount} frames`),
  ];
  console.table(rows);
  console.log(JSON.stringify({ ...result, beacons: undefined, player: { ...player }, machine: result.machine }, null, 1));
}

const range = (of: Spread | null) => (of === null ? '-' : `${of.p5Ms}..${of.p50Ms}..${of.maxMs} ms`);

function latencyTarget({ profile, rttMs, partMs, track }: LatencyResult['settings']): string {
  if (profile === 'obs') return '2300 / 2900';
  if (track !== null) return '1800';
  if (partMs === 333) return '1450';
  return rttMs === 0 && (partMs ?? 500) === 500 ? '1700 / 2000' : '';
}
