// Three lanes with a place of their own: a new cue takes the place of its lane's old one, nothing is pushed aside.
import type { Cue } from '@insp/protocol';

export const CUE_LANES = ['say', 'sell', 'who'] as const;
export type CueLane = Cue['lane'];

/** The cue of each lane: the newest that has not expired. */
export function cueLanes(cues: readonly Cue[], serverNowMs: number): Readonly<Record<CueLane, Cue | null>> {
  const lanes: Record<CueLane, Cue | null> = { say: null, sell: null, who: null };
  for (const cue of cues) {
    const held = lanes[cue.lane];
    if (cue.expiresAt > serverNowMs && (held === null || cue.shownAt >= held.shownAt)) lanes[cue.lane] = cue;
  }
  return lanes;
}

/** What the keys act on: the first lane that has a cue. */
export function topCue(lanes: Readonly<Record<CueLane, Cue | null>>): Cue | null {
  return CUE_LANES.map((lane) => lanes[lane]).find((cue) => cue !== null) ?? null;
}
