// The values of an hour, to be drawn: five minutes by the second, what is older every ten seconds. Bounded by its size:
// 660 points of thirteen numbers.
import { SIGNAL_NAMES, type Signal, type SignalName } from './signal.ts';

export const HISTORY_LIMITS = { fineMs: 5 * 60_000, fineEveryMs: 1_000, wholeMs: 60 * 60_000, coarseEveryMs: 10_000 } as const;

export type HealthPoint = readonly (number | null)[];

export type HealthHistory = {
  add(signals: readonly Signal[], atMs: number): void;
  /** Oldest first: time, then the value of each name. */
  read(nowMs: number): { readonly names: readonly SignalName[]; readonly points: readonly HealthPoint[] };
};

const timeOf = (point: HealthPoint): number => point[0] ?? 0;

export function createHealthHistory(): HealthHistory {
  let fine: HealthPoint[] = [];
  let coarse: HealthPoint[] = [];

  function age(nowMs: number): void {
    const isRecent = (limitMs: number) => (point: HealthPoint) => timeOf(point) > nowMs - limitMs;
    for (const point of fine) {
      if (isRecent(HISTORY_LIMITS.fineMs)(point)) break;
      // Of each ten seconds the first point stays.
      const last = coarse.at(-1);
      if (!last || timeOf(point) - timeOf(last) >= HISTORY_LIMITS.coarseEveryMs) coarse.push(point);
    }
    fine = fine.filter(isRecent(HISTORY_LIMITS.fineMs));
    coarse = coarse.filter(isRecent(HISTORY_LIMITS.wholeMs));
  }

  return {
    add(signals, atMs) {
      const last = fine.at(-1);
      // A clock that was set back: what is kept lies in the future and could not be drawn.
      if (last && atMs < timeOf(last)) {
        fine = [];
        coarse = [];
      } else if (last && atMs - timeOf(last) < HISTORY_LIMITS.fineEveryMs / 2) return;
      const values = new Map(signals.map(({ name, value }) => [name, value]));
      fine.push([atMs, ...SIGNAL_NAMES.map((name) => values.get(name) ?? null)]);
      age(atMs);
    },
    read(nowMs) {
      age(nowMs);
      return { names: SIGNAL_NAMES, points: [...coarse, ...fine] };
    },
  };
}
