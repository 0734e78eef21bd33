// Signals over time: a level is told once it has held, and taken back once it has been better for a while, so that
// sentences do not flicker. The worst speaks; of two equally bad the earlier of the list.
import type { HealthReading } from './health-meter.ts';
import { judgeSignals } from './judge-signals.ts';
import type { OutsideReadings } from './outside-readings.ts';
import { SEVERITY, SIGNAL_NAMES, type Signal, type SignalLevel, type SignalName } from './signal.ts';

export type HealthVerdict = {
  readonly status: 'starting' | 'good' | 'warning' | 'bad';
  /** One sentence, or nothing. */
  readonly advice: string;
  /** The worst first. */
  readonly signals: readonly Signal[];
};

export const ADVISOR_LIMITS = {
  /** A level is taken back after it was better for this long. */
  calmAfterMs: 5_000,
  /** The numbers in a sentence change at most this often. */
  rewordAfterMs: 5_000,
} as const;

/** How long a level must hold before it is told, where the threshold is not itself a time (media.md 11). */
export const RAISE_AFTER_MS: Readonly<Record<SignalName, { readonly warning: number; readonly bad: number }>> = {
  encoder: { warning: 0, bad: 0 },
  picture: { warning: 0, bad: 0 },
  key_frames: { warning: 0, bad: 0 },
  upload: { warning: 3_000, bad: 3_000 },
  bitrate: { warning: 10_000, bad: 0 },
  frame_rate: { warning: 3_000, bad: 0 },
  frame_gap: { warning: 0, bad: 0 },
  clock: { warning: 0, bad: 0 },
  av_skew: { warning: 3_000, bad: 3_000 },
  sound: { warning: 0, bad: 0 },
  loudness: { warning: 5_000, bad: 0 },
  transcoder: { warning: 10_000, bad: 0 },
  viewers: { warning: 0, bad: 0 },
};

export type HealthAdvisor = {
  /** Asked at any pace; the same moment twice gives the same answer. */
  judge(reading: HealthReading, outside: OutsideReadings, nowMs: number): HealthVerdict;
};

type Memory = {
  told: Signal;
  /** Since when the signal has been at least this bad without a break; null = it is not. */
  warningSinceMs: number | null;
  badSinceMs: number | null;
  /** Since when it has been better than told. */
  betterSinceMs: number | null;
  wordedAtMs: number;
};

export function createHealthAdvisor(): HealthAdvisor {
  const memories = new Map<SignalName, Memory>();

  function levelHeld(memory: Memory, name: SignalName, nowMs: number): SignalLevel {
    const after = RAISE_AFTER_MS[name];
    if (memory.badSinceMs !== null && nowMs - memory.badSinceMs >= after.bad) return 'bad';
    if (memory.warningSinceMs !== null && nowMs - memory.warningSinceMs >= after.warning) return 'warning';
    return 'good';
  }

  function tell(now: Signal, nowMs: number): Signal {
    const quiet: Signal = { ...now, ...(SEVERITY[now.level] === 0 ? {} : { level: 'good', sentence: '' }) };
    const memory = memories.get(now.name) ?? {
      told: quiet,
      warningSinceMs: null,
      badSinceMs: null,
      betterSinceMs: null,
      wordedAtMs: nowMs,
    };
    memories.set(now.name, memory);
    const severity = SEVERITY[now.level];
    memory.warningSinceMs = severity >= 1 ? (memory.warningSinceMs ?? nowMs) : null;
    memory.badSinceMs = severity >= 2 ? (memory.badSinceMs ?? nowMs) : null;
    const held = levelHeld(memory, now.name, nowMs);

    if (SEVERITY[held] > SEVERITY[memory.told.level]) {
      memory.told = { ...now, level: held };
      memory.wordedAtMs = nowMs;
      memory.betterSinceMs = null;
    } else if (severity < SEVERITY[memory.told.level]) {
      memory.betterSinceMs ??= nowMs;
      if (nowMs - memory.betterSinceMs >= ADVISOR_LIMITS.calmAfterMs) {
        memory.told = severity === 0 ? quiet : { ...now };
        memory.wordedAtMs = nowMs;
        memory.betterSinceMs = null;
      }
    } else {
      memory.betterSinceMs = null;
      if (SEVERITY[memory.told.level] === 0) memory.told = quiet;
      else if (nowMs - memory.wordedAtMs >= ADVISOR_LIMITS.rewordAfterMs) {
        memory.told = { ...memory.told, sentence: now.sentence };
        memory.wordedAtMs = nowMs;
      }
    }
    // The value is always that of this moment.
    return { ...memory.told, value: now.value, unit: now.unit };
  }

  return {
    judge(reading, outside, nowMs) {
      const signals = judgeSignals(reading, outside, nowMs)
        .map((signal) => tell(signal, nowMs))
        .toSorted((a, b) => SEVERITY[b.level] - SEVERITY[a.level] || SIGNAL_NAMES.indexOf(a.name) - SIGNAL_NAMES.indexOf(b.name));
      const worst = signals[0];
      if (worst && (worst.level === 'warning' || worst.level === 'bad')) return { status: worst.level, advice: worst.sentence, signals };
      return { status: reading.keyFrameIntervalMs === null ? 'starting' : 'good', advice: '', signals };
    },
  };
}
