// One ffmpeg from start to exit: source events in, rung events out, both on the source's clock. Inside, time begins at
// CLOCK_BASE_MS: ffmpeg's FLV muxer knows 31 bits of it, and a clock that is near its end or went back stays outside.
import {
  aacConfigTag,
  aacFrameTag,
  avcConfigTag,
  avcFrameTag,
  createDecodeTimes,
  createFeedQueue,
  createFilterFrameReader,
  createFlvDemuxer,
  createFlvReader,
  createJpegSplitter,
  createPictureFold,
  createProgressReader,
  type DemuxEvent,
  type FeedItem,
  flvHeader,
  flvTagPieces,
  type OpenFlvTag,
  type PictureReading,
  STILL_MARK,
  sizeOf,
  type TranscodePlan,
  type TranscodeProgress,
} from '@insp/media';
import type { RungEvent, RungName, TranscodeJob, TranscodeLauncher } from './ports.ts';

/** Room for sound that is a little older than the first key frame, and for presentation before decoding. */
const CLOCK_BASE_MS = 1_000;

export const RUN_LIMITS = {
  /** How long a run may take to finish what it has when its input ends. */
  graceMs: 1_000,
  /** Stills and their times waiting for each other. */
  pendingStillCount: 8,
  /** Sound is only looked at, so it waits for the next picture and goes with it; at most this long, and this long without rungs. */
  soundWaitMs: 40,
  soundWaitWithoutRungsMs: 500,
  /** Given to the pipe at once. */
  writtenBytes: 256 * 1024,
} as const;

export type TranscodeRun = {
  readonly plan: TranscodePlan;
  feed(event: DemuxEvent): void;
  /** No more input: the rest comes out, then `onClosed`. */
  end(): void;
  kill(): void;
  /** Newest presentation time sent, and the one every rung has reached; null before the first. */
  readonly sentMs: number | null;
  readonly madeMs: number | null;
  readonly droppedFrameCount: number;
  readonly progress: TranscodeProgress | null;
  /** What its filters see and hear. */
  readonly picture: PictureReading;
  readonly pid: number | null;
};

export type RunEnd = { readonly isExpected: boolean; readonly reason: string };

