// Thumbnails, storyboard, poster and dead air of a cut. Only key frames are decoded: one picture in is one picture out,
// so no times have to be matched.
import {
  BLACK_BELOW_LUMA,
  choosePoster,
  type FrameLooks,
  looksOf,
  offeredPictures,
  type ReplaySegment,
  type ReplayTimeline,
  type Span,
  segmentAt,
  suggestTrim,
} from '@insp/media';
import type { ShowId } from '@insp/protocol';
import type { RunFfmpeg } from './ffmpeg.process.ts';
import type { JobContext } from './job-runner.ts';
import { createJpegSplitter } from './jpeg-splitter.ts';
import { JOB_LIMITS } from './limits.ts';
import type { ReplayReader } from './replay-bytes.ts';
import type { PicturesResult } from './replay-files.ts';
import { pictureKeyOf } from './segment-key.ts';
import type { SegmentStore } from './segment-store.ts';

const GREY = { widthPx: 160, heightPx: 90 };
const SILENCE_DB = -50;

export async function makePictures(
  { showId, cut, timeline, size }: { showId: ShowId; cut: string; timeline: ReplayTimeline; size: { widthPx: number; heightPx: number } },
  { reader, store, ffmpeg }: { reader: ReplayReader; store: SegmentStore; ffmpeg: RunFfmpeg },
  { signal, progress }: JobContext,
): Promise<PicturesResult> {
  const { durationMs } = timeline;
  const thumbnailEveryMs = Math.max(JOB_LIMITS.thumbnailEveryMs, Math.ceil(durationMs / JOB_LIMITS.maxThumbnails / 1000) * 1000);
  const perStoryboard = Math.max(1, Math.round(JOB_LIMITS.storyboardEveryMs / thumbnailEveryMs));
  const thumbnailCount = Math.max(1, Math.ceil(durationMs / thumbnailEveryMs));
  const decodable = (await firstDecodable(reader, timeline)) ?? null;
  if (decodable === null) throw new Error('no key frame can be decoded');
  const track = offeredPictures(timeline).at(-1) ?? 'video';

  /** The key frames at these positions; where a segment has none, the one before stands for it. */
  async function* framesAt(positionsMs: readonly number[], from: typeof track, doneRatio: (ratio: number) => void) {
    let before = decodable as Uint8Array;
    for (const [index, positionMs] of positionsMs.entries()) {
      const segment = segmentAt(timeline, positionMs);
      const isThere = segment?.files.has(from) === true;
      const frame = segment ? await reader.keyFrame(segment, isThere ? from : 'video') : null;
      before = frame ?? before;
      doneRatio(index / positionsMs.length);
      yield before;
    }
  }

  // thumbnails, and every second of them on sheets
  const small = fit(size, JOB_LIMITS.thumbnailPx);
  const tiny = fit(size, JOB_LIMITS.storyboardPx);
  const thumbnails: Uint8Array[] = [];
  const writes: Promise<void>[] = [];
  const splitter = createJpegSplitter((jpeg) => {
    const index = thumbnails.push(jpeg) - 1;
    writes.push(store.put(pictureKeyOf(showId, cut, `thumb-${index}`), jpeg));
  });
  const positionsMs = Array.from({ length: thumbnailCount }, (_, index) => index * thumbnailEveryMs);
  await ffmpeg({
    args: [...H264_IN, ...JPEG_OUT(`scale=${small.widthPx}:${small.heightPx}:flags=bilinear,setsar=1`, 4)],
    inputs: [framesAt(positionsMs, track, (ratio) => progress(ratio * 0.6))],
    onOutput: splitter.push,
    signal,
  });
  await Promise.all(writes);
  if (thumbnails.length !== thumbnailCount) throw new Error(`${thumbnails.length} of ${thumbnailCount} pictures came out`);
  const onSheets = thumbnails.filter((_, index) => index % perStoryboard === 0);
  const sheets: Uint8Array[] = [];
  const sheetSplitter = createJpegSplitter((jpeg) => sheets.push(jpeg));
  await ffmpeg({
    args: [
      ...['-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:3'],
      ...JPEG_OUT(`scale=${tiny.widthPx}:${tiny.heightPx},tile=${JOB_LIMITS.sheetColumns}x${JOB_LIMITS.sheetRows}`, 5),
    ],
    inputs: [each(onSheets)],
    onOutput: sheetSplitter.push,
    signal,
  });
  for (const [index, sheet] of sheets.entries()) await store.put(pictureKeyOf(showId, cut, `sheet-${index}`), sheet);

  // poster and dead air: the looks of key frames at the two ends
  const early = timeline.segments.filter(({ startMs }) => startMs < JOB_LIMITS.deadAirWithinMs);
  const late = timeline.segments.filter(
    ({ startMs }) => startMs >= durationMs - JOB_LIMITS.deadAirWithinMs && !early.some((one) => one.startMs === startMs),
  );
  const looked = await lookAt([...early, ...late]);
  progress(0.8);
  const firstMinute = looked.filter(({ segment }) => segment.startMs < JOB_LIMITS.posterWithinMs);
  const chosen = choosePoster(firstMinute.map(({ looks }) => looks));
  const posterFrame = chosen === null ? null : await reader.keyFrame((firstMinute[chosen] as Looked).segment, 'video');
  if (posterFrame !== null) {
    const large = fit(size, JOB_LIMITS.posterPx);
    const posters: Uint8Array[] = [];
    const posterSplitter = createJpegSplitter((jpeg) => posters.push(jpeg));
    await ffmpeg({
      args: [...H264_IN, ...JPEG_OUT(`scale=${large.widthPx}:${large.heightPx}:flags=lanczos,setsar=1`, 3)],
      inputs: [each([posterFrame])],
      onOutput: posterSplitter.push,
      signal,
    });
    const [poster] = posters;
    if (poster) await store.put(pictureKeyOf(showId, cut, 'poster'), poster);
  }
  const black = looked.flatMap(({ segment, looks }) =>
    looks.meanLuma < BLACK_BELOW_LUMA ? [{ startMs: segment.startMs, endMs: segment.startMs + segment.durationMs }] : [],
  );
  const silent = [...(await silenceIn(early)), ...(await silenceIn(late))];
  return {
    ...{ thumbnailCount, thumbnailEveryMs, storyboardCount: onSheets.length, storyboardEveryMs: thumbnailEveryMs * perStoryboard },
    ...{ storyboardWidthPx: tiny.widthPx, storyboardHeightPx: tiny.heightPx, hasPoster: posterFrame !== null },
    suggestion: suggestTrim(durationMs, [...black, ...silent]),
  };

  type Looked = { segment: ReplaySegment; looks: FrameLooks };
  async function lookAt(segments: readonly ReplaySegment[]): Promise<Looked[]> {
    const found: { segment: ReplaySegment; frame: Uint8Array }[] = [];
    for (const segment of segments) {
      const frame = await reader.keyFrame(segment, segment.files.has(track) ? track : 'video');
      if (frame !== null) found.push({ segment, frame });
    }
    if (found.length === 0) return [];
    const chunks: Buffer[] = [];
    await ffmpeg({
      args: [
        ...H264_IN,
        ...[
          '-vf',
          `scale=${GREY.widthPx}:${GREY.heightPx}:flags=bilinear,format=gray`,
          '-fps_mode',
          'passthrough',
          '-f',
          'rawvideo',
          'pipe:1',
        ],
      ],
      inputs: [each(found.map(({ frame }) => frame))],
      onOutput: (chunk) => void chunks.push(chunk),
      signal,
    });
    const grey = Buffer.concat(chunks);
    const frameBytes = GREY.widthPx * GREY.heightPx;
    return found.flatMap(({ segment }, index) => {
      const picture = grey.subarray(index * frameBytes, (index + 1) * frameBytes);
      return picture.length === frameBytes ? [{ segment, looks: looksOf(picture, GREY.widthPx, GREY.heightPx) }] : [];
    });
  }

  /** Silence in these segments, as positions of the replay. Runs that need another decoder are looked at apart. */
  async function silenceIn(segments: readonly ReplaySegment[]): Promise<Span[]> {
    const spans: Span[] = [];
    for (const run of reader.runs({ ...timeline, segments })) {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) continue;
      const { words } = await ffmpeg({
        args: ['-f', 'mp4', '-i', 'pipe:3', '-af', `silencedetect=n=${SILENCE_DB}dB:d=0.5`, '-f', 'null', '-'],
        inputs: [reader.stream(run, 'audio')],
        signal,
      });
      spans.push(...readSilence(words, first.startMs, last.startMs + last.durationMs));
    }
    return spans;
  }
}

