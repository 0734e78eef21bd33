// Whether a reader is in rotation.
//
//   out --asked and well, its time is over--> probing --one read went well--> in
//    ^                                          |                              |
//    +------ failed, or lags, or on another timeline (waits twice as long) ----+

export const MAX_LAG_MS = 2_000;
/** It comes back only when clearly better than what sent it out. */
export const WELL_LAG_MS = 1_000;
const FIRST_OUT_MS = 250;
const LONGEST_OUT_MS = 10_000;

export type OutReason = 'new' | 'unreachable' | 'lagging' | 'other_timeline';

export type ReplicaHealth =
  | { readonly state: 'in' }
  | { readonly state: 'probing'; readonly failureCount: number }
  | { readonly state: 'out'; readonly reason: OutReason; readonly failureCount: number; readonly untilMs: number };

export type HealthEvent =
  | { readonly kind: 'asked'; readonly lagMs: number; readonly isOnTimeline: boolean }
  | { readonly kind: 'failed' }
  | { readonly kind: 'read_went_well' };

export const NEW_REPLICA: ReplicaHealth = { state: 'out', reason: 'new', failureCount: 0, untilMs: Number.NEGATIVE_INFINITY };

function sendOut(health: ReplicaHealth, reason: OutReason, nowMs: number): ReplicaHealth {
  const failureCount = health.state === 'in' ? 1 : health.failureCount + 1;
  const outMs = reason === 'unreachable' ? Math.min(LONGEST_OUT_MS, FIRST_OUT_MS * 2 ** Math.min(failureCount - 1, 10)) : 0;
  return { state: 'out', reason, failureCount, untilMs: nowMs + outMs };
}

/** The next state. A reader that is out stays out for a time after it could not be reached; lag needs no such time. */
export function nextHealth(health: ReplicaHealth, event: HealthEvent, nowMs: number): ReplicaHealth {
  switch (event.kind) {
    case 'failed':
      return sendOut(health, 'unreachable', nowMs);
    case 'read_went_well':
      return health.state === 'probing' ? { state: 'in' } : health;
    case 'asked': {
      if (!event.isOnTimeline || event.lagMs > MAX_LAG_MS) {
        const reason = event.isOnTimeline ? 'lagging' : 'other_timeline';
        return health.state === 'out' && health.reason === reason ? health : sendOut(health, reason, nowMs);
      }
      if (health.state !== 'out' || nowMs < health.untilMs || event.lagMs > WELL_LAG_MS) return health;
      return { state: 'probing', failureCount: health.failureCount };
    }
  }
}
