// One CPU budget for all broadcasts of a machine: `media` may use a share of its cores for ladders, each broadcast takes
// the richest step it can pay when it begins, and gives it back when it ends. What one has is never taken away by
// another; who comes late gets fewer rungs or none, and always the source.
import type { LadderSource, Rung } from './plan-ladder.ts';

export const CPU_COSTS = {
  /** One ladder of a 1080p30 source (0.7 core) for every two cores; the rest is for the origin, the database, the room. */
  shareOfCores: 0.4,
  /** Decoding, in cores per million pixels a second; measured, `npm run bench -- ladder`. */
  decodeCoresPerMegapixel: 0.0018,
  /** Scaling and encoding (x264 veryfast), likewise. */
  encodeCoresPerMegapixel: 0.0122,
} as const;

/** Estimated cores for decoding the source and making these rungs; 0 for no rung (key frames alone are looked at then). */
export function ladderCost(source: LadderSource, rungs: readonly Rung[]): number {
  if (rungs.length === 0) return 0;
  const megapixels = (picture: { widthPx: number; heightPx: number; framesPerSec: number }) =>
    (picture.widthPx * picture.heightPx * picture.framesPerSec) / 1e6;
  const encoded = rungs.reduce((sum, rung) => sum + megapixels(rung), 0);
  return megapixels(source) * CPU_COSTS.decodeCoresPerMegapixel + encoded * CPU_COSTS.encodeCoresPerMegapixel;
}

export type CpuBudget = {
  readonly freeCores: number;
  /** The first step `holder` could have now; the last is free. */
  affordableStep(holder: string, source: LadderSource, steps: readonly (readonly Rung[])[], fromStep?: number): number;
  /** Takes what the first affordable step costs, in place of what `holder` had. Returns its index; the last step is free. */
  take(holder: string, source: LadderSource, steps: readonly (readonly Rung[])[], fromStep?: number): number;
  release(holder: string): void;
};

/** `totalCores` may be infinite: an explicit ladder asks no budget. */
export function createCpuBudget(totalCores: number): CpuBudget {
  const taken = new Map<string, number>();
  const freeCores = () => totalCores - [...taken.values()].reduce((sum, cores) => sum + cores, 0);
  const affordableStep: CpuBudget['affordableStep'] = (holder, source, steps, fromStep = 0) => {
    const coresForIt = freeCores() + (taken.get(holder) ?? 0);
    const found = steps.findIndex((rungs, index) => index >= fromStep && ladderCost(source, rungs) <= coresForIt);
    return found < 0 ? steps.length - 1 : found;
  };
  return {
    get freeCores() {
      return freeCores();
    },
    affordableStep,
    take(holder, source, steps, fromStep = 0) {
      const step = affordableStep(holder, source, steps, fromStep);
      taken.set(holder, ladderCost(source, steps[step] ?? []));
      return step;
    },
    release(holder) {
      taken.delete(holder);
    },
  };
}
