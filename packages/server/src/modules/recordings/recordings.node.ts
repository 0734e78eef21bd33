// The recordings module put together: recorder, index, replays, jobs, and what a start and the passing of time do.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AvcConfig, trimTimeline } from '@insp/media';
import { ON_AIR_STATES, type PublicReplay, type ShowId, type ShowState } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Service } from '../../kernel/service.ts';
import type { Database } from '../../platform/postgres/database.ts';
import type { OpenTap } from '../media/index.ts';
import { createFfmpeg } from './ffmpeg.process.ts';
import { makeFile } from './file-job.files.ts';
import { createJobRunner, type Work } from './job-runner.ts';
import {
  claimJob,
  countWaitingJobs,
  deleteJobs,
  findJob,
  finishJob,
  type JobRow,
  queueJob,
  requeueLeftJobs,
  saveProgress,
  takeStaleJobs,
} from './job-store.postgres.ts';
import { RETENTION_LIMITS } from './limits.ts';
import { makePictures } from './pictures-job.ts';
import type { RecordingsPorts } from './ports.ts';
import { createRecorder, type RecordingIndex } from './recorder.ts';
import {
  addGap,
  completeRecording,
  deleteRecordings,
  deleteSegment,
  insertPeriod,
  insertRecording,
  insertSegments,
  listOpenRecordings,
  listPeriods,
  listRecordings,
  listSegments,
  sumStoredBytes,
} from './recording-store.postgres.ts';
import type { RecordingsBehindHttp } from './recordings.http.ts';
import { recoverRecording } from './recovery.ts';
import { createReplayReader } from './replay-bytes.ts';
import {
  findReplay,
  findReplayByPlayback,
  listOpenReplays,
  listReplaysReadyBefore,
  markRemoved,
  openReplay,
  saveReplay,
} from './replay-store.postgres.ts';
import { createReplays, type ReplayStore, type Replays } from './replays.ts';
import { fileKeyOf, folderOfBroadcast, folderOfShow } from './segment-key.ts';
import { createFileStore } from './segment-store.files.ts';
import type { SegmentStore } from './segment-store.ts';
import { createShowIndexes } from './show-index.ts';

export type RecordingsConfig = {
  /** Where recordings are kept. */
  readonly folder: string;
  readonly publicUrl: string;
  /** The ffmpeg program. */
  readonly ffmpeg: string;
  /** Replays older than this are removed; 0 keeps them. */
  readonly keepDays: number;
  /** Bytes of all segments at most; 0 = as many as fit. */
  readonly quotaBytes: number;
};

export type Recordings = Service &
  RecordingsBehindHttp &
  Pick<Replays, 'publicReplay' | 'startOverUrl' | 'read'> & {
    /** Listens to broadcasts and stores them. */
    readonly openTap: OpenTap;
    showMoved(showId: ShowId, from: ShowState, to: ShowState): Promise<void>;
    /** What the host should know of the recording that runs; null when all is well. */
    note(showId: ShowId): string | null;
    stats(): { gapCount: number; gapMs: number; storedBytes: number; queuedBytes: number };
    /** Something of the show on air is stored: it can be watched from its beginning. Returns the undo. */
    onStartOver(listen: (showId: ShowId, startOverUrl: string) => void): () => void;
    /** Viewers of the show have another replay, or none. Returns the undo. */
    onReplayChanged(listen: (showId: ShowId, replay: PublicReplay | null) => void): () => void;
    /** Resolves when no job is left to do. */
    jobsDone(): Promise<void>;
  };

/** A store or a database that is away holds up the end of a show for so long at most. */
const SETTLE_PATIENCE_MS = 20_000;
const STOP_PATIENCE_MS = 4_000;

