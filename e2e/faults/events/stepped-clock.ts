// The system's clock with somebody's hand on it: wall time jumps, timers go on as they were. Just what an NTP step does.
import { type Clock, systemClock } from '@insp/server/events';

export type SteppedClock = Clock & { step(byMs: number): void };

export function createSteppedClock(): SteppedClock {
  let offsetMs = 0;
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + offsetMs,
    step(byMs) {
      offsetMs += byMs;
    },
  };
}