/** `silence_start: 1.5` and `silence_end: 4`; one that is not ended lasts to the end. */
export function readSilence(words: string, fromMs: number, toMs: number): Span[] {
  const spans: Span[] = [];
  let startMs: number | null = null;
  for (const [, which, seconds] of words.matchAll(/silence_(start|end): (-?[\d.]+)/g)) {
    const atMs = fromMs + Math.max(0, Number(seconds) * 1000);
    if (which === 'start') startMs = atMs;
    else if (startMs !== null) {
      spans.push({ startMs, endMs: Math.min(atMs, toMs) });
      startMs = null;
    }
  }
  if (startMs !== null) spans.push({ startMs, endMs: toMs });
  return spans;
}

const H264_IN = ['-threads', '1', '-f', 'h264', '-i', 'pipe:3'];
const JPEG_OUT = (filter: string, quality: number) => [
  ...['-vf', filter, '-fps_mode', 'passthrough', '-threads', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', String(quality)],
  ...['-f', 'image2pipe', 'pipe:1'],
];

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function firstDecodable(reader: ReplayReader, { segments }: ReplayTimeline): Promise<Uint8Array | null> {
  for (const segment of segments) {
    const frame = await reader.keyFrame(segment, 'video');
    if (frame !== null) return frame;
  }
  return null;
}

/** The same shape with a longer side of at most so many px, both even. */
export function fit({ widthPx, heightPx }: { widthPx: number; heightPx: number }, longerPx: number): { widthPx: number; heightPx: number } {
  const factor = Math.min(1, longerPx / Math.max(widthPx, heightPx));
  const even = (value: number) => Math.max(2, Math.round((value * factor) / 2) * 2);
  return { widthPx: even(widthPx), heightPx: even(heightPx) };
}