export function createRecordings(deps: {
  config: RecordingsConfig;
  ports: RecordingsPorts;
  database: Database;
  clock: Clock;
  logger: Logger;
  /** Another place for the bytes than files. */
  store?: SegmentStore;
}): Recordings {
  const { config, ports, database, clock } = deps;
  const logger = deps.logger.child({ module: 'recordings' });
  const store = deps.store ?? createFileStore(config.folder);
  const scratchFolder = join(config.folder, '.scratch');
  const listeners = new Set<(showId: ShowId, replay: PublicReplay | null) => void>();
  const startOverListeners = new Set<(showId: ShowId, startOverUrl: string) => void>();
  /** Shows whose recording has begun, and nothing of it is stored yet. */
  const beginning = new Map<ShowId, string>();
  let storedBytesBefore = 0;

  const indexes = createShowIndexes({
    segments: (showId) => listSegments(database, { showId }),
    periods: (showId) => listPeriods(database, showId),
    spans: ports.onAirSpans,
  });

  const recordingIndex: RecordingIndex = {
    async begin({ playbackId, ...recording }) {
      await database.transaction(async (tx) => {
        await insertRecording(tx, recording);
        await openReplay(tx, { ...recording, playbackId });
      });
      beginning.set(recording.showId, playbackId);
    },
    async addPeriod(showId, period) {
      await insertPeriod(database, period);
      indexes.addPeriod(showId, period);
    },
    async addSegments(showId, segments) {
      await insertSegments(database, segments);
      indexes.addSegments(showId, segments);
      const playbackId = beginning.get(showId);
      if (playbackId === undefined) return;
      beginning.delete(showId);
      for (const listen of startOverListeners) listen(showId, replays.startOverAddress(playbackId));
    },
    addGap: (broadcastId, gap) => addGap(database, broadcastId, gap),
    async complete(showId, broadcastId, endedAt) {
      beginning.delete(showId);
      await completeRecording(database, broadcastId, endedAt);
    },
  };

  const recorder = createRecorder({
    ...{ store, index: recordingIndex, clock, logger },
    isOnAir: async (showId) => ON_AIR_STATES.includes((await ports.show(showId))?.state ?? 'draft'),
    isWithinQuota: (addedBytes) =>
      config.quotaBytes === 0 || storedBytesBefore + recorder.stats().storedBytes + addedBytes <= config.quotaBytes,
  });

  const replayStore: ReplayStore = {
    find: (showId) => findReplay(database, showId),
    findByPlayback: (playbackId) => findReplayByPlayback(database, playbackId),
    save: (showId, change) => saveReplay(database, showId, change),
    remove: (replay, reason) =>
      database.transaction(async (tx) => {
        await markRemoved(tx, replay.showId, clock.nowMs(), reason);
        await deleteJobs(tx, replay.showId);
        await queueJob(tx, { ...replay, kind: 'purge', cut: String(clock.nowMs()) }, clock.nowMs());
      }),
    recordings: (showId) => listRecordings(database, showId),
    job: (showId, kind, cut) => findJob(database, showId, kind, cut),
    queueJob: ({ orgId, showId }, kind, cut) => queueJob(database, { orgId, showId, kind, cut }, clock.nowMs()),
    countWaitingFiles: (orgId) => countWaitingJobs(database, orgId),
    takeStale: (showId, cuts) => takeStaleJobs(database, showId, cuts),
  };

  const within = async (work: Promise<void>, patienceMs: number): Promise<void> => {
    let cancel = () => {};
    const patience = new Promise<void>((resolve) => {
      cancel = clock.after(patienceMs, resolve);
    });
    await Promise.race([work, patience]).finally(cancel);
  };

  const replays = createReplays({
    ...{ store: replayStore, indexes, ports, clock, logger, publicUrl: config.publicUrl },
    settled: (showId) => within(recorder.settled(showId), SETTLE_PATIENCE_MS),
    wakeJobs: () => jobs.wake(),
    cancelJobs: (showId) => jobs.cancel(showId),
    async forgetFiles(stale) {
      for (const { kind, showId, cut } of stale) {
        if (kind === 'mp4') await store.delete(fileKeyOf(showId, cut));
        else await store.deleteUnder(`${folderOfShow(showId)}/pictures/${cut}`);
      }
    },
    fileSize: (showId, cut) => store.size(fileKeyOf(showId, cut)),
    emit(showId, replay) {
      for (const listen of listeners) listen(showId, replay);
    },
  });

  /** The cut a job was asked for; null when the replay has moved on. */
  async function cutOfJob({ showId, cut }: JobRow) {
    const replay = await findReplay(database, showId);
    if (replay === null || replay.state !== 'ready') return null;
    const index = await indexes.get(showId);
    const whole = index.timeline();
    const timeline = cut === replay.fullCut ? whole : cut === replay.cut ? trimTimeline(whole, replay.trimFromMs, replay.trimToMs) : null;
    return timeline === null ? null : { showId, cut, timeline, index, reader: createReplayReader({ showId, store, index }) };
  }
  const ffmpeg = createFfmpeg(config.ffmpeg, clock);
  const work: Readonly<Record<JobRow['kind'], Work>> = {
    async pictures(job, context) {
      const found = await cutOfJob(job);
      if (found === null) throw new Error('the cut is no more');
      const first = found.timeline.segments[0];
      const size = first ? (found.index.period('video', first.periodId)?.config as AvcConfig | undefined) : undefined;
      if (!size) throw new Error('the size of the picture is not known');
      return makePictures({ ...found, size }, { reader: found.reader, store, ffmpeg }, context);
    },
    async mp4(job, context) {
      const found = await cutOfJob(job);
      if (found === null) throw new Error('the cut is no more');
      return makeFile(found, { reader: found.reader, store, ffmpeg, scratchFolder }, context);
    },
    /** What was recorded and made before the removal. A show that was reopened since has new recordings, which stay. */
    async purge({ showId }) {
      const replay = await findReplay(database, showId);
      const recordings = (await listRecordings(database, showId)).filter(({ state }) => state === 'complete');
      for (const { broadcastId } of recordings) await store.deleteUnder(folderOfBroadcast(showId, broadcastId));
      await database.transaction((tx) =>
        deleteRecordings(
          tx,
          showId,
          recordings.map(({ broadcastId }) => broadcastId),
        ),
      );
      if (replay?.state === 'removed') await store.deleteUnder(folderOfShow(showId));
      indexes.drop(showId);
      await countBytes();
    },
  };
  const jobs = createJobRunner({
    store: {
      requeue: () => requeueLeftJobs(database, clock.nowMs()),
      claim: () => claimJob(database, clock.nowMs()),
      progress: (id, ratio) => saveProgress(database, id, ratio, clock.nowMs()),
      finish: (id, end) => finishJob(database, id, end, clock.nowMs()),
    },
    ...{ work, clock, logger },
    onFinished(job) {
      replays.jobFinished(job).catch((err: unknown) => logger.warn({ err, showId: job.showId }, 'viewers were not told of new pictures'));
    },
  });

  async function countBytes(): Promise<void> {
    storedBytesBefore = (await sumStoredBytes(database, null)) - recorder.stats().storedBytes;
  }

  async function recover(): Promise<void> {
    for (const recording of await listOpenRecordings(database)) {
      const { showId, broadcastId } = recording;
      const [segments, periods] = await Promise.all([listSegments(database, { broadcastId }), listPeriods(database, showId)]);
      const known = { segments, periods: periods.filter((period) => period.broadcastId === broadcastId) };
      const removeRow = (segment: (typeof segments)[number]) => deleteSegment(database, segment);
      await recoverRecording(recording, known, { store, index: recordingIndex, removeRow, logger }).catch((err: unknown) =>
        logger.error({ err, showId, broadcastId }, 'a recording that was cut off could not be completed'),
      );
      indexes.drop(showId);
    }
    for (const { showId } of await listOpenReplays(database)) await replays.finish(showId);
  }

  async function expire(): Promise<void> {
    if (config.keepDays === 0) return;
    const beforeMs = clock.nowMs() - config.keepDays * 24 * 60 * 60_000;
    for (const replay of await listReplaysReadyBefore(database, beforeMs, RETENTION_LIMITS.removedAtOnce)) await replays.expire(replay);
  }

  let stopExpiring = () => {};
  return {
    ...{ openTap: recorder.openTap, note: recorder.note, stats: recorder.stats },
    ...{ publicReplay: replays.publicReplay, startOverUrl: replays.startOverUrl, read: replays.read },
    ...{ replays, store },
    async showMoved(showId, from, to) {
      recorder.showMoved(showId, to);
      if (to === 'ended') return replays.finish(showId);
      if (from === 'ended') return replays.reopen(showId);
      // Paused and resumed: what was on air has changed.
      if (ON_AIR_STATES.includes(to)) await indexes.spansChanged(showId);
    },
    onStartOver(listen) {
      startOverListeners.add(listen);
      return () => startOverListeners.delete(listen);
    },
    onReplayChanged(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    jobsDone: jobs.idle,
    async start() {
      await rm(scratchFolder, { recursive: true, force: true });
      await countBytes();
      await jobs.start();
      await recover();
      await expire();
      stopExpiring = clock.every(RETENTION_LIMITS.lookedAtEveryMs, () => {
        expire().catch((err: unknown) => logger.warn({ err }, 'old replays could not be looked for'));
      });
    },
    async stop() {
      stopExpiring();
      await within(recorder.settled(), STOP_PATIENCE_MS);
      await jobs.stop();
    },
  };
}
