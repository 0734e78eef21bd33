// What the app is asked to do, and how it is started: shared by the process and who starts it.

export type AppConfig = { url: string; folder: string; incarnation: number; seed: number; isEarlyAck: boolean };

export type Load = {
  readonly writerCount: number;
  readonly feederCount: number;
  /** Each loop rests a random time up to this between two units. */
  readonly restMaxMs: number;
  readonly batchMaxCount: number;
  readonly lateRatio: number;
  readonly doomedRatio: number;
  readonly commitDelayMaxMs: number;
  /** The same unit sent twice at once: an impatient client. */
  readonly doublePostRatio: number;
  /** A unit of a while ago sent again as a whole: a producer that lost the answer. */
  readonly replayRatio: number;
};

export const LOAD: Load = {
  writerCount: 4,
  feederCount: 2,
  restMaxMs: 15,
  batchMaxCount: 30,
  lateRatio: 0.02,
  doomedRatio: 0.05,
  commitDelayMaxMs: 0,
  doublePostRatio: 0.05,
  replayRatio: 0,
};

export type AppStats = { ackedUnits: number; retries: number; droppedCount: number; duplicateCount: number };
