// A synthetic host's encoder: we paint and sound, an ffmpeg child encodes H.264 and AAC and publishes RTMP.
//
//   starting -> sending -> (cut, refused, killed) -> waiting 1, 2, 4 ... 10 s -> starting ...      until stop()
//
// Picture and sound go in by pipes paced by our clock. When we die, however we die, the pipes end and ffmpeg ends with
// them (`-shortest`), so no encoder is ever left behind. When ffmpeg does not take the data (its upload is stuck),
// picture and sound are skipped together, so they stay in step, and the skip is counted.
//
// The stream key is part of the RTMP address and ffmpeg takes an address only as an argument: it can be read in the
// process list of this machine while the demo runs. It is cut out of everything we log.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { AUDIO, FRAME, FRAME_BYTES } from './canvas-size.ts';
import type { FramePainter } from './frame-painter.ts';
import { writeTone } from './tone.ts';

export type EncoderState = 'starting' | 'sending' | 'waiting' | 'stopped';
export type Encoder = { readonly state: EncoderState; readonly pid: number | null; readonly skippedFrames: number; stop(): Promise<void> };
export type EncoderOptions = {
  ffmpegPath: string;
  /** rtmp://host:port/app/key, or for tests any address and format ffmpeg can write. */
  address: string;
  format?: 'flv';
  painter: FramePainter;
  log(line: string): void;
  onState?(state: EncoderState): void;
};

const TICK_MS = 20;
/** Most frames made up for in one tick, when this process was held up. */
const MAX_CATCH_UP_FRAMES = 5;
const MAX_BUFFERED_BYTES = FRAME_BYTES * 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
/** A child that lived this long was fine; its end starts the waits anew. */
const STABLE_AFTER_MS = 30_000;
const KILL_AFTER_MS = 3_000;
const SAMPLES_PER_FRAME = AUDIO.samplesPerSec / FRAME.perSec;
const KEY_FRAME_GAP_FRAMES = FRAME.perSec * 2;

export function encoderArguments(address: string, format = 'flv'): string[] {
  // Nothing to find out about raw data; ffmpeg would read seconds of one pipe before it opens the other.
  const unprobed = ['-probesize', '32', '-analyzeduration', '0'];
  const quiet = ['-hide_banner', '-loglevel', 'warning', '-nostats'];
  const sound = [
    ...unprobed,
    '-thread_queue_size',
    '128',
    '-f',
    's16le',
    '-ar',
    String(AUDIO.samplesPerSec),
    '-ac',
    '1',
    '-channel_layout',
    'mono',
    '-i',
    'pipe:0',
  ];
  const picture = [
    ...unprobed,
    '-thread_queue_size',
    '128',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    `${FRAME.width}x${FRAME.height}`,
    '-r',
    String(FRAME.perSec),
    '-i',
    'pipe:3',
  ];
  const h264 = [
    '-c:v',
    'libx264',
    '-preset',
    'superfast',
    '-tune',
    'zerolatency',
    '-profile:v',
    'main',
    '-threads',
    '1',
    '-pix_fmt',
    'yuv420p',
  ];
  const rate = [
    '-b:v',
    '1500k',
    '-maxrate',
    '1800k',
    '-bufsize',
    '1800k',
    '-g',
    String(KEY_FRAME_GAP_FRAMES),
    '-keyint_min',
    String(KEY_FRAME_GAP_FRAMES),
    '-sc_threshold',
    '0',
  ];
  const colour = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  const aac = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2'];
  return [
    ...quiet,
    ...picture,
    ...sound,
    '-map',
    '0:v',
    '-map',
    '1:a',
    ...h264,
    ...rate,
    ...colour,
    ...aac,
    '-shortest',
    '-flush_packets',
    '1',
    '-f',
    format,
    address,
  ];
}

