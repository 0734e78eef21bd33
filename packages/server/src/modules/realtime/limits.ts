// Every bound of a room, with what happens when it is hit. Figures: events-and-store.md 7 and 9, dependencies.md 4.

import type { RoomPace } from './ports.ts';

export type RealtimeLimits = {
  /** How often the number of viewers is told. */
  readonly presenceTellMs: number;
  /** Stream pushes that wait for the next frame; when there are as many the frame goes out early. */
  readonly pendingStreamMax: number;
  /** What a channel keeps for those who come back; beyond it they are told `recovered: false`. */
  readonly historyMaxCount: number;
  readonly historyMaxBytes: number;
  readonly historyTtlMs: number;
  /** A snapshot is shared by all of a role who come in within this time: a reconnect storm reads the database once. */
  readonly snapshotShareMs: number;
  readonly snapshotTimeoutMs: number;
  /** Above this a socket gets no cache pushes; it gets the latest once it has caught up. */
  readonly slowBufferBytes: number;
  /** Above this, or slow for `slowMaxMs`, it is closed (3010) and recovers by its positions. */
  readonly tooSlowBufferBytes: number;
  readonly slowMaxMs: number;
  readonly pingEveryMs: number;
  readonly missedPongsMax: number;
  readonly helloTimeoutMs: number;
  /** A viewer back within this time is the same visit. */
  readonly visitGapMs: number;
  readonly concurrencySampleMs: number;
  /** Frames of one socket that could not be read, and refusals for haste in a row, before it is closed (3502). */
  readonly malformedFramesMax: number;
  readonly tooFastRefusalsMax: number;
  /** Requests of one socket that wait for their turn; more are refused as too fast. */
  readonly waitingRequestsMax: number;
  /** An expired session may stay this long to renew itself, then 3003. */
  readonly expiryLeniencyMs: number;
  /** Rooms in memory. Beyond it nobody enters another one, and pushes to a room with nobody in it are dropped. */
  readonly roomsMax: number;
  readonly socketsPerProcessMax: number;
  readonly socketsPerRoomMax: number;
  /** Per remote address; loopback (a proxy, the simulator) is exempt. */
  readonly socketsPerAddressMax: number;
};

/** Without pressure. A lone push after quiet time goes out at once. */
export const NORMAL_PACE: RoomPace = { streamFlushMs: 50, cacheFlushMs: 250, tellsPresence: true, takesNewViewers: true };

export const REALTIME_LIMITS: RealtimeLimits = {
  presenceTellMs: 1_000,
  pendingStreamMax: 500,
  historyMaxCount: 2_000,
  historyMaxBytes: 1024 * 1024,
  historyTtlMs: 5 * 60_000,
  snapshotShareMs: 1_000,
  snapshotTimeoutMs: 8_000,
  slowBufferBytes: 256 * 1024,
  tooSlowBufferBytes: 1024 * 1024,
  slowMaxMs: 10_000,
  pingEveryMs: 20_000,
  missedPongsMax: 2,
  helloTimeoutMs: 10_000,
  visitGapMs: 10_000,
  concurrencySampleMs: 10_000,
  malformedFramesMax: 10,
  tooFastRefusalsMax: 100,
  waitingRequestsMax: 64,
  expiryLeniencyMs: 60_000,
  roomsMax: 5_000,
  socketsPerProcessMax: 20_000,
  socketsPerRoomMax: 12_000,
  socketsPerAddressMax: 500,
};
