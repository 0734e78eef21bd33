// Does ffmpeg keep up? Judged by what comes out against what goes in: `speed` is media made for media sent over the last
// 10 s, `lag` how far the newest picture out is behind the newest in. An encoder that itself stutters is not held against
// ffmpeg, and an hour of good time hides no bad ten seconds (the `speed` of -progress is a mean since the start).

export const LOAD_LIMITS = {
  windowMs: 10_000,
  slowSpeed: 0.98,
  /** Slower than that is only an overload when it has been this late for so long: a moment of a busy machine is none. */
  slowLagMs: 500,
  lateForMs: 5_000,
  calmLagMs: 300,
} as const;

export type LoadReading = {
  /** Null until the window is full. */
  readonly speed: number | null;
  readonly lagMs: number | null;
  readonly isSlow: boolean;
  readonly isCalm: boolean;
};

export type LoadWatch = {
  /** `sentMs`, `madeMs`: newest presentation times, null before the first. Call about each second. */
  observe(sample: { readonly sentMs: number | null; readonly madeMs: number | null }, nowMs: number): LoadReading;
  /** Something was dropped because too much was waiting: slow, whatever the window says. */
  overflowed(): void;
  /** Another ffmpeg: what was seen of the last one counts no more. */
  reset(): void;
};

export function createLoadWatch(): LoadWatch {
  let samples: { sentMs: number; madeMs: number; atMs: number }[] = [];
  let hasOverflowed = false;
  let lateSinceMs: number | null = null;
  return {
    observe({ sentMs, madeMs }, nowMs) {
      const isFlooded = hasOverflowed;
      hasOverflowed = false;
      if (sentMs === null || madeMs === null) return { speed: null, lagMs: null, isSlow: isFlooded, isCalm: false };
      samples.push({ sentMs, madeMs, atMs: nowMs });
      while (samples.length > 2 && nowMs - (samples[1]?.atMs ?? nowMs) >= LOAD_LIMITS.windowMs) samples.shift();
      const [first] = samples;
      const isFull = first !== undefined && nowMs - first.atMs >= LOAD_LIMITS.windowMs;
      const sent = first ? sentMs - first.sentMs : 0;
      const speed = isFull && sent > 0 ? (madeMs - (first?.madeMs ?? 0)) / sent : null;
      const lagMs = Math.max(0, sentMs - madeMs);
      lateSinceMs = lagMs > LOAD_LIMITS.slowLagMs ? (lateSinceMs ?? nowMs) : null;
      const isLate = lateSinceMs !== null && nowMs - lateSinceMs >= LOAD_LIMITS.lateForMs;
      return {
        speed,
        lagMs,
        isSlow: isFlooded || (isLate && speed !== null && speed < LOAD_LIMITS.slowSpeed),
        isCalm: !isFlooded && lagMs <= LOAD_LIMITS.calmLagMs && (speed === null || speed >= LOAD_LIMITS.slowSpeed),
      };
    },
    overflowed() {
      hasOverflowed = true;
    },
    reset() {
      samples = [];
      hasOverflowed = false;
      lateSinceMs = null;
    },
  };
}
