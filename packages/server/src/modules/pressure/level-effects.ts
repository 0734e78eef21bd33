// What each level does to the room, as data. What it does to facts is in sampling-rules.ts. Levels add up: a row
// repeats what the one above it does.
import type { ShedLevel } from '@insp/protocol';

export type LevelEffects = {
  /** Frames go out at most this often, of ordered pushes and of latest values. */
  readonly streamFlushMs: number;
  readonly cacheFlushMs: number;
  /** Reaction sums are told to the room this often. */
  readonly reactionsEveryMs: number;
  /** Chat lines shown to viewers in a second and room; null = all. Staff see all, the archive has all. */
  readonly chatLinesPerSec: number | null;
  /** Viewers are told how many watch. Staff always are. */
  readonly tellsPresence: boolean;
  /** Sockets of viewers who were not here a moment ago are taken. */
  readonly takesNewViewers: boolean;
};

const NORMAL: LevelEffects = {
  streamFlushMs: 50,
  cacheFlushMs: 250,
  reactionsEveryMs: 250,
  chatLinesPerSec: null,
  tellsPresence: true,
  takesNewViewers: true,
};
const INTEREST_SAMPLED: LevelEffects = { ...NORMAL, reactionsEveryMs: 1_000 };
const ROOM_SLOWED: LevelEffects = {
  ...INTEREST_SAMPLED,
  streamFlushMs: 1_000,
  cacheFlushMs: 1_000,
  chatLinesPerSec: 10,
  tellsPresence: false,
};

export const LEVEL_EFFECTS: Readonly<Record<ShedLevel, LevelEffects>> = {
  0: NORMAL,
  1: NORMAL,
  2: INTEREST_SAMPLED,
  3: ROOM_SLOWED,
  4: { ...ROOM_SLOWED, takesNewViewers: false },
};
