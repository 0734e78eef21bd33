// What becomes of a recording: it is finished when the show ends, trimmed, hidden, made into a file, removed. Decides
// and writes; bytes are the recorder's and the jobs'.
import { bytesOfTimeline, positionOf, type ReplayTimeline, trimTimeline, utcOf } from '@insp/media';
import { ON_AIR_STATES, type PublicReplay, type Replay, type ShowId, type UpdateReplay } from '@insp/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { accepted, type Outcome, refused } from '../../kernel/outcome.ts';
import type { JobKind, JobRow } from './job-store.postgres.ts';
import { REPLAY_LIMITS } from './limits.ts';
import type { RecordedShow, RecordingsPorts } from './ports.ts';
import type { RecordingRow } from './recording-store.postgres.ts';
import { chatFile, chatMinuteOf } from './replay-chat.ts';
import { type Audience, chaptersOf, findReplayFile, type PicturesResult, type ReplayFile, type ReplaySource } from './replay-files.ts';
import type { ReplayChange, ReplayRow } from './replay-store.postgres.ts';
import { cutOf } from './segment-key.ts';
import type { ShowIndexes } from './show-index.ts';

/** The tables, as the use cases need them. */
export type ReplayStore = {
  find(showId: ShowId): Promise<ReplayRow | null>;
  findByPlayback(playbackId: string): Promise<ReplayRow | null>;
  save(showId: ShowId, change: ReplayChange): Promise<void>;
  /** Marks it removed and asks for the purge of its bytes, in one transaction. */
  remove(replay: ReplayRow, reason: string): Promise<void>;
  recordings(showId: ShowId): Promise<RecordingRow[]>;
  job(showId: ShowId, kind: JobKind, cut: string): Promise<JobRow | null>;
  queueJob(replay: ReplayRow, kind: JobKind, cut: string): Promise<void>;
  countWaitingFiles(orgId: string): Promise<number>;
  /** Forgets what was made of other cuts, and answers it. */
  takeStale(showId: ShowId, cuts: readonly string[]): Promise<JobRow[]>;
};

export type ReplaysDeps = {
  store: ReplayStore;
  indexes: ShowIndexes;
  ports: RecordingsPorts;
  clock: Clock;
  logger: Logger;
  publicUrl: string;
  settled(showId: ShowId): Promise<void>;
  /** Work was asked for. */
  wakeJobs(): void;
  cancelJobs(showId: ShowId): void;
  forgetFiles(stale: readonly JobRow[]): Promise<void>;
  fileSize(showId: ShowId, cut: string): Promise<number | null>;
  /** Viewers have another replay, or none. */
  emit(showId: ShowId, replay: PublicReplay | null): void;
};

export type Replays = ReturnType<typeof createReplays>;

