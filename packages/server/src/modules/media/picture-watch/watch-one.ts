// The watch over one broadcast: which tags the side-car gets, when it is started, left alone and started again. Called
// synchronously with every tag, so it only ever decides and hands over; what the side-car does not take is dropped.
import {
  createFilterFrameReader,
  createPictureFold,
  type FlvTag,
  flvHeader,
  flvTagPieces,
  type PictureReading,
  readAudioTag,
  readVideoTag,
  tagAt,
} from '@insp/media';
import type { ReadLevel, WatchJob, WatchLauncher } from './ports.ts';
import { createSteadyTime } from './steady-time.ts';
import { WATCH_SAMPLING } from './watch-sampling.ts';

export const WATCH_LIMITS = {
  /** What may wait for the side-car: a few key frames of 6 Mbit/s. */
  queuedBytes: 2 * 1024 * 1024,
  /** A side-car whose queue stays full for this long hangs. */
  hangMs: 10_000,
  /** Encoders with a key frame every few frames are looked at once in this time. */
  lookEveryMs: 900,
  firstRetryMs: 1_000,
  lastRetryMs: 60_000,
  /** After running for this long the next fault is a first one again. */
  healthyMs: 60_000,
  /** Who looks elsewhere has this long to begin, or to begin again: an ffmpeg that died is back with the next key frame. */
  waitForOthersMs: 5_000,
} as const;

export type WatchOne = {
  tag(tag: FlvTag, atMs: number): void;
  /** The encoder is gone, or another comes: what was seen says nothing any more. */
  reset(): void;
  read(): PictureReading;
  readonly droppedCount: number;
};

type Running = { readonly job: WatchJob; readonly startedAtMs: number; readonly hasSound: boolean; fullSinceMs: number | null };

export function createWatchOne(deps: {
  launcher: WatchLauncher;
  level: ReadLevel;
  nowMs: () => number;
  /** No side-car can be started here at all. */
  isMissing: () => boolean;
  /** Somebody else looks at this picture; null: there is nobody who could. */
  isSeenElsewhere: (() => boolean) | null;
  onExit(exit: { isMissing: boolean; reason: string; retryAfterMs: number }): void;
}): WatchOne {
  const { launcher, level, nowMs, isSeenElsewhere } = deps;
  let configs: Partial<Record<FlvTag['kind'], FlvTag>> = {};
  let fold = createPictureFold();
  let running: Running | null = null;
  let steady = createSteadyTime();
  let keyCount = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let retryMs: number = WATCH_LIMITS.firstRetryMs;
  let notBeforeMs = 0;
  let droppedCount = 0;
  let isListening = true;
  /** When somebody else looked, or could begin to. */
  let seenElsewhereAtMs = nowMs();

  function stop(): void {
    const { job } = running ?? {};
    running = null;
    job?.kill();
    fold = createPictureFold();
  }

  function start(atMs: number): Running {
    const hasSound = configs.audio !== undefined;
    const picture = createFilterFrameReader();
    const sound = createFilterFrameReader();
    steady = createSteadyTime();
    fold = createPictureFold();
    const ownFold = fold;
    // Without a sound track it is silent from here on: nobody can hear anything.
    if (!hasSound) fold.noSound(atMs);
    const self: Running = {
      job: launcher.start(
        { hasSound },
        {
          onPicture: (text) => {
            for (const frame of picture.push(text)) ownFold.picture(frame, nowMs());
          },
          onSound: (text) => {
            for (const frame of sound.push(text)) ownFold.sound(frame, nowMs());
          },
          onExit(exit) {
            if (running !== self) return;
            running = null;
            fold = createPictureFold();
            if (nowMs() - self.startedAtMs >= WATCH_LIMITS.healthyMs) retryMs = WATCH_LIMITS.firstRetryMs;
            notBeforeMs = nowMs() + retryMs;
            deps.onExit({ ...exit, retryAfterMs: retryMs });
            retryMs = Math.min(WATCH_LIMITS.lastRetryMs, retryMs * 2);
          },
        },
      ),
      startedAtMs: nowMs(),
      hasSound,
      fullSinceMs: null,
    };
    const heads = [configs.video, configs.audio].flatMap((config) => (config ? flvTagPieces(tagAt(0, config)) : []));
    self.job.write([flvHeader({ hasVideo: true, hasAudio: hasSound }), ...heads]);
    return self;
  }

  function send(self: Running, tag: FlvTag, atMs: number): void {
    const pieces = flvTagPieces(tagAt(steady(tag.timestampMs, atMs), tag));
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    // A small tag that still fits is no sign of life; a queue that drains is.
    if (self.job.queuedBytes < WATCH_LIMITS.queuedBytes / 2) self.fullSinceMs = null;
    if (self.job.queuedBytes + sizeBytes <= WATCH_LIMITS.queuedBytes) {
      self.job.write(pieces);
      return;
    }
    droppedCount += 1;
    self.fullSinceMs ??= atMs;
    if (atMs - self.fullSinceMs >= WATCH_LIMITS.hangMs) self.job.kill();
  }

  function configure(tag: FlvTag): void {
    const before = configs[tag.kind];
    configs = { ...configs, [tag.kind]: tag };
    // The filters would begin anew with the new picture in any case; a new side-car does it cleanly.
    if (running && !(before && isSame(before.body, tag.body))) stop();
  }

  /** Not our turn: others look, or have only just stopped to. */
  function isLeftToOthers(): boolean {
    if (isSeenElsewhere === null) return false;
    if (isSeenElsewhere()) seenElsewhereAtMs = nowMs();
    return nowMs() - seenElsewhereAtMs < WATCH_LIMITS.waitForOthersMs;
  }

  function look(tag: FlvTag, atMs: number): void {
    if (isLeftToOthers()) {
      if (running) stop();
      return;
    }
    const { oneKeyFrameIn, hasSound } = WATCH_SAMPLING[level()];
    if (oneKeyFrameIn === null) {
      if (running) stop();
      return;
    }
    if (isListening && !hasSound) fold.noSound(null);
    isListening = hasSound;
    keyCount += 1;
    if (keyCount % oneKeyFrameIn !== 0 || atMs - lookedAtMs < WATCH_LIMITS.lookEveryMs) return;
    lookedAtMs = atMs;
    if (!running && configs.video && !deps.isMissing() && atMs >= notBeforeMs) running = start(atMs);
    if (running) send(running, tag, atMs);
  }

  return {
    tag(tag, atMs) {
      if (tag.kind === 'video') {
        const video = readVideoTag(tag.body);
        if (video.kind === 'config') configure(tag);
        else if (video.kind === 'frame' && video.isKeyFlagged) look(tag, atMs);
        return;
      }
      const audio = readAudioTag(tag.body);
      if (audio.kind === 'config') configure(tag);
      else if (audio.kind === 'frame' && running?.hasSound && isListening) send(running, tag, atMs);
    },
    reset() {
      stop();
      configs = {};
      seenElsewhereAtMs = nowMs();
      keyCount = 0;
      lookedAtMs = Number.NEGATIVE_INFINITY;
    },
    read: () => fold.read(),
    get droppedCount() {
      return droppedCount;
    },
  };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
