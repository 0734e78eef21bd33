// The level of shedding as a state machine: state, signals and now in, state out.
//
//        a signal reaches the value of level n            0 -> n, at once
//        all signals below half the value of this level   n -> n - 1, after `calmNeededMs` of it
//
// It cannot flap. Down needs half of what up needs, and time. And because shedding itself is what calms the signals, a
// step down may bring the load back: such a relapse doubles the calm that is needed next time, up to `calmMaxMs`. So a
// load that stays gets ever longer stays at the level that holds it.
import type { ShedLevel } from '@insp/protocol';
import { DEFAULT_THRESHOLDS, SIGNAL_NAMES, type SignalName, type Signals, type Thresholds } from './thresholds.ts';

export type ShedRules = {
  readonly thresholds: Thresholds;
  /** Calm is below this share of the level's own value. */
  readonly calmRatio: number;
  readonly calmMs: number;
  readonly calmMaxMs: number;
  /** Going up again within this time of a step down (or within the calm last asked for, if longer) is a relapse. */
  readonly relapseWithinMs: number;
  /** One look counts for at most this much calm: after a stepped clock or a process that slept, nothing is known of the gap. */
  readonly lookMaxMs: number;
};

export const SHED_RULES: ShedRules = {
  thresholds: DEFAULT_THRESHOLDS,
  calmRatio: 0.5,
  calmMs: 30_000,
  calmMaxMs: 600_000,
  relapseWithinMs: 120_000,
  lookMaxMs: 5_000,
};

export type ShedState = {
  readonly level: ShedLevel;
  readonly sinceMs: number;
  /** The signal that raised the level; null at 0. */
  readonly cause: SignalName | null;
  readonly calmForMs: number;
  readonly calmNeededMs: number;
  /** Time since the last step down; null when there was none, or it proved right. */
  readonly sinceStepDownMs: number | null;
  readonly lookedAtMs: number;
};

export function initialShedState(nowMs: number, rules: ShedRules = SHED_RULES): ShedState {
  return {
    level: 0,
    sinceMs: nowMs,
    cause: null,
    calmForMs: 0,
    calmNeededMs: rules.calmMs,
    sinceStepDownMs: null,
    lookedAtMs: nowMs,
  };
}

/** The highest level any signal asks for, with the first that does. `scale` moves all thresholds. */
export function demandedLevel(signals: Signals, thresholds: Thresholds, scale = 1): { level: ShedLevel; cause: SignalName | null } {
  let level = 0;
  let cause: SignalName | null = null;
  for (const name of SIGNAL_NAMES) {
    const value = signals[name];
    if (value === null || Number.isNaN(value)) continue;
    for (let asked = thresholds[name].length; asked > level; asked -= 1) {
      if (value < (thresholds[name][asked - 1] ?? Number.POSITIVE_INFINITY) * scale) continue;
      level = asked;
      cause = name;
    }
  }
  return { level: level as ShedLevel, cause };
}

/** The next state; total: any signals, any clock. */
export function nextShedState(state: ShedState, signals: Signals, nowMs: number, rules: ShedRules = SHED_RULES): ShedState {
  const lookMs = Math.min(rules.lookMaxMs, Math.max(0, nowMs - state.lookedAtMs));
  const sinceStepDownMs = state.sinceStepDownMs === null ? null : state.sinceStepDownMs + lookMs;
  const relapseWindowMs = Math.max(rules.relapseWithinMs, state.calmNeededMs);
  const demand = demandedLevel(signals, rules.thresholds);

  if (demand.level > state.level) {
    const isRelapse = sinceStepDownMs !== null && sinceStepDownMs <= relapseWindowMs;
    return {
      level: demand.level,
      sinceMs: nowMs,
      cause: demand.cause,
      calmForMs: 0,
      calmNeededMs: isRelapse ? Math.min(rules.calmMaxMs, state.calmNeededMs * 2) : rules.calmMs,
      sinceStepDownMs: null,
      lookedAtMs: nowMs,
    };
  }

  const isCalm = demandedLevel(signals, rules.thresholds, rules.calmRatio).level < state.level;
  const calmForMs = isCalm ? state.calmForMs + lookMs : 0;
  if (isCalm && calmForMs >= state.calmNeededMs) {
    const level = (state.level - 1) as ShedLevel;
    const cause = level === 0 ? null : state.cause;
    return { ...state, level, sinceMs: nowMs, cause, calmForMs: 0, sinceStepDownMs: 0, lookedAtMs: nowMs };
  }
  // A step down that held for the whole window was right: forgiven.
  const hasHeld = sinceStepDownMs !== null && sinceStepDownMs > relapseWindowMs;
  return {
    ...state,
    calmForMs,
    calmNeededMs: hasHeld ? rules.calmMs : state.calmNeededMs,
    sinceStepDownMs: hasHeld ? null : sinceStepDownMs,
    lookedAtMs: nowMs,
  };
}