export function createReplays(deps: ReplaysDeps) {
  const { store, indexes, ports, clock, logger } = deps;
  const base = deps.publicUrl.replace(/\/$/, '');
  /** One decision about a show after another. */
  const turns = new Map<ShowId, Promise<unknown>>();
  function inTurn<T>(showId: ShowId, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(showId) ?? Promise.resolve()).catch(() => {}).then(work);
    turns.set(showId, turn);
    const done = () => turns.get(showId) === turn && turns.delete(showId);
    turn.then(done, done);
    return turn;
  }

  const sequencesOf = ({ segments }: ReplayTimeline) => segments.map(({ mediaSequence }) => mediaSequence);
  const picturesOf = async (showId: ShowId, cut: string): Promise<{ job: JobRow | null; result: PicturesResult | null }> => {
    const job = cut === '' ? null : await store.job(showId, 'pictures', cut);
    return { job, result: job?.state === 'done' ? (job.result as PicturesResult) : null };
  };

  const startOverAddress = (playbackId: string) => `${base}/replay/${encodeURIComponent(playbackId)}/start.m3u8`;

  async function publicReplayOf(replay: ReplayRow | null): Promise<PublicReplay | null> {
    if (replay === null || replay.state !== 'ready' || !replay.isPublic) return null;
    const at = (name: string) => `${base}/replay/${encodeURIComponent(replay.playbackId)}/${name}`;
    const { result } = await picturesOf(replay.showId, replay.cut);
    return {
      playlistUrl: at('index.m3u8'),
      durationMs: replay.durationMs,
      chaptersUrl: at('chapters.json'),
      storyboardUrl: result === null ? null : at('storyboard.vtt'),
      posterUrl: result?.hasPoster ? at(`poster-${replay.cut}.jpg`) : null,
    };
  }

  /** Works out durations and cuts from the index and keeps them. */
  async function settle(replay: ReplayRow, change: Partial<ReplayChange>): Promise<ReplayRow> {
    const index = await indexes.get(replay.showId);
    const merged = { ...replay, ...change };
    const whole = index.timeline();
    const timeline = trimTimeline(whole, merged.trimFromMs, merged.trimToMs);
    const settled: ReplayRow = {
      ...merged,
      fullDurationMs: Math.round(whole.durationMs),
      durationMs: Math.round(timeline.durationMs),
      fullCut: cutOf(sequencesOf(whole)),
      cut: cutOf(sequencesOf(timeline)),
    };
    await store.save(replay.showId, settled);
    return settled;
  }

  async function askForPictures(replay: ReplayRow): Promise<void> {
    for (const cut of new Set([replay.cut, replay.fullCut])) await store.queueJob(replay, 'pictures', cut);
    deps.wakeJobs();
  }

  async function own(orgId: string, showId: ShowId): Promise<Outcome<{ show: RecordedShow; replay: ReplayRow | null }>> {
    const show = await ports.show(showId);
    if (show === null || show.orgId !== orgId) return refused('INSP_SHOWS_NOT_FOUND');
    return accepted({ show, replay: await store.find(showId) });
  }

  async function view(show: RecordedShow, replay: ReplayRow | null): Promise<Replay> {
    const nothing: Replay = {
      ...{
        showId: show.showId,
        state: replay?.state === 'removed' ? 'removed' : 'none',
        isPublic: replay?.isPublic ?? true,
        readyAt: null,
      },
      ...{ fullDurationMs: 0, durationMs: 0, trim: null, suggestedTrim: null, playlistUrl: null, publicReplay: null, chapters: [] },
      ...{ byteCount: 0, gaps: { count: 0, durationMs: 0, cause: null }, pictures: 'none', posterUrl: null, storyboardUrl: null },
      file: { state: 'none', progressRatio: 0, byteCount: null, url: null },
    };
    const recordings = replay === null || replay.state === 'removed' ? [] : await store.recordings(show.showId);
    const gaps = {
      count: recordings.reduce((sum, { gapCount }) => sum + gapCount, 0),
      durationMs: recordings.reduce((sum, { gapMs }) => sum + gapMs, 0),
      cause: recordings.findLast(({ gapCause }) => gapCause !== null)?.gapCause ?? null,
    };
    if (replay === null || replay.state === 'removed' || replay.state === 'empty') return { ...nothing, gaps };
    const index = await indexes.get(show.showId);
    const whole = index.timeline();
    const at = (name: string) => `/v1/shows/${show.showId}/replay/media/${name}`;
    if (replay.state === 'open') {
      const isOnAir = ON_AIR_STATES.includes(show.state);
      return {
        ...nothing,
        state: isOnAir ? 'recording' : 'none',
        fullDurationMs: Math.round(whole.durationMs),
        playlistUrl: isOnAir && whole.segments.length > 0 ? at('start.m3u8') : null,
        byteCount: bytesOfTimeline(whole),
        gaps,
      };
    }
    const [full, cut, file, moments] = await Promise.all([
      picturesOf(show.showId, replay.fullCut),
      picturesOf(show.showId, replay.cut),
      store.job(show.showId, 'mp4', replay.cut),
      ports.moments(show.showId),
    ]);
    const isTrimmed = replay.trimFromMs !== null || replay.trimToMs !== null;
    const isFileReady = file?.state === 'done';
    return {
      showId: show.showId,
      state: 'ready',
      isPublic: replay.isPublic,
      readyAt: replay.readyAt,
      fullDurationMs: replay.fullDurationMs,
      durationMs: replay.durationMs,
      trim: isTrimmed
        ? {
            startMs: replay.trimFromMs === null ? 0 : Math.round(positionOf(whole, replay.trimFromMs)),
            endMs: replay.trimToMs === null ? replay.fullDurationMs : Math.round(positionOf(whole, replay.trimToMs)),
          }
        : null,
      suggestedTrim: full.result?.suggestion
        ? { startMs: Math.round(full.result.suggestion.startMs), endMs: Math.round(full.result.suggestion.endMs) }
        : null,
      playlistUrl: at('index.m3u8'),
      publicReplay: await publicReplayOf(replay),
      chapters: chaptersOf({ moments }, whole).chapters,
      byteCount: bytesOfTimeline(whole),
      gaps,
      pictures: cut.job === null ? 'none' : cut.job.state === 'done' ? 'ready' : cut.job.state === 'failed' ? 'failed' : 'making',
      posterUrl: full.result?.hasPoster ? at('poster.jpg') : null,
      storyboardUrl: full.result === null ? null : at('storyboard.vtt'),
      file: {
        state: file === null ? 'none' : isFileReady ? 'ready' : file.state === 'failed' ? 'failed' : 'making',
        progressRatio: isFileReady ? 1 : (file?.progress ?? 0),
        byteCount: isFileReady ? await deps.fileSize(show.showId, replay.cut) : null,
        url: isFileReady ? `/v1/shows/${show.showId}/replay/file.mp4` : null,
      },
    };
  }

  async function changed(replay: ReplayRow): Promise<void> {
    kept.clear();
    deps.emit(replay.showId, await publicReplayOf(replay));
  }

  async function load(replay: ReplayRow, audience: Audience): Promise<ReplaySource | null> {
    if (replay.state === 'removed' || replay.state === 'empty') return null;
    const show = await ports.show(replay.showId);
    if (show === null) return null;
    const [index, moments, pictures] = await Promise.all([
      indexes.get(replay.showId),
      ports.moments(replay.showId),
      picturesOf(replay.showId, audience === 'whole' ? replay.fullCut : replay.cut),
    ]);
    return { show, replay, index, moments, pictures: pictures.result };
  }

  /** Many ask for the files of one replay: what all of them need is read once in a while. */
  const kept = new Map<string, { atMs: number; source: Promise<ReplaySource | null> }>();
  function publicSource(playbackId: string): Promise<ReplaySource | null> {
    const known = kept.get(playbackId);
    if (known && Math.abs(clock.nowMs() - known.atMs) < REPLAY_LIMITS.sourceFreshMs) return known.source;
    const loading = store.findByPlayback(playbackId).then((replay) => (replay === null ? null : load(replay, 'public')));
    kept.delete(playbackId);
    kept.set(playbackId, { atMs: clock.nowMs(), source: loading });
    loading.catch(() => kept.delete(playbackId));
    const oldest = kept.keys().next().value;
    if (kept.size > REPLAY_LIMITS.sourcesKept && oldest !== undefined) kept.delete(oldest);
    return loading;
  }

  return {
    /** The show has ended: what is recorded becomes a replay. Does nothing for a show that still runs, or has none. */
    finish: (showId: ShowId): Promise<void> =>
      inTurn(showId, async () => {
        await deps.settled(showId);
        const [show, replay] = await Promise.all([ports.show(showId), store.find(showId)]);
        if (show === null || replay === null || show.state !== 'ended' || replay.state === 'removed') return;
        await indexes.spansChanged(showId);
        const settled = await settle(replay, { state: 'ready', readyAt: clock.nowMs() });
        if (settled.fullCut === '') {
          await store.save(showId, { ...settled, state: 'empty', readyAt: null });
          return;
        }
        // Trimmed before a reopening, to something that is no more.
        const usable = settled.cut === '' ? await settle(settled, { trimFromMs: null, trimToMs: null }) : settled;
        logger.info({ showId, durationMs: usable.durationMs }, 'the replay is ready');
        await changed(usable);
        await deps.forgetFiles(await store.takeStale(showId, [usable.cut, usable.fullCut]));
        await askForPictures(usable);
      }),

    /** The show goes on again: the replay waits for its end. */
    reopen: (showId: ShowId): Promise<void> =>
      inTurn(showId, async () => {
        await indexes.spansChanged(showId);
        const replay = await store.find(showId);
        if (replay === null || replay.state === 'removed' || replay.state === 'open') return;
        await store.save(showId, { ...replay, state: 'open', trimToMs: null, readyAt: null });
        kept.clear();
        deps.emit(showId, null);
      }),

    async read(orgId: string, showId: ShowId): Promise<Outcome<Replay>> {
      const found = await own(orgId, showId);
      return found.ok ? accepted(await view(found.value.show, found.value.replay)) : found;
    },

    change: (orgId: string, showId: ShowId, wanted: UpdateReplay): Promise<Outcome<Replay>> =>
      inTurn(showId, async () => {
        const found = await own(orgId, showId);
        if (!found.ok) return found;
        const { show, replay } = found.value;
        if (replay?.state !== 'ready') return refused('INSP_RECORDINGS_NOT_READY');
        const change: Partial<ReplayChange> = {};
        if (wanted.isPublic !== undefined) Object.assign(change, { isPublic: wanted.isPublic });
        if (wanted.trim === null) Object.assign(change, { trimFromMs: null, trimToMs: null });
        else if (wanted.trim !== undefined) {
          const { startMs, endMs } = wanted.trim;
          const whole = (await indexes.get(showId)).timeline();
          const isWithin = endMs <= Math.ceil(whole.durationMs) && endMs - startMs >= REPLAY_LIMITS.minTrimmedMs;
          if (!isWithin)
            return refused('INSP_RECORDINGS_TRIM_INVALID', {
              detail: `It is ${Math.round(whole.durationMs)} ms long, and at least ${REPLAY_LIMITS.minTrimmedMs} ms must be left.`,
            });
          Object.assign(change, {
            trimFromMs: startMs <= 0 ? null : utcOf(whole, startMs),
            trimToMs: endMs >= Math.round(whole.durationMs) ? null : utcOf(whole, endMs),
          });
        }
        const settled = await settle(replay, change);
        await deps.forgetFiles(await store.takeStale(showId, [settled.cut, settled.fullCut]));
        await askForPictures(settled);
        await changed(settled);
        return accepted(await view(show, settled));
      }),

    remove: (orgId: string, showId: ShowId): Promise<Outcome<null>> =>
      inTurn(showId, async () => {
        const found = await own(orgId, showId);
        if (!found.ok) return found;
        const { replay, show } = found.value;
        if (replay === null || replay.state === 'removed') return refused('INSP_RECORDINGS_NOT_FOUND');
        if (ON_AIR_STATES.includes(show.state))
          return refused('INSP_RECORDINGS_NOT_READY', { detail: 'The show is on air: end it first.' });
        await removeNow(replay, 'removed');
        return accepted(null);
      }),

    /** By the server itself: too old. */
    expire: (replay: ReplayRow): Promise<void> => inTurn(replay.showId, () => removeNow(replay, 'expired')),

    makeFile: (orgId: string, showId: ShowId): Promise<Outcome<Replay>> =>
      inTurn(showId, async () => {
        const found = await own(orgId, showId);
        if (!found.ok) return found;
        const { show, replay } = found.value;
        if (replay?.state !== 'ready') return refused('INSP_RECORDINGS_NOT_READY');
        const job = await store.job(showId, 'mp4', replay.cut);
        if ((job === null || job.state === 'failed') && (await store.countWaitingFiles(orgId)) >= REPLAY_LIMITS.waitingFiles)
          return refused('INSP_RECORDINGS_TOO_MANY_FILES', { retryAfterMs: 30_000 });
        await store.queueJob(replay, 'mp4', replay.cut);
        deps.wakeJobs();
        return accepted(await view(show, replay));
      }),

    /** The file of the present cut, if it is made. */
    async finishedFile(orgId: string, showId: ShowId): Promise<Outcome<{ cut: string }>> {
      const found = await own(orgId, showId);
      if (!found.ok) return found;
      const { replay } = found.value;
      const job = replay?.state === 'ready' ? await store.job(showId, 'mp4', replay.cut) : null;
      return job?.state === 'done' ? accepted({ cut: job.cut }) : refused('INSP_RECORDINGS_NOT_FOUND');
    },

    async ownFile(orgId: string, showId: ShowId, name: string, isDelta: boolean): Promise<Outcome<ReplayFile>> {
      const found = await own(orgId, showId);
      if (!found.ok) return found;
      const all = found.value.replay === null ? null : await load(found.value.replay, 'whole');
      const file = all === null ? null : findReplayFile(all, 'whole', name, isDelta);
      return file === null ? refused('INSP_RECORDINGS_NOT_FOUND') : accepted(file);
    },

    async publicFile(playbackId: string, name: string, isDelta: boolean): Promise<ReplayFile | null> {
      const all = await publicSource(playbackId);
      if (all === null) return null;
      const minute = chatMinuteOf(name);
      return minute === null
        ? findReplayFile(all, 'public', name, isDelta)
        : chatFile(all, minute, { said: ports.said, nowMs: clock.nowMs() });
    },

    /** For the show's public view. */
    publicReplay: async (showId: ShowId): Promise<PublicReplay | null> => publicReplayOf(await store.find(showId)),

    startOverAddress,

    /** Where a viewer may start over while the show goes on; null before anything is recorded. */
    async startOverUrl(showId: ShowId): Promise<string | null> {
      const replay = await store.find(showId);
      return replay?.state === 'open' ? startOverAddress(replay.playbackId) : null;
    },

    /** A job was done: viewers may have a poster now. */
    async jobFinished(job: JobRow): Promise<void> {
      if (job.kind !== 'pictures') return;
      const replay = await store.find(job.showId);
      if (replay?.state === 'ready' && replay.cut === job.cut) await changed(replay);
    },
  };

  async function removeNow(replay: ReplayRow, reason: string): Promise<void> {
    await store.remove(replay, reason);
    kept.clear();
    deps.cancelJobs(replay.showId);
    indexes.drop(replay.showId);
    logger.info({ showId: replay.showId, reason }, 'a replay is removed');
    deps.emit(replay.showId, null);
    deps.wakeJobs();
  }
}
