// What is looked at under which load (product.md VI8: sampling falls, encoding is never delayed).
import type { ShedLevel } from '@insp/protocol';

export type WatchSampling = {
  /** Of the key frames, one in so many; null = the watch is off. */
  readonly oneKeyFrameIn: number | null;
  readonly hasSound: boolean;
};

export const WATCH_SAMPLING: Readonly<Record<ShedLevel, WatchSampling>> = {
  0: { oneKeyFrameIn: 1, hasSound: true },
  1: { oneKeyFrameIn: 2, hasSound: true },
  2: { oneKeyFrameIn: 4, hasSound: true },
  3: { oneKeyFrameIn: 8, hasSound: false },
  4: { oneKeyFrameIn: null, hasSound: false },
};