export function createTranscodeRun(deps: {
  launcher: TranscodeLauncher;
  plan: TranscodePlan;
  /** Decode time of the key frame it begins with. */
  originMs: number;
  nowMs: () => number;
  onRung: (rung: RungName, event: RungEvent) => void;
  onStill: (still: { jpeg: Uint8Array; ptsMs: number }) => void;
  onOverflow: () => void;
  onClosed: (end: RunEnd) => void;
}): TranscodeRun {
  const { plan, originMs, nowMs } = deps;
  const toInside = (ms: number) => Math.max(0, ms - originMs + CLOCK_BASE_MS);
  const toOutside = (ms: number) => ms + originMs - CLOCK_BASE_MS;
  const queue = createFeedQueue();
  const decodeTimes = createDecodeTimes();
  const readProgress = createProgressReader();
  const pictureFrames = createFilterFrameReader();
  const soundFrames = createFilterFrameReader();
  const fold = createPictureFold();
  // Nobody can hear anything.
  if (!plan.hasSound) fold.noSound(nowMs());
  const splitStills = createJpegSplitter();
  const rungs = plan.rungs.map(({ name }) => ({
    name,
    reader: createFlvReader(),
    demuxer: createFlvDemuxer(),
    madeMs: null as number | null,
  }));
  let stillTimesMs: number[] = [];
  let stills: Uint8Array[] = [];
  let canWrite = true;
  /** Decode time of the first sound that waits for company. */
  let soundSinceMs: number | null = null;
  const soundWaitMs = plan.rungs.length > 0 ? RUN_LIMITS.soundWaitMs : RUN_LIMITS.soundWaitWithoutRungsMs;
  let isEnding = false;
  let isClosed = false;
  let fault: string | null = null;
  let sentMs: number | null = null;
  let droppedFrameCount = 0;
  let progress: TranscodeProgress | null = null;

  const job: TranscodeJob = deps.launcher.start(plan, {
    onRung: readRung,
    onStills: (bytes) => splitStills(bytes, (jpeg) => pairStill({ jpeg })),
    onProgress: (text) =>
      readProgress(text, (read) => {
        progress = read;
      }),
    onPicture(text) {
      for (const frame of pictureFrames.push(text)) {
        if (frame.values.has(STILL_MARK)) pairStill({ atMs: frame.timeSec * 1_000 });
        else fold.picture(frame, nowMs());
      }
    },
    onSound(text) {
      for (const frame of soundFrames.push(text)) fold.sound(frame, nowMs());
    },
    onExit({ reason }) {
      isClosed = true;
      deps.onClosed({ isExpected: isEnding && fault === null, reason: fault ?? reason });
    },
  });
  job.onDrain(() => {
    canWrite = true;
    pump();
  });
  canWrite = job.write([flvHeader({ hasVideo: true, hasAudio: plan.hasSound })]);

  function readRung(index: number, bytes: Uint8Array): void {
    const rung = rungs[index];
    if (!rung) return;
    const broken = rung.reader.push(bytes, (tag) => {
      for (const event of rung.demuxer.push(tag)) {
        if (event.kind === 'video_config') deps.onRung(rung.name, event);
        if (event.kind !== 'video') continue;
        const ptsMs = event.dtsMs + event.compositionMs;
        const dtsMs = decodeTimes.of(ptsMs);
        rung.madeMs = toOutside(ptsMs);
        deps.onRung(rung.name, { ...event, dtsMs: toOutside(dtsMs), compositionMs: ptsMs - dtsMs });
      }
    });
    if (broken && fault === null) {
      fault = `the output of ${rung.name} is broken: ${broken}`;
      job.kill();
    }
  }

  /** A picture and its time come through two pipes, in the same order. */
  function pairStill(part: { jpeg: Uint8Array } | { atMs: number }): void {
    if ('jpeg' in part) stills.push(part.jpeg);
    else stillTimesMs.push(part.atMs);
    while (stills.length > 0 && stillTimesMs.length > 0) {
      const [jpeg, atMs] = [stills.shift(), stillTimesMs.shift()];
      if (jpeg && atMs !== undefined) deps.onStill({ jpeg, ptsMs: toOutside(atMs) });
    }
    stills = stills.slice(-RUN_LIMITS.pendingStillCount);
    stillTimesMs = stillTimesMs.slice(-RUN_LIMITS.pendingStillCount);
  }

  function pump(): void {
    soundSinceMs = null;
    while (canWrite && !isClosed && !queue.isEmpty) {
      const pieces: Uint8Array[] = [];
      for (let sizeBytes = 0; sizeBytes < RUN_LIMITS.writtenBytes; ) {
        const item = queue.shift();
        if (!item) break;
        if (item.kind === 'key' || item.kind === 'inter') decodeTimes.sent({ ...item, isKey: item.kind === 'key' });
        pieces.push(...item.pieces);
        sizeBytes += sizeOf(item);
      }
      canWrite = job.write(pieces);
    }
  }

  function send(kind: FeedItem['kind'], tag: OpenFlvTag, compositionMs = 0): void {
    const dtsMs = tag.timestampMs;
    const dropped = queue.push({ kind, dtsMs, ptsMs: dtsMs + compositionMs, pieces: flvTagPieces(tag) });
    droppedFrameCount += dropped;
    if (dropped > 0) deps.onOverflow();
    if (kind === 'sound') {
      soundSinceMs ??= dtsMs;
      if (dtsMs - soundSinceMs < soundWaitMs) return;
    }
    pump();
  }

  return {
    plan,
    pid: job.pid,
    get sentMs() {
      return sentMs;
    },
    get madeMs() {
      const made = rungs.map((rung) => rung.madeMs);
      return made.length === 0 || made.includes(null) ? null : Math.min(...(made as number[]));
    },
    get droppedFrameCount() {
      return droppedFrameCount;
    },
    get progress() {
      return progress;
    },
    get picture() {
      return fold.read();
    },
    feed(event) {
      if (isEnding || isClosed) return;
      switch (event.kind) {
        case 'video_config':
          send('config', avcConfigTag(CLOCK_BASE_MS, event.config));
          break;
        case 'audio_config':
          if (plan.hasSound) send('config', aacConfigTag(CLOCK_BASE_MS, event.config));
          break;
        case 'video':
          sentMs = Math.max(sentMs ?? Number.NEGATIVE_INFINITY, event.dtsMs + event.compositionMs);
          // Only key frames are decoded then.
          if (plan.rungs.length > 0 || event.isKey) {
            send(event.isKey ? 'key' : 'inter', avcFrameTag(toInside(event.dtsMs), event), event.compositionMs);
          }
          break;
        case 'audio':
          if (plan.hasSound) send('sound', aacFrameTag(toInside(event.dtsMs), event.data));
          break;
        case 'jump':
        case 'unsupported':
          break;
      }
    },
    end() {
      if (isEnding || isClosed) return;
      isEnding = true;
      // What is still waiting would come too late.
      job.end(RUN_LIMITS.graceMs);
    },
    kill: job.kill,
  };
}
