// Listens to broadcasts and stores their segments as they close. The show never waits for it: what comes faster than it
// can be written, or cannot be written at all, becomes a gap that is counted and told to the host.
//
//   onSegment -> [queue, bounded] -> file (durable) -> row -> told to the index in memory
//
// Before a show is live the encoder's picture is a preview: the last few segments are held in memory and nothing of it
// is written. A crash loses the segments that are open or queued; a file without its row is adopted at the next start.
import type { TrackSegment } from '@insp/media';
import { type BroadcastId, ON_AIR_STATES, type ShowId, type ShowState } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { BroadcastTap, OpenTap, PublishGrant } from '../media/index.ts';
import { RECORDER_LIMITS } from './limits.ts';
import { initKeyOf, type StoredSegment, segmentKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';

export type GapCause = 'queue_full' | 'disk_full' | 'quota' | 'store_failed';

/** The index as the recorder writes it. Every call may be made again after it failed. */
export type RecordingIndex = {
  begin(recording: { broadcastId: BroadcastId; orgId: string; showId: ShowId; playbackId: string; startedAt: number }): Promise<void>;
  addPeriod(
    showId: ShowId,
    period: { broadcastId: BroadcastId; track: TrackSegment['track']; periodId: number; decoderConfig: Uint8Array; byteCount: number },
  ): Promise<void>;
  addSegments(showId: ShowId, segments: readonly StoredSegment[]): Promise<void>;
  addGap(broadcastId: BroadcastId, gap: { count: number; ms: number; cause: GapCause }): Promise<void>;
  complete(showId: ShowId, broadcastId: BroadcastId, endedAt: number): Promise<void>;
};

export type Recorder = {
  readonly openTap: OpenTap;
  /** A show went on air, or off it. */
  showMoved(showId: ShowId, state: ShowState): void;
  /** Resolves when all that was told of this show so far is stored, or given up. */
  settled(showId?: ShowId): Promise<void>;
  /** What the host should know now; null when all is well. */
  note(showId: ShowId): string | null;
  stats(): { gapCount: number; gapMs: number; storedBytes: number; queuedBytes: number };
};

const NOTES: Readonly<Record<GapCause, string>> = {
  queue_full: 'The recording has a gap: the disk is too slow. The show itself goes on.',
  disk_full: 'The recording has stopped: the disk is full. The show itself goes on; make room on the server.',
  quota: 'The recording has stopped: the storage allowed for recordings is used up. The show itself goes on; delete old replays.',
  store_failed: 'The recording has a gap: it cannot be written. The show itself goes on; see the log of the server.',
};

export type RecorderDeps = {
  store: SegmentStore;
  index: RecordingIndex;
  clock: Clock;
  logger: Logger;
  /** Whether the show is on air now; asked once when a broadcast begins. */
  isOnAir(showId: ShowId): Promise<boolean>;
  /** Whether another segment fits into what may be stored in all. */
  isWithinQuota(addedBytes: number): boolean;
};

/** A segment there is something of. */
type FullSegment = TrackSegment & { readonly period: NonNullable<TrackSegment['period']> };
const isFull = (segment: TrackSegment): segment is FullSegment => segment.sizeBytes > 0 && segment.period !== null;

type PeriodRow = Parameters<RecordingIndex['addPeriod']>[1];

type Broadcast = {
  readonly broadcastId: BroadcastId;
  readonly grant: PublishGrant;
  readonly startedAtMs: number;
  isRecording: boolean;
  isEnded: boolean;
  endedAtMs: number;
  preview: FullSegment[];
  queue: FullSegment[];
  queuedBytes: number;
  /** Init sections that are written or being written. */
  inits: Map<string, Promise<void>>;
  periodRows: PeriodRow[];
  rows: StoredSegment[];
  gap: { count: number; ms: number; cause: GapCause } | null;
  isInGap: boolean;
  hasBegun: boolean;
  pump: Promise<void> | null;
  /** Cuts a wait for the database short. */
  wake: () => void;
};

/** A track may have several init sections within one discontinuity: a rung whose encoder came back. */
const INITS_PER_DISCONTINUITY = 10_000;
const periodIdOf = ({ discontinuitySequence, initIndex = 0 }: { discontinuitySequence: number; initIndex?: number }): number =>
  discontinuitySequence * INITS_PER_DISCONTINUITY + initIndex;

export function createRecorder(deps: RecorderDeps): Recorder {
  const { store, index, clock, logger } = deps;
  const broadcasts = new Set<Broadcast>();
  const notes = new Map<ShowId, { cause: GapCause; atMs: number }>();
  const totals = { gapCount: 0, gapMs: 0, storedBytes: 0 };
  let freeBytes = Number.POSITIVE_INFINITY;
  let freeCheckedAtMs = Number.NEGATIVE_INFINITY;

  /** A segment is lost. Segments lost one after another are one gap; its length is that of the picture. */
  function lose(broadcast: Broadcast, segment: TrackSegment, cause: GapCause): void {
    const ms = segment.track === 'video' ? segment.durationMs : 0;
    const count = broadcast.isInGap ? 0 : 1;
    broadcast.gap = { count: (broadcast.gap?.count ?? 0) + count, ms: (broadcast.gap?.ms ?? 0) + ms, cause };
    totals.gapCount += count;
    totals.gapMs += ms;
    if (!broadcast.isInGap)
      logger.error({ showId: broadcast.grant.showId, cause, mediaSequence: segment.mediaSequence }, 'a segment could not be recorded');
    broadcast.isInGap = true;
    notes.set(broadcast.grant.showId, { cause, atMs: clock.nowMs() });
  }

  function enqueue(broadcast: Broadcast, segment: FullSegment): void {
    const isTooMuch =
      broadcast.queue.length >= RECORDER_LIMITS.queuedSegments || broadcast.queuedBytes + segment.sizeBytes > RECORDER_LIMITS.queuedBytes;
    if (isTooMuch) lose(broadcast, segment, 'queue_full');
    else {
      broadcast.queue.push(segment);
      broadcast.queuedBytes += segment.sizeBytes;
    }
    startPump(broadcast);
  }

  function record(broadcast: Broadcast): void {
    if (broadcast.isRecording) return;
    broadcast.isRecording = true;
    for (const segment of broadcast.preview.splice(0)) enqueue(broadcast, segment);
  }

  function startPump(broadcast: Broadcast): void {
    broadcast.pump ??= pump(broadcast)
      .catch((err: unknown) => logger.error({ err, broadcastId: broadcast.broadcastId }, 'the recorder failed'))
      .finally(() => {
        broadcast.pump = null;
        if (broadcast.queue.length > 0) startPump(broadcast);
        else if (broadcast.isEnded) broadcasts.delete(broadcast);
      });
  }

  async function pump(broadcast: Broadcast): Promise<void> {
    for (;;) {
      const batch = broadcast.queue.splice(0, RECORDER_LIMITS.batchSegments);
      if (batch.length > 0) {
        const stored = await Promise.all(batch.map((segment) => storeFile(broadcast, segment)));
        for (const segment of batch) broadcast.queuedBytes -= segment.sizeBytes;
        broadcast.rows.push(...stored.filter((row) => row !== null));
        if (stored.every((row) => row !== null)) broadcast.isInGap = false;
      }
      const isWritten = await writeRows(broadcast);
      if (broadcast.queue.length > 0) continue;
      if (isWritten) return;
      // The database is away: files go on being written, rows wait.
      await new Promise<void>((resolve) => {
        const cancel = clock.after(RECORDER_LIMITS.retryRowsMs, resolve);
        broadcast.wake = () => {
          cancel();
          resolve();
        };
      });
      broadcast.wake = () => {};
    }
  }

  async function storeFile(broadcast: Broadcast, segment: FullSegment): Promise<StoredSegment | null> {
    const { showId } = broadcast.grant;
    const periodId = periodIdOf(segment.period);
    const row: StoredSegment = {
      broadcastId: broadcast.broadcastId,
      track: segment.track,
      mediaSequence: segment.mediaSequence,
      periodId,
      programDateTimeMs: Math.round(segment.programDateTimeMs),
      durationMs: Math.round(segment.durationMs * 1000) / 1000,
      byteCount: segment.sizeBytes,
      frameCount: segment.frameCount,
      isIndependent: segment.isIndependent,
      targetDurationSec: segment.targetDurationSec,
    };
    if (!deps.isWithinQuota(row.byteCount)) return refuse(broadcast, segment, 'quota');
    if (!(await hasRoom())) return refuse(broadcast, segment, 'disk_full');
    try {
      await storeInit(broadcast, segment);
      await store.put(segmentKeyOf(showId, row), segment.pieces);
      totals.storedBytes += row.byteCount;
      return row;
    } catch (err) {
      const isDiskFull = ['ENOSPC', 'EDQUOT'].includes((err as NodeJS.ErrnoException).code ?? '');
      if (isDiskFull) freeCheckedAtMs = Number.NEGATIVE_INFINITY;
      else logger.warn({ err, key: segmentKeyOf(showId, row) }, 'the segment store failed');
      return refuse(broadcast, segment, isDiskFull ? 'disk_full' : 'store_failed');
    }
  }

  /** Written before the first segment of its period, once; its row goes with the rows of segments. */
  async function storeInit(broadcast: Broadcast, { track, period }: FullSegment): Promise<void> {
    const { broadcastId, grant } = broadcast;
    const periodId = periodIdOf(period);
    const name = `${track}/${periodId}`;
    const known = broadcast.inits.get(name);
    if (known) return known;
    const written = store.put(initKeyOf(grant.showId, { broadcastId, track, periodId }), period.init);
    broadcast.inits.set(name, written);
    try {
      await written;
    } catch (cause) {
      broadcast.inits.delete(name);
      throw cause;
    }
    const { decoderConfig } = period.config;
    broadcast.periodRows.push({ broadcastId, track, periodId, decoderConfig, byteCount: period.init.length });
  }

  function refuse(broadcast: Broadcast, segment: TrackSegment, cause: GapCause): null {
    lose(broadcast, segment, cause);
    return null;
  }

  async function hasRoom(): Promise<boolean> {
    const nowMs = clock.nowMs();
    if (Math.abs(nowMs - freeCheckedAtMs) >= RECORDER_LIMITS.freeCheckedEveryMs) {
      freeCheckedAtMs = nowMs;
      freeBytes = await store.freeBytes().catch(() => Number.POSITIVE_INFINITY);
    }
    return freeBytes >= RECORDER_LIMITS.minFreeBytes;
  }

  /** Writes all that waits for the index; false when the database is away. */
  async function writeRows(broadcast: Broadcast): Promise<boolean> {
    const { broadcastId, grant } = broadcast;
    try {
      if (!broadcast.hasBegun && (broadcast.rows.length > 0 || broadcast.gap !== null)) {
        const { showId, orgId, playbackId } = grant;
        await index.begin({ broadcastId, orgId, showId, playbackId, startedAt: broadcast.startedAtMs });
        broadcast.hasBegun = true;
      }
      for (const period of [...broadcast.periodRows]) {
        await index.addPeriod(grant.showId, period);
        broadcast.periodRows.shift();
      }
      const rows = [...broadcast.rows];
      if (rows.length > 0) {
        await index.addSegments(grant.showId, rows);
        broadcast.rows.splice(0, rows.length);
      }
      const { gap } = broadcast;
      if (gap !== null) {
        await index.addGap(broadcastId, gap);
        broadcast.gap = null;
      }
      if (broadcast.isEnded && broadcast.hasBegun && broadcast.queue.length === 0)
        await index.complete(grant.showId, broadcastId, broadcast.endedAtMs);
      return true;
    } catch (err) {
      logger.warn({ err, broadcastId, waitingRows: broadcast.rows.length }, 'the index of recordings could not be written; trying again');
      // Beyond this the files alone must do: the next start adopts them.
      broadcast.rows = broadcast.rows.slice(0, RECORDER_LIMITS.waitingRows);
      return false;
    }
  }

  function createTap(broadcast: Broadcast): BroadcastTap {
    return {
      onSegment(segment) {
        // A rung whose encoder was away: there is nothing to store, and nothing is lost.
        if (!isFull(segment)) return;
        if (broadcast.isRecording) return enqueue(broadcast, segment);
        broadcast.preview.push(segment);
        const surplusCount = broadcast.preview.length - RECORDER_LIMITS.previewSegments;
        if (surplusCount > 0) broadcast.preview.splice(0, surplusCount);
      },
      onEnded(atMs) {
        broadcast.isEnded = true;
        broadcast.endedAtMs = atMs;
        broadcast.preview = [];
        broadcast.wake();
        if (broadcast.isRecording) startPump(broadcast);
        else broadcasts.delete(broadcast);
      },
    };
  }

  return {
    openTap({ broadcastId, grant, startedAtMs }) {
      const broadcast: Broadcast = {
        ...{ broadcastId, grant, startedAtMs, isRecording: false, isEnded: false, endedAtMs: startedAtMs },
        ...{ preview: [], queue: [], queuedBytes: 0, inits: new Map(), periodRows: [], rows: [], gap: null },
        ...{ isInGap: false, hasBegun: false, pump: null, wake: () => {} },
      };
      broadcasts.add(broadcast);
      deps.isOnAir(grant.showId).then(
        (isOnAir) => {
          if (isOnAir && !broadcast.isEnded) record(broadcast);
        },
        (err: unknown) => {
          // Not to know is no reason to lose a show.
          logger.warn({ err, showId: grant.showId }, 'recording without knowing whether the show is on air');
          if (!broadcast.isEnded) record(broadcast);
        },
      );
      return createTap(broadcast);
    },
    showMoved(showId, state) {
      if (!ON_AIR_STATES.includes(state)) return;
      for (const broadcast of broadcasts) if (broadcast.grant.showId === showId && !broadcast.isEnded) record(broadcast);
    },
    async settled(showId) {
      for (const broadcast of broadcasts) {
        if (showId !== undefined && broadcast.grant.showId !== showId) continue;
        while (broadcast.pump !== null) await broadcast.pump;
      }
    },
    note(showId) {
      const known = notes.get(showId);
      if (known === undefined) return null;
      if (clock.nowMs() - known.atMs <= RECORDER_LIMITS.noteShownMs) return NOTES[known.cause];
      notes.delete(showId);
      return null;
    },
    stats: () => ({ ...totals, queuedBytes: [...broadcasts].reduce((sum, { queuedBytes }) => sum + queuedBytes, 0) }),
  };
}
