// The host of the latency harness: frames painted by us at 30 a second, coded and published by ffmpeg. `clean` is an
// encoder without delay, `obs` one as OBS users have it: B-frames and look-ahead. The pace is ours; when we die the
// pipe ends, and ffmpeg with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createFramePainter, FRAME_BYTES, FRAME_SIZE } from './latency-frame.ts';

export const PROFILES = ['clean', 'obs'] as const;
export type Profile = (typeof PROFILES)[number];

const TICK_MS = 4;
const MAX_BUFFERED_FRAMES = 4;

export type Source = {
  /** When the first frame was painted. */
  readonly startedAtMs: number;
  /** Frames that had to wait for ffmpeg: with many, the machine is too busy for honest figures. */
  readonly waitedCount: number;
  readonly child: ChildProcess;
  /** At once, as when a cable is pulled. */
  kill(): void;
};

/** `heightPx`: what the encoder sends; the picture is painted at 360 lines and enlarged, so that a ladder has rungs below. */
export type SourceOptions = { url: string; profile: Profile; bitrateBitsPerSec: number; gopSec: number; heightPx: number };

export function sourceArgs({ url, profile, bitrateBitsPerSec, gopSec, heightPx: sentHeightPx }: SourceOptions): string[] {
  const { widthPx, heightPx, framesPerSec } = FRAME_SIZE;
  const gop = String(Math.round(gopSec * framesPerSec));
  const rate = String(bitrateBitsPerSec);
  const unprobed = ['-probesize', '32', '-analyzeduration', '0'];
  const coding =
    profile === 'clean'
      ? ['-preset', 'superfast', '-tune', 'zerolatency']
      : ['-preset', 'veryfast', '-bf', '2', '-x264-params', 'b-adapt=0:rc-lookahead=10:sync-lookahead=0'];
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error'],
    ...unprobed,
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${widthPx}x${heightPx}`, '-r', String(framesPerSec), '-i', 'pipe:3'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'],
    ...(sentHeightPx === heightPx ? [] : ['-vf', `scale=-2:${sentHeightPx}:flags=neighbor`]),
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', ...coding, '-threads', '1', '-pix_fmt', 'yuv420p'],
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-b:v', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-shortest'],
    ...['-flush_packets', '1', '-f', 'flv', '-flvflags', 'no_duration_filesize', url],
  ];
}

export function startSource(options: SourceOptions): Source {
  const child = spawn('ffmpeg', sourceArgs(options), { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const pipe = child.stdio[3] as NodeJS.WritableStream & { writableLength: number; destroy(): void };
  pipe.on('error', () => {});
  const paint = createFramePainter();
  const startedAtMs = Date.now();
  const beganAtMs = performance.now();
  let frameNumber = 0;
  let waitedCount = 0;
  const timer = setInterval(() => {
    const dueCount = Math.floor(((performance.now() - beganAtMs) * FRAME_SIZE.framesPerSec) / 1_000) + 1;
    for (; frameNumber < dueCount; frameNumber += 1) {
      // A copy: the pipe may hold it for a while.
      const frame = Buffer.from(paint(Date.now(), frameNumber));
      // Sent all the same: a frame left out would shift the timestamps of all that follow.
      if (pipe.writableLength > MAX_BUFFERED_FRAMES * FRAME_BYTES) waitedCount += 1;
      pipe.write(frame);
    }
  }, TICK_MS);
  const stop = () => {
    clearInterval(timer);
    pipe.destroy();
  };
  child.once('exit', stop);
  return {
    startedAtMs,
    get waitedCount() {
      return waitedCount;
    },
    child,
    kill() {
      stop();
      child.kill('SIGKILL');
    },
  };
}
