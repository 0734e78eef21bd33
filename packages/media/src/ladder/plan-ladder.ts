// Which smaller pictures are made of a source. Rungs are named by their shorter side, so a portrait source (most of live
// shopping) is the same ladder lying on its side. Each rung is smaller than the picture above it by 15 % at least, and
// costs no more bits than is worth beside it.
//
// What is given up when there is too little CPU is a list from rich to poor (`ladderSteps`): full frame rate of a 60 fps
// source, then the middle rung, then the largest, and the smallest last. The CPU budget picks the first step it can pay;
// shedding goes one step down, restoring one up.

export type Rung = {
  /** `v720`: the track name and, in px, the shorter side. */
  readonly name: `v${number}`;
  readonly shorterSidePx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Half of the source's above 30: every second picture, key frames always. */
  readonly isHalfRate: boolean;
  readonly framesPerSec: number;
  readonly bitrateBitsPerSec: number;
};

export type LadderSource = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSec: number;
  /** Null while unknown. */
  readonly bitrateBitsPerSec: number | null;
};

export const LADDER_LIMITS = {
  /** Other shorter sides than these may be asked for. */
  sidesPx: [720, 480, 360],
  minSidePx: 144,
  maxSidePx: 1_080,
  rungCount: 5,
  /** Above it a source counts as 60 fps. */
  fullRateFramesPerSec: 33,
  /** A rung has at most this share of the bits of the picture above it, and is left out below half of what it should have. */
  shareOfAbove: 0.65,
  shareOfWanted: 0.5,
  /** Of the shorter side of the picture above it: one hardly smaller is worth no encoder. */
  shareOfSideAbove: 0.85,
  /** Only a rung this large keeps 60 fps. */
  highRateSidePx: 720,
} as const;

/** Bits per second at 30 fps for the shorter side (media.md 5); between them by the number of pixels. */
const BITRATE_POINTS: readonly (readonly [sidePx: number, bitsPerSec: number])[] = [
  [144, 150_000],
  [360, 600_000],
  [480, 1_200_000],
  [720, 2_800_000],
  [1_080, 5_000_000],
];
/** 4000 of 2800 kbit/s for 720p60. */
const HIGH_RATE_FACTOR = 4_000 / 2_800;

/** Rungs, largest first; empty when there is nothing to make. */
export function planLadder(source: LadderSource, sidesPx: readonly number[] = LADDER_LIMITS.sidesPx): Rung[] {
  const isFast = source.framesPerSec > LADDER_LIMITS.fullRateFramesPerSec;
  let aboveBitsPerSec = source.bitrateBitsPerSec ?? Number.POSITIVE_INFINITY;
  let aboveSidePx = Math.min(source.widthPx, source.heightPx);
  const rungs: Rung[] = [];
  for (const sidePx of [...new Set(sidesPx)].sort((a, b) => b - a)) {
    if (sidePx > aboveSidePx * LADDER_LIMITS.shareOfSideAbove) continue;
    const isHalfRate = isFast && sidePx < LADDER_LIMITS.highRateSidePx;
    const wanted = bitrateOf(sidePx) * (isFast && !isHalfRate ? HIGH_RATE_FACTOR : 1);
    const bitrateBitsPerSec = Math.round(Math.min(wanted, aboveBitsPerSec * LADDER_LIMITS.shareOfAbove) / 1_000) * 1_000;
    if (bitrateBitsPerSec < wanted * LADDER_LIMITS.shareOfWanted) continue;
    rungs.push(rungOf(source, sidePx, isHalfRate, bitrateBitsPerSec));
    aboveBitsPerSec = bitrateBitsPerSec;
    aboveSidePx = sidePx;
  }
  return rungs.slice(0, LADDER_LIMITS.rungCount);
}

/** From all rungs to none, each step cheaper than the one before. */
export function ladderSteps(source: LadderSource, sidesPx?: readonly number[]): readonly (readonly Rung[])[] {
  const full = planLadder(source, sidesPx);
  const steps: (readonly Rung[])[] = [full];
  let rest = full;
  if (full.some((rung) => rung.framesPerSec > LADDER_LIMITS.fullRateFramesPerSec)) {
    rest = full.map((rung) =>
      rung.isHalfRate
        ? rung
        : rungOf(source, rung.shorterSidePx, true, Math.round(rung.bitrateBitsPerSec / HIGH_RATE_FACTOR / 1_000) * 1_000),
    );
    steps.push(rest);
  }
  while (rest.length > 0) {
    // The smallest of the middle ones; without a middle the largest.
    const leaving = rest.length > 2 ? rest.length - 2 : 0;
    rest = rest.filter((_rung, index) => index !== leaving);
    steps.push(rest);
  }
  return full.length === 0 ? [[]] : steps;
}

/** What of a ladder is not made now, in the words of a host: `480p`, `720p at 60 fps`. */
export function leftOutOf(wanted: readonly Rung[], made: readonly Rung[]): string[] {
  return wanted.flatMap((rung) => {
    const twin = made.find(({ name }) => name === rung.name);
    if (!twin) return [`${rung.shorterSidePx}p`];
    return twin.isHalfRate && !rung.isHalfRate ? [`${rung.shorterSidePx}p at ${Math.round(rung.framesPerSec)} fps`] : [];
  });
}

function rungOf(source: LadderSource, sidePx: number, isHalfRate: boolean, bitrateBitsPerSec: number): Rung {
  const isPortrait = source.heightPx > source.widthPx;
  const shorterPx = Math.min(source.widthPx, source.heightPx);
  const longerSidePx = Math.max(2, Math.round((Math.max(source.widthPx, source.heightPx) * sidePx) / shorterPx / 2) * 2);
  return {
    name: `v${sidePx}`,
    shorterSidePx: sidePx,
    widthPx: isPortrait ? sidePx : longerSidePx,
    heightPx: isPortrait ? longerSidePx : sidePx,
    isHalfRate,
    framesPerSec: isHalfRate ? source.framesPerSec / 2 : source.framesPerSec,
    bitrateBitsPerSec,
  };
}

function bitrateOf(sidePx: number): number {
  const above = BITRATE_POINTS.findIndex(([side]) => side >= sidePx);
  const [highSide, high] = BITRATE_POINTS[above < 0 ? BITRATE_POINTS.length - 1 : above] ?? [1, 1];
  const [lowSide, low] = BITRATE_POINTS[Math.max(0, above - 1)] ?? [1, 1];
  if (above <= 0 || highSide === lowSide) return high;
  return low + ((sidePx ** 2 - lowSide ** 2) / (highSide ** 2 - lowSide ** 2)) * (high - low);
}
