// The arguments of the one ffmpeg of a broadcast (media.md 5). FLV comes in on stdin with the times we gave it, one FLV
// goes out for each rung with the same times, stills and what the filters see and hear have pipes of their own.
//
// The host's own picture goes on untouched; rungs come below it, with key frames exactly where the source has them. When
// no rung is wanted or affordable only key frames are decoded, for the stills and the filters.
//
// Traps, each measured: without `-analyzeduration` and `-fpsprobesize 0` the first picture comes after 1.4 s; with
// `-fflags nobuffer` the first picture group is lost; without `-fps_mode passthrough` frames are doubled and dropped to
// a constant rate; `-enc_time_base -1` keeps milliseconds; the MJPEG encoder of several threads holds stills back,
// and so does a decoder with a thread for each frame, which `low_delay` forbids and `slice` replaces.
import { FRAME_MARK } from '../health/filter-frames.ts';
import { pictureFilters, soundFilters } from '../health/watch-filters.ts';
import type { Rung } from './plan-ladder.ts';

export type TranscodePlan = {
  readonly rungs: readonly Rung[];
  readonly source: { readonly widthPx: number; readonly heightPx: number; readonly framesPerSec: number; readonly hasBFrames: boolean };
  /** Sound is only listened to. */
  readonly hasSound: boolean;
  /** For each encoder; null leaves it to x264. */
  readonly threadCount: number | null;
};

/** File descriptors of ffmpeg. */
export const PIPES = { input: 0, progress: 3, pictures: 4, stills: 5, sounds: 6, firstRung: 7 } as const;

export const WATCH_LIMITS = {
  stillEverySec: 5,
  stillLongerSidePx: 640,
  /** A little under a second: of 30 pictures one is looked at. */
  lookEverySec: 0.95,
} as const;

/** Marks the frame of the filters that tells the time of a still. */
export const STILL_MARK = 'insp.still';

export function ffmpegArguments(plan: TranscodePlan): string[] {
  const { rungs, source } = plan;
  const input = [
    ...['-hide_banner', '-loglevel', 'warning', '-nostats', '-progress', `pipe:${PIPES.progress}`, '-stats_period', '1'],
    ...['-copyts', '-f', 'flv'],
    // Frames at once instead of in order: only right when their order is the order they are sent in.
    ...(source.hasBFrames ? ['-thread_type', 'slice'] : ['-flags', 'low_delay']),
    ...['-analyzeduration', '200000', '-fpsprobesize', '0'],
    ...(rungs.length === 0 ? ['-skip_frame', 'nokey'] : []),
    ...['-i', `pipe:${PIPES.input}`],
  ];
  return [
    ...input,
    '-filter_complex',
    filterGraph(plan),
    ...rungs.flatMap((rung, index) => encoderArguments(plan, rung, index)),
    ...watchArguments(plan),
  ];
}

function filterGraph({ rungs, source }: TranscodePlan): string {
  const labels = rungs.map((_rung, index) => `[s${index}]`).join('');
  const scaled = rungs.map((rung, index) => {
    // Every second picture, whatever the rate, and no key frame lost.
    const thinned = rung.isHalfRate
      ? `select='key+isnan(prev_selected_t)+gte(t-prev_selected_t,${halfRateGapSec(source.framesPerSec)})',`
      : '';
    return `[s${index}]${thinned}scale=${rung.widthPx}:${rung.heightPx}:flags=bilinear,setsar=1,format=yuv420p[v${index}]`;
  });
  const isPortrait = source.heightPx > source.widthPx;
  const fitted = (longerPx: number) => (isPortrait ? `-2:${longerPx}` : `${longerPx}:-2`);
  const mark = (key: string) => `metadata=mode=add:key=${key}:value=1`;
  const print = `metadata=mode=print:file='pipe\\:${PIPES.pictures}':direct=1`;
  const everySec = (sec: number) => `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${sec})'`;
  const { lookEverySec, stillEverySec, stillLongerSidePx } = WATCH_LIMITS;
  return [
    `[0:v]split=${rungs.length + 2}${labels}[w][t]`,
    ...scaled,
    `[w]${everySec(lookEverySec)},${pictureFilters(PIPES.pictures)}[n]`,
    `[t]${everySec(stillEverySec - 0.05)},${mark(STILL_MARK)},${mark(FRAME_MARK)},${print},scale=${fitted(stillLongerSidePx)}:flags=bilinear,setsar=1[j]`,
  ].join(';');
}

/** A little under two frames. */
const halfRateGapSec = (framesPerSec: number): string => (1.85 / framesPerSec).toFixed(4);

function encoderArguments(plan: TranscodePlan, rung: Rung, index: number): string[] {
  const rate = String(rung.bitrateBitsPerSec);
  return [
    ...['-map', `[v${index}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'high'],
    ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-sc_threshold', '0', '-forced-idr', '1', '-force_key_frames', 'source', '-g', '9999'],
    ...(plan.threadCount === null ? [] : ['-threads', String(plan.threadCount)]),
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-flush_packets', '1'],
    ...['-f', 'flv', '-flvflags', 'no_duration_filesize', `pipe:${PIPES.firstRung + index}`],
  ];
}

function watchArguments(plan: TranscodePlan): string[] {
  return [
    ...['-map', '[n]', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ...['-map', '[j]', '-c:v', 'mjpeg', '-threads', '1', '-q:v', '4', '-fps_mode', 'passthrough', '-flush_packets', '1'],
    ...['-f', 'image2pipe', `pipe:${PIPES.stills}`],
    ...(plan.hasSound ? ['-map', '0:a:0', '-af', soundFilters(PIPES.sounds), '-f', 'null', '-'] : []),
  ];
}
