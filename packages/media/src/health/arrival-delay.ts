// How late the tags come: wall clock minus decode time, against the quickest of the last minute. A delay that grows is
// a queue at the host's upload (media.md 11); one that stays is only distance.
export const ARRIVAL_LIMITS = {
  /** A baseline: the quickest arrival of this long. */
  baselineMs: 60_000,
  /** The slope is that of this long. */
  slopeMs: 10_000,
  /** The newest delay is the median of this long: a large key frame alone is no queue. */
  newestMs: 2_000,
  /** One sample in this time: 600 in all. */
  sampleEveryMs: 100,
} as const;

export type ArrivalReading = {
  /** Null until a second was measured. */
  readonly delayMs: number | null;
  /** Least squares over the last ten seconds; null until five are measured. */
  readonly slopeMsPerSec: number | null;
};

export type ArrivalDelay = {
  observe(dtsMs: number, atMs: number): void;
  /** The encoder's clock jumped: what was measured says nothing any more. */
  reset(): void;
  read(nowMs: number): ArrivalReading;
};

type Sample = { readonly atMs: number; readonly delayMs: number };

export function createArrivalDelay(): ArrivalDelay {
  let samples: Sample[] = [];

  return {
    observe(dtsMs, atMs) {
      const delayMs = atMs - dtsMs;
      const last = samples.at(-1);
      if (last && atMs - last.atMs < ARRIVAL_LIMITS.sampleEveryMs) {
        // What comes in one go counts as its latest: the delay of the queue's end.
        samples[samples.length - 1] = { atMs: last.atMs, delayMs: Math.min(last.delayMs, delayMs) };
        return;
      }
      samples.push({ atMs, delayMs });
      if (samples.length > 2 * (ARRIVAL_LIMITS.baselineMs / ARRIVAL_LIMITS.sampleEveryMs))
        samples = younger(samples, atMs, ARRIVAL_LIMITS.baselineMs);
    },
    reset() {
      samples = [];
    },
    read(nowMs) {
      samples = younger(samples, nowMs, ARRIVAL_LIMITS.baselineMs);
      const first = samples[0];
      const last = samples.at(-1);
      if (!first || !last || last.atMs - first.atMs < 1_000) return { delayMs: null, slopeMsPerSec: null };
      const quickestMs = Math.min(...samples.map(({ delayMs }) => delayMs));
      const newest = younger(samples, last.atMs, ARRIVAL_LIMITS.newestMs).map(({ delayMs }) => delayMs);
      const recent = younger(samples, last.atMs, ARRIVAL_LIMITS.slopeMs);
      const spanMs = last.atMs - (recent[0] ?? last).atMs;
      return {
        delayMs: Math.max(0, median(newest) - quickestMs),
        slopeMsPerSec: spanMs < ARRIVAL_LIMITS.slopeMs / 2 ? null : slopeOf(recent) * 1_000,
      };
    },
  };
}

const younger = (samples: readonly Sample[], nowMs: number, ageMs: number): Sample[] => samples.filter(({ atMs }) => atMs > nowMs - ageMs);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Least squares, delay over arrival. */
function slopeOf(samples: readonly Sample[]): number {
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / samples.length;
  const meanDelay = samples.reduce((sum, { delayMs }) => sum + delayMs, 0) / samples.length;
  let product = 0;
  let square = 0;
  for (const { atMs, delayMs } of samples) {
    product += (atMs - meanAt) * (delayMs - meanDelay);
    square += (atMs - meanAt) ** 2;
  }
  return square === 0 ? 0 : product / square;
}