/** Takes the stream key (the last part of the path) out of a line. */
export function withoutKey(line: string, address: string): string {
  const key = address.slice(address.lastIndexOf('/') + 1);
  return key.length < 4 ? line : line.replaceAll(key, '***');
}

/** The wait before the n-th restart in a row, from 1. */
export const restartWaitMs = (failureCount: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failureCount - 1, 10));

export function startEncoder(options: EncoderOptions): Encoder {
  let state: EncoderState = 'starting';
  let child: ChildProcess | null = null;
  let failureCount = 0;
  let skippedFrames = 0;
  let samplesDone = 0;
  let isStopping = false;
  let retry: NodeJS.Timeout | null = null;
  const ended = Promise.withResolvers<void>();

  function setState(next: EncoderState): void {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  }

  function start(): void {
    setState('starting');
    const startedAtMs = Date.now();
    const lastLines: string[] = [];
    const own = spawn(options.ffmpegPath, encoderArguments(options.address, options.format), { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    child = own;
    own.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastLines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lastLines.splice(0, Math.max(0, lastLines.length - 5));
    });
    const stopFeeding = feed(own.stdin as Writable, own.stdio[3] as Writable);
    own.once('error', (error) => lastLines.push(error.message));
    own.once('close', (code) => {
      stopFeeding();
      child = null;
      if (isStopping) {
        setState('stopped');
        ended.resolve();
        return;
      }
      failureCount = Date.now() - startedAtMs > STABLE_AFTER_MS ? 1 : failureCount + 1;
      const waitMs = restartWaitMs(failureCount);
      const cause = withoutKey(lastLines.at(-1) ?? `ffmpeg ended with ${code}`, options.address);
      options.log(`the encoder was cut (${cause}); again in ${waitMs / 1_000} s`);
      setState('waiting');
      retry = setTimeout(start, waitMs);
    });
  }

  /** Feeds frames and samples at the pace of the clock; returns what ends it. */
  function feed(sound: Writable, picture: Writable): () => void {
    const startedAtMs = performance.now();
    let framesDue = 0;
    let frameNumber = 0;
    const free: Buffer[] = [];
    sound.on('error', () => {});
    picture.on('error', () => {});
    picture.once('drain', () => setState('sending'));

    function sendFrame(): void {
      const samples = new Int16Array(SAMPLES_PER_FRAME);
      writeTone(samples, samplesDone);
      samplesDone += SAMPLES_PER_FRAME;
      const frame = free.pop() ?? Buffer.alloc(FRAME_BYTES);
      options.painter.paint(frame, frameNumber, new Date().toTimeString().slice(0, 8));
      frameNumber += 1;
      sound.write(Buffer.from(samples.buffer));
      picture.write(frame, () => {
        if (free.length < 6) free.push(frame);
      });
    }
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAtMs) * FRAME.perSec) / 1_000);
      let todo = due - framesDue;
      framesDue = due;
      if (todo > MAX_CATCH_UP_FRAMES) {
        skippedFrames += todo - MAX_CATCH_UP_FRAMES;
        todo = MAX_CATCH_UP_FRAMES;
      }
      for (; todo > 0; todo -= 1) {
        if (picture.writableLength > MAX_BUFFERED_BYTES) skippedFrames += 1;
        else sendFrame();
      }
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      sound.destroy();
      picture.destroy();
    };
  }

  start();
  return {
    get state() {
      return state;
    },
    get pid() {
      return child?.pid ?? null;
    },
    get skippedFrames() {
      return skippedFrames;
    },
    stop() {
      if (isStopping) return ended.promise;
      isStopping = true;
      if (retry) clearTimeout(retry);
      if (!child) {
        setState('stopped');
        ended.resolve();
        return ended.promise;
      }
      const own = child;
      own.kill('SIGTERM');
      const kill = setTimeout(() => own.kill('SIGKILL'), KILL_AFTER_MS);
      return ended.promise.finally(() => clearTimeout(kill));
    },
  };
}
