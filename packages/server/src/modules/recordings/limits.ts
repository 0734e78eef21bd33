// Every limit of recordings, once.
export const RECORDER_LIMITS = {
  /** Segments of one broadcast that wait to be written. A live window keeps the same bytes for a while anyway. */
  queuedBytes: 48 * 1024 * 1024,
  queuedSegments: 400,
  /** Kept before the show goes live, so that it begins with the segment that holds the moment. */
  previewSegments: 12,
  /** Rows that wait for the database; their files are there and are adopted after a crash. */
  waitingRows: 20_000,
  /** Written at once. */
  batchSegments: 16,
  retryRowsMs: 1_000,
  /** The last room of a disk is the database's. */
  minFreeBytes: 1024 * 1024 * 1024,
  freeCheckedEveryMs: 5_000,
  /** How long a fault stays the advice to the host after the last segment that was lost. */
  noteShownMs: 60_000,
} as const;

export const REPLAY_LIMITS = {
  /** A trim that leaves less is refused. */
  minTrimmedMs: 1_000,
  /** Files of one organization that wait to be made. */
  waitingFiles: 10,
  /** Shows whose index is in memory: about 1 MB for an hour with a ladder. */
  indexesKept: 50,
  /** What the files of a replay share is read again after this: a new product moment is in a growing list as late. */
  sourceFreshMs: 1_000,
  sourcesKept: 200,
  /** A minute of chat is read again after this: a line that was removed is gone as soon. */
  chatFreshMs: 1_000,
  /** Minutes of chat kept as they are sent; one of a crowd is 150 kB. */
  chatsKept: 60,
  /** Texts kept as they are sent. */
  textsKept: 300,
} as const;

export const JOB_LIMITS = {
  attempts: 3,
  /** ffmpeg gives up its turn before every other process. */
  niceness: 19,
  /** One step without any progress. */
  silenceMs: 120_000,
  thumbnailEveryMs: 5_000,
  storyboardEveryMs: 10_000,
  sheetColumns: 10,
  sheetRows: 10,
  /** The longer side. */
  thumbnailPx: 320,
  storyboardPx: 160,
  posterPx: 1_280,
  posterWithinMs: 60_000,
  /** Dead air is looked for in so much of each end. */
  deadAirWithinMs: 180_000,
  /** Pictures of a replay longer than this are made less often. */
  maxThumbnails: 6_000,
} as const;

export const RETENTION_LIMITS = {
  lookedAtEveryMs: 60 * 60_000,
  /** Replays removed in one look. */
  removedAtOnce: 50,
} as const;
